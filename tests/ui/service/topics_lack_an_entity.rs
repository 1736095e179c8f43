use entity_events::{EntityEvents, TopicFor, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[derive(Debug, Clone, EntityEvents)]
struct Order {
    id: u64,
}

#[topics(Product)]
#[derive(Hash)]
struct Topics;

fn topic_of_orders(topics: &impl TopicFor<Order>) -> &str {
    topics.topic()
}

fn main() {
    topic_of_orders(&Topics::default());
}
