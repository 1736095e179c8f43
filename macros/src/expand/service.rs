//! What a service makes of its entities
//!
//! ```text
//! pub trait EventProducer: ProductEventProducer + shop::OrderEventProducer {}
//! impl<P: ProductEventProducer + shop::OrderEventProducer + ?Sized> EventProducer for P {}
//!
//! pub struct Topics { pub product_topic: String, pub order_topic: String }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parse;
use syn::{ItemStruct, ItemTrait, Path, TypeParamBound, parse_quote};

use crate::attr::{Member, Service};
use crate::errors::Errors;
use crate::krate;
use crate::model::{self, Topic};
use crate::names;

/// `#[event_producer(Product, Order)]`
pub fn event_producer(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let wrong = "`#[event_producer]` can only be applied to a trait, such as `pub trait EventProducer {}`";
    with_owner(arguments, item, wrong, |owner: ItemTrait, service, errors| {
        model::validate_trait(&owner, service, errors);
        print_trait(owner, &service.members)
    })
}

/// `#[topics(Product, Order)]`
pub fn topics(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let wrong = "`#[topics]` can only be applied to a struct, such as `pub struct Topics;`";
    with_owner(arguments, item, wrong, |owner: ItemStruct, service, errors| {
        model::validate_struct(&owner, service, errors);
        let topics = model::topics(service, errors);
        print_struct(owner, service.krate.as_ref(), &topics, errors.all.is_empty())
    })
}

/// Prints what becomes of the owner, or leaves an item that is none as it was.
fn with_owner<T: Parse>(
    arguments: TokenStream,
    item: &TokenStream,
    wrong: &str,
    print: impl FnOnce(T, &Service, &mut Errors) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let items = if let Ok(owner) = syn::parse2(item.clone()) {
        let service = Service::read(arguments, &mut errors);
        print(owner, &service, &mut errors)
    } else {
        errors.blame(item.clone().into_iter().next(), wrong);
        item.clone()
    };
    let errors = errors.compile_errors();
    quote!(#errors #items)
}

fn print_trait(owner: ItemTrait, members: &[Member]) -> TokenStream {
    let ItemTrait { attrs, vis, ident, mut supertraits, .. } = owner;
    let producers = members.iter().map(|member| names::beside(&member.entity, "EventProducer"));
    supertraits.extend(producers.map(|producer| -> TypeParamBound { parse_quote!(#producer) }));
    quote! {
        #(#attrs)*
        #vis trait #ident: #supertraits {}

        #[automatically_derived]
        impl<__P: ?::core::marker::Sized + #supertraits> #ident for __P {}
    }
}

/// A struct with a mistake loses its derives, which may be part of the mistake.
fn print_struct(owner: ItemStruct, krate: Option<&Path>, topics: &[Topic], is_right: bool) -> TokenStream {
    let krate = krate::path(krate);
    let ItemStruct { attrs, vis, ident, .. } = owner;
    let attrs = attrs.iter().filter(|attribute| is_right || !attribute.path().is_ident("derive"));
    let declaration = super::topics::of_service(&krate, &vis, &ident, topics);
    quote!(#(#attrs)* #declaration)
}
