CREATE TABLE IF NOT EXISTS products (
    id text PRIMARY KEY,
    name text NOT NULL,
    price_cents integer NOT NULL,
    note text
) STRICT;
CREATE TABLE IF NOT EXISTS orders (
    id text PRIMARY KEY,
    product_id text NOT NULL REFERENCES products (id),
    customer text NOT NULL,
    quantity integer NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS orders_of_product ON orders (product_id);
