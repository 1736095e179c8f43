use entity_events::{EntityEvents, topics};

#[derive(Debug, Clone, EntityEvents)]
enum Product {
    Listed,
}

#[topics(Product)]
struct Topics;

fn main() {
    let event = ProductEvent::new_deleted(&Product::Listed, entity_events::Uuid::nil());
    println!("{event:?} {}", Topics::default().product_topic);
}
