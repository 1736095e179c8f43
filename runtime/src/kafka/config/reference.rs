//! The reference of all keys in the guide: what is written there is what the code says.

use std::fmt::Write as _;
use std::path::Path;

use super::keys::Key;
use super::properties::LOCKED;
use super::values::Setting;
use super::{KafkaConfig, ProducerSettings, outbox, security, settings};
use crate::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(crate = crate, source = "catalog-service")]
struct Product {
    #[expect(dead_code, reason = "only its topic counts")]
    id: u32,
}

/// `UPDATE_GOLDEN=1 cargo test -p entity-events --features outbox-sqlite --lib reference` writes the file.
#[test]
fn the_guide_lists_every_key() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/configuration_keys.md");
    let text = reference();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).expect("a file of the guide");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "{} differs; see it with `UPDATE_GOLDEN=1`:\n\n{text}", path.display());
}

/// Every key with its default is a configuration, and that default.
#[test]
fn the_listed_keys_and_defaults_are_those_that_are_read() {
    let default = KafkaConfig::<ProductTopics>::default();
    let mut read = 0;
    for (section, keys) in sections() {
        for key in keys {
            let Some(value) = &key.default else { continue };
            let mut json = serde_json::json!({ key.name: value });
            if !section.is_empty() {
                json = serde_json::json!({ section: json });
            }
            let config: KafkaConfig<ProductTopics> = serde_json::from_value(json)
                .unwrap_or_else(|error| panic!("{section}.{}: {error}", key.name));
            assert_eq!(config, default, "{section}.{}", key.name);
            read += 1;
        }
    }
    assert!(read > 25, "{read} keys have a default");
}

fn sections() -> [(&'static str, Vec<Key>); 4] {
    let preset = Key {
        name: "preset",
        doc: "Many events or little delay, see below.".to_owned(),
        expected: ProducerSettings::EXPECTED,
        default: Some("default".to_owned()),
    };
    let producer = [preset].into_iter().chain(settings::keys(&ProducerSettings::default())).collect();
    [("", own_keys()), ("producer", producer), ("outbox", outbox::keys()), ("security", security::keys())]
}

/// The keys beside the sections, with the documentation of the struct's fields.
fn own_keys() -> Vec<Key> {
    let default = KafkaConfig::<ProductTopics>::default();
    let text = |default: &str| (String::EXPECTED, Some(default.to_owned()));
    let mut keys = Vec::new();
    for (name, doc) in documented_fields() {
        let (name, (expected, default)) = match name {
            "bootstrap_servers" => (name, text(&default.bootstrap_servers)),
            "client_id" => (name, text(&default.client_id)),
            // One field for each entity.
            "topics" => ("product_topic", text(&default.topics.product_topic)),
            "topic_prefix" => (name, text(&default.topic_prefix)),
            "log_keys" => (name, (bool::EXPECTED, Some(default.log_keys.to_string()))),
            "properties" => (name, ("a table", None)),
            "producer" | "security" | "outbox" => continue,
            other => panic!("say here what `{other}` takes"),
        };
        keys.push(Key { name, doc, expected, default });
    }
    assert_eq!(keys.len(), 6, "the fields of `KafkaConfig` were not found");
    keys
}

/// The fields of `KafkaConfig` with their documentation, from the source: it is no macro's.
fn documented_fields() -> Vec<(&'static str, String)> {
    let source = include_str!("mod.rs");
    let body = source.split("pub struct KafkaConfig<T> {").nth(1).and_then(|rest| rest.split("\n}").next());
    let mut fields = Vec::new();
    let mut doc = String::new();
    for line in body.expect("the struct").lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            doc.push_str(text);
        } else if let Some((name, _)) = line.strip_prefix("pub ").and_then(|field| field.split_once(':')) {
            fields.push((name, std::mem::take(&mut doc)));
        }
    }
    fields
}

fn reference() -> String {
    let [(_, own), (_, producer), (_, outbox), (_, security)] = sections();
    let mut text = String::from(
        "<!-- Written by the test `the_guide_lists_every_key` from the code; do not edit. -->\n\n# Every key\n",
    );
    text.push_str("\n## Brokers and topics\n\n");
    table(&mut text, "crate::kafka::KafkaConfig", &own);
    text.push_str("\n## `producer`: how events are batched, sent and retried\n\n");
    table(&mut text, "crate::kafka::ProducerSettings", &producer);
    text.push_str("\nThe presets differ in these, and a key that is set wins over the preset:\n\n");
    presets(&mut text);
    text.push_str("\n## `outbox`: how the relay works\n\n");
    table(&mut text, "crate::outbox::OutboxSettings", &outbox);
    text.push_str("\n## `security`: TLS and logins\n\n");
    table(&mut text, "crate::kafka::SecuritySettings", &security);
    text.push_str("\n## `properties`: anything else of librdkafka\n\n");
    text.push_str("Any name that librdkafka knows. These are refused, since they would break a promise:\n\n");
    text.push_str("| property | why, and what to do |\n| --- | --- |\n");
    for (name, why) in LOCKED {
        writeln!(text, "| `{name}` | {why} |").expect("a string");
    }
    text
}

/// `owner` is the struct, which the documentation of its fields calls `Self`.
fn table(text: &mut String, owner: &str, keys: &[Key]) {
    text.push_str("| key | type | default | |\n| --- | --- | --- | --- |\n");
    for Key { name, doc, expected, default } in keys {
        let default = match default.as_deref() {
            None => "none".to_owned(),
            Some("") => "empty".to_owned(),
            Some(default) => format!("`{default}`"),
        };
        let (kind, values) = match *expected {
            String::EXPECTED => ("string", String::new()),
            u32::EXPECTED => ("integer", String::new()),
            bool::EXPECTED => ("boolean", String::new()),
            "a table" => ("table", String::new()),
            names => ("name", format!(" One of {names}.")),
        };
        let doc = doc.trim().replace("](Self::", &format!("]({owner}::"));
        writeln!(text, "| `{name}` | {kind} | {default} | {doc}{values} |").expect("a string");
    }
}

fn presets(text: &mut String) {
    text.push_str("| key | `default` | `throughput` | `low_latency` |\n| --- | --- | --- | --- |\n");
    let presets =
        [ProducerSettings::default(), ProducerSettings::throughput(), ProducerSettings::low_latency()];
    let [default, throughput, low_latency] = presets.map(|settings| settings::keys(&settings));
    for ((default, throughput), low_latency) in default.iter().zip(&throughput).zip(&low_latency) {
        let values = [default, throughput, low_latency].map(|key| key.default.clone().unwrap_or_default());
        if values.iter().any(|value| *value != values[0]) {
            writeln!(text, "| `{}` | `{}` |", default.name, values.join("` | `")).expect("a string");
        }
    }
}
