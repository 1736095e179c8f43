use entity_events::{EntityEvents, Topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

struct Config<T: Topics> {
    topics: T,
}

struct Settings {
    kafka_config: Config<Product>,
}

fn main() {}
