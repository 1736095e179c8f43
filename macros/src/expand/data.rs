//! `ProductEventData`
//!
//! ```text
//! #[derive(Debug, Serialize, Deserialize)]
//! pub struct ProductEventData {
//!     pub id: ProductId,
//!     pub amount: Decimal,
//!     pub category_name: String,
//! }
//! impl ProductEventData {
//!     fn __new(entity: &Product, category_name: String) -> Self { .. }
//! }
//! impl Clone for ProductEventData { .. }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

use super::link;
use crate::attr::{Entity, Field, List};
use crate::feature::Feature;

pub fn expand(feature: &Feature) -> TokenStream {
    let Feature { krate, names, entity: Entity { ident, vis, keys, .. }, .. } = feature;
    let data = &names.event_data;
    let head = format!(" A {} as its events show it.", link(ident));
    let rename_all = keys.rename_all.iter();
    let serde = super::derive_serde(krate, &quote!(#(rename_all = #rename_all)*));
    let derives = List::of(keys.derive.as_ref());
    let derive = (!feature.hollow).then(|| quote!(#serde #[derive(::core::fmt::Debug, #(#derives),*)]));
    let fields = fields(feature);
    let new = new(feature);
    let many = super::many_arguments(feature);
    let traits = if feature.hollow { quote!(#krate::__private::hollow!(#data);) } else { clone(feature) };
    quote! {
        #[doc = #head]
        #derive
        #vis struct #data { #fields }

        #many
        impl #data { #new }

        #traits
    }
}

fn fields(feature: &Feature) -> TokenStream {
    let Entity { ident: entity, vis, .. } = &feature.entity;
    let fields = feature.data().map(|field| {
        let (Field { ident, keys, .. }, docs, ty) = (field, field.docs(), field.data_type());
        let doc = format!(" `{ident}` in the events of {}.", link(entity));
        // serde blames the first token of a field that it cannot serialise.
        let doc = field.docs().next().is_none().then(|| super::blaming(ty, quote!(#[doc = #doc])));
        let rename = keys.rename.iter().filter(|_| !feature.hollow);
        let default = keys.default.iter().filter(|_| !feature.hollow);
        quote!(#(#docs)* #doc #(#[serde(rename = #rename)])* #(#[serde(#default)])* #vis #ident: #ty,)
    });
    fields.collect()
}

fn new(feature: &Feature) -> TokenStream {
    let Feature { krate, entity: Entity { ident, generics, fields, .. }, extras, .. } = feature;
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let extra: Vec<_> = extras.iter().map(|extra| &extra.ident).collect();
    let types = extras.iter().map(|extra| &extra.ty);
    let body = if feature.hollow {
        // It will never run: it uses what the user wrote, so that no import counts as unused.
        let conversions = fields.iter().filter(|field| field.keys.with.is_some() && field.keys.ty.is_some());
        let used = conversions.map(|field| value(krate, field));
        quote!(let _ = (entity, #(#extra,)* #(#used,)*); ::core::unreachable!())
    } else {
        let field = fields.iter().map(|field| &field.ident);
        let value = fields.iter().map(|field| value(krate, field));
        quote!(Self { #(#field: #value,)* #(#extra,)* })
    };
    quote! {
        fn __new #parameters (entity: &#ident #arguments #(, #extra: #types)*) -> Self #bounds { #body }
    }
}

/// What the data shows of the entity's field.
fn value(krate: &Path, field: &Field) -> TokenStream {
    let (Field { ident, keys, .. }, ty) = (field, field.data_type());
    match (&keys.with, &keys.into) {
        (Some(with), _) => quote!(#krate::__private::convert::<_, #ty>(&entity.#ident, #with)),
        (None, Some(_)) => quote! {
            <#ty as ::core::convert::From<_>>::from(::core::clone::Clone::clone(&entity.#ident))
        },
        (None, None) => cloned(quote!(&entity.#ident), ty),
    }
}

fn cloned(field: TokenStream, ty: &Type) -> TokenStream {
    let field = super::blaming(ty, field);
    quote!(::core::clone::Clone::clone(#field))
}

/// A type without `Clone` fails here as it does in the constructor, which the compiler reports once.
fn clone(feature: &Feature) -> TokenStream {
    let data = &feature.names.event_data;
    let clones = feature.data().map(|field| {
        let (ident, ty) = (&field.ident, field.data_type());
        let clone = cloned(quote!(&self.#ident), ty);
        quote!(#ident: #clone)
    });
    quote! {
        #[automatically_derived]
        impl ::core::clone::Clone for #data {
            fn clone(&self) -> Self { Self { #(#clones,)* } }
        }
    }
}
