//! What stands in for an item whose attributes are wrong: the same name, and nothing that could fail in its turn.

use proc_macro2::TokenStream;
use quote::quote;

use crate::feature::{Conversion, DataField, Feature};

/// The body of a function that will never run, since the compilation has failed.
pub fn body() -> TokenStream {
    quote!(::core::unreachable!())
}

/// The body of the snapshot: it uses what the user wrote, so that no import counts as unused.
pub fn new(feature: &Feature) -> TokenStream {
    let Feature { krate, names, .. } = feature;
    let parameter = &names.parameter;
    let extras = feature.extras.iter().map(|extra| &extra.ident);
    let conversions =
        feature.fields.iter().filter(|_| feature.generics.params.is_empty()).filter_map(|field| {
            let DataField { ident, ty, .. } = field;
            let Conversion::With(with) = &field.conversion else { return None };
            Some(quote!(let _ = #krate::__private::convert::<_, #ty>(&#parameter.#ident, #with);))
        });
    let body = body();
    quote!(#(#conversions)* let _ = (#parameter, #(#extras,)*); #body)
}

/// The traits of the data that are derived otherwise.
///
/// ```text
/// impl Debug for ProductEventData { fn fmt(..) -> .. { unreachable!() } }
/// ```
pub fn data(feature: &Feature) -> TokenStream {
    let (krate, data) = (&feature.krate, &feature.names.event_data);
    let body = body();
    let serde = quote!(#krate::__private::serde);
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #data {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { #body }
        }
        #[automatically_derived]
        impl ::core::clone::Clone for #data {
            fn clone(&self) -> Self { #body }
        }
        #[automatically_derived]
        impl #serde::Serialize for #data {
            fn serialize<__S: #serde::Serializer>(&self, _: __S) -> ::core::result::Result<__S::Ok, __S::Error> { #body }
        }
        #[automatically_derived]
        impl<'de> #serde::Deserialize<'de> for #data {
            fn deserialize<__D: #serde::Deserializer<'de>>(_: __D) -> ::core::result::Result<Self, __D::Error> { #body }
        }
    }
}
