//! What the two views say of a type.

use std::collections::BTreeMap;

use super::*;

/// The reader's and the writer's schema of the field `value` in an entity.
macro_rules! views {
    ($ty:ty $(, $key:ident)*) => {{
        #[derive(Debug, Clone, EntityEvents)]
        #[event(crate = crate, schema)]
        struct Thing {
            id: u8,
            #[event(with = Clone::clone, ty = $ty $(, $key)*)]
            value: $ty,
        }
        views_of(event::<ThingTopics>())
    }};
}

/// The reader's and the writer's, each with whether it is required.
fn views_of(event: EventDocument) -> [(Value, bool); 2] {
    [event.reader, event.writer].map(|schema| {
        let data = &schema["definitions"]["ThingEventData"];
        let required = data["required"].as_array().unwrap().iter().any(|name| name == "value");
        (data["properties"]["value"].clone(), required)
    })
}

type Maybe = Option<u8>;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Wrapped(Option<u8>);

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Flattened {
    x: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[test]
fn a_reader_needs_what_it_cannot_do_without() {
    for (views, needs) in [
        (views!(u8), true),
        (views!(u8, default), false),
        (views!(Option<u8>), false),
        (views!(Maybe), false),
        (views!(Wrapped), false),
        (views!(Vec<u8>), true),
    ] {
        let [(schema, reader), (_, writer)] = views;
        assert_eq!((reader, writer), (needs, true), "{schema}");
    }
}

#[test]
fn an_option_may_be_null() {
    let [(reader, _), (writer, _)] = views!(Option<String>);
    assert_eq!(reader["type"], serde_json::json!(["string", "null"]));
    assert_eq!(reader, writer);
}

#[test]
fn numbers_that_others_cannot_hold_are_noted() {
    let note =
        |[(reader, _), _]: [(Value, bool); 2]| reader["description"].as_str().unwrap_or_default().to_owned();
    assert!(note(views!(u64)).contains("2^53"));
    assert!(note(views!(i64)).contains("2^53"));
    assert!(note(views!(f64)).contains("NaN"));
    assert_eq!(note(views!(i32)), "");
    let [(list, _), _] = views!(Vec<Option<u64>>);
    assert!(list["items"]["description"].as_str().unwrap().contains("2^53"), "{list}");
}

#[test]
fn what_a_type_may_add_stays_open_for_its_writer() {
    let [(reader, _), (writer, _)] = views!(Value);
    assert_eq!([reader, writer], [Value::Bool(true), Value::Bool(true)]);
    let [_, (map, _)] = views!(BTreeMap<String, Mix>);
    assert!(map["additionalProperties"].is_object(), "{map}");

    #[derive(Debug, Clone, EntityEvents)]
    #[event(crate = crate, schema)]
    struct Thing {
        id: u8,
        open: Flattened,
        closed: Size,
    }
    let writer = event::<ThingTopics>().writer;
    let definitions = &writer["definitions"];
    assert_eq!(definitions["Flattened"]["additionalProperties"], true, "{writer}");
    assert_eq!(definitions["Size"]["additionalProperties"], false, "{writer}");
    assert_eq!(definitions["ThingEventData"]["additionalProperties"], false, "{writer}");
}

#[test]
fn a_required_field_is_needed_under_one_of_its_names() {
    let event = event::<ProductTopics>();
    let data = &event.reader["definitions"]["ProductEventData"];
    let names = serde_json::json!([{ "anyOf": [{ "required": ["title"] }, { "required": ["name"] }] }]);
    assert_eq!(data["allOf"], names);
    assert_eq!(data["properties"]["name"]["deprecated"], true);
    let writer = &event.writer["definitions"]["ProductEventData"];
    assert!(writer["properties"].get("name").is_none());
    assert!(writer["required"].as_array().unwrap().iter().any(|name| name == "title"));
}
