//! What becomes of a record.

use entity_events::{Event, version_of};
use uuid::Uuid;

use super::handler::{Handler, HandlerError};
use super::recent::Recent;
use crate::config::Topics;
use crate::domain::order::{OrderEvent, OrderEventType};
use crate::domain::product::{ProductEvent, ProductEventType};

/// How many ids are remembered.
const REMEMBERED: usize = 10_000;

/// The major version that this consumer was written for. Minor ones may come and go.
const MAJOR: &str = "1";

/// A record, as any client of Kafka has it.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The value; `None` for a tombstone.
    pub value: Option<&'a [u8]>,
    /// The headers.
    pub headers: &'a [(&'a str, &'a [u8])],
}

/// A change that this consumer knows.
#[derive(Debug, Clone)]
pub enum Change {
    /// Of a product.
    Product(Box<ProductEvent>),
    /// Of an order.
    Order(Box<OrderEvent>),
}

/// What became of a record. Only [`Handled`](Self::Handled) reached the handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was handled.
    Handled,
    /// It was handled before, by its `ce_id`.
    Duplicate,
    /// Its type is of a newer publisher, and this consumer has no use for it.
    UnknownType(String),
    /// Its version is of another time, and is left alone before it is parsed.
    UnknownVersion(String),
    /// It has no value. These topics are not compacted, so it means nothing here.
    Tombstone,
    /// It cannot be read, now or ever. It is skipped, so that the records behind it are not held up.
    Broken(String),
}

/// Reads records, and hands each change to a handler once.
#[derive(Debug)]
pub struct Inbox {
    topics: Topics,
    recent: Recent,
}

impl Inbox {
    /// An inbox for these topics, as they are named in Kafka.
    #[must_use]
    pub fn new(topics: Topics) -> Self {
        Self { topics, recent: Recent::new(REMEMBERED) }
    }

    /// Handles a record.
    ///
    /// # Errors
    ///
    /// The handler has failed. Call again with the same record: it is not remembered.
    pub async fn receive(
        &mut self,
        message: Message<'_>,
        handler: &mut dyn Handler,
    ) -> Result<Outcome, HandlerError> {
        let (id, change) = match self.read(message) {
            Ok(read) => read,
            Err(outcome) => return Ok(outcome),
        };
        handler.handle(change).await?;
        self.recent.insert(id);
        Ok(Outcome::Handled)
    }

    /// The change, or why it is not handled.
    fn read(&self, message: Message<'_>) -> Result<(Uuid, Change), Outcome> {
        let header = |name| {
            let found = message.headers.iter().find(|(header, _)| *header == name)?;
            std::str::from_utf8(found.1).ok()
        };
        // Cheap checks first: neither needs the value.
        let version = version_of(message.headers.iter().copied()).unwrap_or_default();
        if version.split('.').next() != Some(MAJOR) {
            return Err(Outcome::UnknownVersion(version.to_owned()));
        }
        let id = header("ce_id").and_then(|id| id.parse().ok());
        let id: Uuid = id.ok_or_else(|| Outcome::Broken("its header `ce_id` is not a UUID".to_owned()))?;
        if self.recent.contains(id) {
            return Err(Outcome::Duplicate);
        }
        let value = message.value.ok_or(Outcome::Tombstone)?;
        Ok((id, self.change(message.topic, value)?))
    }

    fn change(&self, topic: &str, value: &[u8]) -> Result<Change, Outcome> {
        if topic == self.topics.product_topic {
            let event: ProductEvent = parse(value)?;
            match event.event_type {
                ProductEventType::Unknown(name) => Err(Outcome::UnknownType(name.to_string())),
                _ => Ok(Change::Product(Box::new(event))),
            }
        } else if topic == self.topics.order_topic {
            let event: OrderEvent = parse(value)?;
            match event.event_type {
                OrderEventType::Unknown(name) => Err(Outcome::UnknownType(name.to_string())),
                _ => Ok(Change::Order(Box::new(event))),
            }
        } else {
            Err(Outcome::Broken(format!("its topic `{topic}` is none of this consumer")))
        }
    }
}

/// The text of an error shows no data.
fn parse<E: Event>(value: &[u8]) -> Result<E, Outcome> {
    serde_json::from_slice(value).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = format!("{:?}", error.classify()).to_lowercase();
        Outcome::Broken(format!("its value is no `{}` event ({what} error at {line}:{column})", E::FEATURE))
    })
}
