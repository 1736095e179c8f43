//! `ProductTopics`, and the same items for the struct of `#[topics(..)]`
//!
//! ```text
//! #[derive(Debug, Clone, PartialEq, Eq)]
//! pub struct ProductTopics { pub product_topic: String }
//! impl Default for ProductTopics { .. }
//! impl Topics for ProductTopics { .. }
//! impl TopicFor<ProductEvent> for ProductTopics { .. }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path, Visibility};

use super::link;
use crate::feature::Feature;

/// A topic field, and the path of its event.
pub struct TopicField<'a> {
    pub field: &'a Ident,
    pub event: Path,
    pub doc: String,
}

pub fn of_entity(feature: &Feature) -> TokenStream {
    let Feature { krate, vis, names, topic, .. } = feature;
    let (event, field) = (names.event.clone(), &names.topic);
    let head = format!(" The topic of {} in a configuration.", link(&event));
    let doc = format!(" Where each {} goes; `{}` by default.", link(&event), topic);
    let topics = expand(krate, vis, &names.topics, &[TopicField { field, event: event.into(), doc }]);
    quote!(#[doc = #head] #topics)
}

pub fn expand(krate: &Path, vis: &Visibility, topics: &Ident, fields: &[TopicField<'_>]) -> TokenStream {
    let doc = fields.iter().map(|field| &field.doc);
    let field: Vec<_> = fields.iter().map(|field| field.field).collect();
    let event: Vec<_> = fields.iter().map(|field| &field.event).collect();
    let name: Vec<_> = fields.iter().map(|field| field.field.to_string()).collect();
    let source = event.first().map_or_else(|| quote!(""), |first| quote!(<#first as #krate::Event>::SOURCE));
    quote! {
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq)]
        #vis struct #topics {
            #(#[doc = #doc] #vis #field: ::std::string::String,)*
        }

        #[automatically_derived]
        impl ::core::default::Default for #topics {
            fn default() -> Self {
                Self {
                    #(#field: ::std::string::ToString::to_string(<#event as #krate::Event>::DEFAULT_TOPIC),)*
                }
            }
        }

        #[automatically_derived]
        impl #krate::Topics for #topics {
            const SOURCE: &'static str = #source;

            fn fields(&self) -> ::std::vec::Vec<(&'static str, &str)> {
                ::std::vec![#((#name, self.#field.as_str())),*]
            }

            fn field_mut(&mut self, name: &str) -> ::core::option::Option<&mut ::std::string::String> {
                match name {
                    #(#name => ::core::option::Option::Some(&mut self.#field),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        #(
            #[automatically_derived]
            impl #krate::TopicFor<#event> for #topics {
                fn topic(&self) -> &str { &self.#field }
            }
        )*
    }
}
