//! Where an editor jumps to: generated names have the span of the entity.

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::expand;

const ENTITY: &str =
    "#[event(types(Priced), feature = \"stock_item\")]\npub struct Product {\n    pub id: u64,\n}";

#[test]
fn definitions_have_the_span_of_the_entity() {
    let input: TokenStream = ENTITY.parse().unwrap();
    let entity = place(&input, "Product").unwrap();
    let output = expand::entity_events(syn::parse2(input.clone()).unwrap());
    for name in [
        "ProductEventType",
        "ProductEventData",
        "ProductEvent",
        "ProductEventProducer",
        "ProductTopics",
        "publish_stock_item_event",
        "publish_stock_item_events",
        "emit_stock_item_event",
        "stock_item_topic",
        "new_created",
    ] {
        assert_eq!(definition(&output, name), Some(entity), "{name}");
    }
    assert_eq!(definition(&output, "new_priced"), place(&input, "Priced"));
    assert_eq!(definition(&output, "Priced"), place(&input, "Priced"));
    assert_eq!(definition(&output, "id"), place(&input, "id"));
}

#[test]
fn half_written_attributes_keep_the_generated_names() {
    for half in
        ["#[event(", "#[event(sou", "#[event(source", "#[event(source =", "#[event(source = \"a\", extra("]
    {
        let input: TokenStream = format!("{}\nstruct Product {{ id: u64 }}", closed(half)).parse().unwrap();
        let entity = place(&input, "Product").unwrap();
        let output = expand::entity_events(syn::parse2(input).unwrap());
        assert!(place(&output, "compile_error").is_some(), "{half}");
        for name in ["ProductEvent", "publish_product_event", "new_created", "ProductTopics"] {
            assert_eq!(definition(&output, name), Some(entity), "{half}: {name}");
        }
    }
}

/// Closes the brackets, as an editor does.
fn closed(half: &str) -> String {
    let open = half.matches('(').count();
    format!("{half}{}]", ")".repeat(open))
}

/// Line and column of the first definition, variant or field with this name.
fn definition(tokens: &TokenStream, name: &str) -> Option<(usize, usize)> {
    let mut before = None;
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(ident) if ident == name && introduces(before.as_ref()) => {
                return Some(start(ident.span()));
            }
            TokenTree::Group(group) => {
                if let Some(found) = definition(&group.stream(), name) {
                    return Some(found);
                }
            }
            _ => {}
        }
        before = Some(token);
    }
    None
}

/// Whether a name after `before` is a definition: after a keyword, or after the attribute of a field or variant.
fn introduces(before: Option<&TokenTree>) -> bool {
    match before {
        Some(TokenTree::Ident(word)) => {
            ["struct", "enum", "trait", "fn", "pub"].iter().any(|keyword| word == keyword)
        }
        Some(TokenTree::Group(attribute)) => attribute.delimiter() == proc_macro2::Delimiter::Bracket,
        _ => false,
    }
}

fn place(tokens: &TokenStream, name: &str) -> Option<(usize, usize)> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == name => Some(start(ident.span())),
        TokenTree::Group(group) => place(&group.stream(), name),
        _ => None,
    })
}

fn start(span: Span) -> (usize, usize) {
    (span.start().line, span.start().column)
}
