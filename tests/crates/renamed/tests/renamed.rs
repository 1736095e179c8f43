//! What the output of the renamed crate is.

use entity_events_renamed::{Product, ProductEvent, Topics};
use events::Event;

#[test]
fn the_output_reaches_the_runtime_by_its_other_name() {
    let event = ProductEvent::new_priced(&Product { id: 7, gen: 1 }, "note".to_owned(), uuid::Uuid::nil());
    assert_eq!((event.key().as_str(), event.event_type()), ("7", "ProductPriced"));
    assert_eq!(Topics::default().product_topic, "int.product-update.event");
}

#[test]
fn the_source_is_the_package_of_the_user() {
    assert_eq!(<ProductEvent as Event>::SOURCE, "entity-events-renamed");
}
