//! Doc comments: as much of Markdown as they usually have. What is not understood is shown as it was written.

use super::html::Html;

/// Paragraphs, lists, code, emphasis and links.
pub(super) fn docs(html: &mut Html, docs: &str) {
    let mut lines = docs.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if line.starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().starts_with("```")).collect();
            html.leaf("pre", &[], &code.join("\n"));
            continue;
        }
        let is_item = item(line).is_some();
        let mut blocks = vec![item(line).unwrap_or(line.trim_start_matches(['#', ' '])).to_owned()];
        while let Some(next) = lines.next_if(|next| continues(next, is_item)) {
            match (item(next.trim()), blocks.last_mut()) {
                (Some(text), _) => blocks.push(text.to_owned()),
                (None, Some(last)) => {
                    last.push('\n');
                    last.push_str(next.trim());
                }
                (None, None) => {}
            }
        }
        if is_item {
            html.element("ul", &[], |html| {
                for text in &blocks {
                    html.element("li", &[], |html| inline(html, text));
                }
            });
        } else {
            for text in &blocks {
                html.element("p", &[], |html| inline(html, text));
            }
        }
    }
}

/// The text of a list's item.
fn item(line: &str) -> Option<&str> {
    line.strip_prefix("* ").or_else(|| line.strip_prefix("- "))
}

/// Whether a line belongs to the block of the line before.
fn continues(line: &str, in_list: bool) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("```") && (in_list || item(line).is_none())
}

/// A run of text within a block.
pub(super) fn inline(html: &mut Html, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['`', '[', '*']) {
        let (before, here) = rest.split_at(at);
        html.text(before);
        rest = code(html, here).or_else(|| link(html, here)).or_else(|| strong(html, here)).unwrap_or_else(
            || {
                let (mark, behind) = here.split_at(1);
                html.text(mark);
                behind
            },
        );
    }
    html.text(rest);
}

/// `` `code` ``; returns what is behind it.
fn code<'a>(html: &mut Html, text: &'a str) -> Option<&'a str> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let (fence, inner) = text.split_at(ticks);
    if fence.is_empty() {
        return None;
    }
    let (code, behind) = inner.split_once(fence)?;
    html.leaf("code", &[], code.trim());
    Some(behind)
}

/// `[text](https://…)`, or a link to a Rust item, of which only the text is left.
fn link<'a>(html: &mut Html, text: &'a str) -> Option<&'a str> {
    let (label, behind) = text.strip_prefix('[')?.split_once(']')?;
    let target = behind.strip_prefix('(').and_then(|target| target.split_once(')'));
    match target {
        // No other scheme, and above all not `javascript:`.
        Some((url, behind)) if url.starts_with("https://") || url.starts_with("http://") => {
            html.element("a", &[("href", url), ("rel", "noopener")], |html| inline(html, label));
            Some(behind)
        }
        Some((_, behind)) => {
            inline(html, label);
            Some(behind)
        }
        None if label.starts_with('`') => {
            inline(html, label);
            Some(behind)
        }
        None => None,
    }
}

/// `**strong**` and `*emphasis*`.
fn strong<'a>(html: &mut Html, text: &'a str) -> Option<&'a str> {
    let (tag, mark) = if text.starts_with("**") { ("strong", "**") } else { ("em", "*") };
    let (inner, behind) = text.strip_prefix(mark)?.split_once(mark)?;
    if inner.is_empty() || inner.starts_with(char::is_whitespace) || inner.ends_with(char::is_whitespace) {
        return None;
    }
    html.element(tag, &[], |html| inline(html, inner));
    Some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let mut html = Html::default();
        docs(&mut html, text);
        html.finish()
    }

    #[test]
    fn blocks() {
        let text = " A lamp,\n or two.\n\n* one\n  more\n* two\n\n```\na < b\n```\n# Title";
        let expected = "<p>A lamp,\nor two.</p><ul><li>one\nmore<li>two</ul><pre>a &lt; b</pre><p>Title</p>";
        assert_eq!(html(text), expected);
    }

    #[test]
    fn spans() {
        assert_eq!(
            html("`a<b>` [`Product`] [x](https://a.example/?b&c) **b** *e*"),
            "<p><code>a&lt;b&gt;</code> <code>Product</code> <a href=\"https://a.example/?b&amp;c\" rel=\"noopener\">x</a> <strong>b</strong> <em>e</em></p>"
        );
        assert_eq!(html("2 * 3 * 4, a[0], `open"), "<p>2 * 3 * 4, a[0], `open</p>");
        assert_eq!(html("[`x`](crate::X) [é] *"), "<p><code>x</code> [é] *</p>");
    }

    #[test]
    fn nothing_runs() {
        let text = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> [y](https://a\" onclick=\"b)";
        let html = html(text);
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"),
            "{html}"
        );
        assert!(html.contains("href=\"https://a&quot; onclick=&quot;b\""), "{html}");
    }
}
