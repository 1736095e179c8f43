//! Values that darling takes over as they were written.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Meta, Path, Token};

use super::entity::Field;
use super::key::FieldKeys;

/// Reads the tokens of a key's value, with their spans; darling's own readers know expressions only, which
/// `ty = Option<Decimal>` is not.
pub fn written<T: Parse>(meta: &Meta) -> darling::Result<Option<T>> {
    Ok(Some(syn::parse2(meta.require_list()?.tokens.clone())?))
}

/// One of `extra(category_name: String)`.
impl Parse for Field {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self { ident, ty: input.parse()?, attrs: Vec::new(), keys: FieldKeys::default() })
    }
}

/// The list in `key(..)`.
#[derive(Debug, Clone)]
pub struct List<T>(Vec<T>);

pub type Extras = List<Field>;
pub type Names = List<Ident>;
pub type Paths = List<Path>;

impl<T: Parse> Parse for List<T> {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let list = Punctuated::<T, Token![,]>::parse_terminated(input)?;
        Ok(Self(list.into_iter().collect()))
    }
}

impl<T> List<T> {
    /// The elements of a list that may not be there.
    pub fn of(list: Option<&Self>) -> impl Iterator<Item = &T> {
        list.into_iter().flat_map(|list| &list.0)
    }
}
