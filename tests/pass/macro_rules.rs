//! Entities from a `macro_rules!` macro, with every part of them passed by its caller.

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

macro_rules! converted {
    ($name:ident, $with:path, $ty:ty, $closure:expr) => {
        #[derive(Debug, Clone, EntityEvents)]
        struct $name {
            id: u64,
            #[event(with = $with, ty = $ty)]
            name: String,
            #[event(with = $closure, ty = $ty)]
            note: String,
        }
    };
}

converted!(Converted, String::len, usize, |note: &String| note.len());

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
    let converted = Converted { id: 1, name: "ab".to_owned(), note: "abc".to_owned() };
    let data = ConvertedEvent::new_created(&converted, uuid::Uuid::nil()).data;
    assert_eq!((data.name, data.note), (2, 3));
    let _: fn(&dyn EventProducer) = |_| {};
}
