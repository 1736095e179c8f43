//! Fields, extras and methods named like those of the envelope, like bindings of the output, or like items that users add.

use entity_events::{EntityEvents, Event};

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(event: String, data_: u64, self_: u64, f: u64), types(New))]
struct Product {
    id: u64,
    event_id: u64,
    event_type: String,
    timestamp: u64,
    version: String,
    data: String,
    old_data: String,
    metadata: String,
    product: u64,
    events: u64,
}

impl ProductEvent {
    fn new() -> u64 {
        1
    }
}

impl ProductEventData {
    fn new() -> u64 {
        2
    }
}

fn main() {
    let product = Product {
        id: 1,
        event_id: 2,
        event_type: "t".to_owned(),
        timestamp: 3,
        version: "v".to_owned(),
        data: "d".to_owned(),
        old_data: "o".to_owned(),
        metadata: "m".to_owned(),
        product: 4,
        events: 5,
    };
    let event = ProductEvent::new_new(&product, "e".to_owned(), 6, 7, 8, uuid::Uuid::nil());
    assert_eq!((event.key().as_str(), event.event_type()), ("1", "ProductNew"));
    let json = serde_json::to_string(&event).unwrap();
    let again: ProductEvent = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), json);
    assert_eq!(ProductEvent::new() + ProductEventData::new(), 3);
}
