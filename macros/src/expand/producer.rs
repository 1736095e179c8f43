//! `ProductEventProducer`
//!
//! ```text
//! #[async_trait]
//! pub trait ProductEventProducer: Debug + Send + Sync {
//!     async fn publish_product_event(&self, event: ProductEvent) -> Result<(), ProductError>;
//!     async fn publish_product_events(&self, events: Vec<ProductEvent>) -> Result<(), ProductError> { .. }
//!     async fn emit_product_event(&self, event: ProductEvent) { .. }
//! }
//! impl<P: Publish<ProductEvent>> ProductEventProducer for P { .. }
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::link;
use crate::attr::Entity;
use crate::feature::Feature;
use crate::names::Names;

pub fn declaration(feature: &Feature) -> TokenStream {
    let Feature { krate, names, entity: Entity { ident, vis, .. }, .. } = feature;
    let Names { producer, event, publish, publish_all, emit, .. } = names;
    let result = result(feature);
    let published = super::blaming(&feature.entity.keys.error, quote!(self.#publish(event).await));
    let entity = link(ident);
    let head = format!(" Publishes the events of {entity}.");
    let whom = format!(
        " Implemented by everything that publishes {}s; a test double needs one method.",
        link(event)
    );
    let one = format!(" Publishes a change of a {entity} and waits until every in-sync replica has it.");
    let all = format!(
        " Publishes changes of {entity}s in order and waits until every in-sync replica has them all."
    );
    let handed =
        format!(" Hands over a change of a {entity}: never fails the operation; a failure is logged.");
    quote! {
        #[doc = #head]
        ///
        #[doc = #whom]
        #[#krate::__private::async_trait]
        #vis trait #producer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
            #[doc = #one]
            ///
            /// # Errors
            ///
            /// Where the event was not published, or is not known to be.
            async fn #publish(&self, event: #event) -> #result;

            #[doc = #all]
            ///
            /// # Errors
            ///
            /// The first failure.
            async fn #publish_all(&self, events: ::std::vec::Vec<#event>) -> #result {
                for __event in events {
                    self.#publish(__event).await?;
                }
                ::core::result::Result::Ok(())
            }

            #[doc = #handed]
            async fn #emit(&self, event: #event) {
                #krate::__private::log_unpublished(
                    (event.event_id, event.event_type.as_str()), #published,
                );
            }
        }
    }
}

/// A misspelt error is reported for each item that is unlike the others: a generic impl, or one without its place. So
/// the impl gets it from an alias that is like the trait.
pub fn blanket(feature: &Feature) -> TokenStream {
    let Feature { krate, names: Names { producer, event, publish, publish_all, emit, .. }, .. } = feature;
    let outcome = super::blaming(&feature.entity.ident, quote!(__Outcome));
    let result = result(feature);
    let one = converted(feature, &quote!(#krate::Publish::publish(self, event)));
    let all = converted(feature, &quote!(#krate::Publish::publish_all(self, events)));
    quote! {
        const _: () = {
            type #outcome = #result;

            #[#krate::__private::async_trait]
            #[automatically_derived]
            impl<__P: #krate::Publish<#event>> #producer for __P {
                async fn #publish(&self, event: #event) -> #outcome { #one }
                async fn #publish_all(&self, events: ::std::vec::Vec<#event>) -> #outcome { #all }
                async fn #emit(&self, event: #event) { #krate::Publish::emit(self, event).await }
            }
        };
    }
}

/// `Result<(), ProductError>`
fn result(feature: &Feature) -> TokenStream {
    let krate = &feature.krate;
    let error = feature.entity.keys.error.as_ref();
    let error = error.map_or_else(|| quote!(#krate::PublishError), ToTokens::to_token_stream);
    quote!(::core::result::Result<(), #error>)
}

/// Awaits a call, with its error turned into that of the entity.
fn converted(feature: &Feature, call: &TokenStream) -> TokenStream {
    let krate = &feature.krate;
    let Some(error) = &feature.entity.keys.error else { return quote!(#call.await) };
    let outcome = super::blaming(error, quote!(__Outcome));
    match &feature.entity.keys.map_error {
        // It will never run, since the compilation has failed.
        None if feature.hollow => quote!(::core::unreachable!()),
        None => quote!(#krate::__private::own_error::<#outcome>(#call.await)),
        Some(map) => quote!(#krate::__private::made_error::<#outcome>(#call.await, #map)),
    }
}
