//! The entities of a service: the arguments of `#[topics(..)]` and `#[event_producer(..)]`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token};

use super::item::{argument, rest_of_item};
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
            rest_of_item(input);
            let _comma: Option<Token![,]> = input.parse().ok();
        }
        service
    }

    fn read_argument(&mut self, input: ParseStream) -> syn::Result<()> {
        let ahead = input.fork();
        let wrong = |message| syn::Error::new_spanned(argument(&ahead), message);
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            let path = input.call(Path::parse_mod_style);
            self.krate = Some(
                path.map_err(|_| wrong("`crate` takes a path; write `crate = path::to::entity_events`"))?,
            );
        } else {
            let no_entity = "this is no entity; list the entities by name, like `Product, shop::Order`";
            let entity: Path = input.parse().map_err(|_| wrong(no_entity))?;
            let feature = match input.parse::<Option<Token![as]>>()? {
                Some(_) => Some(input.call(Ident::parse_any).map_err(|_| {
                    wrong("the feature is missing behind `as`; write it like `shop::Item as stock_item`")
                })?),
                None => None,
            };
            self.members.push(Member { entity, feature });
        }
        let rest = rest_of_item(&input.fork());
        if rest.is_empty() {
            return Ok(());
        }
        Err(syn::Error::new_spanned(
            rest,
            "a `,` is missing before this; list the entities like `Product, shop::Order`",
        ))
    }
}
