//! The keys of `#[event(..)]`: what each means, the form of its value, and an example to paste.

use darling::FromMeta;
use proc_macro2::TokenStream;
use syn::{Expr, Ident, LitStr, Path, Type};

use super::list::{Extras, Names, Paths, Texts, written};
use crate::suggestion;

#[derive(Debug)]
pub struct Key {
    pub form: Form,
    pub example: &'static str,
}

/// What a value looks like; each form names the type that it is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Word,
    Text,
    /// A text, given once or several times.
    Texts,
    Type,
    Path,
    Function,
    Extras,
    Names,
    Paths,
}

type Word = Ident;
type Text = LitStr;
/// A path or a closure.
type Function = Expr;

macro_rules! keys {
    ($(#[$about:meta])* $keys:ident, not $other:ident: $advice:literal {
        $($(#[$attribute:meta])* $key:ident: $form:ident = $example:literal,)+
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, FromMeta)]
        #[darling(default)]
        pub struct $keys {
            $($(#[$attribute])* #[darling(with = written)] pub $key: Option<$form>,)+
        }

        impl Keys for $keys {
            const TABLE: &'static [Key] = &[$(Key { form: Form::$form, example: $example }),+];
            const ELSEWHERE: (&'static [Key], &'static str) = ($other::TABLE, $advice);
        }
    };
}

keys! {
    /// The keys above the struct.
    EntityKeys, not FieldKeys: "is a key for fields; move it to the field it applies to" {
        /// The publishing service.
        source: Text = r#"source = "catalog-service""#,
        /// The snake-case name in methods and topic.
        feature: Text = r#"feature = "product""#,
        /// The entity's name on the wire.
        name: Text = r#"name = "Product""#,
        /// The default topic.
        topic: Text = r#"topic = "int.product-update.event""#,
        /// The version of the schema.
        version: Text = r#"version = "1.0""#,
        /// What a failed publish returns.
        error: Type = "error = ProductError",
        /// How `error` is made from a message.
        map_error: Function = "map_error = ProductError::external_error",
        /// What the constructors take beside the entity.
        extra: Extras = "extra(category_name: String)",
        /// Event types beside the three built-in ones.
        types: Names = "types(Priced)",
        /// Event types with the state before, as `Updated` has it.
        updates: Names = "updates(PriceChanged)",
        /// The case of names in the data's JSON.
        rename_all: Text = r#"rename_all = "camelCase""#,
        /// Further derives for the data.
        derive: Paths = "derive(PartialEq)",
        /// The prefix of the `CloudEvents` type.
        type_prefix: Text = r#"type_prefix = "com.acme""#,
        /// What a deletion becomes.
        delete: Text = r#"delete = "tombstone""#,
        /// Whether the events have JSON Schemas.
        schema: Word = "schema",
        /// Where the runtime is.
        #[darling(rename = "crate")]
        krate: Path = "crate = path::to::entity_events",
    }
}

keys! {
    /// The keys on a field.
    FieldKeys, not EntityKeys: "is a key for the struct; move it above the struct" {
        /// Part of the partition key.
        key: Word = "key",
        /// Also the user of the metadata.
        user_id: Word = "user_id",
        /// Not in the data.
        skip: Word = "skip",
        /// Its name in the data's JSON.
        rename: Text = r#"rename = "name""#,
        /// Former names in the data's JSON, which are still read.
        alias: Texts = r#"alias = "old_name""#,
        /// A conversion from a reference, to `ty`.
        with: Function = "with = Amount::value, ty = Decimal",
        /// What `with` makes.
        ty: Type = "ty = Decimal",
        /// A conversion by `From`.
        into: Type = "into = Decimal",
        /// Its `Default` if an older event lacks it.
        default: Word = "default",
        /// Also a record header.
        header: Text = r#"header = "x-name""#,
        /// Looks like a secret or is skipped by serde, and is published.
        expose: Word = "expose",
    }
}

impl Key {
    /// The word that its example begins with.
    pub fn name(&self) -> &'static str {
        self.example.split([' ', '(']).next().unwrap_or_default()
    }
}

/// The keys of one place.
pub trait Keys: FromMeta + Default {
    const TABLE: &'static [Key];
    /// Those of the other place, and what to say of one that is here.
    const ELSEWHERE: (&'static [Key], &'static str);

    /// The key of that name.
    fn find(name: &TokenStream) -> syn::Result<&'static Key> {
        let word = name.to_string();
        let known =
            |table: &'static [Key]| table.iter().find(|key| key.name() == word.trim_start_matches("r#"));
        let (elsewhere, advice) = Self::ELSEWHERE;
        known(Self::TABLE).ok_or_else(|| {
            let names: Vec<_> = Self::TABLE.iter().map(Key::name).collect();
            let mistake = match known(elsewhere) {
                Some(_) => format!("`{word}` {advice}"),
                None => format!("unknown key `{word}`; {}", suggestion::of(&word, &names)),
            };
            syn::Error::new_spanned(name, mistake)
        })
    }
}
