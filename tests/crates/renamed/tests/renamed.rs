//! The macros with a renamed dependency.

use entity_events_renamed::{Product, ProductEvent, Topics};
use events::Event;

#[test]
fn the_output_uses_the_renamed_dependency() {
    let event = ProductEvent::new_priced(&Product { id: 7, gen: 1 }, "note".to_owned(), uuid::Uuid::nil());
    assert_eq!((event.key().as_str(), event.event_type()), ("7", "ProductPriced"));
    assert_eq!(Topics::default().product_topic, "int.product-update.event");
}

#[test]
fn the_default_source_is_the_users_package() {
    assert_eq!(<ProductEvent as Event>::SOURCE, "entity-events-renamed");
}
