//! The verdicts of the compatibility check, next to those of the crate `jsoncompat`, on generated pairs.
//!
//! Both answer whether every value that a writer's schema allows is accepted by a reader's. `SCHEMA_PAIRS` sets how many pairs are
//! compared (default 10 000).

use std::collections::BTreeMap;

use entity_events::schema::compat::{Break, Direction, Settings, breaks};
use entity_events_schemas::{Type, View, schema};
use fastrand::Rng;
use jsoncompat::{Role, SchemaDocument, check_compat};
use serde_json::{Map, Value};

/// `jsoncompat` takes `format` for an annotation, and knows neither former names nor defaults.
const SETTINGS: Settings = Settings { formats: false, aliases: false, defaults: false };

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
    let pairs: u64 = std::env::var("SCHEMA_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let (mut fits, mut breaks) = (0, 0);
    let mut classes: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for seed in 0..pairs {
        let mut rng = Rng::with_seed(seed);
        let old = Type::root(&mut rng);
        let new = old.changed(&mut rng);
        let (writer, reader) = (schema(&old, View::Writer), schema(&new, View::Reader));
        let found = ours(&writer, &reader);
        match theirs(&writer, &reader) {
            Ok(accepted) if accepted == found.is_empty() => {
                if accepted {
                    fits += 1
                } else {
                    breaks += 1
                }
            }
            other => {
                let class = format!("{:?} {:?}", found.iter().map(|is| is.rule).collect::<Vec<_>>(), other);
                let example = format!("{writer}\n{reader}\n{found:?}");
                classes.entry(class).or_insert((0, example)).0 += 1;
            }
        }
    }
    println!("{pairs} pairs: both accept {fits}, both refuse {breaks}");
    for (class, (count, example)) in &classes {
        println!("{count:6} {class}\n{example}\n");
    }
}
