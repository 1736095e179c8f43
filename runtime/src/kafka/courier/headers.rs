//! From the column `headers` to librdkafka's headers.

use std::borrow::Cow;
use std::fmt;

use rdkafka::message::{Header, OwnedHeaders};
use serde::Deserializer as _;
use serde::de::{Error, MapAccess, Visitor};

/// Parses a JSON object of strings, in its order.
pub(super) fn headers(json: &str) -> Result<OwnedHeaders, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let headers = deserializer.deserialize_map(HeadersVisitor)?;
    deserializer.end()?;
    Ok(headers)
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = OwnedHeaders;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OwnedHeaders, A::Error> {
        let mut headers = OwnedHeaders::new_with_capacity(10);
        while let Some((Text(key), Text(value))) = map.next_entry::<Text<'de>, Text<'de>>()? {
            // librdkafka takes it as a C string.
            if key.is_empty() || key.contains('\0') {
                return Err(A::Error::custom("a name is empty or contains a NUL"));
            }
            headers = headers.insert(Header { key: &key, value: Some(value.as_bytes()) });
        }
        Ok(headers)
    }
}

/// A string, borrowed unless it has escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Text<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use rdkafka::message::Headers as _;

    use super::headers;

    #[test]
    fn headers_keep_their_order_and_their_escapes() {
        let parsed = headers(r#"{"z":"1","a":"\"\u00e4\n","m":""}"#).expect("an object of strings");
        let pairs: Vec<_> = parsed.iter().map(|header| (header.key, header.value)).collect();
        assert_eq!(pairs, [("z", Some(&b"1"[..])), ("a", Some("\"ä\n".as_bytes())), ("m", Some(&b""[..]))]);
        assert_eq!(headers("{}").expect("an empty object").count(), 0);
    }

    #[test]
    fn other_json_is_refused() {
        for json in [
            "",
            "[]",
            "null",
            r#"{"a":1}"#,
            r#"{"a":null}"#,
            r#"{"a":"b"} x"#,
            r#"{"":"b"}"#,
            r#"{"a\u0000":"b"}"#,
        ] {
            assert!(headers(json).is_err(), "{json}");
        }
    }
}
