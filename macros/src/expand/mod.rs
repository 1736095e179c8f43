//! What is printed: one file for each emitted item.

mod data;
mod describe;
mod envelope;
mod event;
mod event_type;
mod hollow;
mod producer;
mod service;
mod topics;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{DeriveInput, Ident, Path};

use crate::attr::{Entity, Field};
use crate::errors::Errors;
use crate::model::Model;

pub use service::{event_producer, topics};

/// `#[derive(EntityEvents)]`
pub fn entity_events(input: DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let entity = Entity::read(input, &mut errors);
    let model = Model::new(entity, &mut errors);
    let errors = errors.compile_errors();
    let items = [
        event_type::expand(&model),
        data::declaration(&model),
        envelope::expand(&model),
        event::expand(&model),
        producer::declaration(&model),
        if model.is_hollow { hollow::implementation(&model) } else { implementation(&model) },
        topics::of_entity(&model),
    ];
    quote!(#errors #(#items)*)
}

/// What may fail to compile if there was a mistake.
fn implementation(model: &Model) -> TokenStream {
    let (data, blanket) = (data::implementation(model), producer::blanket(model, None));
    quote!(#data #blanket)
}

/// The entity as a type. A generic one is refused, and what it is generic over is unknown here.
fn itself(model: &Model) -> TokenStream {
    let Entity { ident, generics, .. } = &model.entity;
    if generics.params.is_empty() { quote!(#ident) } else { quote!(()) }
}

/// A link in the docs: ``[`Product`]``.
fn link(ident: &Ident) -> String {
    format!("[`{}`]", ident.unraw())
}

/// The user decides how many extras there are; clippy draws the line at seven arguments.
fn many_arguments(model: &Model) -> Option<TokenStream> {
    (3 + 2 * model.entity.extras.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

/// A field as text that may be missing, for metadata and headers.
fn optional_text(krate: &Path, data: &TokenStream, field: &Field) -> TokenStream {
    let ident = &field.ident;
    let text = blaming(field.data_type(), quote!(#krate::__private::Text(&#data.#ident).get()));
    quote!({
        #[allow(unused_imports)]
        use #krate::__private::Always as _;
        #text
    })
}

/// `code` in the place of `culprit`, which is what the compiler underlines if `code` does not fit.
fn blaming(culprit: &impl ToTokens, code: TokenStream) -> TokenStream {
    // On stable, the span of a node is that of its first token. A token keeps its edition, in which the user's field may
    // be called `gen`.
    let mut spans = culprit.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    let place = |(index, mut token): (usize, TokenTree)| {
        token.set_span(token.span().located_at(if index == 0 { first } else { last }));
        token
    };
    code.into_iter().enumerate().map(place).collect()
}
