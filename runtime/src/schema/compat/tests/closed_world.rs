//! A vector for each row of what follows from two schemas, the writer's and the reader's: `conventions.md` 9.2.

use serde_json::{Value, json};

use super::super::{Break, Direction, Rule, Settings, breaks};
use super::short;

/// A version of an event: the schema of what it writes, and of what it reads.
struct Version {
    writer: Value,
    reader: Value,
}

/// A field: its name, its schema, and whether a reader needs it; it is always written.
type Field<'a> = (&'a str, Value, bool);

/// Rules and paths.
type Expected = Vec<(Rule, &'static str)>;

fn version(fields: &[Field<'_>]) -> Version {
    let properties: Value = fields
        .iter()
        .map(|(name, schema, _)| ((*name).to_owned(), schema.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let names = |all: bool| -> Vec<&str> {
        fields.iter().filter(|(_, _, needed)| all || *needed).map(|(name, ..)| *name).collect()
    };
    let event = |data: Value| {
        json!({
            "type": "object",
            "properties": { "data": { "$ref": "#/definitions/Data" } },
            "required": ["data"],
            "definitions": { "Data": data },
        })
    };
    let reader = json!({ "type": "object", "properties": properties, "required": names(false) });
    let mut writer = json!({ "type": "object", "properties": properties, "required": names(true) });
    writer["additionalProperties"] = false.into();
    Version { writer: event(writer), reader: event(reader) }
}

fn both(old: &Version, new: &Version) -> [Vec<Break>; 2] {
    [
        breaks(Direction::Backward, &old.writer, &new.reader, Settings::RUST),
        breaks(Direction::Forward, &new.writer, &old.reader, Settings::RUST),
    ]
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn nullable() -> Value {
    json!({ "type": ["string", "null"] })
}

#[test]
fn each_row() {
    let name = || ("name", text(), true);
    let one = || version(&[name()]);
    let two = |schema: Value, needed| version(&[name(), ("x", schema, needed)]);
    let colors = |colors: &[&str]| json!({ "type": "string", "enum": colors });
    let x = "data.x";
    let rows: Vec<(&str, Version, Version, Expected, Expected)> = vec![
        ("add an optional field", one(), two(nullable(), false), vec![], vec![]),
        ("add a field with a default", one(), two(text(), false), vec![], vec![]),
        ("add a required field", one(), two(text(), true), vec![(Rule::RequiredFieldAdded, x)], vec![]),
        ("remove an optional field", two(nullable(), false), one(), vec![], vec![]),
        ("remove a field with a default", two(text(), false), one(), vec![], vec![]),
        ("remove a required field", two(text(), true), one(), vec![], vec![(Rule::RequiredFieldRemoved, x)]),
        (
            "rename",
            one(),
            version(&[("title", text(), true)]),
            vec![(Rule::RequiredFieldAdded, "data.title")],
            vec![(Rule::RequiredFieldRemoved, "data.name")],
        ),
        ("T to Option<T>", two(text(), true), two(nullable(), false), vec![], vec![(Rule::NullAdded, x)]),
        ("Option<T> to T", two(nullable(), false), two(text(), true), vec![(Rule::NullRemoved, x)], vec![]),
        (
            "a new value of an enum",
            two(colors(&["red"]), true),
            two(colors(&["red", "blue"]), true),
            vec![],
            vec![(Rule::EnumValueAdded, x)],
        ),
        (
            "a value of an enum less",
            two(colors(&["red", "blue"]), true),
            two(colors(&["red"]), true),
            vec![(Rule::EnumValueRemoved, x)],
            vec![],
        ),
        (
            "another type",
            two(text(), true),
            two(json!({ "type": "integer" }), true),
            vec![(Rule::FieldTypeChanged, x)],
            vec![(Rule::FieldTypeChanged, x)],
        ),
    ];
    for (change, old, new, backward, forward) in rows {
        let [found_backward, found_forward] = both(&old, &new);
        assert_eq!(short(&found_backward), backward, "{change}, backward");
        assert_eq!(short(&found_forward), forward, "{change}, forward");
    }
}

/// As the derive says it: the former name is a property, and one of the two is required.
#[test]
fn a_rename_with_an_alias_reads_old_records() {
    let old = version(&[("name", text(), true)]);
    let mut new = version(&[("title", text(), true)]);
    let data = &mut new.reader["definitions"]["Data"];
    data["properties"]["name"] = text();
    data["required"] = json!([]);
    data["allOf"] = json!([{ "anyOf": [{ "required": ["title"] }, { "required": ["name"] }] }]);
    let [backward, forward] = both(&old, &new);
    assert_eq!(short(&backward), []);
    assert_eq!(short(&forward), [(Rule::RequiredFieldRemoved, "data.name")]);
    let other = version(&[("label", text(), true)]);
    let [backward, _] = both(&other, &new);
    assert_eq!(short(&backward), [(Rule::RequiredFieldAdded, "data.title")]);
}

/// What comes of a flattened map may have any name.
#[test]
fn an_open_writer_may_use_the_name_of_a_new_field() {
    let mut old = version(&[("name", text(), true)]);
    old.writer["definitions"]["Data"]["additionalProperties"] = true.into();
    let new = version(&[("name", text(), true), ("note", nullable(), false)]);
    let [backward, forward] = both(&old, &new);
    assert_eq!(short(&backward), [(Rule::FieldAddedToOpen, "data.note")]);
    assert_eq!(short(&forward), []);
}

#[test]
fn a_break_says_what_was_and_what_is() {
    let old = version(&[("x", text(), true)]);
    let new = version(&[("x", json!({ "type": "integer", "format": "int32" }), true)]);
    let [backward, forward] = both(&old, &new);
    for found in [&backward[0], &forward[0]] {
        assert_eq!((found.old.as_str(), found.new.as_str()), ("string", "integer (int32)"));
    }
    assert_eq!((backward[0].direction, forward[0].direction), (Direction::Backward, Direction::Forward));
}
