//! The parts between commas. A part that cannot be read is reported and skipped, so that the rest of a half-written
//! attribute still counts.

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser};

use crate::errors::Errors;

/// Reads one part after the other.
pub fn read(
    tokens: TokenStream,
    errors: &mut Errors,
    mut part: impl FnMut(ParseStream, &mut Errors) -> syn::Result<()>,
) {
    let read = |input: ParseStream| {
        while !input.is_empty() {
            let result = part(input, errors);
            let left = rest(input);
            if let Err(error) = result {
                errors.all.push(error);
            } else if !left.is_empty() {
                errors.blame(left, "missing `,`; add one before this");
            }
            let _comma: Option<Token![,]> = input.parse().ok();
        }
        Ok(())
    };
    read.parse2(tokens).unwrap_or_else(|error| errors.all.push(error));
}

/// Takes what is left before the next comma.
pub fn rest(input: ParseStream) -> TokenStream {
    let next = || if input.peek(Token![,]) { None } else { input.parse::<TokenTree>().ok() };
    std::iter::from_fn(next).collect()
}

/// What comes before the next comma, or the comma itself if nothing does.
pub fn ahead(input: ParseStream) -> TokenStream {
    let part = rest(&input.fork());
    if part.is_empty() { input.fork().parse::<TokenTree>().into_iter().collect() } else { part }
}
