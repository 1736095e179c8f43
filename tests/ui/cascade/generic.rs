use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product<T> {
    id: u64,
    payload: T,
}

fn main() {
    let product = Product { id: 1, payload: 2 };
    let event = ProductEvent::new_deleted(&product, entity_events::Uuid::nil());
    println!("{event:?} {}", ProductTopics::default().product_topic);
}
