//! What is printed beside a mistake, in the place of implementations: the user sees the mistake, and nothing that follows
//! from it. It never runs, since the compilation has failed.

use proc_macro2::TokenStream;
use quote::quote;

use super::{data, producer};
use crate::attr::Entity;
use crate::model::Model;

pub fn implementation(model: &Model) -> TokenStream {
    let Model { krate, names, entity: Entity { fields, extras, .. }, .. } = model;
    let event_data = &names.event_data;
    // It uses what the user wrote, so that no import counts as unused.
    let conversions = fields.iter().filter(|field| field.keys.with.is_some() && field.keys.ty.is_some());
    let used = conversions.map(|field| data::value(krate, field));
    let extra = extras.iter().map(|extra| &extra.ident);
    let new = data::new(model, &quote!(let _ = (entity, #(#extra,)* #(#used,)*); ::core::unreachable!()));
    let published = model.entity.keys.error.as_ref().map(|_| quote!(::core::unreachable!()));
    let blanket = producer::blanket(model, published.as_ref());
    quote!(#krate::__private::hollow!(#event_data); #new #blanket)
}
