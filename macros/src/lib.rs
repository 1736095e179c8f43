//! Macros.
use proc_macro::TokenStream;
#[proc_macro_derive(EntityEvents, attributes(event))]
pub fn entity_events(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
#[proc_macro_attribute]
pub fn event_producer(_: TokenStream, i: TokenStream) -> TokenStream {
    i
}
#[proc_macro_attribute]
pub fn topics(_: TokenStream, i: TokenStream) -> TokenStream {
    i
}
