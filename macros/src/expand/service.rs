//! What a service makes of its entities
//!
//! ```text
//! pub trait EventProducer: ProductEventProducer + shop::OrderEventProducer {}
//! impl<P: ProductEventProducer + shop::OrderEventProducer + ?Sized> EventProducer for P {}
//!
//! pub struct Topics { pub product_topic: String, pub order_topic: String }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemStruct, ItemTrait, Path};

use super::topics::{self, TopicField};
use crate::attr::Member;
use crate::feature::Topic;
use crate::{krate, names};

pub fn producer(owner: ItemTrait, members: &[&Member]) -> TokenStream {
    let producers: Vec<Path> = members.iter().map(|member| names::producer_beside(&member.entity)).collect();
    let ItemTrait { attrs, vis, ident, supertraits, .. } = owner;
    let supertraits: Vec<_> = supertraits.into_iter().collect();
    quote! {
        #(#attrs)*
        #vis trait #ident: #(#supertraits +)* #(#producers +)* {}

        #[automatically_derived]
        impl<__P: #(#supertraits +)* #(#producers +)* ?::core::marker::Sized> #ident for __P {}
    }
}

/// Prints the struct; `sound` is whether nothing was wrong with it, so that its own derives can stay.
pub fn topics(owner: ItemStruct, krate: Option<&Path>, fields: &[Topic], sound: bool) -> TokenStream {
    let krate = krate::path(krate);
    let ItemStruct { attrs, vis, ident, .. } = owner;
    let attrs = attrs.iter().filter(|attribute| sound || !attribute.path().is_ident("derive"));
    let topic_fields: Vec<_> = fields
        .iter()
        .map(|Topic { field, entity, .. }| TopicField { field, event: names::event_beside(entity) })
        .collect();
    let field = fields.iter().map(|topic| &topic.field);
    let doc = fields.iter().map(|topic| {
        let entity = &topic.entity;
        format!(" Where the events of [`{}`] go.", super::text(&quote!(#entity)))
    });
    let impls = topics::impls(&krate, &ident, &topic_fields);
    let assertions = fields.iter().map(|topic| same_feature(&krate, topic));
    quote! {
        #(#attrs)*
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq)]
        #vis struct #ident {
            #(
                #[doc = #doc]
                #vis #field: ::std::string::String,
            )*
        }

        #impls

        #(#assertions)*
    }
}

/// An entity that sets its own feature has to be listed by it, since the attribute sees only the path.
fn same_feature(krate: &Path, topic: &Topic) -> TokenStream {
    let Topic { entity, feature, .. } = topic;
    let name = super::text(&quote!(#entity));
    let message = format!(
        "the feature of `{name}` is not `{feature}`; list it as `{name} as ..` with the feature that it sets"
    );
    let event = names::event_beside(entity);
    let is_same = quote!(#krate::__private::same_feature(<#event as #krate::Event>::FEATURE, #feature));
    let assertion = super::blaming(entity, quote!(::core::assert!(#is_same, #message)));
    quote!(const _: () = #assertion;)
}
