//! Every prelude name that the output could use means something else here.

#![allow(dead_code, unused_imports, unused_macros)]

use entity_events::{EntityEvents, event_producer, topics};

type Result<T> = core::result::Result<T, ()>;

struct Option;
struct Ok;
struct Err;
struct Some;
struct None;
struct String;
struct Vec;
struct Default;

trait Clone {}
trait Send {}
trait Sync {}
trait Sized {}
trait Debug {}
trait From {}
trait ToString {}

mod core_ {}
mod std_ {}

macro_rules! assert {
    ($($anything:tt)*) => {
        compile_error!("not this one")
    };
}
macro_rules! vec {
    ($($anything:tt)*) => {
        compile_error!("not this one")
    };
}
macro_rules! env {
    ($($anything:tt)*) => {
        compile_error!("not this one")
    };
}
pub(crate) use {assert, env, vec};

#[derive(::core::fmt::Debug, ::core::clone::Clone, EntityEvents)]
#[event(extra(count: u64), types(Priced), delete = "event_then_tombstone", type_prefix = "com.acme")]
struct Product {
    id: u64,
    #[event(user_id, header = "x-owner")]
    owner: ::core::option::Option<u64>,
    #[event(with = |name: &::std::string::String| name.len(), ty = usize)]
    name: ::std::string::String,
}

#[topics(Product)]
struct Topics;

#[event_producer(Product)]
trait EventProducer {}

fn main() {
    let product = Product {
        id: 1,
        owner: ::core::option::Option::None,
        name: ::std::string::String::new(),
    };
    let event = ProductEvent::new_deleted(&product, 1, uuid::Uuid::nil());
    ::core::assert!(event.metadata.user_id.is_none());
    let topics: Topics = ::core::default::Default::default();
    ::core::assert_eq!(topics.product_topic, "int.product-update.event");
    let _: fn(&dyn EventProducer) = |_| {};
}
