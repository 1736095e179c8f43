//! Kafka's rule for the name of a topic.

use quote::ToTokens;
use syn::LitStr;

use super::text;
use crate::{attr::Entity, errors::Errors};

/// The topic of the entity's events.
pub fn judge(entity: &Entity, feature: &str, errors: &mut Errors) -> String {
    let given = entity.keys.topic.as_ref();
    let topic = given.map_or_else(|| format!("int.{feature}-update.event"), LitStr::value);
    if text::illegal(&topic, "._-").is_some() || topic.len() > 249 || topic == "." || topic == ".." {
        let culprit = given.map_or_else(|| entity.ident.to_token_stream(), ToTokens::to_token_stream);
        let remedy =
            "write `topic = \"..\"` with up to 249 letters, digits, `_`, `-` and `.`, not dots alone";
        errors.blame(culprit, format!("Kafka has no topic `{topic}`; {remedy}"));
    }
    topic
}
