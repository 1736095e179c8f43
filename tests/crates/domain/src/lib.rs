//! Entities, and the port that publishes their events; the service chooses the transport.

use entity_events::{EntityEvents, event_producer};

/// A product.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service")]
pub struct Product {
    /// The partition key.
    pub id: u64,
}

/// Orders, in their own module.
pub mod shop {
    use entity_events::EntityEvents;

    /// An order.
    #[derive(Debug, Clone, EntityEvents)]
    #[event(source = "catalog-service")]
    pub struct Order {
        /// The partition key.
        pub id: u64,
    }
}

/// The port.
#[event_producer(Product, shop::Order)]
pub trait EventProducer {}
