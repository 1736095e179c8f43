use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
enum Product {
    Listed {
        #[event(key)]
        id: u64,
    },
}

fn main() {}
