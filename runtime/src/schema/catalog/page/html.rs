//! Writes HTML. Everything that is not markup passes [`text`](Html::text) or an attribute, which escape it.
//!
//! No template language: the page needs a dozen elements, and each of those crates (`maud`, `askama`) would be a procedural macro
//! to compile for every user of the feature.

/// A page, or a part of it.
#[derive(Debug, Default)]
pub(super) struct Html {
    written: String,
}

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Html {
    /// An element and what is in it. The end of an item is left to the parser, which knows that the next one or the end of the list
    /// ends it: the page of a hundred events has thousands of them.
    pub(super) fn element(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        inner: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        inner(self);
        if !matches!(tag, "dt" | "dd" | "li") {
            self.written.push_str("</");
            self.written.push_str(tag);
            self.written.push('>');
        }
    }

    /// An element that only contains text.
    pub(super) fn leaf(&mut self, tag: &'static str, attributes: Attributes<'_>, text: &str) {
        self.element(tag, attributes, |html| html.text(text));
    }

    /// The start of an element: all there is of `input` or `meta`. An empty value leaves the name alone, as in `hidden`.
    pub(super) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.written.push('<');
        self.written.push_str(tag);
        for (name, value) in attributes {
            self.written.push(' ');
            self.written.push_str(name);
            if !value.is_empty() {
                self.written.push_str("=\"");
                self.escape(value, true);
                self.written.push('"');
            }
        }
        self.written.push('>');
    }

    pub(super) fn text(&mut self, text: &str) {
        self.escape(text, false);
    }

    /// A part of the page that is fixed: the style, the script, the first line.
    pub(super) fn asset(&mut self, asset: &'static str) {
        self.written.push_str(asset);
    }

    /// Separates blocks, so that the file can be read and compared.
    pub(super) fn line(&mut self) {
        self.written.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.written
    }

    fn escape(&mut self, text: &str, in_attribute: bool) {
        for c in text.chars() {
            match c {
                '&' => self.written.push_str("&amp;"),
                '<' => self.written.push_str("&lt;"),
                '>' => self.written.push_str("&gt;"),
                '"' if in_attribute => self.written.push_str("&quot;"),
                // HTML has no way to write them.
                c if c.is_control() && !matches!(c, '\n' | '\t') => self.written.push('\u{fffd}'),
                c => self.written.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_escaped() {
        let mut html = Html::default();
        html.element("a", &[("href", "\"><script>"), ("hidden", "")], |html| html.text("<b>&\"'\0"));
        html.element("ul", &[], |html| html.leaf("li", &[], "Option<T>"));
        let expected = "<a href=\"&quot;&gt;&lt;script&gt;\" hidden>&lt;b&gt;&amp;\"'\u{fffd}</a><ul><li>Option&lt;T&gt;</ul>";
        assert_eq!(html.finish(), expected);
    }
}
