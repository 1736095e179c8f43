//! Record headers that fields ask for.

use crate::attr::Entity;
use crate::errors::Errors;

use super::text;

/// Names that the record has already, or that other tools read.
const RESERVED: &str =
    "content-type traceparent tracestate baggage id _watermill_message_uuid x-sequence x-source";

const RESERVED_PREFIXES: [&str; 3] = ["ce_", "__", "x-outbox-"];

pub fn judge(entity: &Entity, errors: &mut Errors) {
    let mut known: Vec<String> = Vec::new();
    for field in &entity.fields {
        let Some(header) = &field.keys.header else { continue };
        let name = header.value();
        let lower = text::lower(&name, "-_.", '-');
        if lower != name {
            let remedy = format!("write it in lower case: `header = \"{lower}\"`");
            errors.blame(header, format!("`{}` cannot be a header; {remedy}", name.escape_debug()));
        } else if is_reserved(&name) {
            let other = text::lower(&format!("x-{}-{}", entity.ident, field.ident), "", '-');
            errors.blame(
                header,
                format!("`{name}` is reserved; write another, such as `header = \"{other}\"`"),
            );
        } else if known.contains(&name) {
            errors.blame(header, format!("two fields have the header `{name}`; give each its own"));
        }
        known.push(name);
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.split(' ').any(|reserved| reserved == name)
        || RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
