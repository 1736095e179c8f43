//! Kafka's rule for topic names.

use quote::ToTokens;
use syn::LitStr;

use super::text;
use crate::{attr::Entity, errors::Errors};

/// The topic of the entity's events.
pub fn validate(entity: &Entity, feature: &str, errors: &mut Errors) -> String {
    let given = entity.keys.topic.as_ref();
    let topic = given.map_or_else(|| format!("int.{feature}-update.event"), LitStr::value);
    if text::illegal(&topic, "._-").is_some() || topic.len() > 249 || topic == "." || topic == ".." {
        let culprit = given.map_or_else(|| entity.ident.to_token_stream(), ToTokens::to_token_stream);
        let remedy = "use `topic = \"..\"` with 1 to 249 of `[a-zA-Z0-9._-]`, and neither `.` nor `..`";
        errors.blame(culprit, format!("invalid topic name `{topic}`; {remedy}"));
    }
    topic
}
