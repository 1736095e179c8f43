//! The entities of a service: the arguments of `#[topics(..)]` and `#[event_producer(..)]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token};

use super::key::{EntityKeys, Keys};
use super::{parts, value};
use crate::errors::Errors;
use crate::names;

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
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            let name = input.call(Ident::parse_any)?;
            let path = value::read(input, &name, EntityKeys::find(&name.to_token_stream())?)?;
            self.krate = Some(syn::parse2(path)?);
            return Ok(());
        }
        let found = parts::ahead(input);
        let wrong = |mistake: &str| syn::Error::new_spanned(&found, mistake);
        let no_entity = "expected the path of an entity, such as `Product` or `shop::Item as stock_item`";
        let entity: Path = input.parse().map_err(|_| wrong(no_entity))?;
        if input.peek(Token![=]) {
            return Err(wrong(
                "an entity takes no value here; set its topic with `#[event(topic = \"..\")]` on the entity",
            ));
        }
        let has_feature = input.parse::<Option<Token![as]>>()?.is_some();
        let feature = has_feature.then(|| input.call(Ident::parse_any).map_err(|_| wrong(no_entity)));
        if entity.segments.iter().any(|segment| !segment.arguments.is_none()) {
            return Err(wrong("an entity cannot be generic; list it without arguments"));
        }
        if self.members.iter().any(|known| known.entity == entity) {
            return Err(wrong(&format!("duplicate entity `{}`; remove one", names::text(&entity))));
        }
        self.members.push(Member { entity, feature: feature.transpose()? });
        Ok(())
    }
}
