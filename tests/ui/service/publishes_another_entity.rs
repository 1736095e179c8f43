use entity_events::{EntityEvents, Event, Publish, PublishError};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[derive(Debug, Clone, EntityEvents)]
struct Order {
    id: u64,
}

#[derive(Debug)]
struct Products;

impl Publish<ProductEvent> for Products {
    async fn publish(&self, event: ProductEvent) -> Result<(), PublishError> {
        let _ = event.id();
        Ok(())
    }
}

fn main() {
    let _orders: &dyn OrderEventProducer = &Products;
}
