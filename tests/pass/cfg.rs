//! Fields and attributes that a `#[cfg]` removes or adds.

use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[cfg_attr(all(), event(source = "catalog-service"))]
#[cfg_attr(any(), event(source = "never"))]
struct Product {
    id: u64,
    #[cfg(any())]
    gone: NoSuchType,
    #[cfg(all())]
    #[cfg_attr(all(), event(rename = "title"))]
    name: String,
}

fn main() {
    let product = Product { id: 1, name: "a".to_owned() };
    let event = ProductEvent::new_created(&product, uuid::Uuid::nil());
    let json = serde_json::to_string(&event.data).unwrap();
    assert_eq!(json, r#"{"id":1,"title":"a"}"#);
    assert_eq!(event.metadata.source_service, "catalog-service");
}
