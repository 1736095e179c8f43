//! A vector for each row of the tables of a registry's verdicts: `conventions.md` 9.3.

use serde_json::{Value, json};

use super::{Settings, both, short};

/// What an object is like that leaves `additionalProperties` out, or sets it to `false`.
#[derive(Debug, Clone, Copy)]
enum Model {
    Open,
    Closed,
}

/// An event with this `data`.
fn event(model: Model, mut data: Value) -> Value {
    data["type"] = "object".into();
    if let Model::Closed = model {
        data["additionalProperties"] = false.into();
    }
    json!({ "type": "object", "properties": { "data": data }, "required": ["data"] })
}

fn name_and(more: &Value, required: &[&str]) -> Value {
    let mut properties = json!({ "name": { "type": "string" } });
    for (name, schema) in more.as_object().into_iter().flatten() {
        properties[name] = schema.clone();
    }
    json!({ "properties": properties, "required": required })
}

#[test]
fn the_first_table() {
    let name = || name_and(&json!({}), &["name"]);
    let text = json!({ "type": "string" });
    let with_default = json!({ "note": { "type": "string", "default": "" } });
    let optional = || name_and(&json!({ "note": text }), &["name"]);
    let required = || name_and(&json!({ "note": text }), &["name", "note"]);
    let defaulted = || name_and(&with_default, &["name", "note"]);
    let renamed = || json!({ "properties": { "title": text }, "required": ["title"] });
    // Change, old, new, then BACKWARD open and closed, FORWARD open and closed.
    let rows = [
        ("add optional", name(), optional(), [false, true, true, false]),
        ("add required, no default", name(), required(), [false, false, true, false]),
        ("add required with default", name(), defaulted(), [false, true, true, false]),
        ("remove optional", optional(), name(), [true, false, false, true]),
        ("remove required", required(), name(), [true, false, false, false]),
        ("rename", name(), renamed(), [false, false, false, false]),
    ];
    for (change, old, new, expected) in rows {
        let mut verdicts = [Model::Open, Model::Closed].map(|model| {
            let found = both(&event(model, old.clone()), &event(model, new.clone()), Settings::REGISTRY);
            found.map(|breaks| breaks.is_empty())
        });
        let [open, closed] = &mut verdicts;
        assert_eq!([open[0], closed[0], open[1], closed[1]], expected, "{change}");
    }
}

#[test]
fn the_second_table() {
    let text = || json!({ "type": "string" });
    let typed = |name: &str| json!({ "type": name });
    let field = |schema: Value, required: bool| {
        let required: &[&str] = if required { &["name", "x"] } else { &["name"] };
        name_and(&json!({ "x": schema }), required)
    };
    let with = |keyword: &str, value: Value| {
        let mut schema = text();
        schema[keyword] = value;
        schema
    };
    let x = |schema: Value| field(schema, true);
    let number = |keyword: &str, limit: i64| json!({ "type": "integer", keyword: limit });
    // Change, old, new, BACKWARD, FORWARD.
    let rows = [
        ("required to optional", field(text(), true), field(text(), false), true, false),
        ("optional to required", field(text(), false), field(text(), true), false, true),
        (
            "optional to required with default",
            field(with("default", "".into()), false),
            field(with("default", "".into()), true),
            true,
            true,
        ),
        ("integer to number", x(typed("integer")), x(typed("number")), true, false),
        ("null added", x(text()), x(json!({ "type": ["string", "null"] })), true, false),
        ("string to integer", x(text()), x(typed("integer")), false, false),
        ("enum value added", x(json!({ "enum": ["a"] })), x(json!({ "enum": ["a", "b"] })), true, false),
        ("enum value removed", x(json!({ "enum": ["a", "b"] })), x(json!({ "enum": ["a"] })), false, true),
        (
            "oneOf branch added",
            x(json!({ "oneOf": [typed("string"), typed("boolean")] })),
            x(json!({ "oneOf": [typed("string"), typed("boolean"), typed("integer")] })),
            true,
            false,
        ),
        (
            "anyOf branch added",
            x(json!({ "anyOf": [typed("string")] })),
            x(json!({ "anyOf": [typed("string"), typed("null")] })),
            true,
            false,
        ),
        ("const changed", x(json!({ "const": "a" })), x(json!({ "const": "b" })), false, false),
        ("maxLength up", x(with("maxLength", 5.into())), x(with("maxLength", 9.into())), true, false),
        ("maxLength removed", x(with("maxLength", 5.into())), x(text()), true, false),
        ("minLength up", x(with("minLength", 1.into())), x(with("minLength", 2.into())), false, true),
        ("minimum down", x(number("minimum", 1)), x(number("minimum", 0)), true, false),
        ("maximum down", x(number("maximum", 9)), x(number("maximum", 8)), false, true),
        ("exclusiveMinimum added", x(typed("integer")), x(number("exclusiveMinimum", 0)), false, true),
        ("multipleOf loosened", x(number("multipleOf", 6)), x(number("multipleOf", 3)), true, false),
        ("minItems added", x(typed("array")), x(json!({ "type": "array", "minItems": 1 })), false, true),
        (
            "maxItems up",
            x(json!({ "type": "array", "maxItems": 1 })),
            x(json!({ "type": "array", "maxItems": 2 })),
            true,
            false,
        ),
        ("pattern added", x(text()), x(with("pattern", "^a".into())), false, true),
        ("pattern changed", x(with("pattern", "^a".into())), x(with("pattern", "^b".into())), false, false),
        ("pattern removed", x(with("pattern", "^a".into())), x(text()), true, false),
        (
            "annotations",
            x(json!({ "type": "string", "title": "A", "$id": "a", "examples": ["a"], "default": "a" })),
            x(json!({ "type": "string", "description": "b", "$id": "b", "examples": ["b"], "default": "b" })),
            true,
            true,
        ),
        ("format", x(with("format", "uuid".into())), x(text()), true, true),
    ];
    for (change, old, new, backward, forward) in rows {
        for model in [Model::Open, Model::Closed] {
            let found = both(&event(model, old.clone()), &event(model, new.clone()), Settings::REGISTRY);
            let verdicts = found.each_ref().map(Vec::is_empty);
            let [breaks_backward, breaks_forward] = found.each_ref().map(|breaks| short(breaks));
            assert_eq!(verdicts, [backward, forward], "{change}: {breaks_backward:?} {breaks_forward:?}");
        }
    }
}

#[test]
fn a_model_that_closes_or_opens() {
    let data = || name_and(&json!({}), &["name"]);
    let (open, closed) = (event(Model::Open, data()), event(Model::Closed, data()));
    assert_eq!(both(&open, &closed, Settings::REGISTRY).map(|breaks| breaks.is_empty()), [false, true]);
    assert_eq!(both(&closed, &open, Settings::REGISTRY).map(|breaks| breaks.is_empty()), [true, false]);
}

/// The ways out: an open object gains a field with the empty schema, and a partially open one gains those that it covers.
#[test]
fn ways_to_add_a_field() {
    let data = || name_and(&json!({}), &["name"]);
    let added = name_and(&json!({ "note": {} }), &["name"]);
    let found = both(&event(Model::Open, data()), &event(Model::Open, added), Settings::REGISTRY);
    assert_eq!(found, [vec![], vec![]]);

    let partially_open = |mut data: Value| {
        data["additionalProperties"] = json!({ "type": "string" });
        event(Model::Open, data)
    };
    let added = name_and(&json!({ "note": { "type": "string" } }), &["name"]);
    assert_eq!(both(&partially_open(data()), &partially_open(added), Settings::REGISTRY), [vec![], vec![]]);
    let added = name_and(&json!({ "note": { "type": "integer" } }), &["name"]);
    assert_ne!(both(&partially_open(data()), &partially_open(added), Settings::REGISTRY), [vec![], vec![]]);
}
