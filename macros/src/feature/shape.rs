//! Which items can be entities.

use syn::GenericParam;

use crate::attr::{Entity, Shape};
use crate::errors::Errors;

pub fn judge(entity: &Entity, errors: &mut Errors) {
    let mistake = match entity.shape {
        Shape::Struct => None,
        Shape::TupleStruct => Some("a tuple struct cannot be an entity; name its fields: `{ id: .. }`"),
        Shape::UnitStruct => {
            Some("a struct without fields cannot be an entity; give it a key, such as `{ id: Uuid }`")
        }
        Shape::Enum => Some("an enum cannot be an entity; derive on a struct that has the enum as a field"),
        Shape::Union => Some("a union cannot be an entity; derive on a struct"),
    };
    errors.blame_all(&entity.ident, mistake);
    let mistake = entity.generics.params.first().map(|parameter| match parameter {
        GenericParam::Lifetime(_) => "an entity cannot borrow; own the data, such as `String` for `&str`",
        GenericParam::Type(_) => {
            "an entity cannot be generic; name the types in its fields, or derive on a struct for each"
        }
        GenericParam::Const(_) => "an entity cannot have const parameters; write the number into its fields",
    });
    errors.blame_all(&entity.generics, mistake);
}
