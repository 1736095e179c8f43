//! An event type with its example.

use super::super::super::document::{EntityDocument, EventDocument, ExampleRecord};
use super::super::schema::Schema;
use super::super::{example, words};
use super::html::Html;
use super::{code, docs};

/// The class that gives an event its colour.
pub(super) fn kind(entity: &EntityDocument, event: &EventDocument) -> &'static str {
    match event.name.strip_prefix(entity.entity) {
        Some("Created") => "created",
        _ if event.is_deletion => "deleted",
        _ if event.is_update => "updated",
        _ => "other",
    }
}

pub(super) fn details(html: &mut Html, entity: &EntityDocument, event: &EventDocument, open: bool) {
    let kind = format!("event {}", kind(entity, event));
    let mut attributes = vec![("class", kind.as_str()), ("data-event", event.name)];
    if open {
        attributes.push(("open", ""));
    }
    html.element("details", &attributes, |html| {
        html.element("summary", &[], |html| {
            html.leaf("h4", &[], event.name);
            html.element("span", &[], |html| {
                docs::inline(html, &words::line(&event.docs).unwrap_or_default());
            });
        });
        // A link to it opens the details, in every browser of 2025, without a script.
        html.element("div", &[("id", event.name), ("class", "example")], |html| match &event.example {
            Ok(record) => record_of(html, entity, event, record),
            Err(why) => html.leaf("p", &[], &format!("There is no example: {why}")),
        });
    });
}

fn record_of(html: &mut Html, entity: &EntityDocument, event: &EventDocument, record: &ExampleRecord) {
    html.element("figure", &[], |html| {
        html.leaf("figcaption", &[], "Value");
        match &record.value {
            Some(value) => {
                code::json(html, &example::ordered(value, &event.reader, Schema::new(&event.reader, entity)));
            }
            None => html.leaf(
                "p",
                &[],
                "None: the record is a tombstone. Compaction removes what was written under its key.",
            ),
        }
    });
    html.element("figure", &[], |html| {
        html.leaf("figcaption", &[], "Kafka record");
        html.element("dl", &[("class", "record")], |html| {
            pair(html, "key", &record.key);
            pair(html, "value", &size(record));
            record.headers.iter().for_each(|(name, value)| pair(html, name, value));
        });
    });
}

fn pair(html: &mut Html, name: &str, value: &str) {
    html.leaf("dt", &[], name);
    html.leaf("dd", &[], value);
}

fn size(record: &ExampleRecord) -> String {
    match &record.value {
        Some(value) => format!("{} bytes of JSON", value.to_string().len()),
        None => "none".to_owned(),
    }
}
