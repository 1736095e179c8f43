//! What all events have in common: the envelope and the headers.

use super::super::Catalog;
use super::docs;
use super::html::Html;

/// Name, type and docs of each field around `data`.
const ENVELOPE: [(&str, &str, &str); 10] = [
    (
        "event_id",
        "string (uuid)",
        "Unique: a UUIDv7, which rises with time. A repeated record has the same, so drop what you have seen.",
    ),
    (
        "event_type",
        "string",
        "What happened, such as `ProductCreated`. Skip types that you do not know: new ones may come at any time.",
    ),
    ("timestamp", "string (date-time)", "When it happened, in UTC, to the microsecond."),
    ("version", "string", "The version of the schema of `data`. It is also the header `ce_version`."),
    (
        "data",
        "object",
        "The entity after the change; its last state if it was deleted. Ignore fields that you do not know.",
    ),
    ("old_data", "object", "The entity before the change. Only updates have it."),
    ("metadata.source_service", "string", "The service that published the event."),
    (
        "metadata.correlation_id",
        "string (uuid)",
        "The same for everything that one request caused, across services.",
    ),
    ("metadata.user_id", "string", "Who caused the change, if the entity has a field for that."),
    (
        "metadata.causation_id",
        "string (uuid)",
        "The `event_id` of the event that led to this one, if there is one.",
    ),
];

/// Whether a field of the envelope may be missing.
fn is_optional(name: &str) -> bool {
    matches!(name, "old_data" | "metadata.user_id" | "metadata.causation_id")
}

const HEADERS: [(&str, &str); 12] = [
    ("content-type", "`application/json`"),
    ("ce_specversion", "`1.0`, the version of CloudEvents"),
    ("ce_id", "`event_id`; a tombstone that follows a deletion has its own"),
    ("ce_source", "`/` and the service"),
    ("ce_type", "`event_type`, behind the prefix that the entity may have"),
    ("ce_time", "`timestamp`"),
    ("ce_subject", "the key"),
    ("ce_correlationid", "`metadata.correlation_id`"),
    ("ce_version", "`version`: choose by it before you parse the value"),
    ("ce_causationid", "`metadata.causation_id`, if there is one"),
    ("traceparent", "the trace that the event belongs to, if there is one: W3C Trace Context"),
    ("tracestate", "what tracers have added to it"),
];

pub(super) fn section(html: &mut Html, catalog: &Catalog) {
    if catalog.entities.is_empty() {
        return;
    }
    html.element("section", &[("class", "common"), ("id", "page-envelope"), ("aria-labelledby", "page-envelope-title")], |html| {
        html.leaf("h2", &[("id", "page-envelope-title")], "Envelope and headers");
        html.element("div", &[("class", "docs")], |html| {
            docs::docs(
                html,
                "The value of every record is a JSON object with these fields; `data` is what the entities above describe. Its key \
                 is text, so all events of one entity are on one partition, in order. A record may arrive twice.",
            );
        });
        html.leaf("h3", &[], "Envelope");
        html.element("dl", &[("class", "fields")], |html| {
            for (name, ty, text) in ENVELOPE {
                html.element("div", &[], |html| {
                    html.element("dt", &[], |html| html.leaf("code", &[], name));
                    html.element("dd", &[("class", "type")], |html| {
                        html.text(ty);
                        if is_optional(name) {
                            html.leaf("em", &[], "optional");
                        }
                    });
                    html.element("dd", &[("class", "docs")], |html| docs::docs(html, text));
                });
            }
        });
        html.leaf("h3", &[], "Headers");
        html.element("dl", &[("class", "record")], |html| {
            for (name, text) in HEADERS {
                html.leaf("dt", &[], name);
                html.element("dd", &[], |html| docs::inline(html, text));
            }
        });
    });
}
