//! `ProductTopics`, and the same items for the struct of `#[topics(..)]`
//!
//! ```text
//! #[derive(Debug, Clone, PartialEq, Eq)]
//! pub struct ProductTopics { pub product_topic: String }
//! impl Default for ProductTopics { .. }
//! impl Topics for ProductTopics { .. }
//! impl TopicFor<Product> for ProductTopics { .. }
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Ident, Path, Visibility};

use super::link;
use crate::attr::Entity;
use crate::model::{Model, Topic};
use crate::names;

pub fn of_entity(model: &Model) -> TokenStream {
    let Model { krate, names, topic, entity: Entity { ident, vis, .. }, .. } = model;
    let head = format!(" The topic of {} in a configuration; `{topic}` by default.", link(&names.event));
    let field = names::topic(&names.feature, ident.span());
    let fields = [Topic { entity: ident.clone().into(), field }];
    let event = &names.event;
    let default = quote!(<#event as #krate::Event>::DEFAULT_TOPIC);
    let source = quote!(<#event as #krate::Event>::SOURCE);
    let headers = model.headers().next().map(|_| quote!(<#event as #krate::Event>::HEADERS));
    let topics = Declaration {
        krate,
        vis,
        ident: &names.topics,
        fields: &fields,
        entities: &[super::itself(model)],
        defaults: &[default],
        source: &source,
        headers: headers.as_slice(),
        describe: &[quote!(<#event as #krate::Event>::describe)],
    };
    quote!(#[doc = #head] #topics)
}

/// Each entity is looked up once, so that a mistake in its name is one error.
pub fn of_service(krate: &Path, vis: &Visibility, topics: &Ident, fields: &[Topic]) -> TokenStream {
    let entities: Vec<_> = fields.iter().map(|topic| topic.entity.to_token_stream()).collect();
    let constant: Vec<_> = fields.iter().map(|topic| names::listed(topics, &topic.field)).collect();
    let listed = fields.iter().map(|Topic { entity, field }| {
        let (field, name) = (field.to_string(), names::text(entity));
        let listed = quote!(#krate::__private::listed::<__Entity>(#field, #name));
        let listed = super::blaming(entity, listed);
        quote!({ type __Entity = #entity; #listed })
    });
    let defaults: Vec<_> = constant.iter().map(|constant| quote!(#constant.topic)).collect();
    let source = constant.first().map_or_else(|| quote!(""), |first| quote!(#first.source));
    let headers: Vec<_> = constant.iter().map(|constant| quote!(#constant.headers)).collect();
    let describe: Vec<_> = constant.iter().map(|constant| quote!((#constant.describe))).collect();
    let items = Declaration {
        krate,
        vis,
        ident: topics,
        fields,
        entities: &entities,
        defaults: &defaults,
        source: &source,
        headers: &headers,
        describe: &describe,
    };
    quote! {
        #items

        #(const #constant: #krate::__private::Listed = #listed;)*
    }
}

/// The struct and its traits.
struct Declaration<'a> {
    krate: &'a Path,
    vis: &'a Visibility,
    ident: &'a Ident,
    fields: &'a [Topic],
    entities: &'a [TokenStream],
    defaults: &'a [TokenStream],
    source: &'a TokenStream,
    /// The names of the entities' own headers.
    headers: &'a [TokenStream],
    /// The functions that describe the entities' events.
    describe: &'a [TokenStream],
}

impl ToTokens for Declaration<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { krate, vis, ident, fields, entities, defaults, source, headers, describe } = self;
        let entity = fields.iter().map(|topic| names::text(&topic.entity));
        let doc = entity.map(|entity| format!(" Where the events of [`{entity}`] go."));
        let field: Vec<_> = fields.iter().map(|topic| &topic.field).collect();
        let headers = (!headers.is_empty()).then(|| quote!(&[#(#headers),*])).into_iter();
        let name: Vec<_> = field.iter().map(ToString::to_string).collect();
        tokens.extend(quote! {
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq)]
            #vis struct #ident {
                #(#[doc = #doc] #vis #field: ::std::string::String,)*
            }

            #[automatically_derived]
            impl ::core::default::Default for #ident {
                fn default() -> Self {
                    Self {
                        #(#field: ::std::string::ToString::to_string(#defaults),)*
                    }
                }
            }

            #[automatically_derived]
            impl #krate::Topics for #ident {
                const SOURCE: &'static str = #source;

                fn fields(&self) -> ::std::vec::Vec<(&'static str, &str)> {
                    ::std::vec![#((#name, self.#field.as_str())),*]
                }

                fn fields_mut(&mut self) -> ::std::vec::Vec<(&'static str, &mut ::std::string::String)> {
                    ::std::vec![#((#name, &mut self.#field)),*]
                }

                fn describe(__describer: &mut #krate::__private::Describer) { #(#describe(__describer);)* }

                #(fn headers() -> &'static [&'static [&'static str]] { #headers })*
            }

            #(
                #[automatically_derived]
                impl #krate::TopicFor<#entities> for #ident {
                    fn topic(&self) -> &str { &self.#field }
                }
            )*
        });
    }
}
