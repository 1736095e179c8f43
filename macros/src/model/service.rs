//! The entities that a service lists, and the topic field of each.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Generics, Ident, ItemStruct, ItemTrait, Path};

use super::derives;
use crate::attr::{Member, Service};
use crate::errors::Errors;
use crate::names;

/// The topic of an entity, as a field.
#[derive(Debug)]
pub struct Topic {
    pub entity: Path,
    pub field: Ident,
}

/// Nothing in `#[event_producer]` is for a topic.
pub fn validate_trait(owner: &ItemTrait, service: &Service, errors: &mut Errors) {
    let ItemTrait { ident, generics, items, .. } = owner;
    validate_owner("#[event_producer]", ident, generics, quote!(#(#items)*), service, errors);
    let idle = "has no effect in `#[event_producer]`; remove it";
    for feature in service.members.iter().filter_map(|member| member.feature.as_ref()) {
        errors.blame(feature, format!("`as {feature}` {idle}"));
    }
    service.krate.iter().for_each(|krate| errors.blame(krate, format!("`crate` {idle}")));
}

/// The struct of `#[topics]` leaves the derives to the attribute.
pub fn validate_struct(owner: &ItemStruct, service: &Service, errors: &mut Errors) {
    let ItemStruct { ident, generics, fields, attrs, .. } = owner;
    validate_owner("#[topics]", ident, generics, fields.to_token_stream(), service, errors);
    for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let derives = attribute.parse_args().ok();
        derives::validate(derives.as_ref(), &["Debug", "Clone", "PartialEq", "Eq", "Default"], errors);
    }
}

/// What a service is printed onto has entities, unless what was listed could not be read, and nothing else.
fn validate_owner(
    attribute: &str,
    owner: &Ident,
    generics: &Generics,
    items: TokenStream,
    service: &Service,
    errors: &mut Errors,
) {
    if service.members.is_empty() && errors.all.is_empty() {
        let list = attribute.replace(']', "(Product, Order)]");
        errors.blame(owner, format!("`{owner}` lists no entities; add them: `{list}`"));
    }
    for own in [generics.to_token_stream(), items].iter().filter(|own| !own.is_empty()) {
        errors.blame(own, format!("`{owner}` must be empty, since `{attribute}` generates it; remove this"));
    }
}

/// The topic of each entity: named after the entity, or after what follows `as`.
pub fn topics(service: &Service, errors: &mut Errors) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for Member { entity, feature } in &service.members {
        let Some(name) = entity.segments.last().map(|segment| &segment.ident) else { continue };
        let feature =
            feature.as_ref().map_or_else(|| names::feature(name), |given| given.unraw().to_string());
        let field = names::topic(&feature, name.span());
        if let Some(known) = topics.iter().find(|known| known.field == field) {
            let (one, other) = (names::text(entity), names::text(&known.entity));
            let remedy = format!(
                "list one as another feature, `{one} as ..`, and set `feature = \"..\"` on the entity"
            );
            errors.blame(entity, format!("`{one}` and `{other}` share the topic field `{field}`; {remedy}"));
        } else {
            topics.push(Topic { field, entity: entity.clone() });
        }
    }
    topics
}
