//! `ProductEvent` and its constructors
//!
//! ```text
//! #[derive(Debug, Clone)]
//! pub struct ProductEvent { pub event_id: Uuid, pub event_type: ProductEventType, .. }
//! impl ProductEvent {
//!     pub fn new_created(entity: &Product, category_name: String, correlation_id: Uuid) -> Self { .. }
//!     pub fn new_updated(old: &Product, new: &Product, ..) -> Self { .. }
//!     fn __new(..) -> Self { .. }
//! }
//! impl Serialize for ProductEvent { .. }
//! impl Deserialize for ProductEvent { .. }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::{event_type, link};
use crate::attr::Entity;
use crate::model::{EventType, Model};
use crate::names::{self, Names};

pub fn expand(model: &Model) -> TokenStream {
    let event = &model.names.event;
    let (envelope, json) = (envelope(model), json(model));
    let constructors = model.types.iter().map(|event_type| constructor(model, event_type));
    let new = new(model);
    let many = super::many_arguments(model);
    quote! {
        #envelope

        #many
        impl #event { #(#constructors)* #new }

        #json
    }
}

fn envelope(model: &Model) -> TokenStream {
    let Model { krate, names, entity: Entity { ident, vis, .. }, .. } = model;
    let Names { event, event_type, event_data, .. } = names;
    let entity = link(ident);
    let head = format!(" A change of a {entity}, as it is published.");
    let data = format!(" The {entity} after the change; the last state for a deletion.");
    let old_data = format!(" The {entity} before the change, for an update.");
    quote! {
        #[doc = #head]
        #[derive(::core::fmt::Debug, ::core::clone::Clone)]
        #vis struct #event {
            /// The unique id of this event, a UUIDv7.
            #vis event_id: #krate::__private::Uuid,
            /// What happened.
            #vis event_type: #event_type,
            /// When it happened.
            #vis timestamp: #krate::__private::DateTime<#krate::__private::Utc>,
            /// The version of the event's schema.
            #vis version: ::std::string::String,
            #[doc = #data]
            #vis data: #event_data,
            #[doc = #old_data]
            #vis old_data: ::core::option::Option<#event_data>,
            /// Who published the event, and on whose behalf.
            #vis metadata: #krate::EventMetadata,
        }
    }
}

/// The JSON is that of the runtime's envelope, which is compiled once.
fn json(model: &Model) -> TokenStream {
    let (krate, event) = (&model.krate, &model.names.event);
    let serde = quote!(#krate::__private::serde);
    quote! {
        #[automatically_derived]
        impl #serde::Serialize for #event {
            fn serialize<__S: #serde::Serializer>(
                &self, __serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                let __envelope = #krate::__private::Envelope {
                    event_id: self.event_id,
                    event_type: self.event_type,
                    timestamp: self.timestamp,
                    version: self.version.as_str(),
                    data: &self.data,
                    old_data: self.old_data.as_ref(),
                    metadata: &self.metadata,
                };
                #serde::Serialize::serialize(&__envelope, __serializer)
            }
        }

        #[automatically_derived]
        impl<'de> #serde::Deserialize<'de> for #event {
            fn deserialize<__D: #serde::Deserializer<'de>>(
                __deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                let __envelope: #krate::__private::Envelope<_, _, _, _> =
                    #serde::Deserialize::deserialize(__deserializer)?;
                ::core::result::Result::Ok(Self {
                    event_id: __envelope.event_id,
                    event_type: __envelope.event_type,
                    timestamp: __envelope.timestamp,
                    version: __envelope.version,
                    data: __envelope.data,
                    old_data: __envelope.old_data,
                    metadata: __envelope.metadata,
                })
            }
        }
    }
}

fn constructor(model: &Model, event_type: &EventType) -> TokenStream {
    let Model { krate, names, entity: Entity { ident, vis, generics, extras, .. }, .. } = model;
    let (types, data) = (&names.event_type, &names.event_data);
    let EventType { ident: variant, is_update, .. } = event_type;
    let constructor = names::constructor(variant);
    let doc = event_type::what_happened(model, event_type);
    let (generics, arguments, bounds) = generics.split_for_impl();
    let entity = quote!(#ident #arguments);
    let extra: Vec<_> = extras.iter().map(|extra| &extra.ident).collect();
    let ty: Vec<_> = extras.iter().map(|extra| &extra.ty).collect();
    let event =
        |state| quote!(Self::__new(#types::#variant, #data::__new(#state #(, #extra)*), correlation_id));
    let (parameters, event) = if *is_update {
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

fn new(model: &Model) -> TokenStream {
    let Model { krate, names, .. } = model;
    let (event_type, event_data) = (&names.event_type, &names.event_data);
    let user_id = model.user_id().map(|field| super::optional_text(krate, &quote!(__data), field));
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
