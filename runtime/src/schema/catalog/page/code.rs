//! Code with a little colour. Elements without a meaning of their own keep the page small: `<b>` is a keyword, `<i>` a string;
//! a bare `<span>` is a comment in Rust, and any other value in JSON.

use serde_json::Value;

use super::super::asyncapi::Tree;
use super::html::Html;

/// Pretty-printed JSON.
pub(super) fn json(html: &mut Html, tree: &Tree) {
    html.element("pre", &[("class", "json")], |html| value(html, tree, 0));
}

fn value(html: &mut Html, tree: &Tree, depth: usize) {
    match tree {
        Tree::Map(entries) if !entries.is_empty() => {
            html.text("{");
            for (index, (key, inner)) in entries.iter().enumerate() {
                separate(html, index, depth + 1);
                html.text(&Value::from(key.as_str()).to_string());
                html.text(": ");
                value(html, inner, depth + 1);
            }
            separate(html, 0, depth);
            html.text("}");
        }
        Tree::List(items) if !items.is_empty() => {
            html.text("[");
            for (index, inner) in items.iter().enumerate() {
                separate(html, index, depth + 1);
                value(html, inner, depth + 1);
            }
            separate(html, 0, depth);
            html.text("]");
        }
        Tree::Map(_) => html.text("{}"),
        Tree::List(_) => html.text("[]"),
        Tree::Scalar(text @ Value::String(_)) => html.leaf("i", &[], &text.to_string()),
        Tree::Scalar(other) => html.leaf("span", &[], &other.to_string()),
    }
}

fn separate(html: &mut Html, index: usize, depth: usize) {
    if index > 0 {
        html.text(",");
    }
    html.text("\n");
    (0..depth).for_each(|_| html.text("  "));
}

const KEYWORDS: [&str; 8] = ["else", "fn", "let", "match", "return", "use", "if", "mut"];

/// Rust.
pub(super) fn rust(html: &mut Html, code: &str) {
    html.element("pre", &[("class", "rust")], |html| {
        for (index, line) in code.lines().enumerate() {
            if index > 0 {
                html.text("\n");
            }
            let (code, comment) = line.find("//").map_or((line, ""), |at| line.split_at(at));
            tokens(html, code);
            if !comment.is_empty() {
                html.leaf("span", &[], comment);
            }
        }
    });
}

fn tokens(html: &mut Html, code: &str) {
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if first == '"' {
            rest.get(1..).and_then(|inner| inner.find('"')).map_or(rest.len(), |at| at + 2)
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            rest.find(|c| is_word(c) || c == '"').unwrap_or(rest.len())
        };
        let (token, behind) = rest.split_at(length);
        if first == '"' {
            html.leaf("i", &[], token);
        } else if KEYWORDS.contains(&token) {
            html.leaf("b", &[], token);
        } else {
            html.text(token);
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_reads_as_before_with_its_markup_removed() {
        let tree = Tree::from(json!({"a": [1, "x<y", {}], "b": {"c": null}, "d": []}));
        let mut html = Html::default();
        json(&mut html, &tree);
        let html = html.finish();
        assert!(html.contains("\"a\": [\n    <span>1</span>,\n    <i>\"x&lt;y\"</i>,"), "{html}");
        let mut text = html;
        for markup in ["<pre class=\"json\">", "</pre>", "<i>", "</i>", "<span>", "</span>"] {
            text = text.replace(markup, "");
        }
        let text = text.replace("&lt;", "<");
        assert_eq!(text, serde_json::to_string_pretty(&tree).expect("JSON"));
    }

    #[test]
    fn rust_is_coloured() {
        let mut html = Html::default();
        rust(&mut html, "let é = \"a < b\"; // let\nletter");
        let expected =
            "<pre class=\"rust\"><b>let</b> é = <i>\"a &lt; b\"</i>; <span>// let</span>\nletter</pre>";
        assert_eq!(html.finish(), expected);
    }
}
