//! What stands between commas. A part that cannot be read is reported and passed over, so that the rest of a
//! half-written attribute still counts.

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
            match result {
                Err(error) => errors.push(error),
                Ok(()) if !left.is_empty() => errors.blame(left, "a `,` is missing before this; add it"),
                Ok(()) => {}
            }
            let _comma: Option<Token![,]> = input.parse().ok();
        }
        Ok(())
    };
    if let Err(error) = read.parse2(tokens) {
        errors.push(error);
    }
}

/// Takes what is left before the next comma.
pub fn rest(input: ParseStream) -> TokenStream {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<TokenTree>() {
            Ok(token) => rest.extend([token]),
            Err(_) => break,
        }
    }
    rest
}

/// What stands before the next comma, or the comma itself where nothing does.
pub fn ahead(input: ParseStream) -> TokenStream {
    let part = rest(&input.fork());
    if part.is_empty() { input.fork().parse::<TokenTree>().into_iter().collect() } else { part }
}
