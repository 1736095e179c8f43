//! An entity that counts, and helpers for tests on the embedded Kafka.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use entity_events::EntityEvents;
use entity_events::kafka::{KafkaConfig, KafkaEventService, LostEvent};
use entity_events::testing::EmbeddedKafka;
use uuid::Uuid;

use crate::nowhere;

/// A count of something.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "counter", delete = "event_then_tombstone")]
pub struct Tick {
    /// The counted thing.
    pub id: u32,
    /// The count.
    pub number: u64,
}

/// The service for it.
pub type Service = KafkaEventService<TickTopics>;

/// Its configuration.
pub type Config = KafkaConfig<TickTopics>;

/// The default topic.
pub const TOPIC: &str = "int.tick-update.event";

/// Limit for anything that a test waits for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// An event, which is one record.
#[must_use]
pub fn tick(id: u32, number: u64) -> TickEvent {
    TickEvent::new_created(&Tick { id, number }, Uuid::nil())
}

/// A deletion, which is an event and a tombstone.
#[must_use]
pub fn deletion(id: u32) -> TickEvent {
    TickEvent::new_deleted(&Tick { id, number: 0 }, Uuid::nil())
}

/// An embedded Kafka, and a configuration for it.
///
/// # Panics
///
/// If it does not start.
pub async fn kafka() -> (EmbeddedKafka, Config) {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let config = kafka.config();
    (kafka, config)
}

/// A configuration for an address that refuses connections.
#[must_use]
pub fn nowhere() -> Config {
    Config::new(nowhere::refusing())
}

/// The numbers of the first `count` events in the topic.
///
/// # Panics
///
/// If they do not arrive.
pub async fn numbers(kafka: &EmbeddedKafka, count: usize) -> Vec<u64> {
    let records = kafka.consume(TOPIC, count).await.expect("the records");
    records.iter().map(|record| record.json::<TickEvent>().expect("a tick").data.number).collect()
}

/// Waits until a condition holds.
///
/// # Panics
///
/// If it does not within [`PATIENCE`].
pub async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "{what} within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Awaits a future.
///
/// # Panics
///
/// If it does not within [`PATIENCE`].
pub async fn soon<R>(what: &str, future: impl Future<Output = R>) -> R {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what} within {PATIENCE:?}"))
}

/// Collects what `on_lost` is called for.
#[derive(Debug, Clone, Default)]
pub struct Lost(Arc<Mutex<Vec<LostEvent>>>);

impl Lost {
    /// A service whose losses are collected.
    ///
    /// # Panics
    ///
    /// If the configuration cannot work.
    #[must_use]
    pub fn service(&self, config: &Config) -> Service {
        let lost = self.clone();
        let remember = move |event: &LostEvent| lost.0.lock().expect("no panic").push(event.clone());
        Service::builder(config).on_lost(remember).build().expect("a service")
    }

    /// The ids of the lost events, in order.
    ///
    /// # Panics
    ///
    /// If a test panicked meanwhile.
    #[must_use]
    pub fn ids(&self) -> Vec<Uuid> {
        self.0.lock().expect("no panic").iter().map(|lost| lost.id).collect()
    }
}
