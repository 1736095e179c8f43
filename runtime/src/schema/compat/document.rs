//! A schema document, within which references are resolved.

use serde_json::{Map, Value};

/// Chains of references are followed so far.
const LONGEST: usize = 32;

/// A root schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'a> {
    root: &'a Value,
}

impl<'a> Document<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    pub(super) fn root(self) -> &'a Value {
        self.root
    }

    /// Returns what a `$ref` refers to: a JSON pointer ([RFC 6901]) into the document, as schemars writes them.
    ///
    /// [RFC 6901]: https://www.rfc-editor.org/rfc/rfc6901
    pub(super) fn resolve(self, reference: &str) -> Option<&'a Value> {
        let pointer = reference.strip_prefix('#')?;
        self.root.pointer(pointer).or_else(|| self.root.pointer(&percent_decoded(pointer)?))
    }

    /// Returns what the schema refers to in the end, or the schema itself.
    pub(super) fn target(self, schema: &'a Value) -> &'a Value {
        let mut target = schema;
        for _ in 0..LONGEST {
            let next = target.as_object().and_then(reference).and_then(|reference| self.resolve(reference));
            let Some(next) = next else { break };
            target = next;
        }
        target
    }
}

/// Returns the `$ref` of a schema. In draft-07, whatever else the object holds is ignored then.
pub(super) fn reference(schema: &Map<String, Value>) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str)
}

/// Returns the last part of a reference, which is a type's name.
pub(super) fn name(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}
