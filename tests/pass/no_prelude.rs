//! Without a prelude. The output needs only `Box` from it, since `async_trait` writes it without a path
//! (dtolnay/async-trait#132).

#![no_implicit_prelude]

mod domain {
    use ::std::boxed::Box;

    #[derive(::std::fmt::Debug, ::std::clone::Clone, ::entity_events::EntityEvents)]
    #[event(
        error = Failure, extra(note: ::std::string::String), types(Priced), delete = "tombstone",
        type_prefix = "com.acme", derive(::std::cmp::PartialEq),
    )]
    pub struct Product {
        pub id: u64,
        #[event(user_id)]
        pub owner: ::std::option::Option<u64>,
        #[event(with = ::std::string::String::len, ty = usize, header = "x-length")]
        pub name: ::std::string::String,
        #[event(into = u64)]
        pub amount: u32,
    }

    #[derive(::std::fmt::Debug)]
    pub struct Failure;

    impl ::std::convert::From<::entity_events::PublishError> for Failure {
        fn from(_: ::entity_events::PublishError) -> Self {
            Failure
        }
    }

    #[::entity_events::topics(Product)]
    pub struct Topics;

    #[::entity_events::event_producer(Product)]
    pub trait EventProducer {}
}

fn main() {
    let product = domain::Product {
        id: 1,
        owner: ::std::option::Option::Some(2),
        name: ::std::string::String::from("abc"),
        amount: 4,
    };
    let event = domain::ProductEvent::new_priced(&product, ::std::string::String::new(), ::uuid::Uuid::nil());
    ::std::assert_eq!(event.data.name, 3);
    ::std::assert_eq!(event.data.amount, 4);
    ::std::assert_eq!(event.metadata.user_id.as_deref(), ::std::option::Option::Some("2"));
    let _: domain::Topics = ::std::default::Default::default();
}

use ::std::convert::From;
