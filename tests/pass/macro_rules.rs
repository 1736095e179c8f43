//! Entities that a `macro_rules!` macro writes, with every part of them from its caller.

use entity_events::{EntityEvents, Event, event_producer, topics};

macro_rules! entity {
    ($(#[$meta:meta])* $vis:vis $name:ident, $source:literal, $error:ty, $topic:expr, { $($field:ident: $ty:ty),* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, EntityEvents)]
        #[event(source = $source, error = $error, topic = $topic, extra(note: Option<String>))]
        $vis struct $name {
            $($field: $ty),*
        }
    };
}

macro_rules! service {
    ($topics:ident, $producer:ident, $($entity:path),*) => {
        #[topics($($entity),*)]
        struct $topics;

        #[event_producer($($entity),*)]
        trait $producer {}
    };
}

entity!(
    /// A thing.
    pub(crate) Product, "catalog", entity_events::PublishError, "products", { id: u64, names: Vec<String> }
);

mod shop {
    use super::EntityEvents;

    entity!(pub Order, "shop", entity_events::PublishError, "orders", { id: u64, lines: Vec<(u64, String)> });
}

service!(Topics, EventProducer, Product, shop::Order);

fn main() {
    let product = Product { id: 1, names: vec!["a".to_owned()] };
    let event = ProductEvent::new_created(&product, Some("n".to_owned()), uuid::Uuid::nil());
    assert_eq!(<ProductEvent as Event>::SOURCE, "catalog");
    assert_eq!(event.data.note.as_deref(), Some("n"));
    assert_eq!(Topics::default().order_topic, "orders");
    let _: fn(&dyn EventProducer) = |_| {};
}
