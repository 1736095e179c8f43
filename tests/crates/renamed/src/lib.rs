//! The macros find the renamed crate on their own.

use events::{event_producer, topics, EntityEvents};

/// A product.
#[derive(Debug, Clone, EntityEvents)]
#[event(types(Priced), extra(note: String))]
pub struct Product {
    /// The partition key.
    pub id: u64,
    /// Not a keyword in this edition.
    #[event(header = "x-gen")]
    pub gen: u8,
}

/// The topics.
#[topics(Product)]
pub struct Topics;

/// The producer.
#[event_producer(Product)]
pub trait EventProducer {}
