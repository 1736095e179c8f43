//! Record headers that fields ask for.

use crate::attr::Entity;
use crate::errors::Errors;

use super::text;

/// Names that the record has already, or that other tools read.
const RESERVED: &str =
    "content-type traceparent tracestate baggage id _watermill_message_uuid x-sequence x-source";

const RESERVED_PREFIXES: [&str; 3] = ["ce_", "__", "x-outbox-"];

pub fn validate(entity: &Entity, errors: &mut Errors) {
    let mut known: Vec<String> = Vec::new();
    for field in entity.fields.iter().chain(&entity.extras) {
        let Some(header) = &field.keys.header else { continue };
        let name = header.value();
        let lower = text::lower(&name, "-_.", '-');
        if lower != name {
            let remedy = format!("write it in lower case: `header = \"{lower}\"`");
            errors.blame(header, format!("invalid header name `{}`; {remedy}", name.escape_debug()));
        } else if is_reserved(&name) {
            let other = text::lower(&format!("x-{}-{}", entity.ident, field.ident), "", '-');
            errors.blame(
                header,
                format!("header name `{name}` is reserved; use another, such as `header = \"{other}\"`"),
            );
        } else if known.contains(&name) {
            errors.blame(header, format!("duplicate header `{name}`; use another name for one of them"));
        }
        known.push(name);
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.split(' ').any(|reserved| reserved == name)
        || RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
