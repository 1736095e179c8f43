//! A vector for each rule, and for each form of a serde enum.

use serde_json::{Value, json};

use super::super::{Rule, Settings, fields, is_same};
use super::{both, short};

type Found = [Vec<(Rule, String)>; 2];

fn found(old: &Value, new: &Value) -> Found {
    both(old, new, Settings::RUST)
        .map(|breaks| short(&breaks).into_iter().map(|(rule, path)| (rule, path.to_owned())).collect())
}

#[track_caller]
fn assert_found(old: &Value, new: &Value, backward: &[(Rule, &str)], forward: &[(Rule, &str)]) {
    let owned =
        |rules: &[(Rule, &str)]| rules.iter().map(|(rule, path)| (*rule, (*path).to_owned())).collect();
    let expected: Found = [owned(backward), owned(forward)];
    assert_eq!(found(old, new), expected);
}

fn closed(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

#[test]
fn required_and_optional() {
    let text = json!({ "a": { "type": "string" } });
    assert_found(&closed(&text, &["a"]), &closed(&text, &[]), &[], &[(Rule::FieldMadeOptional, "a")]);
    assert_found(&closed(&text, &[]), &closed(&text, &["a"]), &[(Rule::FieldMadeRequired, "a")], &[]);
}

#[test]
fn closed_objects() {
    let (one, two) = (json!({ "a": true }), json!({ "a": true, "b": true }));
    assert_found(&closed(&one, &[]), &closed(&two, &[]), &[], &[(Rule::FieldAddedToClosed, "b")]);
    assert_found(&closed(&two, &[]), &closed(&one, &[]), &[(Rule::FieldRemovedFromClosed, "b")], &[]);
    let open = json!({ "type": "object", "properties": one });
    assert_found(&open, &closed(&one, &[]), &[(Rule::ObjectClosed, "")], &[]);
    assert_found(&closed(&one, &[]), &open, &[], &[(Rule::ObjectOpened, "")]);
}

#[test]
fn integers_have_the_range_of_their_type() {
    let of = |format: &str| json!({ "type": "integer", "format": format });
    assert_found(&of("int32"), &of("int64"), &[], &[(Rule::LimitLoosened, "")]);
    assert_found(&of("int64"), &of("uint64"), &[(Rule::LimitTightened, "")], &[(Rule::LimitLoosened, "")]);
    assert_found(
        &json!({ "type": "integer", "format": "uint32", "minimum": 0 }),
        &of("int64"),
        &[],
        &[(Rule::LimitLoosened, "")],
    );
    let byte = json!({ "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 });
    assert_found(&byte, &of("int16"), &[], &[(Rule::LimitLoosened, "")]);
    assert_found(
        &of("int32"),
        &json!({ "type": "number", "format": "double" }),
        &[],
        &[(Rule::FieldTypeChanged, "")],
    );
    let (float, double) =
        (json!({ "type": "number", "format": "float" }), json!({ "type": "number", "format": "double" }));
    assert_found(&float, &double, &[], &[(Rule::FormatChanged, "")]);
    assert_found(
        &json!({ "type": "integer", "exclusiveMinimum": 0 }),
        &json!({ "type": "integer", "minimum": 1 }),
        &[],
        &[],
    );
}

#[test]
fn texts_have_formats_and_patterns() {
    let of = |format: &str| json!({ "type": "string", "format": format });
    let text = json!({ "type": "string" });
    assert_found(&text, &of("uuid"), &[(Rule::FormatChanged, "")], &[]);
    assert_found(&of("date"), &of("date-time"), &[(Rule::FormatChanged, "")], &[(Rule::FormatChanged, "")]);
    assert_found(&of("ipv4"), &of("ip"), &[], &[(Rule::FormatChanged, "")]);
    let matching = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    assert_found(&text, &matching("^a"), &[(Rule::PatternAdded, "")], &[]);
    assert_found(&matching("^a"), &text, &[], &[(Rule::PatternRemoved, "")]);
    assert_found(
        &matching("^a"),
        &matching("^b"),
        &[(Rule::PatternChanged, "")],
        &[(Rule::PatternChanged, "")],
    );
    // A decimal as schemars describes what is written and what is read.
    let (written, read) = (
        matching(r"^-?\d+(\.\d+)?$"),
        json!({ "type": ["string", "number"], "pattern": r"^-?\d+(\.\d+)?([eE]\d+)?$" }),
    );
    assert_eq!(found(&written, &read)[0], []);
}

#[test]
fn lists_and_tuples() {
    let list = |items: Value| json!({ "type": "array", "items": items });
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let different = [(Rule::FieldTypeChanged, "[]")];
    assert_found(&list(text.clone()), &list(number.clone()), &different, &different);
    let tuple = |items: &[&Value]| json!({ "type": "array", "items": items, "minItems": items.len(), "maxItems": items.len() });
    let second = [(Rule::FieldTypeChanged, "[1]")];
    assert_found(&tuple(&[&text, &text]), &tuple(&[&text, &number]), &second, &second);
    assert_found(
        &tuple(&[&text]),
        &tuple(&[&text, &text]),
        &[(Rule::LimitTightened, "")],
        &[(Rule::LimitLoosened, "")],
    );
    assert_eq!(found(&tuple(&[&text, &text]), &list(text.clone()))[0], []);
    let set = json!({ "type": "array", "items": text, "uniqueItems": true });
    assert_found(&set, &list(text.clone()), &[], &[(Rule::LimitLoosened, "")]);
    let of_objects = |kind: &str| list(closed(&json!({ "price": { "type": kind } }), &["price"]));
    assert_found(&of_objects("integer"), &of_objects("number"), &[], &[(Rule::FieldTypeChanged, "[].price")]);
    assert_eq!(
        found(&json!({ "items": [text], "additionalItems": false, "type": "array" }), &list(text.clone()))[0],
        []
    );
}

#[test]
fn maps() {
    let map = |values: Value| json!({ "type": "object", "additionalProperties": values });
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let different = [(Rule::FieldTypeChanged, "*")];
    assert_found(&map(text.clone()), &map(number.clone()), &different, &different);
    let by = |pattern: &str, values: &Value| json!({ "type": "object", "additionalProperties": false, "patternProperties": { pattern: values } });
    assert_found(&by(r"^\d+$", &text), &by(r"^-?\d+$", &text), &[], &[(Rule::ObjectOpened, "")]);
    assert_found(&by(r"^\d+$", &text), &map(text.clone()), &[], &[(Rule::ObjectOpened, "")]);
    assert_found(&by(r"^\d+$", &text), &by(r"^\d+$", &number), &different, &different);
}

/// The variants `Circle { r }` and `Square { side }` of a shape, as schemars describes them.
fn shape(form: fn(&str, &str) -> Value, variants: &[(&str, &str)]) -> Value {
    let branches: Vec<Value> = variants.iter().map(|(variant, field)| form(variant, field)).collect();
    json!({ "properties": { "shape": { "$ref": "#/definitions/Shape" } }, "definitions": { "Shape": { "oneOf": branches } } })
}

const NUMBER: fn() -> Value = || json!({ "type": "number" });

fn external(variant: &str, field: &str) -> Value {
    closed(&json!({ variant: closed(&json!({ field: NUMBER() }), &[field]) }), &[variant])
}

fn internal(variant: &str, field: &str) -> Value {
    closed(&json!({ "type": { "type": "string", "const": variant }, field: NUMBER() }), &["type", field])
}

fn adjacent(variant: &str, field: &str) -> Value {
    let content = closed(&json!({ field: NUMBER() }), &[field]);
    closed(&json!({ "t": { "type": "string", "const": variant }, "c": content }), &["t", "c"])
}

#[test]
fn tagged_variants() {
    let forms: [fn(&str, &str) -> Value; 3] = [external, internal, adjacent];
    for (form, place) in forms.into_iter().zip(["shape.Square.side", "shape.side", "shape.c.side"]) {
        let one = shape(form, &[("Circle", "r")]);
        let three = shape(form, &[("Circle", "r"), ("Square", "side"), ("Line", "length")]);
        let two = shape(form, &[("Circle", "r"), ("Square", "side")]);
        assert_found(&two, &three, &[], &[(Rule::VariantAdded, "shape")]);
        assert_found(&three, &two, &[(Rule::VariantRemoved, "shape")], &[]);
        assert_eq!(found(&one, &two)[0], []);
        assert!(!found(&one, &two)[1].is_empty());
        // What changes within a variant is reported there.
        let mut wider = three.clone();
        *find(&mut wider, "side") = json!({ "type": ["number", "null"] });
        assert_found(&three, &wider, &[], &[(Rule::NullAdded, place)]);
    }
}

/// Returns the schema of a property, wherever it is.
fn find<'a>(schema: &'a mut Value, name: &str) -> &'a mut Value {
    fn search<'a>(schema: &'a mut Value, name: &str) -> Option<&'a mut Value> {
        match schema {
            Value::Object(object) => {
                let is_here = object.get(name).is_some_and(Value::is_object);
                object.iter_mut().find_map(|(key, value)| match key == name {
                    true => Some(value),
                    false if is_here => None,
                    false => search(value, name),
                })
            }
            Value::Array(items) => items.iter_mut().find_map(|value| search(value, name)),
            _ => None,
        }
    }
    search(schema, name).expect("the property")
}

#[test]
fn untagged_variants_and_units() {
    let untagged = |branches: &[Value]| json!({ "anyOf": branches });
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let object = closed(&json!({ "a": number }), &["a"]);
    assert_found(
        &untagged(&[text.clone(), number.clone()]),
        &untagged(&[text.clone(), number.clone(), object.clone()]),
        &[],
        &[(Rule::VariantAdded, "")],
    );
    // Units with docs are one `const` each, and those without are listed.
    let documented = |units: &[&str]| -> Value {
        let units: Vec<Value> = units.iter().map(|unit| json!({ "type": "string", "const": unit })).collect();
        json!({ "oneOf": units })
    };
    let listed = json!({ "type": "string", "enum": ["A", "B"] });
    assert_found(&listed, &documented(&["A", "B"]), &[], &[]);
    assert_found(&listed, &documented(&["A", "B", "C"]), &[], &[(Rule::EnumValueAdded, "")]);
    assert_found(&listed, &text, &[], &[(Rule::EnumValueAdded, "")]);
    // A unit becomes a variant with fields.
    let mixed = json!({ "oneOf": [{ "type": "string", "enum": ["A"] }, external("B", "b")] });
    let [backward, forward] = found(&listed, &mixed);
    assert_eq!(backward, [(Rule::EnumValueRemoved, String::new())]);
    assert_eq!(forward.len(), 1);
}

#[test]
fn an_optional_nested_type() {
    let money = closed(&json!({ "amount": { "type": "string" } }), &["amount"]);
    let plain = json!({ "properties": { "price": { "$ref": "#/definitions/Money" } }, "definitions": { "Money": money } });
    let optional = json!({
        "properties": { "price": { "anyOf": [{ "$ref": "#/definitions/Money" }, { "type": "null" }] } },
        "definitions": { "Money": money },
    });
    assert_found(&plain, &optional, &[], &[(Rule::NullAdded, "price")]);
    assert_found(&optional, &plain, &[(Rule::NullRemoved, "price")], &[]);
}

#[test]
fn constants() {
    let only = |value: &str| json!({ "type": "string", "const": value });
    assert_found(&only("a"), &only("b"), &[(Rule::ConstChanged, "")], &[(Rule::ConstChanged, "")]);
    assert_found(&only("a"), &json!({ "type": "string" }), &[], &[(Rule::EnumValueAdded, "")]);
}

#[test]
fn what_cannot_be_decided_is_said_to_be_so() {
    let text = json!({ "type": "string" });
    let nowhere = json!({ "$ref": "#/definitions/None" });
    for reader in
        [json!({ "not": { "pattern": "^a" } }), json!({ "if": text, "then": { "minLength": 1 } }), nowhere]
    {
        assert_eq!(found(&text, &reader)[0], [(Rule::Unproven, String::new())], "{reader}");
        assert_eq!(found(&reader, &reader)[0].len(), usize::from(reader.get("$ref").is_some()), "{reader}");
    }
    assert_eq!(found(&text, &json!({ "not": { "type": "integer" } }))[0], []);
    assert_eq!(found(&text, &json!({ "not": {} }))[0], [(Rule::Unproven, String::new())]);
}

/// A pair that was assumed to fit while another was compared is compared again if that one does not fit.
#[test]
fn an_assumption_that_was_wrong_is_dropped() {
    let list = |value: &str| {
        json!({
            "type": "object",
            "properties": { "first": { "$ref": "#/definitions/A" }, "second": { "$ref": "#/definitions/B" } },
            "definitions": {
                "A": closed(&json!({ "b": { "$ref": "#/definitions/B" }, "value": { "type": value } }), &[]),
                "B": closed(&json!({ "a": { "$ref": "#/definitions/A" } }), &[]),
            },
        })
    };
    let [backward, _] = found(&list("string"), &list("integer"));
    let paths: Vec<&str> = backward.iter().map(|(_, path)| path.as_str()).collect();
    assert!(paths.contains(&"first.value") && paths.contains(&"second.a.value"), "{paths:?}");
}

#[test]
fn fields_are_outlined() {
    let schema = json!({
        "properties": { "data": { "$ref": "#/definitions/Data" } },
        "required": ["data"],
        "definitions": { "Data": {
            "type": "object",
            "properties": {
                "id": { "type": "string", "format": "uuid" },
                "tags": { "type": "array", "items": { "type": "string" } },
                "note": { "type": ["string", "null"] },
                "color": { "enum": ["red", "blue"] },
                "parts": { "type": "array", "items": { "$ref": "#/definitions/Data" } },
            },
            "required": ["id"],
        } },
    });
    let outline = fields(&schema);
    assert_eq!(outline["data"], "object `Data`");
    assert_eq!(outline["data.id"], "string (uuid)");
    assert_eq!(outline["data.tags"], "array of string, optional");
    assert_eq!(outline["data.note"], "string or null, optional");
    assert_eq!(outline["data.color"], r#"one of "red", "blue", optional"#);
    assert_eq!(outline["data.parts[].id"], "string (uuid)");
}

#[test]
fn annotations_make_no_difference() {
    let plain = json!({ "properties": { "title": { "type": "string" } }, "definitions": { "A": true } });
    let annotated =
        json!({ "title": "A", "properties": { "title": { "type": "string", "description": "b" } } });
    assert!(is_same(&plain, &annotated));
    // Here it is the name of a field.
    assert!(!is_same(&plain, &json!({ "properties": { "description": { "type": "string" } } })));
}
