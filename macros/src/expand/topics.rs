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
use crate::attr::Entity;
use crate::feature::{Feature, Topic};
use crate::names;

pub fn of_entity(feature: &Feature) -> TokenStream {
    let Feature { krate, names, topic, entity: Entity { ident, vis, .. }, .. } = feature;
    let head = format!(" The topic of {} in a configuration; `{topic}` by default.", link(&names.event));
    let field = names::topic(&names.feature, ident.span());
    let fields = [Topic { entity: ident.clone().into(), field }];
    let topics = expand(krate, vis, &names.topics, &fields);
    quote!(#[doc = #head] #topics)
}

pub fn expand(krate: &Path, vis: &Visibility, topics: &Ident, fields: &[Topic]) -> TokenStream {
    let entity = fields.iter().map(|topic| names::text(&topic.entity));
    let doc = entity.map(|entity| format!(" Where the events of [`{entity}`] go."));
    let field: Vec<_> = fields.iter().map(|topic| &topic.field).collect();
    let event: Vec<_> = fields.iter().map(|topic| names::beside(&topic.entity, "Event")).collect();
    let name: Vec<_> = field.iter().map(ToString::to_string).collect();
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

            fn fields_mut(&mut self) -> ::std::vec::Vec<(&'static str, &mut ::std::string::String)> {
                ::std::vec![#((#name, &mut self.#field)),*]
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
