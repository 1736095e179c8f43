//! What cannot be described, and what is said of it.

use std::collections::BTreeMap;

use super::*;
use crate::schema::SchemaError;

fn error<T: Topics>() -> String {
    documents::<T>().unwrap_err().to_string()
}

#[test]
fn entities_without_schemas_are_named() {
    #[derive(Debug, Clone, EntityEvents)]
    #[event(crate = crate)]
    struct Invoice {
        id: u8,
    }
    #[derive(Debug, Clone, EntityEvents)]
    #[event(crate = crate)]
    struct Receipt {
        id: u8,
    }
    #[topics(crate = crate, Order, Invoice, Receipt)]
    struct Some;
    let error = error::<Some>();
    assert!(
        error.starts_with("no schemas of the events of `entity_events::schema::tests::bad_input::"),
        "{error}"
    );
    assert!(error.contains("::Invoice`, `"), "{error}");
    assert!(error.ends_with("::Receipt`; add `#[event(schema)]` to each"), "{error}");
}

#[test]
fn two_events_with_one_name_are_named_with_their_modules() {
    mod stock {
        #[derive(Debug, Clone, crate::EntityEvents)]
        #[event(crate = crate, schema, feature = "stock_order")]
        pub(super) struct Order {
            pub(super) id: u8,
        }
    }
    #[topics(crate = crate, Order, stock::Order as stock_order)]
    struct Both;
    assert_eq!(
        error::<Both>(),
        "`OrderCreated` is an event of both `entity_events::schema::tests::Order` and \
         `entity_events::schema::tests::bad_input::stock::Order`; put `#[event(name = \"..\")]` on one of them"
    );
}

#[test]
fn topics_by_hand_do_not_know_their_entities() {
    #[derive(Debug, Clone, Default)]
    struct ByHand(String);
    impl Topics for ByHand {
        const SOURCE: &'static str = "shop";

        fn fields(&self) -> Vec<(&'static str, &str)> {
            vec![("order_topic", &self.0)]
        }

        fn fields_mut(&mut self) -> Vec<(&'static str, &mut String)> {
            vec![("order_topic", &mut self.0)]
        }
    }
    assert!(matches!(documents::<ByHand>(), Err(SchemaError::NoEntities { .. })));
    assert!(error::<ByHand>().contains("make it with `#[topics(..)]`"));
}

#[test]
fn a_schema_with_the_name_of_the_data_is_refused() {
    mod other {
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub(super) struct ThingEventData {
            x: u8,
        }
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub(super) struct EventMetadata {
            x: u8,
        }
    }
    #[derive(Debug, Clone, EntityEvents)]
    #[event(crate = crate, schema)]
    struct Thing {
        id: u8,
        taken: other::ThingEventData,
    }
    let error = error::<ThingTopics>();
    assert!(
        error.contains("a schema named `ThingEventData`") && error.contains("schemars(rename"),
        "{error}"
    );

    #[derive(Debug, Clone, EntityEvents)]
    #[event(crate = crate, schema)]
    struct Other {
        id: u8,
        metadata: other::EventMetadata,
    }
    let reader = event::<OtherTopics>().reader;
    let definitions = &reader["definitions"];
    assert!(definitions["EventMetadata"]["properties"]["correlation_id"].is_object(), "{reader}");
    assert!(definitions["EventMetadata2"]["properties"]["x"].is_object(), "{reader}");
}

#[test]
fn a_recursive_type_has_a_schema_and_a_finite_example() {
    let event = event::<ProductTopics>();
    assert_eq!(
        event.reader["definitions"]["Successor"]["properties"]["others"]["items"]["$ref"],
        "#/definitions/Successor"
    );
    let value = event.example.unwrap().value.unwrap();
    assert_eq!(value["data"]["successor"]["others"], serde_json::json!([]));
}

/// What the example of an entity says that cannot have one.
macro_rules! no_example {
    ($ty:ty) => {{
        #[derive(Debug, Clone, EntityEvents)]
        #[event(crate = crate, schema)]
        struct Thing {
            id: u8,
            value: $ty,
        }
        event::<ThingTopics>().example.map(|example| example.value.unwrap()["data"]["value"].clone())
    }};
}

/// A text with a rule of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
struct Isbn(String);

impl TryFrom<String> for Isbn {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.starts_with("978-") { Ok(Self(text)) } else { Err("an ISBN starts with 978") }
    }
}

impl From<Isbn> for String {
    fn from(isbn: Isbn) -> Self {
        isbn.0
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(example = "978-3")]
struct WithExample(Isbn);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
struct Point {
    x: u8,
}

#[test]
fn a_type_that_takes_no_sample_says_how_to_give_one() {
    let error = no_example!(Isbn).unwrap_err();
    assert!(error.starts_with("no example of `value: Isbn` was found (an ISBN starts with 978"), "{error}");
    assert!(error.contains("#[schemars(example = ..)]"), "{error}");
    assert_eq!(no_example!(WithExample).unwrap(), "978-3");
}

#[test]
fn a_map_has_keys_that_json_can_have() {
    assert_eq!(no_example!(BTreeMap<u32, u8>).unwrap(), serde_json::json!({ "1": 7 }));
    assert_eq!(no_example!(BTreeMap<String, u8>).unwrap(), serde_json::json!({ "key": 7 }));
    let error = no_example!(BTreeMap<Point, u8>).unwrap_err();
    assert!(error.starts_with("no example of `value: BTreeMap<Point, u8>`"), "{error}");
}

#[test]
fn samples_keep_to_limits() {
    assert_eq!(no_example!(char).unwrap(), "v");
    assert_eq!(no_example!(std::num::NonZeroU64).unwrap(), 7);
    assert_eq!(no_example!([u8; 3]).unwrap(), serde_json::json!([7, 7, 7]));
    assert_eq!(no_example!((u8, String)).unwrap(), serde_json::json!([7, "value"]));
    assert_eq!(no_example!(Option<Option<u8>>).unwrap(), 7);
    assert_eq!(no_example!(()).unwrap(), Value::Null);
}
