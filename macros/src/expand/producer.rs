//! `ProductEventProducer`
//!
//! ```text
//! pub trait ProductEventProducer: Debug + Send + Sync {
//!     async fn publish_product_event(&self, event: ProductEvent) -> Result<(), ProductError>;
//!     async fn publish_product_events(&self, events: Vec<ProductEvent>) -> Result<(), ProductError> { .. }
//!     async fn emit_product_event(&self, event: ProductEvent) { .. }
//! }
//! impl<P: Publish<ProductEvent>> ProductEventProducer for P { .. }
//! ```
//!
//! The methods have the signatures that `#[async_trait]` makes of these, so that a double is written with it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use super::link;
use crate::attr::Entity;
use crate::model::Model;
use crate::names::Names;

pub fn declaration(model: &Model) -> TokenStream {
    let Model { krate, names, entity: Entity { ident, vis, .. }, .. } = model;
    let Names { producer, event, publish, publish_all, emit, .. } = names;
    let events = quote!(::std::vec::Vec<#event>);
    let result = result(model);
    let published = super::blaming(&model.entity.keys.error, quote!(self.#publish(event)));
    let entity = link(ident);
    let head = format!(" Publishes the events of {entity}.");
    let implementors = format!(
        " Implemented by everything that publishes {}s; a test double needs one method.",
        link(event)
    );
    let one = format!(" Publishes a change of a {entity} and waits until every in-sync replica has it.");
    let all = format!(
        " Publishes changes of {entity}s in order and waits until every in-sync replica has them all."
    );
    let handed =
        format!(" Hands over a change of a {entity}: never fails the operation; a failure is logged.");
    let (publish, publish_all, emit) = (
        signature(model, publish, &quote!(event: #event), &result),
        signature(model, publish_all, &quote!(events: #events), &result),
        signature(model, emit, &quote!(event: #event), &quote!(())),
    );
    let each = &names.publish;
    quote! {
        #[doc = #head]
        ///
        #[doc = #implementors]
        #vis trait #producer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
            #[doc = #one]
            ///
            /// # Errors
            ///
            /// If the event was not published, or is not known to be.
            #publish;

            #[doc = #all]
            ///
            /// # Errors
            ///
            /// The first failure. By default the events are published one by one; those after the failure are not, and
            /// are logged.
            #publish_all {
                #krate::__private::one_by_one(events, |__event| self.#each(__event))
            }

            #[doc = #handed]
            #emit {
                #krate::__private::log_unpublished((event.event_id, event.event_type.as_str()), #published)
            }
        }
    }
}

/// For everything that publishes the event. `published` takes the place of what the first two methods return.
///
/// A misspelt error is reported for each item that is unlike the others: a generic impl, or one without its place. So
/// the impl gets it from an alias that is like the trait.
pub fn blanket(model: &Model, published: Option<&TokenStream>) -> TokenStream {
    let Model { krate, names: Names { producer, event, publish, publish_all, emit, .. }, .. } = model;
    let outcome = super::blaming(&model.entity.ident, quote!(__Outcome));
    let result = result(model);
    let private = quote!(#krate::__private);
    let into_outcome = into_outcome(model);
    let one = published.map_or_else(|| quote!(#private::publish(self, event, #into_outcome)), Clone::clone);
    let all =
        published.map_or_else(|| quote!(#private::publish_all(self, events, #into_outcome)), Clone::clone);
    let (publish, publish_all, emit) = (
        signature(model, publish, &quote!(event: #event), &outcome),
        signature(model, publish_all, &quote!(events: ::std::vec::Vec<#event>), &outcome),
        signature(model, emit, &quote!(event: #event), &quote!(())),
    );
    quote! {
        const _: () = {
            type #outcome = #result;

            #[automatically_derived]
            impl<__P: #krate::Publish<#event>> #producer for __P {
                #publish { #one }
                #publish_all { #all }
                #emit { #private::emit(self, event) }
            }
        };
    }
}

/// What `#[async_trait]` makes of an `async fn`.
fn signature(model: &Model, method: &Ident, parameter: &TokenStream, output: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    quote! {
        fn #method<'life0, 'async_trait>(
            &'life0 self, #parameter,
        ) -> #krate::__private::BoxFuture<'async_trait, #output>
        where
            'life0: 'async_trait,
            Self: 'async_trait
    }
}

/// `Result<(), ProductError>`
fn result(model: &Model) -> TokenStream {
    let krate = &model.krate;
    let error = model.entity.keys.error.as_ref();
    let error = error.map_or_else(|| quote!(#krate::PublishError), ToTokens::to_token_stream);
    quote!(::core::result::Result<(), #error>)
}

/// Turns the result of a publish into that of the entity.
fn into_outcome(model: &Model) -> TokenStream {
    let krate = &model.krate;
    let Some(error) = &model.entity.keys.error else { return quote!(::core::convert::identity) };
    let outcome = super::blaming(error, quote!(__Outcome));
    match &model.entity.keys.map_error {
        None => quote!(|__result| #krate::__private::own_error::<#outcome>(__result)),
        Some(map) => quote!(|__result| #krate::__private::made_error::<#outcome>(__result, #map)),
    }
}
