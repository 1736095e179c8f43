//! [AsyncAPI 3.0](https://www.asyncapi.com/docs/reference/specification/v3.0.0): the catalog for tools.

mod components;
mod message;
mod tree;
mod yaml;

use super::super::document::EntityDocument;
use super::{Catalog, words};
use crate::event::DeletePolicy;

use self::components::Components;
pub(super) use self::tree::Tree;
pub(super) use self::yaml::to_yaml;

/// The version of the [Kafka bindings](https://github.com/asyncapi/bindings/tree/master/kafka).
const BINDINGS: &str = "0.5.0";

/// The whole document, keys in the order of the specification.
pub(super) fn document(catalog: &Catalog) -> Tree {
    let mut components = Components::new("components/schemas");
    let names: Vec<_> = catalog.entities.iter().map(|entity| components.add(entity)).collect();
    let messages =
        catalog.entities.iter().zip(&names).flat_map(|(entity, names)| message::all(entity, names));
    let messages = Tree::Map(messages.collect());

    let mut document = Tree::map([
        ("asyncapi", "3.0.0".into()),
        ("id", catalog.uri().into()),
        (
            "info",
            Tree::map([
                ("title", catalog.title.as_str().into()),
                ("version", catalog.version.as_str().into()),
                ("description", catalog.summary().into()),
            ]),
        ),
        ("defaultContentType", "application/json".into()),
    ]);
    if let Some((protocol, host)) = &catalog.server {
        let server = Tree::map([("host", host.as_str().into()), ("protocol", (*protocol).into())]);
        document.insert("servers", Tree::map([("default", server)]));
    }
    document.insert("channels", channels(catalog));
    document.insert(
        "operations",
        Tree::Map(catalog.entities.iter().map(|entity| operation(catalog, entity)).collect()),
    );
    document.insert(
        "components",
        Tree::map([("messages", messages), ("schemas", Tree::Map(components.schemas()))]),
    );
    document
}

/// All events in one JSON Schema: an object that may have each of them, since generators start from one type and follow its
/// properties.
pub(super) fn json_schema(catalog: &Catalog) -> Tree {
    let mut components = Components::new("definitions");
    let names: Vec<_> = catalog.entities.iter().flat_map(|entity| components.add(entity)).collect();
    let events = names
        .iter()
        .map(|names| (names.event.clone(), Tree::reference(&format!("definitions/{}", names.event))));
    Tree::map([
        ("$schema", "http://json-schema.org/draft-07/schema#".into()),
        ("title", "Events".into()),
        ("description", catalog.summary().into()),
        ("type", "object".into()),
        ("properties", Tree::Map(events.collect())),
        ("definitions", Tree::Map(components.schemas())),
    ])
}

/// One channel for each topic, under the feature of the topic's first entity.
fn channels(catalog: &Catalog) -> Tree {
    let mut channels = Tree::Map(Vec::new());
    for entity in &catalog.entities {
        if channel_name(catalog, entity) == entity.feature {
            channels.insert(entity.feature, channel(catalog, entity));
        }
    }
    channels
}

fn channel(catalog: &Catalog, first: &EntityDocument) -> Tree {
    let entities: Vec<_> = catalog.entities.iter().filter(|entity| entity.topic == first.topic).collect();
    let names: Vec<_> = entities.iter().map(|entity| entity.entity).collect();
    let messages = entities.iter().flat_map(|entity| message::names(entity)).map(|name| {
        let reference = Tree::reference(&format!("components/messages/{name}"));
        (name, reference)
    });
    // A topic keeps tombstones only if all that is written to it can be compacted.
    let compacted = entities.iter().all(|entity| entity.delete != DeletePolicy::Event);
    let cleanup = if compacted { "compact" } else { "delete" };
    Tree::map([
        ("address", first.topic.as_str().into()),
        ("description", format!("State changes of {}.", words::and(&names)).into()),
        ("messages", Tree::Map(messages.collect())),
        (
            "bindings",
            kafka([("topicConfiguration", Tree::map([("cleanup.policy", Tree::texts([cleanup]))]))]),
        ),
        ("x-eventcatalog-channel-version", first.version.into()),
    ])
}

fn operation(catalog: &Catalog, entity: &EntityDocument) -> (String, Tree) {
    let channel = channel_name(catalog, entity);
    let messages = message::names(entity);
    let messages =
        messages.iter().map(|name| Tree::reference(&format!("channels/{channel}/messages/{name}")));
    let client_id = Tree::map([("type", "string".into()), ("enum", Tree::texts([entity.source]))]);
    let operation = Tree::map([
        ("action", "send".into()),
        ("channel", Tree::reference(&format!("channels/{channel}"))),
        ("summary", format!("Publishes the events of {}.", entity.entity).into()),
        ("messages", Tree::List(messages.collect())),
        ("bindings", kafka([("clientId", client_id)])),
    ]);
    (format!("publish{}Event", entity.entity), operation)
}

/// The channel of the entity's topic, which may be that of another entity.
fn channel_name(catalog: &Catalog, entity: &EntityDocument) -> &'static str {
    let first = catalog.entities.iter().find(|other| other.topic == entity.topic);
    first.map_or(entity.feature, |first| first.feature)
}

/// A Kafka binding. Its names are a closed list at each level.
fn kafka<const N: usize>(entries: [(&str, Tree); N]) -> Tree {
    let mut binding = Tree::map(entries);
    binding.insert("bindingVersion", BINDINGS);
    Tree::map([("kafka", binding)])
}
