//! `ProductEventType`
//!
//! ```text
//! #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
//! pub enum ProductEventType {
//!     #[serde(rename = "ProductCreated")]
//!     Created,
//!     ..
//! }
//! impl ProductEventType { pub const fn as_str(self) -> &'static str; }
//! impl Display for ProductEventType { .. }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt;

use super::link;
use crate::attr::Entity;
use crate::feature::{BUILT_IN, Feature};
use crate::names;

pub fn expand(feature: &Feature) -> TokenStream {
    let Feature { krate, entity: Entity { ident: entity, vis, .. }, types, names, .. } = feature;
    let event_type = &names.event_type;
    let head = format!(" The kinds of {}.", link(&names.event));
    let example = format!(" The name on the wire, such as `{}Created`.", entity.unraw());
    let derive = super::derive_serde(krate, &TokenStream::new());
    let docs = types.iter().map(|variant| what_happened(feature, variant));
    let wires: Vec<_> = types.iter().map(|variant| names::on_the_wire(entity, variant)).collect();
    quote! {
        #[doc = #head]
        #[derive(
            ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy,
            ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash,
        )]
        #derive
        #vis enum #event_type {
            #(#[doc = #docs] #[serde(rename = #wires)] #types,)*
        }

        impl #event_type {
            #[doc = #example]
            #[must_use]
            #vis const fn as_str(self) -> &'static str {
                match self { #(Self::#types => #wires,)* }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #event_type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    }
}

/// ``A [`Product`] was created.``
pub fn what_happened(feature: &Feature, event_type: &Ident) -> String {
    let (entity, event_type) = (link(&feature.entity.ident), event_type.unraw().to_string());
    if BUILT_IN.contains(&event_type.as_str()) {
        format!(" A {entity} was {}.", event_type.to_lowercase())
    } else {
        format!(" `{event_type}` happened to a {entity}.")
    }
}
