//! How generated types reach serde, which users need not depend on.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// `#[derive(Serialize, Deserialize)]`, with `options` for serde.
pub fn derive(krate: &Path, options: &TokenStream) -> TokenStream {
    let path = quote!(#krate::__private::serde);
    let text = super::text(&path);
    quote! {
        #[derive(#path::Serialize, #path::Deserialize)]
        #[serde(crate = #text, #options)]
    }
}
