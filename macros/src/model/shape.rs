//! Which items can be entities.

use crate::attr::Entity;
use crate::errors::Errors;

/// Whether it can be one.
pub fn validate(entity: &Entity, errors: &mut Errors) -> bool {
    let Entity { ident, generics, is_struct, .. } = entity;
    if !is_struct {
        let example = format!("such as `struct {ident} {{ id: Uuid }}`");
        errors.blame(ident, format!("an entity must be a struct with named fields, {example}"));
    }
    if !generics.params.is_empty() {
        let remedy = "use owned, concrete types for its fields, such as `String` instead of `&str`";
        errors.blame(generics, format!("an entity cannot be generic; {remedy}"));
    }
    *is_struct && generics.params.is_empty()
}
