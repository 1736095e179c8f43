//! The mistakes found so far: all of them are reported in one compile.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

#[derive(Debug, Default)]
pub struct Errors {
    pub all: Vec<syn::Error>,
}

impl Errors {
    /// Blames the whole of `token`. A span alone covers only the first token on stable Rust.
    pub fn blame(&mut self, token: impl ToTokens, message: impl Display) {
        self.all.push(syn::Error::new_spanned(token, message));
    }

    pub fn compile_errors(&self) -> TokenStream {
        self.all.iter().map(syn::Error::to_compile_error).collect()
    }
}
