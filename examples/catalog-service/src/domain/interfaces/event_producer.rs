//! Where events go.

use entity_events::event_producer;

use crate::domain::order::OrderEventProducer;
use crate::domain::product::ProductEventProducer;

/// Publishes the events of every entity. In the service they go to the outbox, in the transaction of the change; in a test
/// of the domain, to a `RecordingProducer`.
#[event_producer(Product, Order)]
pub trait EventProducer {}
