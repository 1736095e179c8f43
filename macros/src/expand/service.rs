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
    let producers: Vec<Path> = members.iter().map(|member| producer_path(&member.entity)).collect();
    let ItemTrait { attrs, vis, ident, supertraits, .. } = owner;
    let supertraits: Vec<_> = supertraits.into_iter().collect();
    quote! {
        #(#attrs)*
        #vis trait #ident: #(#supertraits +)* #(#producers +)* {}

        #[automatically_derived]
        impl<__P: #(#supertraits +)* #(#producers +)* ?::core::marker::Sized> #ident for __P {}
    }
}

/// `shop::OrderEventProducer`, beside `shop::Order`
fn producer_path(entity: &Path) -> Path {
    let mut path = entity.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = names::producer(&last.ident);
    }
    path
}

/// Prints the struct; `sound` is whether nothing was wrong with it, so that its own derives can stay.
pub fn topics(owner: ItemStruct, krate: Option<&Path>, fields: &[Topic], sound: bool) -> TokenStream {
    let krate = krate::path(krate);
    let ItemStruct { attrs, vis, ident, .. } = owner;
    let attrs = attrs.iter().filter(|attribute| sound || !attribute.path().is_ident("derive"));
    let topic_fields: Vec<_> = fields
        .iter()
        .map(|Topic { field, entity, .. }| TopicField {
            field,
            event: member_of(&krate, entity, &quote!(Event)),
        })
        .collect();
    let field = fields.iter().map(|topic| &topic.field);
    let doc = fields.iter().map(|topic| {
        let entity = &topic.entity;
        format!("Where the events of [`{}`] go.", super::text(&quote!(#entity)))
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

/// `<Product as Entity>::Event`, where `Product` is blamed if it is no entity.
fn member_of(krate: &Path, entity: &Path, member: &TokenStream) -> TokenStream {
    let open = super::blaming(entity, quote!(<#entity as));
    let close = super::blaming(entity, quote!(>::#member));
    quote!(#open #krate::Entity #close)
}

/// An entity that sets its own feature has to be listed by it, since the attribute sees only the path.
fn same_feature(krate: &Path, topic: &Topic) -> TokenStream {
    let Topic { entity, feature, .. } = topic;
    let name = super::text(&quote!(#entity));
    let message = format!(
        "the feature of `{name}` is not `{feature}`; list it as `{name} as ..` with the feature that it sets"
    );
    let own = member_of(krate, entity, &quote!(FEATURE));
    let is_same = quote!(#krate::__private::same_feature(#own, #feature));
    let assertion = super::blaming(entity, quote!(::core::assert!(#is_same, #message)));
    quote!(const _: () = #assertion;)
}
