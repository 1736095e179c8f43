//! The entities of a service: the arguments of `#[topics(..)]` and `#[event_producer(..)]`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token};

use crate::errors::Errors;

#[derive(Debug, Default)]
pub struct Service {
    pub krate: Option<Path>,
    pub members: Vec<Member>,
}

/// `shop::Item as stock_item`
#[derive(Debug)]
pub struct Member {
    pub entity: Path,
    pub feature: Option<Ident>,
}

impl Service {
    /// Reads `crate = path, Product, shop::Item as stock_item`.
    pub fn read(input: ParseStream, errors: &mut Errors) -> Self {
        let mut service = Self::default();
        while !input.is_empty() {
            if let Err(error) = service.read_argument(input) {
                errors.push(error);
            }
            while !input.is_empty() && !input.peek(Token![,]) {
                if input.parse::<proc_macro2::TokenTree>().is_err() {
                    return service;
                }
            }
            let _comma: Option<Token![,]> = input.parse().ok();
        }
        service
    }

    fn read_argument(&mut self, input: ParseStream) -> syn::Result<()> {
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            self.krate = Some(input.call(Path::parse_mod_style)?);
            return Ok(());
        }
        let entity: Path = input.parse().map_err(|error| {
            syn::Error::new(
                error.span(),
                "this is no entity; list the entities by name, like `Product, shop::Order`",
            )
        })?;
        let feature = match input.parse::<Option<Token![as]>>()? {
            Some(word) => Some(input.call(Ident::parse_any).map_err(|_| {
                syn::Error::new_spanned(
                    word,
                    "the feature is missing behind `as`; write it like `shop::Item as stock_item`",
                )
            })?),
            None => None,
        };
        self.members.push(Member { entity, feature });
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(());
        }
        Err(input.error("a `,` is missing before this; list the entities like `Product, shop::Order`"))
    }
}
