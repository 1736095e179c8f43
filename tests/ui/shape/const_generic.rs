use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product<const N: usize> {
    id: u64,
    sizes: [u8; N],
}

fn main() {}
