//! The domain of a small service, as its team would write it: products, and orders that refer to them.
//!
//! `amount`, `ids` and the entities do not depend on Kafka; for its events the service adds [`Topics`] and
//! [`EventProducer`].

mod amount;
mod error;
mod ids;
mod order;
mod product;

pub use self::amount::Amount;
pub use self::error::{OrderError, ProductError};
pub use self::ids::{CategoryId, OrderId, ProductId, UserId};
pub use self::order::{Order, OrderEvent, OrderEventData, OrderEventProducer, OrderEventType, OrderTopics};
pub use self::product::{
    Description, Product, ProductEvent, ProductEventData, ProductEventProducer, ProductEventType,
    ProductTopics,
};

/// The service's topics.
#[entity_events::topics(Product, Order)]
pub struct Topics;

/// Publishes the events of every entity of the service.
#[entity_events::event_producer(Product, Order)]
pub trait EventProducer {}

/// The configuration of the brokers and of the service's topics.
pub type KafkaConfig = entity_events::kafka::KafkaConfig<Topics>;

/// The service that publishes them to Kafka.
pub type KafkaEventService = entity_events::kafka::KafkaEventService<Topics>;
