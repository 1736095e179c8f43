//! The verdicts of the compatibility check, next to those of the crate `jsoncompat`, on generated pairs.
//!
//! Both answer whether every value that a writer's schema allows is accepted by a reader's. `SCHEMA_PAIRS` sets how many pairs are
//! compared (default 10 000).

use std::collections::BTreeMap;

use entity_events::schema::compat::{Break, Direction, Settings, breaks};
use entity_events_schemas::{Type, View, schema};
use fastrand::Rng;
use jsoncompat::{Role, SchemaDocument, check_compat};
use serde_json::{Map, Value, json};

/// `jsoncompat` takes `format` for an annotation, and knows neither former names nor defaults.
const SETTINGS: Settings = Settings { formats: false, defaults: false };

fn ours(writer: &Value, reader: &Value) -> Vec<Break> {
    breaks(Direction::Backward, writer, reader, SETTINGS)
}

fn theirs(writer: &Value, reader: &Value) -> Result<bool, String> {
    let document = |schema: &Value| SchemaDocument::from_json(&modern(schema)).map_err(|e| e.to_string());
    let (writer, reader) = (document(writer)?, document(reader)?);
    check_compat(&reader, &writer, Role::Serializer).map_err(|e| e.to_string())
}

/// `jsoncompat` reads draft 2020-12, where tuples are `prefixItems`.
fn modern(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => {
            let mut modern: Map<String, Value> =
                keywords.iter().map(|(key, value)| (key.clone(), modern(value))).collect();
            if let Some(tuple @ Value::Array(_)) = modern.get("items").cloned() {
                modern.insert("prefixItems".to_owned(), tuple);
                modern.remove("items");
            }
            modern.into()
        }
        Value::Array(items) => items.iter().map(modern).collect(),
        value => value.clone(),
    }
}

#[test]
fn verdicts_agree() {
    let seeds: u64 = std::env::var("SCHEMA_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000) / 2;
    let (mut fits, mut breaks) = (0, 0);
    let mut mistakes: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for seed in 0..seeds {
        let mut rng = Rng::with_seed(seed);
        let old = Type::root(&mut rng);
        let mut new = old.changed(&mut rng);
        for _ in 0..seed % 3 {
            new = new.changed(&mut rng);
        }
        for (written, read) in [(&old, &new), (&new, &old)] {
            let (writer, reader) = (schema(written, View::Writer), schema(read, View::Reader));
            let found = ours(&writer, &reader);
            let theirs = theirs(&writer, &reader);
            if theirs == Ok(found.is_empty()) {
                *(if found.is_empty() { &mut fits } else { &mut breaks }) += 1;
            } else {
                let rules: Vec<_> = found.iter().map(|is| is.rule).collect();
                let example = format!("{writer}\n{reader}\n{found:#?}");
                mistakes.entry(format!("{rules:?} {theirs:?}")).or_insert((0, example)).0 += 1;
            }
        }
    }
    println!("{} pairs: both accept {fits}, both refuse {breaks}", 2 * seeds);
    for (class, (count, example)) in &mistakes {
        println!("{count:6} {class}\n{example}\n");
    }
    assert!(mistakes.is_empty(), "{} classes of pairs differ", mistakes.len());
    assert!(fits > seeds / 10 && breaks > seeds / 10, "the pairs are of one kind");
}

/// The classes of pairs on which the two differ. None of them comes from the types above.
///
/// | class | ours | theirs | why |
/// |---|---|---|---|
/// | branches of a `oneOf` that overlap | fits | refused | serde takes the first variant that fits |
/// | patterns of integers and decimals | fits | refused | we know what those of schemars mean |
/// | a `pattern` of names | refused | fits | we do not evaluate it |
/// | a listed value under a `pattern` | refused | fits | the same |
/// | a range under `not` | refused | fits | we only see types, values and tags that exclude each other |
/// | a required field that cannot be written | refused | fits | at the root we do not look for objects without values |
#[test]
fn known_differences() {
    let text = json!({ "type": "string" });
    let matching = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let closed = |mut schema: Value| {
        schema["type"] = "object".into();
        schema["additionalProperties"] = false.into();
        schema
    };
    // Writer, reader, our verdict.
    let rows = [
        (
            json!({ "type": "integer" }),
            json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }] }),
            true,
        ),
        (matching(r"^\d+$"), matching(r"^-?\d+$"), true),
        (
            closed(json!({ "properties": { "a1": text } })),
            closed(json!({ "patternProperties": { r"^[a-z]\d$": text } })),
            false,
        ),
        (json!({ "const": "a" }), matching("^a$"), false),
        (
            json!({ "type": "integer", "minimum": 1 }),
            json!({ "not": { "type": "integer", "maximum": 0 } }),
            false,
        ),
        (closed(json!({ "required": ["a"] })), json!(false), false),
    ];
    for (writer, reader, fits) in rows {
        assert_eq!(ours(&writer, &reader).is_empty(), fits, "ours: {writer} {reader}");
        assert_eq!(theirs(&writer, &reader), Ok(!fits), "theirs: {writer} {reader}");
    }
}
