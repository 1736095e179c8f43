CREATE TABLE IF NOT EXISTS products (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    price_cents bigint NOT NULL,
    note text
);
CREATE TABLE IF NOT EXISTS orders (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id),
    customer text NOT NULL,
    quantity bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS orders_of_product ON orders (product_id);
