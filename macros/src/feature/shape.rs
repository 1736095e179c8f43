//! Which items can be entities.

use crate::attr::Entity;
use crate::errors::Errors;

/// Whether it can be one.
pub fn judge(entity: &Entity, errors: &mut Errors) -> bool {
    let Entity { ident, generics, is_struct, .. } = entity;
    if !is_struct {
        let remedy = format!("derive on one, like `struct {ident} {{ id: Uuid }}`");
        errors.blame(ident, format!("only a struct with named fields can be an entity; {remedy}"));
    }
    if !generics.params.is_empty() {
        let remedy = "give its fields owned and concrete types, such as `String` for `&str`";
        errors.blame(generics, format!("an entity cannot be generic; {remedy}"));
    }
    *is_struct && generics.params.is_empty()
}
