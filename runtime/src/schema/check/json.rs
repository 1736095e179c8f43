//! JSON as it is committed: the same text for the same value.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// Serialises with sorted keys, whichever order `serde_json` was built to keep.
struct Sorted<'a>(&'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_by_key(|(name, _)| *name);
                let mut map = serializer.serialize_map(Some(sorted.len()))?;
                for (name, value) in sorted {
                    map.serialize_entry(name, &Self(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&Self(item))?;
                }
                seq.end()
            }
            value => value.serialize(serializer),
        }
    }
}

/// Returns the text of a file: indented, with a newline at the end.
pub(super) fn pretty(value: &Value) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&Sorted(value)).map(|text| text + "\n")
}

/// Returns a text that changes with the value. It tells edits from versions, and withstands nobody.
pub(super) fn digest(value: &Value) -> Result<String, serde_json::Error> {
    let text = serde_json::to_vec(&Sorted(value))?;
    Ok(format!("{:016x}", fnv_1a(&text)))
}

/// The hash FNV-1a with 64 bits, by Fowler, Noll and Vo.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{digest, fnv_1a, pretty};

    #[test]
    fn the_text_depends_on_the_value_alone() {
        let text = pretty(&json!({"b": [{"z": 1, "a": null}], "a": 1.5})).unwrap();
        assert_eq!(
            text,
            "{\n  \"a\": 1.5,\n  \"b\": [\n    {\n      \"a\": null,\n      \"z\": 1\n    }\n  ]\n}\n"
        );
    }

    #[test]
    fn the_digest_changes_with_the_value() {
        assert_ne!(digest(&json!({"a": 1})).unwrap(), digest(&json!({"a": 2})).unwrap());
        assert_eq!(digest(&json!({"a": 1, "b": 2})).unwrap(), digest(&json!({"b": 2, "a": 1})).unwrap());
    }

    /// Values from <http://www.isthe.com/chongo/tech/comp/fnv/>.
    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
