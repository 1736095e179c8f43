//! The entities that a service lists, and the topic field of each.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Fields, Ident, ItemStruct, ItemTrait, Path, PathArguments};

use crate::attr::{Member, Service};
use crate::errors::Errors;
use crate::names;

/// One field of `#[topics(..)]`.
#[derive(Debug)]
pub struct Topic {
    pub entity: Path,
    pub feature: String,
    pub field: Ident,
}

/// The trait of `#[event_producer]` is empty.
pub fn judge_trait(owner: &ItemTrait, errors: &mut Errors) {
    if let Some(item) = owner.items.first() {
        let message = format!(
            "`{}` is filled by its entities and has no items of its own; move this to a trait beside it",
            owner.ident
        );
        errors.blame(item, message);
    }
    if !owner.generics.params.is_empty() {
        errors.blame(&owner.generics, format!("`{}` cannot be generic; remove the parameters", owner.ident));
    }
}

/// `as` names a topic field, which a trait has not.
pub fn judge_names(members: &[&Member], errors: &mut Errors) {
    for feature in members.iter().filter_map(|member| member.feature.as_ref()) {
        errors.blame(feature, "`as` names a topic and does nothing in `#[event_producer]`; remove it");
    }
}

/// The struct of `#[topics]` is a unit struct, and leaves the derives to the attribute.
pub fn judge_struct(owner: &ItemStruct, errors: &mut Errors) {
    if !matches!(owner.fields, Fields::Unit) {
        let message = format!("the fields of `{0}` come from its entities; write `struct {0};`", owner.ident);
        errors.blame(&owner.fields, message);
    }
    if !owner.generics.params.is_empty() {
        errors.blame(&owner.generics, format!("`{}` cannot be generic; remove the parameters", owner.ident));
    }
    for attribute in &owner.attrs {
        judge_derives(attribute, errors);
    }
}

fn judge_derives(attribute: &Attribute, errors: &mut Errors) {
    const BUILT_IN: [&str; 5] = ["Debug", "Clone", "PartialEq", "Eq", "Default"];
    if !attribute.path().is_ident("derive") {
        return;
    }
    let _ = attribute.parse_nested_meta(|derive| {
        let name = derive.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if BUILT_IN.contains(&name.as_str()) {
            errors.blame(derive.path, format!("`#[topics]` implements `{name}` already; remove it"));
        }
        Ok(())
    });
}

/// The entities, each once and without arguments.
pub fn members<'a>(service: &'a Service, owner: &Ident, errors: &mut Errors) -> Vec<&'a Member> {
    let mut members: Vec<&Member> = Vec::new();
    for member in &service.members {
        if member.entity.segments.iter().any(|segment| segment.arguments != PathArguments::None) {
            errors.blame(&member.entity, "an entity cannot be generic; list it without arguments");
        } else if members.iter().any(|known| known.entity == member.entity) {
            let entity = text(&member.entity);
            errors.blame(&member.entity, format!("`{entity}` is listed twice; keep one"));
        } else {
            members.push(member);
        }
    }
    if service.members.is_empty() && errors.is_empty() {
        errors.blame(
            owner,
            format!("`{owner}` has no entity; list them in the attribute, like `(Product, Order)`"),
        );
    }
    members
}

/// The topic of each entity: named after the entity, or after what follows `as`.
pub fn topic_fields(members: &[&Member], errors: &mut Errors) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for member in members {
        let Some(name) = member.entity.segments.last().map(|segment| &segment.ident) else { continue };
        let feature = match &member.feature {
            Some(feature) => feature.unraw().to_string(),
            None => names::feature(name),
        };
        let topic =
            Topic { field: names::topic(&feature, name.span()), entity: member.entity.clone(), feature };
        match topics.iter().find(|known| known.field == topic.field) {
            Some(known) => {
                let (entity, other) = (text(&topic.entity), text(&known.entity));
                let message = format!(
                    "`{entity}` and `{other}` share the topic field `{}`; give one a `feature = \"..\"` of its own, \
                     and list it as `{entity} as ..`",
                    topic.field
                );
                errors.blame(&member.entity, message);
            }
            None => topics.push(topic),
        }
    }
    topics
}

fn text(path: &Path) -> String {
    let tokens: TokenStream = path.to_token_stream();
    tokens.to_string().replace(' ', "")
}
