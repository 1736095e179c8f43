//! `ProductEventData`
//!
//! ```text
//! #[derive(Debug, Clone, Serialize, Deserialize)]
//! pub struct ProductEventData {
//!     pub id: ProductId,
//!     pub amount: Decimal,
//!     pub category_name: String,
//! }
//! impl ProductEventData {
//!     fn __new(product: &Product, category_name: String) -> Self { .. }
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

use super::{hollow, link};
use crate::feature::{Conversion, DataField, Feature};

pub fn expand(feature: &Feature) -> TokenStream {
    let (vis, data) = (&feature.vis, &feature.names.event_data);
    let head = format!(" A {} as its events show it.", link(&feature.entity));
    let fields = fields(feature);
    let new = new(feature);
    let many = super::many_arguments(feature);
    let derives = if feature.hollow { TokenStream::new() } else { derives(feature) };
    let hollow = if feature.hollow { hollow::data(feature) } else { TokenStream::new() };
    quote! {
        #[doc = #head]
        #derives
        #vis struct #data { #fields }

        #many
        impl #data { #new }

        #hollow
    }
}

fn derives(feature: &Feature) -> TokenStream {
    let (krate, derives) = (&feature.krate, &feature.derives);
    let serde = super::serde_path(krate);
    let rename_all = feature.settings.rename_all.iter();
    quote! {
        #[derive(
            ::core::fmt::Debug, ::core::clone::Clone,
            #krate::__private::serde::Serialize, #krate::__private::serde::Deserialize, #(#derives,)*
        )]
        #[serde(crate = #serde #(, rename_all = #rename_all)*)]
    }
}

fn fields(feature: &Feature) -> TokenStream {
    let vis = &feature.vis;
    // The types of a generic entity cannot be named here.
    let of_entity = feature.fields.iter().filter(|_| feature.generics.params.is_empty()).map(|field| {
        let DataField { ident, ty, .. } = field;
        let docs = docs(feature, field);
        let rename = field.rename.iter().filter(|_| !feature.hollow);
        quote!(#(#docs)* #(#[serde(rename = #rename)])* #vis #ident: #ty,)
    });
    let extras = feature.extras.iter().map(|extra| {
        let (ident, ty) = (&extra.ident, &extra.ty);
        let doc = format!(" `{ident}`, given when the event of the {} was made.", link(&feature.entity));
        quote!(#[doc = #doc] #vis #ident: #ty,)
    });
    quote!(#(#of_entity)* #(#extras)*)
}

fn docs(feature: &Feature, field: &DataField) -> Vec<TokenStream> {
    if field.docs.is_empty() {
        let doc = format!(" The `{}` of the {}.", field.ident, link(&feature.entity));
        // serde blames the first token of a field that it cannot serialise.
        return vec![super::blaming(&field.ty, quote!(#[doc = #doc]))];
    }
    field.docs.iter().map(|Attribute { meta, .. }| quote!(#[#meta])).collect()
}

fn new(feature: &Feature) -> TokenStream {
    let parameter = &feature.names.parameter;
    let entity = super::entity_type(feature);
    let extras = feature.extras.iter().map(|extra| &extra.ident);
    let types = feature.extras.iter().map(|extra| &extra.ty);
    let body = if feature.hollow { hollow::new(feature) } else { literal(feature) };
    quote! {
        fn __new(#parameter: &#entity #(, #extras: #types)*) -> Self { #body }
    }
}

fn literal(feature: &Feature) -> TokenStream {
    let krate = &feature.krate;
    let parameter = &feature.names.parameter;
    let fields = feature.fields.iter().map(|DataField { ident, ty, conversion, .. }| {
        let value = match conversion {
            Conversion::Clone => {
                let field = super::blaming(ty, quote!(&#parameter.#ident));
                quote!(::core::clone::Clone::clone(#field))
            }
            Conversion::With(with) => {
                quote!(#krate::__private::convert::<_, #ty>(&#parameter.#ident, #with))
            }
            Conversion::Into => quote! {
                <#ty as ::core::convert::From<_>>::from(::core::clone::Clone::clone(&#parameter.#ident))
            },
        };
        quote!(#ident: #value,)
    });
    let extras = feature.extras.iter().map(|extra| &extra.ident);
    quote!(Self { #(#fields)* #(#extras,)* })
}
