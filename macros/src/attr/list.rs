//! Values that darling takes over as they were written.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Meta, Path, Token, Type};

/// Reads the tokens of a key's value, with their spans; darling's own readers know expressions only, which
/// `ty = Option<Decimal>` is not.
pub fn written<T: Parse>(meta: &Meta) -> darling::Result<Option<T>> {
    Ok(Some(syn::parse2(meta.require_list()?.tokens.clone())?))
}

/// One of `extra(#[event(header = "x-category")] category_name: String)`.
#[derive(Debug, Clone)]
pub struct Extra {
    pub attrs: Vec<Attribute>,
    pub ident: Ident,
    pub ty: Type,
}

impl Parse for Extra {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let (attrs, ident) = (input.call(Attribute::parse_outer)?, input.parse()?);
        input.parse::<Token![:]>()?;
        Ok(Self { attrs, ident, ty: input.parse()? })
    }
}

/// The list in `key(..)`, or the values of a key that is given several times.
#[derive(Debug, Clone)]
pub struct List<T>(Vec<T>);

pub type Extras = List<Extra>;
pub type Names = List<Ident>;
pub type Paths = List<Path>;
pub type Texts = List<LitStr>;

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
