//! The entities of a service: the arguments of `#[topics(..)]` and `#[event_producer(..)]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token};

use super::parts;
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
    pub fn read(arguments: TokenStream, errors: &mut Errors) -> Self {
        let mut service = Self::default();
        parts::read(arguments, errors, |input, _| service.read_part(input));
        service
    }

    fn read_part(&mut self, input: ParseStream) -> syn::Result<()> {
        let found = parts::ahead(input);
        let wrong = |message| syn::Error::new_spanned(&found, message);
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            let path = input.call(Path::parse_mod_style);
            let wrong = |_| wrong("`crate` takes a path; write `crate = path::to::entity_events`");
            self.krate = Some(path.map_err(wrong)?);
            return Ok(());
        }
        let no_entity = "this is no entity; list the entities by name, like `Product, shop::Order`";
        let no_feature = "the feature is missing behind `as`; write it like `shop::Item as stock_item`";
        let entity = input.parse().map_err(|_| wrong(no_entity))?;
        let has_feature = input.parse::<Option<Token![as]>>()?.is_some();
        let feature = has_feature.then(|| input.call(Ident::parse_any)).transpose();
        self.members.push(Member { entity, feature: feature.map_err(|_| wrong(no_feature))? });
        Ok(())
    }
}
