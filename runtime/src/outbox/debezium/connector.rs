//! The configuration of the connector.

use std::collections::BTreeMap;

use super::column::{Column, ROUTE};

const PROPERTIES: &[(&str, &str)] = &[
    ("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
    ("plugin.name", "pgoutput"),
    // The default publishes every table, and needs a superuser for it.
    ("publication.autocreate.mode", "filtered"),
    ("table.include.list", "public.outbox_event"),
    ("skipped.operations", "u,d,t"),
    ("tombstones.on.delete", "false"),
    // Otherwise an idle outbox keeps the log of busy tables.
    ("heartbeat.interval.ms", "10000"),
    ("extended.headers.enabled", "false"),
    ("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
    ("value.converter", "org.apache.kafka.connect.storage.StringConverter"),
    ("header.converter", "org.apache.kafka.connect.storage.StringConverter"),
    ("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter"),
    ("transforms.outbox.route.by.field", ROUTE),
    ("transforms.outbox.route.topic.replacement", "${routedByValue}"),
    ("transforms.outbox.route.tombstone.on.empty.payload", "true"),
    // Rows from before a migration do not have its columns.
    ("transforms.outbox.table.fields.additional.error.on.missing", "false"),
    // The router adds this header.
    ("transforms.id.type", DROP),
    ("transforms.id.headers", "id"),
    // Behind the topic are the headers that the event does not have.
    ("transforms.topic.type", "org.apache.kafka.connect.transforms.RegexRouter"),
    ("transforms.topic.regex", "([^#]*)#.*"),
    ("transforms.topic.replacement", "$1"),
];

const DROP: &str = "org.apache.kafka.connect.transforms.DropHeaders";
const TOPIC_MATCHES: &str = "org.apache.kafka.connect.transforms.predicates.TopicNameMatches";

pub(super) fn properties(columns: &[Column]) -> BTreeMap<String, String> {
    let mut properties: BTreeMap<_, _> =
        PROPERTIES.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let placement = columns.iter().map(|column| format!("{}:header:{}", column.name, column.header));
    let placement = placement.collect::<Vec<_>>().join(",");
    properties.insert("transforms.outbox.table.fields.additional.placement".to_owned(), placement);

    let (mut transforms, mut predicates) = (vec!["outbox".to_owned(), "id".to_owned()], Vec::new());
    for (number, Column { header, .. }) in (1..).zip(columns.iter().filter(|column| column.optional)) {
        let absent = format!("absent{number}");
        properties.extend([
            (format!("transforms.{absent}.type"), DROP.to_owned()),
            (format!("transforms.{absent}.headers"), (*header).to_owned()),
            (format!("transforms.{absent}.predicate"), absent.clone()),
            (format!("predicates.{absent}.type"), TOPIC_MATCHES.to_owned()),
            // Without a backslash, which files of properties would take for their own. `.` is the only special character
            // that a header's name may have.
            (format!("predicates.{absent}.pattern"), format!(".*[#,]{}(,.*)?", header.replace('.', "[.]"))),
        ]);
        transforms.push(absent.clone());
        predicates.push(absent);
    }
    transforms.push("topic".to_owned());
    properties.insert("transforms".to_owned(), transforms.join(","));
    properties.insert("predicates".to_owned(), predicates.join(","));
    properties
}
