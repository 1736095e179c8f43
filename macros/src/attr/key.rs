//! The keys of `#[event(..)]`: which there are, what form their values have, and an example to paste.

use syn::Ident;
use syn::ext::IdentExt;

use crate::nearest::nearest;

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub form: Form,
    pub example: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `skip`
    Word,
    /// `source = "catalog-service"`
    Text,
    /// `error = ProductError`
    Type,
    /// `crate = path::to::entity_events`
    Path,
    /// `with = Amount::value`, or a closure
    Function,
    /// `extra(category_name: String)`
    Extras,
    /// `types(Priced)`
    Names,
    /// `derive(PartialEq)`
    Paths,
}

impl Form {
    pub fn is_list(self) -> bool {
        matches!(self, Self::Extras | Self::Names | Self::Paths)
    }
}

const fn key(name: &'static str, form: Form, example: &'static str) -> Key {
    Key { name, form, example }
}

/// Where a `#[event(..)]` stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Struct,
    Field,
}

const OF_STRUCT: &[Key] = &[
    key("source", Form::Text, r#"source = "catalog-service""#),
    key("feature", Form::Text, r#"feature = "product""#),
    key("topic", Form::Text, r#"topic = "int.product-update.event""#),
    key("version", Form::Text, r#"version = "1.0""#),
    key("error", Form::Type, "error = ProductError"),
    key("map_error", Form::Function, "map_error = ProductError::external_error"),
    key("extra", Form::Extras, "extra(category_name: String)"),
    key("types", Form::Names, "types(Priced)"),
    key("rename_all", Form::Text, r#"rename_all = "camelCase""#),
    key("derive", Form::Paths, "derive(PartialEq)"),
    key("type_prefix", Form::Text, r#"type_prefix = "com.acme""#),
    key("delete", Form::Text, r#"delete = "tombstone""#),
    key("crate", Form::Path, "crate = path::to::entity_events"),
];

const OF_FIELD: &[Key] = &[
    key("key", Form::Word, "key"),
    key("user_id", Form::Word, "user_id"),
    key("skip", Form::Word, "skip"),
    key("rename", Form::Text, r#"rename = "name""#),
    key("with", Form::Function, "with = Amount::value, ty = Decimal"),
    key("ty", Form::Type, "with = Amount::value, ty = Decimal"),
    key("into", Form::Type, "into = Decimal"),
    key("header", Form::Text, r#"header = "x-name""#),
    key("expose", Form::Word, "expose"),
];

impl Place {
    fn keys(self) -> &'static [Key] {
        match self {
            Self::Struct => OF_STRUCT,
            Self::Field => OF_FIELD,
        }
    }

    /// The key of that name, or what the user may have meant.
    pub fn find(self, name: &Ident) -> Result<&'static Key, String> {
        let word = name.unraw().to_string();
        if let Some(key) = self.keys().iter().find(|key| key.name == word) {
            return Ok(key);
        }
        let (elsewhere, advice) = match self {
            Self::Struct => (Self::Field, "is a key of a field; put it on the field that it is about"),
            Self::Field => (Self::Struct, "is a key of the struct; put it above the struct"),
        };
        if elsewhere.keys().iter().any(|key| key.name == word) {
            return Err(format!("`{word}` {advice}"));
        }
        Err(match nearest(&word, self.keys().iter().map(|key| key.name)) {
            Some(near) => format!("unknown key `{word}`; write `{near}`"),
            None => format!("unknown key `{word}`; the keys here are {}", self.list()),
        })
    }

    /// The list of keys in prose.
    pub fn list(self) -> String {
        let names: Vec<_> = self.keys().iter().map(|key| format!("`{}`", key.name)).collect();
        names.join(", ")
    }
}
