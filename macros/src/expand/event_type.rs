//! `ProductEventType`
//!
//! ```text
//! #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
//! #[non_exhaustive]
//! pub enum ProductEventType { Created, Updated, Deleted, .., Unknown(UnknownEventType) }
//! impl ProductEventType { pub const fn as_str(self) -> &'static str; }
//! impl Display for ProductEventType { .. }
//! impl Serialize for ProductEventType { .. }
//! impl Deserialize for ProductEventType { .. }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::link;
use crate::attr::Entity;
use crate::model::{EventType, Model};

pub fn expand(model: &Model) -> TokenStream {
    let Model { krate, entity: Entity { vis, .. }, types, names, .. } = model;
    let event_type = &names.event_type;
    let head = format!(" The kinds of {}.", link(&names.event));
    let example = types.first().map(|first| format!(" The name on the wire, such as `{}`.", first.wire_name));
    let docs = types.iter().map(|variant| what_happened(model, variant));
    let variants: Vec<_> = types.iter().map(|variant| &variant.ident).collect();
    let wire_names = types.iter().map(|variant| &variant.wire_name);
    let json = json(model);
    quote! {
        #[doc = #head]
        #[derive(
            ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy,
            ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash,
        )]
        #[non_exhaustive]
        #vis enum #event_type {
            #(#[doc = #docs] #variants,)*
            /// Something that only a newer version of the code knows. It is read, and cannot be published.
            Unknown(#krate::UnknownEventType),
        }

        impl #event_type {
            #[doc = #example]
            #[must_use]
            #vis const fn as_str(self) -> &'static str {
                match self {
                    #(Self::#variants => #wire_names,)*
                    Self::Unknown(__unknown) => __unknown.as_str(),
                }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #event_type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #json
    }
}

/// The JSON is the name.
fn json(model: &Model) -> TokenStream {
    let Model { krate, types, names, .. } = model;
    let event_type = &names.event_type;
    let variants = types.iter().map(|variant| &variant.ident);
    let serde = quote!(#krate::__private::serde);
    quote! {
        #[automatically_derived]
        impl #serde::Serialize for #event_type {
            fn serialize<__S: #serde::Serializer>(
                &self, __serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match *self {
                    Self::Unknown(__unknown) => #krate::__private::refuse_event_type(__unknown),
                    __known => #serde::Serializer::serialize_str(__serializer, __known.as_str()),
                }
            }
        }

        #[automatically_derived]
        impl<'de> #serde::Deserialize<'de> for #event_type {
            fn deserialize<__D: #serde::Deserializer<'de>>(
                __deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                let __types = [#(Self::#variants),*];
                #krate::__private::read_event_type(__deserializer, &__types, Self::as_str, Self::Unknown)
            }
        }
    }
}

/// ``A [`Product`] was created.``
pub fn what_happened(model: &Model, event_type: &EventType) -> String {
    let (entity, name) = (link(&model.entity.ident), event_type.ident.unraw().to_string());
    let n = if model.entity.ident.to_string().starts_with(['A', 'E', 'I', 'O']) { "n" } else { "" };
    if event_type.is_built_in {
        format!(" A{n} {entity} was {}.", name.to_lowercase())
    } else {
        format!(" `{name}` happened to a{n} {entity}.")
    }
}
