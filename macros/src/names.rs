//! The only place that joins words into identifiers.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Path};

/// Every name that the macros derive from an entity: types from the struct, the rest from the feature.
///
/// Each carries the place of the entity, so that an editor jumps there, and the hygiene of the macro, so that
/// lints know the item for generated.
#[derive(Debug)]
pub struct Names {
    pub feature: String,
    pub event_type: Ident,
    pub event_data: Ident,
    pub event: Ident,
    pub producer: Ident,
    pub topics: Ident,
    pub publish: Ident,
    pub publish_all: Ident,
    pub emit: Ident,
}

impl Names {
    pub fn new(entity: &Ident, feature: &str) -> Self {
        let span = generated(entity.span());
        let upper = |suffix| format_ident!("{}{}", entity, suffix, span = span);
        Self {
            feature: feature.to_owned(),
            event_type: upper("EventType"),
            event_data: upper("EventData"),
            event: upper("Event"),
            producer: upper("EventProducer"),
            topics: upper("Topics"),
            publish: format_ident!("publish_{feature}_event", span = span),
            publish_all: format_ident!("publish_{feature}_events", span = span),
            emit: format_ident!("emit_{feature}_event", span = span),
        }
    }
}

/// `shop::OrderEvent`, beside `shop::Order`
pub fn beside(entity: &Path, suffix: &str) -> Path {
    let mut path = entity.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = format_ident!("{}{suffix}", last.ident, span = generated(last.ident.span()));
    }
    path
}

/// `shop::Order`, without the spaces that tokens have between them
pub fn text(path: &impl ToTokens) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

/// The entity's tokens with its name for `Self`, which is another type in what is printed.
pub fn without_self(entity: TokenStream) -> TokenStream {
    let is_keyword = |token: &TokenTree| ["struct", "enum", "union"].contains(&token.to_string().as_str());
    match entity.clone().into_iter().skip_while(|token| !is_keyword(token)).nth(1) {
        Some(TokenTree::Ident(name)) => named(entity, &name),
        _ => entity,
    }
}

fn named(tokens: TokenStream, name: &Ident) -> TokenStream {
    let named = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut name = name.clone();
            name.set_span(ident.span());
            name.into()
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), named(group.stream(), name));
            inner.set_span(group.span());
            inner.into()
        }
        token => token,
    };
    tokens.into_iter().map(named).collect()
}

/// `product_topic`
pub fn topic(feature: &str, span: Span) -> Ident {
    format_ident!("{feature}_topic", span = generated(span))
}

/// `__TOPICS_PRODUCT_TOPIC`
pub fn listed(topics: &Ident, field: &Ident) -> Ident {
    let name = format!("__{}_{}", topics.unraw(), field.unraw()).to_uppercase();
    format_ident!("{name}", span = generated(field.span()))
}

/// `new_priced`
pub fn constructor(event_type: &Ident) -> Ident {
    let name = event_type.unraw().to_string().to_snake_case();
    format_ident!("new_{name}", span = generated(event_type.span()))
}

/// `old_category_name`
pub fn old(extra: &Ident) -> Ident {
    format_ident!("old_{}", extra, span = extra.span())
}

/// `__field_0`, for a field that is being read
pub fn read_field(index: usize) -> Ident {
    format_ident!("__field_{index}")
}

/// `__extra_0`, for a name that is refused
pub fn unclashing(extra: &Ident, index: usize) -> Ident {
    format_ident!("__extra_{index}", span = extra.span())
}

/// `ProductCreated`
pub fn on_the_wire(entity: &str, event_type: &Ident) -> String {
    format!("{entity}{}", event_type.unraw())
}

/// `ProductEventData`, as the name of a schema
pub fn data_on_the_wire(entity: &str) -> String {
    format!("{entity}EventData")
}

/// `HashMap<String, u64>`, as a person writes it
pub fn written(ty: &impl ToTokens) -> String {
    text(ty).replace(',', ", ").replace(';', "; ")
}

/// `EventThenTombstone`, for `"event_then_tombstone"`
pub fn delete_policy(choice: &LitStr) -> Ident {
    Ident::new(&choice.value().to_upper_camel_case(), Span::call_site())
}

/// The feature of an entity: `StockItem` is `stock_item`, `HTTPServer` is `http_server`.
pub fn feature(entity: &Ident) -> String {
    entity.unraw().to_string().to_snake_case()
}

/// The place of `span`, seen as written by the macro.
pub fn generated(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_snake_case() {
        for (entity, expected) in [
            ("Product", "product"),
            ("StockItem", "stock_item"),
            ("HTTPServer", "http_server"),
            ("SKU", "sku"),
            ("Order2Line", "order2_line"),
            ("Already_Snake", "already_snake"),
        ] {
            assert_eq!(feature(&Ident::new(entity, Span::call_site())), expected);
        }
    }
}
