//! What the schemas of the events need to know, for `#[event(schema)]`
//!
//! ```text
//! fn describe(describer: &mut Describer) {
//!     let entity = describer.entity::<Self>("Product", "ProductEventData", module_path!(), &[" A product."]);
//!     entity.event("ProductCreated", "A Product was created.", false, false);
//!     entity.field::<ProductId>(["id", "id", "ProductId"], &[], reads).key();
//! }
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Meta};

use super::{data, event_type};
use crate::attr::{Entity, Field, List};
use crate::model::Model;
use crate::names;

/// Without the runtime's feature, its macro prints the error instead, which is on the key.
const NO_FEATURE: &str = "`schema` needs the cargo feature `schema` of `entity-events`; add it: \
    `entity-events = { version = \"..\", features = [\"schema\"] }`";

pub fn expand(model: &Model) -> Option<TokenStream> {
    let Model { krate, entity: Entity { ident, attrs, keys, .. }, wire_name, types, .. } = model;
    let key = keys.schema.as_ref()?;
    let error = quote_spanned!(key.span()=> ::core::compile_error!(#NO_FEATURE););
    let (entity, data, docs) = (ident.unraw().to_string(), names::data_on_the_wire(wire_name), docs(attrs));
    let events = types.iter().map(|event_type| {
        let (name, is_update) = (&event_type.wire_name, event_type.is_update);
        let docs = event_type::what_happened(model, event_type).replace(['[', ']'], "");
        let docs = docs.trim().replace(&format!("`{entity}`"), &entity);
        let is_deletion = event_type.is_built_in && event_type.ident == "Deleted";
        quote!(__entity.event(#name, #docs, #is_update, #is_deletion);)
    });
    let fields = model.data().map(|field| self::field(model, field));
    Some(quote! {
        #krate::__private::schema! {
            [#error]
            fn describe(__describer: &mut #krate::__private::Describer) {
                use #krate::__private::{Codec as __Codec, Serde as __Serde};
                let __entity = __describer.entity::<Self>(
                    #entity, #data, ::core::module_path!(), &[#(#docs),*],
                );
                #(#events)*
                #(#fields)*
            }
        }
    })
}

fn field(model: &Model, field: &Field) -> TokenStream {
    let Field { ident, keys, attrs, .. } = field;
    let (ty, docs, codec) = (field.data_type(), docs(attrs), data::codec(field));
    let (rust, json, written) = (ident.unraw().to_string(), model.json_name(field), names::written(ty));
    let add = super::blaming(ty, quote!(__entity.field::<#ty>));
    let key = model.key_fields().any(|key| key.ident == *ident).then(|| quote!(.key()));
    let user = keys.user_id.as_ref().map(|_| quote!(.user()));
    let default = keys.default.as_ref().map(|_| quote!(.default()));
    let header = keys.header.iter();
    let aliases = List::of(keys.alias.as_ref());
    let aliases = keys.alias.as_ref().map(|_| quote!(.aliases(&[#(#aliases),*])));
    quote! {
        #add([#rust, #json, #written], &[#(#docs),*], #codec::reads)
            #key #user #default #(.header(#header))* #aliases;
    }
}

/// The lines of a doc comment.
fn docs(attrs: &[Attribute]) -> Vec<TokenStream> {
    let docs = attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let text = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(doc) => Some(doc.value.to_token_stream()),
        Meta::Path(_) | Meta::List(_) => None,
    };
    docs.filter_map(text).collect()
}
