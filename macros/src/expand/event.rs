//! What the runtime asks of the entity and its event
//!
//! ```text
//! impl Entity for Product { type Event = ProductEvent; }
//! impl Event for ProductEvent { const FEATURE: &'static str = "product"; .. }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use crate::feature::Feature;

pub fn expand(feature: &Feature) -> TokenStream {
    let Feature { krate, entity, .. } = feature;
    let event = &feature.names.event;
    let (generics, arguments, bounds) = feature.generics.split_for_impl();
    let constants = constants(feature);
    let key = key(feature);
    let extensions = [is_deletion(feature), write_headers(feature)];
    quote! {
        #[automatically_derived]
        impl #generics #krate::Entity for #entity #arguments #bounds {
            type Event = #event;
        }

        #[automatically_derived]
        impl #krate::Event for #event {
            #constants

            fn id(&self) -> #krate::__private::Uuid { self.event_id }
            fn event_type(&self) -> &'static str { self.event_type.as_str() }
            fn key(&self) -> ::std::string::String { #key }
            fn metadata(&self) -> &#krate::EventMetadata { &self.metadata }
            fn timestamp(&self) -> #krate::__private::DateTime<#krate::__private::Utc> { self.timestamp }
            #(#extensions)*
        }
    }
}

fn constants(feature: &Feature) -> TokenStream {
    let krate = &feature.krate;
    let settings = &feature.settings;
    let name = &feature.names.feature;
    let (topic, version) = (&settings.topic, &settings.version);
    let package = || quote!(::core::env!("CARGO_PKG_NAME"));
    let source = settings.source.as_ref().map_or_else(package, |source| quote!(#source));
    let type_prefix = settings.type_prefix.iter();
    let delete = settings.delete.iter();
    quote! {
        const FEATURE: &'static str = #name;
        const SOURCE: &'static str = #source;
        const DEFAULT_TOPIC: &'static str = #topic;
        const VERSION: &'static str = #version;
        #(const TYPE_PREFIX: &'static str = #type_prefix;)*
        #(const DELETE: #krate::DeletePolicy = #krate::DeletePolicy::#delete;)*
    }
}

fn key(feature: &Feature) -> TokenStream {
    let krate = &feature.krate;
    let keys = feature.keys().filter(|_| !feature.hollow).map(|field| {
        let ident = &field.ident;
        let value = super::blaming(&field.ty, quote!(&self.data.#ident));
        quote!(#krate::__private::key(#value))
    });
    quote!(#krate::__private::join_key(&[#(#keys),*]))
}

fn is_deletion(feature: &Feature) -> TokenStream {
    if feature.settings.delete.is_none() {
        return TokenStream::new();
    }
    let event_type = &feature.names.event_type;
    quote! {
        fn is_deletion(&self) -> bool { self.event_type == #event_type::Deleted }
    }
}

fn write_headers(feature: &Feature) -> TokenStream {
    let krate = &feature.krate;
    let mut pushes = feature
        .fields
        .iter()
        .filter(|_| !feature.hollow)
        .filter_map(|field| {
            let header = field.header.as_ref()?;
            let value = super::optional_text(feature, &quote!(self.data), field);
            Some(quote!(#krate::__private::header(__headers, #header, #value);))
        })
        .peekable();
    if pushes.peek().is_none() {
        return TokenStream::new();
    }
    quote! {
        fn write_headers(&self, __headers: &mut #krate::Headers) { #(#pushes)* }
    }
}
