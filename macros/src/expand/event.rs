//! What the runtime asks of the entity and its event
//!
//! ```text
//! impl Entity for Product { type Event = ProductEvent; }
//! impl Event for ProductEvent { type Entity = Product; const FEATURE: &'static str = "product"; .. }
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::describe;
use crate::attr::Entity;
use crate::model::Model;

pub fn expand(model: &Model) -> TokenStream {
    let Model { krate, entity: Entity { ident: entity, generics, .. }, names, .. } = model;
    let (event, event_type) = (&names.event, &names.event_type);
    let itself = super::itself(model);
    let (generics, arguments, bounds) = generics.split_for_impl();
    let constants = constants(model);
    let key = model.key_fields().map(|field| {
        let ident = &field.ident;
        let value = super::blaming(field.data_type(), quote!(&self.data.#ident));
        quote!(#krate::__private::key(#value))
    });
    let delete = model.delete().into_iter();
    let write_headers = write_headers(model);
    let describe = describe::expand(model);
    quote! {
        #[automatically_derived]
        impl #generics #krate::Entity for #entity #arguments #bounds {
            type Event = #event;
        }

        #[automatically_derived]
        impl #krate::Event for #event {
            type Entity = #itself;

            #constants
            #(
                const DELETE: #krate::DeletePolicy = #krate::DeletePolicy::#delete;
                fn is_deletion(&self) -> bool { self.event_type == #event_type::Deleted }
            )*

            fn id(&self) -> #krate::__private::Uuid { self.event_id }
            fn event_type(&self) -> &'static str { self.event_type.as_str() }
            fn is_unknown(&self) -> bool { ::core::matches!(self.event_type, #event_type::Unknown(_)) }
            fn key(&self) -> ::std::string::String { #krate::__private::owned_key(self) }
            fn write_key(&self, __key: &mut ::std::string::String) {
                #krate::__private::join_key(__key, &[#(#key),*])
            }
            fn metadata(&self) -> &#krate::EventMetadata { &self.metadata }
            fn timestamp(&self) -> #krate::__private::DateTime<#krate::__private::Utc> { self.timestamp }
            #write_headers
            #describe
        }
    }
}

fn constants(model: &Model) -> TokenStream {
    let Model { names, topic, entity: Entity { keys, .. }, .. } = model;
    let name = &names.feature;
    let version = keys.version.as_ref().map_or_else(|| quote!("1.0"), ToTokens::to_token_stream);
    let package = || quote!(::core::env!("CARGO_PKG_NAME"));
    let source = keys.source.as_ref().map_or_else(package, ToTokens::to_token_stream);
    let type_prefix = keys.type_prefix.iter();
    let headers: Vec<_> = model.headers().map(|(name, _)| name).collect();
    let headers = (!headers.is_empty()).then(|| quote!(&[#(#headers),*])).into_iter();
    quote! {
        const FEATURE: &'static str = #name;
        const SOURCE: &'static str = #source;
        const DEFAULT_TOPIC: &'static str = #topic;
        const VERSION: &'static str = #version;
        #(const TYPE_PREFIX: &'static str = #type_prefix;)*
        #(const HEADERS: &'static [&'static str] = #headers;)*
    }
}

fn write_headers(model: &Model) -> Option<TokenStream> {
    let krate = &model.krate;
    let headers = model.headers().map(|(name, field)| {
        let value = super::optional_text(krate, &quote!(self.data), field);
        quote!(#krate::__private::header(__headers, #name, #value);)
    });
    let headers: Vec<_> = headers.collect();
    (!headers.is_empty()).then(|| {
        quote! {
            fn write_headers(&self, __headers: &mut #krate::Headers) { #(#headers)* }
        }
    })
}
