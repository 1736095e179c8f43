//! Whatever JSON comes in: no panic, an end, and a schema that accepts itself.

use serde_json::{Map, Value, json};

use super::super::{Settings, fields, is_same};
use super::both;
use super::random::Random;

const KEYWORDS: [&str; 39] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "items",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "$ref",
    "definitions",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "dependencies",
    "default",
    "title",
    "$id",
    "unknown",
];

const TEXTS: [&str; 18] = [
    "string",
    "integer",
    "number",
    "object",
    "array",
    "null",
    "boolean",
    "a",
    "b",
    "",
    "#",
    "#/definitions/a",
    "#/definitions/b",
    "#/definitions/%zz",
    "^a",
    r"^\d+$",
    "uuid",
    "int32",
];

/// Any JSON at all, of the words that schemas are made of.
fn anything(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 12 }) {
        0 => Value::Null,
        1 => random.chance(2).into(),
        2 => json!(i64::from_ne_bytes(random.next().to_ne_bytes())),
        3 => json!(random.below(4)),
        4 => json!(f64::from_bits(random.next())),
        5 => (*random.pick(&TEXTS)).into(),
        6 | 7 => (0..random.below(4)).map(|_| anything(random, depth - 1)).collect(),
        _ => {
            let pairs = (0..random.below(5)).map(|_| {
                let names: &[&str] = if random.chance(4) { &TEXTS } else { &KEYWORDS };
                ((*random.pick(names)).to_owned(), anything(random, depth - 1))
            });
            Value::Object(pairs.collect())
        }
    }
}

/// A schema that is mostly well-formed.
pub(super) fn schema(random: &mut Random, depth: usize) -> Value {
    let mut keywords = Map::new();
    if depth == 0 || random.chance(12) {
        return random
            .pick(&[json!(true), json!({}), json!({ "type": "string" }), json!({ "type": "integer" })])
            .clone();
    }
    for _ in 0..=random.below(3) {
        let keyword = *random.pick(&KEYWORDS);
        keywords.insert(keyword.to_owned(), argument(random, keyword, depth));
    }
    keywords.into()
}

fn argument(random: &mut Random, keyword: &str, depth: usize) -> Value {
    let schemas =
        |random: &mut Random| -> Value { (0..=random.below(2)).map(|_| schema(random, depth - 1)).collect() };
    let named = |random: &mut Random| {
        let names = ["a", "b", r"^\d+$", "^a"];
        Value::Object(
            (0..=random.below(2))
                .map(|_| ((*random.pick(&names)).to_owned(), schema(random, depth - 1)))
                .collect(),
        )
    };
    match keyword {
        "type" if random.chance(3) => json!([random.pick(&TEXTS[..7]), random.pick(&TEXTS[..7])]),
        "type" => (*random.pick(&TEXTS[..7])).into(),
        "properties" | "patternProperties" | "definitions" | "dependencies" => named(random),
        "required" => json!([random.pick(&["a", "b"])]),
        "oneOf" | "anyOf" | "allOf" => schemas(random),
        "items" if random.chance(2) => schemas(random),
        "additionalProperties"
        | "additionalItems"
        | "propertyNames"
        | "items"
        | "contains"
        | "not"
        | "if"
        | "then"
        | "else" => {
            if random.chance(3) {
                json!(random.chance(2))
            } else {
                schema(random, depth - 1)
            }
        }
        "enum" => json!([random.pick(&["a", "b"]), random.below(3), unit(random)]),
        "uniqueItems" => json!(random.chance(2)),
        "$ref" | "format" | "pattern" | "title" | "$id" => (*random.pick(&TEXTS)).into(),
        "const" | "default" | "unknown" => anything(random, 1),
        _ => json!(random.below(4)),
    }
}

fn unit(random: &mut Random) -> Value {
    if random.chance(2) { Value::Null } else { json!(true) }
}

/// How many inputs are tried: `FUZZ_INPUTS`, by default 1 000.
fn inputs() -> usize {
    std::env::var("FUZZ_INPUTS").ok().and_then(|inputs| inputs.parse().ok()).unwrap_or(1_000)
}

#[test]
fn no_json_panics() {
    let mut random = Random::new(1);
    for _ in 0..inputs() {
        let (old, new) = (anything(&mut random, 5), anything(&mut random, 5));
        let _ = both(&old, &new, Settings::RUST);
        let _ = both(&old, &new, Settings::REGISTRY);
        let _ = fields(&old);
        assert!(is_same(&old, &old) || old.to_string().contains("$ref"), "{old}");
    }
}

#[test]
fn no_schema_panics_and_each_accepts_itself() {
    let mut random = Random::new(2);
    for _ in 0..inputs() {
        let (old, new) = (schema(&mut random, 4), schema(&mut random, 4));
        let _ = both(&old, &new, Settings::RUST);
        let _ = both(&old, &new, Settings::REGISTRY);
        let _ = fields(&old);
        for settings in [Settings::RUST, Settings::REGISTRY] {
            if is_same(&old, &old) {
                assert_eq!(both(&old, &old, settings), [vec![], vec![]], "{old}");
            }
        }
    }
}

/// What refers to itself, has many branches, or nests deep comes to an end.
#[test]
fn every_comparison_ends() {
    let recursive = |leaf: &str| {
        json!({
            "$ref": "#/definitions/Tree",
            "definitions": { "Tree": {
                "type": "object",
                "properties": {
                    "value": { "type": leaf },
                    "left": { "anyOf": [{ "$ref": "#/definitions/Tree" }, { "type": "null" }] },
                    "right": { "anyOf": [{ "$ref": "#/definitions/Tree" }, { "type": "null" }] },
                },
            } },
        })
    };
    let found = both(&recursive("integer"), &recursive("number"), Settings::RUST);
    assert_eq!(found[0], []);
    assert!(!found[1].is_empty());

    let doubling = |leaf: &str, keyword: &str| {
        let mut definitions = Map::new();
        for index in 0..60 {
            let next = json!({ "$ref": format!("#/definitions/D{}", index + 1) });
            definitions.insert(format!("D{index}"), json!({ keyword: [next, next] }));
        }
        definitions.insert("D60".to_owned(), json!({ "type": leaf }));
        json!({ "$ref": "#/definitions/D0", "definitions": definitions })
    };
    for keyword in ["allOf", "anyOf", "oneOf", "items"] {
        let _ = both(&doubling("integer", keyword), &doubling("string", keyword), Settings::RUST);
    }

    let endless = json!({ "$ref": "#/definitions/A", "definitions": { "A": { "anyOf": [{ "$ref": "#" }, { "$ref": "#/definitions/A" }] } } });
    let _ = both(&endless, &json!({ "type": "string" }), Settings::RUST);
    let _ = both(&json!({ "type": "string" }), &endless, Settings::RUST);

    let nested = |leaf: &str, levels: usize| {
        (0..levels).fold(
            json!({ "type": leaf }),
            |inner, _| json!({ "type": "object", "properties": { "a": inner }, "required": ["a"] }),
        )
    };
    let found = both(&nested("integer", 50), &nested("string", 50), Settings::RUST);
    assert_eq!(found[0][0].path.split('.').count(), 50);
    assert!(!both(&nested("integer", 300), &nested("string", 300), Settings::RUST)[0].is_empty());

    let wide = |kind: &str| -> Value {
        let properties: Map<_, _> =
            (0..2_000).map(|index| (format!("f{index}"), json!({ "type": kind }))).collect();
        json!({ "type": "object", "properties": properties })
    };
    assert_eq!(both(&wide("integer"), &wide("string"), Settings::RUST)[0].len(), 200);
}
