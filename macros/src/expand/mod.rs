//! What is printed: one file for each emitted item.

mod data;
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
use syn::parse::Parser;
use syn::{DeriveInput, Ident, ItemStruct, ItemTrait, Path};

use crate::attr::{Entity, Service};
use crate::errors::Errors;
use crate::feature::{self, DataField, Feature};
use crate::names;

/// `#[derive(EntityEvents)]`
pub fn entity_events(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let entity = Entity::read(input, &mut errors);
    let feature = Feature::new(entity, &mut errors);
    let errors = errors.compile_errors();
    let items = [
        event_type::expand(&feature),
        data::expand(&feature),
        envelope::expand(&feature),
        event::expand(&feature),
        producer::expand(&feature),
        topics::expand(&feature),
    ];
    quote!(#errors #(#items)*)
}

/// `#[event_producer(Product, Order)]`
pub fn event_producer(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let service = read_service(arguments, &mut errors);
    let owner: ItemTrait = match syn::parse2(item.clone()) {
        Ok(owner) => owner,
        Err(_) => {
            return misplaced(
                item,
                "`#[event_producer]` makes a trait; put it on `pub trait EventProducer {}`",
            );
        }
    };
    feature::judge_trait(&owner, &mut errors);
    let members = feature::members(&service, &owner.ident, &mut errors);
    feature::judge_names(&members, &mut errors);
    let items = service::producer(owner, &members);
    let errors = errors.compile_errors();
    quote!(#errors #items)
}

/// `#[topics(Product, Order)]`
pub fn topics(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let service = read_service(arguments, &mut errors);
    let owner: ItemStruct = match syn::parse2(item.clone()) {
        Ok(owner) => owner,
        Err(_) => return misplaced(item, "`#[topics]` fills a struct; put it on `pub struct Topics;`"),
    };
    feature::judge_struct(&owner, &mut errors);
    let members = feature::members(&service, &owner.ident, &mut errors);
    let fields = feature::topic_fields(&members, &mut errors);
    let items = service::topics(owner, service.krate.as_ref(), &fields, errors.is_empty());
    let errors = errors.compile_errors();
    quote!(#errors #items)
}

fn read_service(arguments: TokenStream, errors: &mut Errors) -> Service {
    let mut service = Service::default();
    let read = (|input: syn::parse::ParseStream| {
        service = Service::read(input, errors);
        Ok(())
    })
    .parse2(arguments);
    if let Err(error) = read {
        errors.push(error);
    }
    service
}

/// Blames the item's head and leaves the item as it was.
fn misplaced(item: &TokenStream, message: &str) -> TokenStream {
    let head = item.clone().into_iter().take(1).collect::<TokenStream>();
    let error = syn::Error::new_spanned(head, message).to_compile_error();
    quote!(#error #item)
}

/// A link in the docs: ``[`Product`]``.
fn link(ident: &Ident) -> String {
    format!("[`{}`]", ident.unraw())
}

/// The entity as the type of a parameter. A generic one is refused, and cannot be named without arguments.
fn entity_type(feature: &Feature) -> TokenStream {
    let entity = &feature.entity;
    if feature.generics.params.is_empty() { quote!(#entity) } else { quote!(impl ::core::marker::Sized) }
}

/// The user decides how many extras there are; clippy draws the line at seven arguments.
fn many_arguments(feature: &Feature) -> TokenStream {
    let most = 3 + 2 * feature.extras.len();
    if most > 7 { quote!(#[allow(clippy::too_many_arguments)]) } else { TokenStream::new() }
}

/// A field as text that may be missing, for metadata and headers.
fn optional_text(feature: &Feature, data: &TokenStream, field: &DataField) -> TokenStream {
    let (krate, ident) = (&feature.krate, &field.ident);
    let get = blaming(&field.ty, quote!(.get()));
    quote!({
        #[allow(unused_imports)]
        use #krate::__private::Always as _;
        #krate::__private::Text(&#data.#ident) #get
    })
}

/// `code` in the place of `culprit`, which is what the compiler underlines if `code` does not fit.
fn blaming(culprit: &impl ToTokens, code: TokenStream) -> TokenStream {
    let (first, last) = ends(culprit);
    let place = |(index, mut token): (usize, TokenTree)| {
        token.set_span(if index == 0 { first } else { last });
        token
    };
    code.into_iter().enumerate().map(place).collect()
}

/// Where a node begins and ends: on stable, its own span is that of the first token.
fn ends(node: &impl ToTokens) -> (Span, Span) {
    let mut spans = node.to_token_stream().into_iter().map(|token| names::generated(token.span()));
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// The string that serde wants for its own path.
fn serde_path(krate: &Path) -> String {
    text(&quote!(#krate::__private::serde))
}

fn text(path: &TokenStream) -> String {
    path.to_string().replace(' ', "")
}
