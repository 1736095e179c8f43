//! `#[topics]` and `#[event_producer]`: paths, `as`, docs, attributes, supertraits.

use entity_events::{EntityEvents, TopicFor, Topics as _, event_producer, topics};

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog")]
pub struct Product {
    id: u64,
}

mod shop {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    #[event(feature = "shop_product")]
    pub struct Product {
        id: u64,
        #[event(header = "x-shop")]
        shop: u64,
    }
}

mod facade {
    pub use super::shop::*;
}

/// Re-exports an entity with its generated items.
#[topics(facade::Product as shop_product)]
pub struct Shop;

/// The same.
#[event_producer(facade::Product)]
pub trait ShopEventProducer {}

/// The topics.
#[topics(crate = ::entity_events, Product, shop::Product as shop_product, entity_events_ui::Item as stock_item,)]
#[derive(Hash)]
pub struct Topics;

/// The producer.
#[event_producer(Product, self::shop::Product, entity_events_ui::Item,)]
pub trait EventProducer: 'static {}

fn takes(_: &dyn EventProducer) {}

// No generated item is in scope here, and the entity has another name.
mod elsewhere {
    use super::shop::Product as Goods;

    #[entity_events::topics(Goods as shop_product)]
    pub struct Renamed;
}
use elsewhere::Renamed;

fn main() {
    assert_eq!(Shop::default().shop_product_topic, "int.shop_product-update.event");
    let _: fn(&dyn ShopEventProducer) = |_| {};
    let mut topics = Topics::default();
    assert_eq!(<Topics as entity_events::Topics>::SOURCE, "catalog");
    assert_eq!(<Topics as entity_events::Topics>::headers(), [&[][..], &["x-shop"], &[]]);
    let names: Vec<_> = topics.fields().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["product_topic", "shop_product_topic", "stock_item_topic"]);
    *topics.fields_mut().remove(1).1 = "elsewhere".to_owned();
    assert_eq!(TopicFor::<shop::Product>::topic(&topics), "elsewhere");
    assert_eq!(Renamed::default().shop_product_topic, "int.shop_product-update.event");
    assert_eq!(TopicFor::<Product>::topic(&topics), "int.product-update.event");
    let _ = takes;
}
