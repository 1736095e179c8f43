use entity_events::{EntityEvents, TopicFor, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[topics(Product, Product)]
struct Topics;

fn main() {
    let topics = Topics::default();
    let _topic: &str = TopicFor::<Product>::topic(&topics);
    println!("{}", topics.product_topic);
}
