//! Record headers that fields ask for.

use syn::LitStr;

use crate::attr::Entity;
use crate::errors::Errors;

/// Names that the record has already, or that other tools read.
const RESERVED: [&str; 8] = [
    "content-type",
    "traceparent",
    "tracestate",
    "baggage",
    "id",
    "_watermill_message_uuid",
    "x-sequence",
    "x-source",
];

const RESERVED_PREFIXES: [&str; 3] = ["ce_", "__", "x-outbox-"];

pub fn judge(entity: &Entity, errors: &mut Errors) {
    let mut known: Vec<String> = Vec::new();
    for header in entity.fields.iter().filter_map(|field| field.keys.header.as_deref()) {
        let name = header.value();
        if let Some(mistake) = mistake(header) {
            errors.blame(header, mistake);
        } else if known.contains(&name) {
            errors.blame(header, format!("two fields have the header `{name}`; give each its own"));
        }
        known.push(name);
    }
}

fn mistake(header: &LitStr) -> Option<String> {
    let name = header.value();
    if name.is_empty() {
        return Some("`header` is empty; write a name such as `header = \"x-amount\"`".to_owned());
    }
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let lower: String = name.to_lowercase().chars().map(|c| if legal(c) { c } else { '-' }).collect();
    if lower != name {
        return Some(format!(
            "`{}` cannot be a header; write it in lower case: `header = \"{lower}\"`",
            name.escape_debug()
        ));
    }
    let reserved =
        RESERVED.contains(&name.as_str()) || RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    reserved
        .then(|| format!("the header `{name}` is reserved; write another name, such as `x-{}`", free(&name)))
}

/// What is left of a reserved name to build one's own with.
fn free(name: &str) -> &str {
    let bare = RESERVED_PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    let bare = bare.trim_start_matches(['_', '-']).trim_start_matches("x-");
    if bare.is_empty() || bare == "id" || RESERVED.contains(&bare) { "product" } else { bare }
}
