//! `ProductEventData`
//!
//! ```text
//! #[derive(Debug)]
//! pub struct ProductEventData {
//!     pub id: ProductId,
//!     pub amount: Decimal,
//!     pub category_name: String,
//! }
//! impl ProductEventData {
//!     fn __new(entity: &Product, category_name: String) -> Self { .. }
//! }
//! impl Clone for ProductEventData { .. }
//! impl Serialize for ProductEventData { .. }
//! impl Data for ProductEventData { .. }
//! impl Deserialize for ProductEventData { .. }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path, Type};

use super::link;
use crate::attr::{Entity, Field, List};
use crate::model::Model;
use crate::names;

pub fn declaration(model: &Model) -> TokenStream {
    let Model { names, entity: Entity { ident, vis, .. }, .. } = model;
    let data = &names.event_data;
    let head = format!(" A {} as its events show it.", link(ident));
    let derives = derives(model);
    let fields = fields(model);
    quote! {
        #[doc = #head]
        #derives
        #vis struct #data { #fields }
    }
}

/// serde's attributes are for the derives that the user adds: ours know the names.
fn derives(model: &Model) -> Option<TokenStream> {
    let Model { krate, entity: Entity { keys, .. }, .. } = model;
    let derives: Vec<_> = List::of(keys.derive.as_ref()).collect();
    let serde = (!derives.is_empty()).then(|| quote!(#krate::__private::SerdeAttributes,));
    (!model.is_hollow).then(|| quote!(#[derive(::core::fmt::Debug, #serde #(#derives),*)]))
}

fn fields(model: &Model) -> TokenStream {
    let Entity { ident: entity, vis, keys, .. } = &model.entity;
    let fields = model.data().map(|field| {
        let (ident, docs, ty) = (&field.ident, field.docs(), field.data_type());
        let doc = format!(" `{ident}` in the events of {}.", link(entity));
        let doc = field.docs().next().is_none().then(|| quote!(#[doc = #doc]));
        let name = model.json_name(field);
        let rename = (keys.derive.is_some() && *ident != name).then(|| quote!(#[serde(rename = #name)]));
        let default = field.keys.default.as_ref().filter(|_| keys.derive.is_some());
        let default = default.map(|default| quote!(#[serde(#default)]));
        let aliases = List::of(field.keys.alias.as_ref()).filter(|_| keys.derive.is_some());
        quote!(#(#docs)* #doc #rename #(#[serde(alias = #aliases)])* #default #vis #ident: #ty,)
    });
    fields.collect()
}

pub fn implementation(model: &Model) -> TokenStream {
    let Model { krate, entity: Entity { fields, extras, .. }, .. } = model;
    let field = fields.iter().map(|field| &field.ident);
    let value = fields.iter().map(|field| value(krate, field));
    let extra = extras.iter().map(|extra| &extra.ident);
    let new = new(model, &quote!(Self { #(#field: #value,)* #(#extra,)* }));
    let (clone, serialize, deserialize) = (clone(model), serialize(model), deserialize(model));
    quote!(#new #clone #serialize #deserialize)
}

/// The constructor with this body.
pub fn new(model: &Model, body: &TokenStream) -> TokenStream {
    let Model { names, entity: Entity { ident, generics, extras, .. }, .. } = model;
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let extra = extras.iter().map(|extra| &extra.ident);
    let types = extras.iter().map(|extra| &extra.ty);
    let many = super::many_arguments(model);
    let data = &names.event_data;
    quote! {
        #many
        impl #data {
            fn __new #parameters (entity: &#ident #arguments #(, #extra: #types)*) -> Self #bounds { #body }
        }
    }
}

/// What the data shows of the entity's field.
pub fn value(krate: &Path, field: &Field) -> TokenStream {
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
fn clone(model: &Model) -> TokenStream {
    let data = &model.names.event_data;
    let clones = model.data().map(|field| {
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

fn serialize(model: &Model) -> TokenStream {
    let Model { krate, names, .. } = model;
    let data = &names.event_data;
    let (name, length) = (data.to_string(), model.data().count());
    let writes = model.data().map(|field| {
        let (ident, name, codec) = (&field.ident, model.json_name(field), codec(field));
        quote!(#codec::write(&mut __data, #name, &self.#ident)?;)
    });
    let serde = quote!(#krate::__private::serde);
    quote! {
        #[automatically_derived]
        impl #serde::Serialize for #data {
            fn serialize<__S: #serde::Serializer>(
                &self, __serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                use #krate::__private::{Codec as __Codec, Serde as __Serde};
                let mut __data = #serde::Serializer::serialize_struct(__serializer, #name, #length)?;
                #(#writes)*
                #serde::ser::SerializeStruct::end(__data)
            }
        }
    }
}

fn deserialize(model: &Model) -> TokenStream {
    let Model { krate, names, .. } = model;
    let data = &names.event_data;
    let name = data.to_string();
    let json: Vec<_> = model.data().map(|field| model.json_name(field)).collect();
    let local: Vec<_> = (0..json.len()).map(names::read_field).collect();
    let last = json.len().saturating_sub(1);
    let reads = model.data().zip(&local).zip(&json).enumerate().map(|(index, ((field, local), json))| {
        let codec = codec(field);
        let index = if index == last { quote!(_) } else { quote!(#index) };
        quote!(#index => #codec::read(__map, #json, &mut #local)?)
    });
    let values = model
        .data()
        .zip(&local)
        .zip(&json)
        .map(|((field, local), json)| value_read(krate, field, local, json));
    let aliases = aliases(model);
    let serde = quote!(#krate::__private::serde);
    quote! {
        #[automatically_derived]
        impl #krate::__private::Data for #data {
            const NAME: &'static str = #name;
            const FIELDS: &'static [&'static str] = &[#(#json),*];
            #aliases

            fn read<'de, __A: #serde::de::MapAccess<'de>>(
                __map: &mut #krate::__private::DataMap<__A>,
            ) -> ::core::result::Result<Self, __A::Error> {
                use #krate::__private::{Codec as __Codec, Serde as __Serde};
                #(let mut #local = ::core::option::Option::None;)*
                while let ::core::option::Option::Some(__index) = __map.next_field::<Self>()? {
                    match __index { #(#reads,)* }
                }
                ::core::result::Result::Ok(Self { #(#values,)* })
            }
        }

        #[automatically_derived]
        impl<'de> #serde::Deserialize<'de> for #data {
            fn deserialize<__D: #serde::Deserializer<'de>>(
                __deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                #krate::__private::read_data(__deserializer)
            }
        }
    }
}

/// Former names, each with the index of its field.
fn aliases(model: &Model) -> Option<TokenStream> {
    let fields = model.data().enumerate();
    let aliases: Vec<_> = fields
        .flat_map(|(index, field)| {
            List::of(field.keys.alias.as_ref()).map(move |alias| quote!((#alias, #index)))
        })
        .collect();
    (!aliases.is_empty()).then(|| quote!(const ALIASES: &'static [(&'static str, usize)] = &[#(#aliases),*];))
}

fn value_read(krate: &Path, field: &Field, local: &Ident, json: &str) -> TokenStream {
    let (ident, ty) = (&field.ident, field.data_type());
    if field.keys.default.is_some() {
        return quote!(#ident: #krate::__private::or_default::<#ty>(#local));
    }
    let codec = codec(field);
    quote!(#ident: #codec::or_missing(#json, #local)?)
}

/// The same wherever the field is used, so that the compiler reports a type that serde cannot handle once.
pub fn codec(field: &Field) -> TokenStream {
    let ty = field.data_type();
    let serde = super::blaming(ty, quote!(__Serde));
    quote!(<#serde as __Codec<#ty>>)
}
