//! `ProductEvent` and its constructors
//!
//! ```text
//! #[derive(Debug, Clone, Serialize, Deserialize)]
//! pub struct ProductEvent { pub event_id: Uuid, pub event_type: ProductEventType, .. }
//! impl ProductEvent {
//!     pub fn new_created(entity: &Product, category_name: String, correlation_id: Uuid) -> Self { .. }
//!     pub fn new_updated(old: &Product, new: &Product, ..) -> Self { .. }
//!     fn __new(..) -> Self { .. }
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{event_type, link};
use crate::attr::Entity;
use crate::feature::Feature;
use crate::names::{self, Names};

pub fn expand(feature: &Feature) -> TokenStream {
    let event = &feature.names.event;
    let envelope = envelope(feature);
    let constructors = feature.types.iter().map(|event_type| constructor(feature, event_type));
    let new = new(feature);
    let many = super::many_arguments(feature);
    quote! {
        #envelope

        #many
        impl #event { #(#constructors)* #new }
    }
}

fn envelope(feature: &Feature) -> TokenStream {
    let Feature { krate, names, entity: Entity { ident, vis, .. }, .. } = feature;
    let Names { event, event_type, event_data, .. } = names;
    let entity = link(ident);
    let head = format!(" A change of a {entity}, as it is published.");
    let data = format!(" The {entity} after the change; the last state for a deletion.");
    let old_data = format!(" The {entity} before the change, for an update.");
    let derive = super::derive_serde(krate, &TokenStream::new());
    let timestamp = names::text(&quote!(#krate::__private::timestamp));
    quote! {
        #[doc = #head]
        #[derive(::core::fmt::Debug, ::core::clone::Clone)]
        #derive
        #vis struct #event {
            /// The unique id of this event, a UUIDv7.
            #vis event_id: #krate::__private::Uuid,
            /// What happened.
            #vis event_type: #event_type,
            /// When it happened.
            #[serde(with = #timestamp)]
            #vis timestamp: #krate::__private::DateTime<#krate::__private::Utc>,
            /// The version of the event's schema.
            #vis version: ::std::string::String,
            #[doc = #data]
            #vis data: #event_data,
            #[doc = #old_data]
            #[serde(default, skip_serializing_if = "::core::option::Option::is_none")]
            #vis old_data: ::core::option::Option<#event_data>,
            /// Who published the event, and on whose behalf.
            #vis metadata: #krate::EventMetadata,
        }
    }
}

fn constructor(feature: &Feature, event_type: &Ident) -> TokenStream {
    let Feature { krate, names, entity: Entity { ident, vis, generics, .. }, extras, .. } = feature;
    let (types, data) = (&names.event_type, &names.event_data);
    let constructor = names::constructor(event_type);
    let doc = event_type::what_happened(feature, event_type);
    let (generics, arguments, bounds) = generics.split_for_impl();
    let entity = quote!(#ident #arguments);
    let extra: Vec<_> = extras.iter().map(|extra| &extra.ident).collect();
    let ty: Vec<_> = extras.iter().map(|extra| &extra.ty).collect();
    let event =
        |state| quote!(Self::__new(#types::#event_type, #data::__new(#state #(, #extra)*), correlation_id));
    let (parameters, event) = if event_type == "Updated" {
        let old: Vec<_> = extras.iter().map(|extra| names::old(&extra.ident)).collect();
        let before = quote!(::core::option::Option::Some(#data::__new(old #(, #old)*)));
        let event = event(quote!(new));
        (quote!(old: &#entity, new: &#entity, #(#old: #ty,)*), quote!(Self { old_data: #before, ..#event }))
    } else {
        (quote!(entity: &#entity,), event(quote!(entity)))
    };
    quote! {
        #[doc = #doc]
        #[must_use]
        #vis fn #constructor #generics(
            #parameters #(#extra: #ty,)* correlation_id: #krate::__private::Uuid,
        ) -> Self #bounds {
            #event
        }
    }
}

fn new(feature: &Feature) -> TokenStream {
    let Feature { krate, names, .. } = feature;
    let (event_type, event_data) = (&names.event_type, &names.event_data);
    let user_id = feature.user_id().map(|field| super::optional_text(krate, &quote!(__data), field));
    let user_id = user_id.unwrap_or_else(|| quote!(::core::option::Option::None));
    quote! {
        fn __new(
            __event_type: #event_type,
            __data: #event_data,
            __correlation_id: #krate::__private::Uuid,
        ) -> Self {
            Self {
                event_id: #krate::__private::event_id(),
                event_type: __event_type,
                timestamp: #krate::__private::now(),
                version: #krate::__private::version::<Self>(),
                metadata: #krate::__private::metadata::<Self>(__correlation_id, #user_id),
                data: __data,
                old_data: ::core::option::Option::None,
            }
        }
    }
}
