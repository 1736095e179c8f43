//! YAML 1.2 for a [`Tree`].
//!
//! Written here because the crates for it are abandoned (`serde_yaml`, `serde_yml`), translated C (`unsafe-libyaml`), or change
//! their output between minor versions, which a committed file would show as a difference. Writing needs little: every JSON string is
//! a double-quoted YAML scalar, so only the strings that look better without quotes need rules, and those are narrow.

use std::fmt::Write;

use serde_json::Value;

use super::tree::Tree;

/// The document as YAML, which ends with a line break.
pub(crate) fn to_yaml(tree: &Tree) -> String {
    let mut yaml = String::new();
    match tree {
        Tree::Map(entries) if !entries.is_empty() => map(&mut yaml, entries, 0),
        Tree::List(items) if !items.is_empty() => list(&mut yaml, items, 0),
        other => {
            inline(&mut yaml, other, 1);
            yaml.push('\n');
        }
    }
    yaml
}

fn map(yaml: &mut String, entries: &[(String, Tree)], depth: usize) {
    for (index, (key, value)) in entries.iter().enumerate() {
        // The first entry of an item of a list continues the item's line.
        if index > 0 || !yaml.ends_with("- ") {
            indent(yaml, depth);
        }
        if is_plain(key) {
            yaml.push_str(key);
        } else {
            quoted(yaml, key);
        }
        yaml.push(':');
        entry(yaml, value, depth);
    }
}

/// The value of a key, with the line break that ends it.
fn entry(yaml: &mut String, value: &Tree, depth: usize) {
    match value {
        Tree::Map(entries) if !entries.is_empty() => {
            yaml.push('\n');
            map(yaml, entries, depth + 1);
        }
        Tree::List(items) if !items.is_empty() => {
            yaml.push('\n');
            list(yaml, items, depth + 1);
        }
        other => {
            yaml.push(' ');
            inline(yaml, other, depth + 1);
            yaml.push('\n');
        }
    }
}

fn list(yaml: &mut String, items: &[Tree], depth: usize) {
    for item in items {
        indent(yaml, depth);
        match item {
            Tree::Map(entries) if !entries.is_empty() => {
                yaml.push_str("- ");
                map(yaml, entries, depth + 1);
            }
            Tree::List(items) if !items.is_empty() => {
                yaml.push_str("-\n");
                list(yaml, items, depth + 1);
            }
            other => {
                yaml.push_str("- ");
                inline(yaml, other, depth + 1);
                yaml.push('\n');
            }
        }
    }
}

/// A scalar or something empty.
fn inline(yaml: &mut String, tree: &Tree, depth: usize) {
    match tree {
        Tree::List(_) => yaml.push_str("[]"),
        Tree::Map(_) => yaml.push_str("{}"),
        Tree::Scalar(Value::String(text)) if is_plain(text) => yaml.push_str(text),
        Tree::Scalar(Value::String(text)) if is_literal(text) => literal(yaml, text, depth),
        Tree::Scalar(Value::String(text)) => quoted(yaml, text),
        // Null, booleans and numbers are written as in JSON.
        Tree::Scalar(value) => yaml.push_str(&value.to_string()),
    }
}

fn indent(yaml: &mut String, depth: usize) {
    yaml.extend(std::iter::repeat_n("  ", depth));
}

/// Whether a string means itself without quotes, also for a reader of YAML 1.1 (`yes`, `0x1F`, `12:30`, `2026-11-23`): it starts
/// with a letter, `_` or `$`, contains no indicator, and is no word with a meaning.
fn is_plain(text: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || " _-./,()$+@".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || "_$".contains(c))
        && text.chars().all(harmless)
        && !text.ends_with(' ')
        && !has_meaning(text)
}

fn has_meaning(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    )
}

/// Whether a string of several lines can be a literal block: no line is indented or ends with a blank, since a person would not
/// see that, and every character may stand there.
fn is_literal(text: &str) -> bool {
    text.contains('\n')
        && text.split('\n').all(|line| line.trim() == line && line.chars().all(is_printable))
        && !text.starts_with('\n')
        && !text.ends_with('\n')
}

fn literal(yaml: &mut String, text: &str, depth: usize) {
    yaml.push_str("|-");
    for line in text.split('\n') {
        yaml.push('\n');
        if !line.is_empty() {
            indent(yaml, depth);
            yaml.push_str(line);
        }
    }
}

/// Like a string in JSON, with the characters escaped that YAML does not allow.
fn quoted(yaml: &mut String, text: &str) {
    yaml.push('"');
    for c in text.chars() {
        match c {
            '"' => yaml.push_str("\\\""),
            '\\' => yaml.push_str("\\\\"),
            '\n' => yaml.push_str("\\n"),
            '\t' => yaml.push_str("\\t"),
            '\r' => yaml.push_str("\\r"),
            // Writing to a `String` cannot fail.
            c if !is_printable(c) => _ = write!(yaml, "\\U{:08x}", u32::from(c)),
            c => yaml.push(c),
        }
    }
    yaml.push('"');
}

/// YAML's `c-printable` without line breaks of any kind and the byte order mark.
fn is_printable(c: char) -> bool {
    !(c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn yaml(value: Value) -> String {
        to_yaml(&value.into())
    }

    #[test]
    fn structures() {
        let value = json!({"a": {"b": [1, {"c": [], "d": {}}, [true, null]]}, "e": "f"});
        let expected =
            "a:\n  b:\n    - 1\n    - c: []\n      d: {}\n    -\n      - true\n      - null\ne: f\n";
        assert_eq!(yaml(value), expected);
    }

    #[test]
    fn strings_that_mean_something_else_are_quoted() {
        let quoted = [
            "",
            "1.0",
            "true",
            "No",
            "null",
            "~",
            "- a",
            "a: b",
            "a #b",
            "#/a",
            "12:30",
            "2026-11-23",
            ".5",
            "0x1F",
            "a ",
            " a",
            "*a",
            "&a",
            "!a",
            "|",
            "@a",
            "a\"b",
            "a'b",
            "{}",
            "[a]",
        ];
        for text in quoted {
            assert_eq!(yaml(text.into()), format!("{}\n", json!(text)), "{text}");
        }
        for text in [
            "int.product-update.event",
            "A Product was created.",
            "application/json",
            "$ref",
            "cleanup.policy",
        ] {
            assert_eq!(yaml(text.into()), format!("{text}\n"));
        }
    }

    #[test]
    fn characters_that_yaml_forbids_are_escaped() {
        assert_eq!(
            yaml("a\u{7f}\u{0}\u{85}\u{2028}\u{feff}é".into()),
            "\"a\\U0000007f\\U00000000\\U00000085\\U00002028\\U0000feffé\"\n"
        );
    }

    #[test]
    fn lines_become_a_literal_block() {
        assert_eq!(yaml(json!({"a": "one\n\ntwo: 2"})), "a: |-\n  one\n\n  two: 2\n");
        assert_eq!(yaml(json!({"a": ["one\ntwo"]})), "a:\n  - |-\n    one\n    two\n");
        assert_eq!(yaml(json!({"a": "one\n  two"})), "a: \"one\\n  two\"\n");
        assert_eq!(yaml(json!({"a": "one\n"})), "a: \"one\\n\"\n");
    }
}
