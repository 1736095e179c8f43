#[event(source = "catalog-service")]
struct Product {
    id: u64,
}

fn main() {}
