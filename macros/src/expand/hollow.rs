//! What stands in for an item whose attributes are wrong: the same name, and nothing that could fail in its turn.

use proc_macro2::TokenStream;
use quote::quote;

use crate::attr::Entity;
use crate::feature::Feature;

/// The body of the snapshot: it uses what the user wrote, so that no import counts as unused.
pub fn new(feature: &Feature) -> TokenStream {
    let Feature { krate, entity: Entity { fields, .. }, extras, .. } = feature;
    let extras = extras.iter().map(|extra| &extra.ident);
    let conversions = fields.iter().filter_map(|field| {
        let (ident, with, ty) = (&field.ident, field.keys.with.as_ref()?, field.keys.ty.as_ref()?);
        Some(quote!(let _ = #krate::__private::convert::<_, #ty>(&entity.#ident, #with);))
    });
    quote!(#(#conversions)* let _ = (entity, #(#extras,)*); ::core::unreachable!())
}

/// The traits of the data that are derived otherwise.
pub fn traits(feature: &Feature) -> TokenStream {
    let (krate, data) = (&feature.krate, &feature.names.event_data);
    quote!(#krate::__private::hollow!(#data);)
}
