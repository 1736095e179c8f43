//! The entities that a service lists, and the topic field of each.

use syn::ext::IdentExt;
use syn::{Fields, Generics, Ident, ItemStruct, ItemTrait, Path};

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

/// The trait of `#[event_producer]` is empty, and nothing in the attribute is for a topic.
pub fn judge_trait(owner: &ItemTrait, service: &Service, errors: &mut Errors) {
    let ItemTrait { ident, generics, items, .. } = owner;
    judge_members(ident, service, errors);
    if let Some(item) = items.first() {
        let mistake = "is filled by its entities and has no items of its own; move this to a trait beside it";
        errors.blame(item, format!("`{ident}` {mistake}"));
    }
    judge_generics(ident, generics, errors);
    let idle = "does nothing in `#[event_producer]`, which needs no more than its entities; remove it";
    for feature in service.members.iter().filter_map(|member| member.feature.as_ref()) {
        errors.blame(feature, format!("`as {feature}` {idle}"));
    }
    errors.blame_all(&service.krate, service.krate.iter().map(|_| format!("`crate` {idle}")));
}

/// The struct of `#[topics]` is a unit struct, and leaves the derives to the attribute.
pub fn judge_struct(owner: &ItemStruct, service: &Service, errors: &mut Errors) {
    let ItemStruct { ident, generics, fields, attrs, .. } = owner;
    judge_members(ident, service, errors);
    if !matches!(fields, Fields::Unit) {
        errors.blame(
            fields,
            format!("the fields of `{ident}` come from its entities; write `struct {ident};`"),
        );
    }
    judge_generics(ident, generics, errors);
    for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let derives = attribute.parse_args().ok();
        derives::judge(derives.as_ref(), &["Debug", "Clone", "PartialEq", "Eq", "Default"], errors);
    }
}

fn judge_generics(owner: &Ident, generics: &Generics, errors: &mut Errors) {
    if !generics.params.is_empty() {
        errors.blame(generics, format!("`{owner}` cannot be generic; remove the parameters"));
    }
}

/// A service has entities, unless what was listed could not be read.
fn judge_members(owner: &Ident, service: &Service, errors: &mut Errors) {
    if service.members.is_empty() && errors.all.is_empty() {
        let mistake = "has no entity; list them in the attribute, like `(Product, Order)`";
        errors.blame(owner, format!("`{owner}` {mistake}"));
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
            let remedy =
                format!("list one by another feature, `{one} as ..`, and set that on it: `feature = \"..\"`");
            errors.blame(entity, format!("`{one}` and `{other}` share the topic field `{field}`; {remedy}"));
        } else {
            topics.push(Topic { field, entity: entity.clone() });
        }
    }
    topics
}
