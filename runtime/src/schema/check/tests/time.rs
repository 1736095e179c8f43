//! How long a check takes: printed, and not asserted. `cargo test -p entity-events --features schema time -- --nocapture`.

use std::time::Instant;

use serde_json::json;

use super::super::comparison::Policy;
use super::super::mode::Mode;
use super::scratch::Scratch;
use super::{Field, field, optional_text, product};
use crate::schema::document::EntityDocument;

const FIELDS: [&str; 20] = [
    "id",
    "name",
    "sku",
    "ean",
    "color",
    "size",
    "weight",
    "width",
    "height",
    "depth",
    "price",
    "tax",
    "currency",
    "brand",
    "category",
    "supplier",
    "stock",
    "rating",
    "created_at",
    "updated_at",
];

/// Fifty entities with two event types each.
fn hundred_events(version: &'static str, fields: &[Field]) -> Vec<EntityDocument> {
    let entity = |index: usize| {
        let mut entity = product(version, fields);
        entity.feature = Box::leak(format!("product_{index}").into_boxed_str());
        entity
    };
    (0..50).map(entity).collect()
}

#[test]
fn time_of_a_hundred_events() {
    let scratch = Scratch::new();
    let mut fields: Vec<Field> =
        FIELDS.into_iter().map(|name| field(name, "String", json!({ "type": "string" }))).collect();
    let timed = |what: &str, entities: &[EntityDocument], mode| {
        let begin = Instant::now();
        let result = scratch.check_with(entities, Policy::default(), mode);
        println!("{what}: {:?}", begin.elapsed());
        result
    };
    let first = hundred_events("1.0", &fields);
    assert_eq!(timed("first run, 100 events", &first, Mode::Local).unwrap().written().len(), 100);
    timed("nothing changed", &first, Mode::Ci).unwrap();
    fields.push(optional_text("note"));
    let second = hundred_events("1.1", &fields);
    timed("all changed", &second, Mode::Ci).unwrap_err();
    timed("all accepted", &second, Mode::Update).unwrap();
    timed("nothing changed, one former version", &second, Mode::Ci).unwrap();
}
