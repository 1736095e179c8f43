//! The macros of `entity-events`; use them through that crate.
//!
//! # How an expansion comes about
//!
//! A macro runs in three steps, each in its own module and each knowing only the one before it:
//!
//! ```text
//! TokenStream → attr::Entity → model::Model → expand::* → TokenStream
//!               what was written  what it means   what is printed
//! ```
//!
//! * `attr` reads. `attr::key` is the table of keys with their forms; `attr::parts` and `attr::item` split an
//!   attribute, so that a half-written item does not affect the others; `attr::value` checks the form of each value, and
//!   darling fills the structs of the table. `attr::relations` is the table of keys that exclude or need each other.
//!   Every value keeps its span.
//! * `model` validates, one topic per file. It collects every mistake in `errors` and goes on. With a `Model` at hand,
//!   nothing fails any more.
//! * `expand` prints, one emitted item per file, each headed by what it prints. Bodies are calls into the runtime's
//!   `__private`, where everything that can be generic lives.
//! * `names` is the only place that joins words into identifiers, and `krate` knows where the runtime is.
//!
//! If there are mistakes, the same names are printed beside the errors, without what could fail in its turn:
//! `Model::new` strips the keys, and `expand::hollow` takes the place of the implementations. So the user sees the mistakes
//! and nothing that follows from them, and completion works while an attribute is half written.
//!
//! # How to add a key
//!
//! The commit that added `default` shows it whole: `git log -p --grep 'the key .default.'`. In this order:
//!
//! 1. `attr/key.rs`: a row with its meaning, its form and an example to paste. From here on it is known, suggested
//!    for typos, checked for its form, and available to the rules. If it excludes or needs another key, add a row to
//!    `attr/relations.rs`.
//! 2. `model/fields.rs`, `model/settings.rs` for a key of the struct, or the file of its topic: the rules, each with
//!    a message `<what is wrong>; <what to do>` on the token to edit, and its meaning.
//! 3. `expand/data.rs`, or the file of the item that shows it: what it prints. If that is more than a call, write a
//!    function in the runtime's `private`.
//! 4. `lib.rs`: a row in the table below.
//! 5. Tests: a program for each refusal in `tests/ui/<topic>/`, the key in `tests/pass/every_key.rs` and in
//!    `snapshots/every_key.in.rs`. `TRYBUILD=overwrite cargo test -p entity-events-ui` and `UPDATE_SNAPSHOTS=1 cargo
//!    test -p entity-events-macros` write what the compiler says and what is printed; read both before committing.
//!
//! # How to change a message
//!
//! * The message of a rule is in that rule: search its first words in `model` and `attr`.
//! * The message of the compiler about a type is on a trait of the runtime, as `#[diagnostic::on_unimplemented]`: in
//!   `private/text.rs` for keys, headers and users, in `private/data.rs` for serde, in `private/outcome.rs` for errors, in
//!   `publish.rs` and `topics.rs` for services, and in `private/listing.rs` for a feature.
//!   `#[diagnostic::do_not_recommend]` on the one implementation makes the compiler use it.
//! * Which token is underlined: `Errors::blame` for a rule; for the compiler `expand::blaming`, which gives the code that may
//!   not compile the span of what the user wrote.
//!
//! # What is printed for the entity of the README
//!
#![doc = concat!("```text\n", include_str!("../snapshots/readme.rs"), "```")]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
// A macro crate exports its macros only: `pub` cannot mean more than the crate.
#![allow(unreachable_pub)]

mod attr;
mod errors;
mod expand;
mod krate;
mod model;
mod names;
mod suggestion;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;

use proc_macro::TokenStream;

/// Derives the events of an entity: what they carry, how they are made, and the trait that publishes them.
///
/// ```
/// # use entity_events::{EntityEvents, PublishError};
/// # #[derive(Debug, Clone)]
/// # pub struct Amount(u64);
/// # impl Amount { fn cents(&self) -> u64 { self.0 } }
/// #[derive(Debug, Clone, EntityEvents)]
/// #[event(source = "catalog-service", extra(category_name: String))]
/// pub struct Product {
///     pub id: u64,
///     #[event(user_id)]
///     pub user_id: String,
///     #[event(with = Amount::cents, ty = u64)]
///     pub amount: Amount,
///     #[event(skip)]
///     pub category_id: u64,
/// }
///
/// # use entity_events::Uuid;
/// # async fn created(product: Product, correlation_id: Uuid, events: &dyn ProductEventProducer) -> Result<(), PublishError> {
/// let event = ProductEvent::new_created(&product, "Kitchen".to_owned(), correlation_id);
/// events.publish_product_event(event).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Keys on the struct
///
/// | key | means | default |
/// | --- | --- | --- |
/// | `source = "catalog-service"` | the publishing service | the package's name |
/// | `feature = "product"` | the word in methods, topic field and topic | the struct's name in snake case |
/// | `topic = "…"` | the topic if none is configured | `int.{feature}-update.event` |
/// | `version = "1.0"` | the version of the event's schema | `1.0` |
/// | `error = ProductError` | what a failed publish returns; needs `From<PublishError>` | `PublishError` |
/// | `map_error = ProductError::external_error` | makes the error from a message, instead of `From` | |
/// | `extra(category_name: String, ..)` | what the constructors take beside the entity, and the data carries | |
/// | `types(Archived, ..)` | event types beside created, updated and deleted: `ProductArchived` on the wire, made by `new_archived(&product, ..)` | |
/// | `updates(PriceChanged, ..)` | event types that also hold the state before: made by `new_price_changed(&old, &new, ..)` | |
/// | `name = "Product"` | the entity's name on the wire, as in `ProductCreated`; keeps it when the struct is renamed | the struct's name |
/// | `rename_all = "camelCase"` | the case of the data's names in JSON | as in Rust |
/// | `derive(PartialEq, ..)` | further derives for the data | |
/// | `type_prefix = "com.acme"` | the prefix of the type in the `CloudEvents` header `ce_type` | |
/// | `delete = "tombstone"` | what a deletion becomes: `event`, `tombstone` or `event_then_tombstone` | `event` |
/// | `schema` | the events have JSON Schemas, for the module `schema`; needs the cargo feature `schema`, and `schemars::JsonSchema` for the types of the fields | |
/// | `crate = path` | where `entity_events` is, if it is not found | found automatically |
///
/// # Keys on a field
///
/// | key | means |
/// | --- | --- |
/// | `key` | part of the partition key, joined by `:`; without any, the field `id` is the key |
/// | `user_id` | also the user in the metadata; of an `Option`, only if there is one |
/// | `skip` | not in the data |
/// | `rename = "name"` | its name in JSON |
/// | `alias = "old_name"` | a former name in JSON, which is still read; may be given several times |
/// | `with = Amount::value, ty = Decimal` | converted by a function or closure of a reference, to `ty` |
/// | `into = Decimal` | converted by `From` |
/// | `default` | its `Default` if an event from before the field lacks it; an `Option` is `None` then anyway |
/// | `header = "x-amount"` | also a record header, in lower case; of an `Option`, only if there is a value |
/// | `expose` | looks like a secret, or is skipped by serde, and is published all the same |
///
/// `key`, `user_id` and `header` take the field as it is in the data, and need `Display`. Several keys are joined
/// unescaped: if a value may contain `:`, convert it `with` something that leaves it out. `#[serde(..)]` on a field is for
/// the entity's own JSON and does not reach the events.
///
/// An extra takes `alias`, `default`, `header`, `rename`, `expose` and `user_id`, as an attribute before its name:
/// `extra(#[event(header = "x-category")] category_name: String)`.
///
/// All event types of an entity carry the same data, so that a consumer reads one shape, and the last record of a key is the
/// entity's state. What only one kind of event has to say is an `Option` among the extras; or it is an event of
/// its own: derive on a struct that holds it, with the entity's id as its key and the same `topic`.
///
/// # What is generated
///
/// For an entity `Product`, beside it and as visible:
///
/// * `ProductEventType`, the kinds of events: `Created`, `Updated`, `Deleted`, and those of `types(..)`; `Unknown` is one that was
///   read and that only a newer version of the code knows.
/// * `ProductEventData`, the snapshot: every field that is not skipped, then every extra, each as visible as the entity.
/// * `ProductEvent`, the envelope, with `new_created(&product, extras.., correlation_id)`,
///   `new_updated(&old, &new, old_extras.., extras.., correlation_id)`, `new_deleted`, and `new_<type>` for each of
///   `types(..)` and `updates(..)`.
/// * `ProductEventProducer`, the object-safe trait with `publish_product_event`, `publish_product_events` and
///   `emit_product_event`, implemented for everything that publishes the event; a double needs the first only.
/// * `ProductTopics`, the topic field for the configuration of a service with this one entity.
/// * `Entity`, `Event`, `Topics` and `TopicFor` for them.
#[proc_macro_derive(EntityEvents, attributes(event))]
pub fn entity_events(input: TokenStream) -> TokenStream {
    let input = names::without_self(input.into()).into();
    expand::entity_events(syn::parse_macro_input!(input)).into()
}

/// Makes `#[serde(..)]` known on the data of an entity with further derives, and prints nothing.
#[doc(hidden)]
#[proc_macro_derive(SerdeAttributes, attributes(serde))]
pub fn serde_attributes(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Joins the producer traits of several entities into one trait, for one `Arc<dyn EventProducer>`.
///
/// ```
/// # use entity_events::{EntityEvents, event_producer};
/// # #[derive(Debug, Clone, EntityEvents)] pub struct Product { id: u64 }
/// # mod shop { #[derive(Debug, Clone, entity_events::EntityEvents)] pub struct Order { id: u64 } }
/// #[event_producer(Product, shop::Order)]
/// pub trait EventProducer {}
/// ```
///
/// Each entity's producer trait has to be in scope in the entity's module, where the derive puts it. Everything that implements
/// all of them implements the trait.
#[proc_macro_attribute]
pub fn event_producer(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::event_producer(arguments.into(), &item.into()).into()
}

/// Fills a struct with the topics of a service: one field for each of its entities.
///
/// ```
/// # use entity_events::{EntityEvents, topics};
/// # #[derive(Debug, Clone, EntityEvents)] pub struct Product { id: u64 }
/// # mod shop { #[derive(Debug, Clone, entity_events::EntityEvents)] pub struct Order { id: u64 } }
/// #[topics(Product, shop::Order)]
/// pub struct Topics;
///
/// assert_eq!(Topics::default().order_topic, "int.order-update.event");
/// ```
///
/// The field is named after the entity; one that sets its own `feature`, or is in scope by another name, is listed by its
/// feature: `shop::Item as stock_item`.
///
/// The struct has `Debug`, `Clone`, `PartialEq`, `Eq` and `Default`. A further derive goes below the attribute: above it,
/// the derive would see the struct before it has its fields.
#[proc_macro_attribute]
pub fn topics(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::topics(arguments.into(), &item.into()).into()
}
