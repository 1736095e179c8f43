//! Record headers that fields ask for.

use crate::{attr::Entity, errors::Errors};

use super::text;

/// Names that the record has already, or that other tools read.
const RESERVED: &str =
    "content-type traceparent tracestate baggage id _watermill_message_uuid x-sequence x-source";

const RESERVED_PREFIXES: [&str; 3] = ["ce_", "__", "x-outbox-"];

pub fn judge(entity: &Entity, errors: &mut Errors) {
    let mut known: Vec<String> = Vec::new();
    for header in entity.fields.iter().filter_map(|field| field.keys.header.as_ref()) {
        let name = header.value();
        if let Some(mistake) = mistake(&name) {
            errors.blame(header, mistake);
        } else if known.contains(&name) {
            errors.blame(header, format!("two fields have the header `{name}`; give each its own"));
        }
        known.push(name);
    }
}

fn mistake(name: &str) -> Option<String> {
    let lower = text::lower(name, "-_.", '-');
    if lower != name {
        let name = name.escape_debug();
        return Some(format!("`{name}` cannot be a header; write it in lower case: `header = \"{lower}\"`"));
    }
    let prefix = RESERVED_PREFIXES.iter().find(|prefix| name.starts_with(**prefix));
    if prefix.is_none() && !is_reserved(name) {
        return None;
    }
    // What is left of a reserved name to build one's own with.
    let bare = name.strip_prefix(prefix.unwrap_or(&"")).unwrap_or(name);
    let bare = bare.trim_start_matches(['_', '-']).trim_start_matches("x-");
    let bare = if bare.is_empty() || is_reserved(bare) { "product" } else { bare };
    Some(format!("the header `{name}` is reserved; write another name, such as `x-{bare}`"))
}

fn is_reserved(name: &str) -> bool {
    RESERVED.split(' ').any(|reserved| reserved == name)
}
