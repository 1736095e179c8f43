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
use quote::quote;

use super::{hollow, link};
use crate::feature::{Feature, FromMessage};

pub fn expand(feature: &Feature) -> TokenStream {
    let declaration = declaration(feature);
    let blanket = blanket(feature);
    quote!(#declaration #blanket)
}

fn declaration(feature: &Feature) -> TokenStream {
    let Feature { krate, vis, names, .. } = feature;
    let (producer, event, publish, publish_all, emit) =
        (&names.producer, &names.event, &names.publish, &names.publish_all, &names.emit);
    let result = result(feature);
    let head = format!(" Publishes the events of {}.", link(&feature.entity));
    let implementors = format!(
        " Implemented by everything that publishes {}s; a test double needs one method.",
        link(event)
    );
    let errors = " Where the event was not published, or is not known to be.";
    let one = format!(
        " Publishes a change of a {} and waits until every in-sync replica has it.",
        link(&feature.entity)
    );
    let all = format!(
        " Publishes changes of {}s in order and waits until every in-sync replica has them all.",
        link(&feature.entity)
    );
    let handed = format!(
        " Hands over a change of a {}: never fails the operation; a failure is logged.",
        link(&feature.entity)
    );
    quote! {
        #[doc = #head]
        ///
        #[doc = #implementors]
        #[#krate::__private::async_trait]
        #vis trait #producer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
            #[doc = #one]
            ///
            /// # Errors
            ///
            #[doc = #errors]
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
                let __about = (event.event_id, event.event_type.as_str());
                #krate::__private::log_unpublished(__about, self.#publish(event).await);
            }
        }
    }
}

fn blanket(feature: &Feature) -> TokenStream {
    let Feature { krate, names, .. } = feature;
    let (producer, event, publish, publish_all, emit) =
        (&names.producer, &names.event, &names.publish, &names.publish_all, &names.emit);
    let result = result(feature);
    let one = converted(feature, &quote!(#krate::Publish::publish(self, event)));
    let all = converted(feature, &quote!(#krate::Publish::publish_all(self, events)));
    quote! {
        #[#krate::__private::async_trait]
        #[automatically_derived]
        impl<__P: #krate::Publish<#event>> #producer for __P {
            async fn #publish(&self, event: #event) -> #result { #one }
            async fn #publish_all(&self, events: ::std::vec::Vec<#event>) -> #result { #all }
            async fn #emit(&self, event: #event) { #krate::Publish::emit(self, event).await }
        }
    }
}

/// `Result<(), ProductError>`
fn result(feature: &Feature) -> TokenStream {
    let krate = &feature.krate;
    let error = feature.error().map_or_else(|| quote!(#krate::PublishError), |error| quote!(#error));
    quote!(::core::result::Result<(), #error>)
}

/// Awaits a call, with its error turned into that of the entity.
fn converted(feature: &Feature, call: &TokenStream) -> TokenStream {
    let krate = &feature.krate;
    match (feature.error(), &feature.failure.map) {
        (None, _) => quote!(#call.await),
        (Some(_), FromMessage::From) if feature.hollow => hollow::body(),
        (Some(error), FromMessage::From) => quote!(#krate::__private::own_error::<#error>(#call.await)),
        (Some(error), FromMessage::Constructor(map)) => {
            quote!(#krate::__private::made_error::<#error>(#call.await, #map))
        }
    }
}
