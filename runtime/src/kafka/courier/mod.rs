//! Sends numbered records, and collects what became of each: the Kafka side of the outbox's relay.
//!
//! Unlike the service's producer it keeps nothing: a record that is not delivered is still in the table. So a client that breaks
//! is replaced, and whatever it had counts as not delivered.

mod client;
mod config;
mod headers;
mod spans;
mod verdict;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use tokio::sync::Notify;

use self::client::Client;
use self::config::courier_config;
use self::spans::Spans;
pub(crate) use self::verdict::{Failure, Verdict};
use super::cluster::{Cluster, Health};
use super::config::properties::{Effective, refused_by_librdkafka};
use super::config::{ConfigError, KafkaConfig};
use super::oauth::{FetchToken, TokenSource};
use crate::guard::{guard, log, mark_service_thread, unlogged};
use crate::telemetry::Source;
use crate::topics::Topics;

/// A record to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    pub(crate) topic: String,
    pub(crate) key: String,
    /// `None` is a tombstone.
    pub(crate) value: Option<String>,
    /// A JSON object of strings.
    pub(crate) headers: String,
}

/// What became of records.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Every in-sync replica has it.
    Delivered(usize),
    Failed(usize, Failure),
    /// A client was replaced. No outcome will come for what was sent to it and not reported by now.
    Replaced,
}

/// How long librdkafka is served at a time.
const TURN: Duration = Duration::from_millis(100);
const SHORT_TURN: Duration = Duration::from_millis(5);

/// How long a client may take to return its records, once they are purged.
const PURGE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait before a broken client is replaced.
const REPLACE_WAIT: Duration = Duration::from_secs(1);

/// Its clone shares everything; the thread ends with [`stop`](Self::stop).
#[derive(Clone)]
pub(crate) struct Courier(Arc<Shared>);

pub(super) struct Shared {
    cluster: Cluster,
    source: Source,
    /// Those of records on their way.
    spans: Spans,
    tokens: Option<TokenSource>,
    config: ClientConfig,
    client: Mutex<Option<Client>>,
    /// Sends each record in a batch of its own, since a broker refuses a batch as a whole. Created when it is needed first.
    alone: Mutex<Option<Client>>,
    outcomes: Mutex<Vec<Outcome>>,
    arrived: Notify,
    stopping: AtomicBool,
}

impl Courier {
    /// Creates the client and starts the thread that serves it. Does not wait for a broker.
    pub(crate) fn start<T: Topics>(
        config: &KafkaConfig<T>,
        fetch_token: Option<FetchToken>,
    ) -> Result<Self, ConfigError> {
        let Effective { client: settings, .. } = unlogged(|| courier_config(config))?;
        let tokens = TokenSource::of(&settings, fetch_token)?;
        let shared = Arc::new(Shared {
            cluster: Cluster::new(config.bootstrap_servers.clone(), &settings),
            source: Source::of(&settings, config.log_keys),
            spans: Spans::default(),
            tokens,
            config: settings,
            client: Mutex::default(),
            alone: Mutex::default(),
            outcomes: Mutex::default(),
            arrived: Notify::new(),
            stopping: AtomicBool::new(false),
        });
        let client = Client::new(&shared.config, &shared, false);
        *shared.client() = Some(client.map_err(|error| refused_by_librdkafka(&error, str::to_owned))?);
        let this = Arc::clone(&shared);
        thread::Builder::new().name("entity-events courier".to_owned()).spawn(move || this.run()).map_err(
            |error| ConfigError::new("kafka", format!("failed to start a thread: {error}; lower the load")),
        )?;
        Ok(Self(shared))
    }

    /// Hands a record to librdkafka. Never blocks; its outcome arrives under its number.
    pub(crate) fn send(&self, number: usize, parcel: &Parcel) -> Result<(), Failure> {
        let client = self.0.client();
        let client = client.as_ref().ok_or_else(Failure::replacing)?;
        client.send(number, parcel, &self.0).map_err(|error| self.0.failure(&error, &parcel.topic))
    }

    /// Sends a record in a batch of its own, so that it is not refused for another.
    pub(crate) fn send_alone(&self, number: usize, parcel: &Parcel) -> Result<(), Failure> {
        let mut alone = self.0.alone();
        if alone.is_none() {
            let client = Client::new(&self.0.config, &self.0, true);
            *alone = Some(client.map_err(|error| self.0.failure(&error.into(), &parcel.topic))?);
        }
        let client = alone.as_ref().ok_or_else(Failure::replacing)?;
        client.send(number, parcel, &self.0).map_err(|error| self.0.failure(&error, &parcel.topic))
    }

    /// Waits until there are outcomes.
    pub(crate) async fn arrived(&self) {
        self.0.arrived.notified().await;
    }

    /// Takes the outcomes so far, in the order of their arrival.
    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        std::mem::take(&mut self.0.outcomes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes librdkafka return everything; its outcomes arrive soon.
    pub(crate) fn purge(&self) {
        for client in [self.0.client(), self.0.alone()] {
            client.iter().for_each(Client::purge);
        }
    }

    /// The number of records whose outcome has not arrived.
    pub(crate) fn in_flight(&self) -> usize {
        [self.0.client(), self.0.alone()]
            .into_iter()
            .filter_map(|client| client.as_ref().map(Client::queued))
            .sum()
    }

    /// Returns the state for health probes, from memory.
    pub(crate) fn health(&self, closed: bool) -> Health {
        self.0.cluster.condition.health(closed)
    }

    /// Lets the thread purge and drop the clients, and end. Waits for nothing.
    pub(crate) fn stop(&self) {
        self.0.stopping.store(true, SeqCst);
    }
}

impl Shared {
    fn client(&self) -> MutexGuard<'_, Option<Client>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alone(&self) -> MutexGuard<'_, Option<Client>> {
        self.alone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, outcome: Outcome) {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let first = outcomes.is_empty();
        outcomes.push(outcome);
        drop(outcomes);
        if first {
            self.arrived.notify_one();
        }
    }

    fn failure(&self, error: &client::SendError, topic: &str) -> Failure {
        match error {
            client::SendError::Headers(why) => Failure::record(format!(
                "its column `headers` cannot be sent: {why}; use a JSON object of strings"
            )),
            client::SendError::Kafka(error) => self.verdict(error, topic),
        }
    }

    fn verdict(&self, error: &KafkaError, topic: &str) -> Failure {
        if error.rdkafka_error_code() == Some(Code::MessageTimedOut) {
            self.cluster.condition.timed_out(&self.cluster.servers);
        }
        Failure::of(error, topic, &self.cluster.servers)
    }

    fn run(self: Arc<Self>) {
        mark_service_thread();
        while !self.stopping.load(SeqCst) {
            let client = self.client().clone();
            let alone = self.alone().clone();
            let polled = guard(|| match (&client, alone.filter(|alone| alone.queued() > 0)) {
                (Some(client), None) => client.poll(TURN),
                (Some(client), Some(alone)) => {
                    client.poll(SHORT_TURN);
                    alone.poll(SHORT_TURN);
                }
                (None, _) => thread::sleep(SHORT_TURN),
            });
            let broken = client.as_ref().is_none_or(Client::is_broken)
                || self.alone().as_ref().is_some_and(Client::is_broken);
            if polled.is_none() || broken {
                // After a panic, most likely of a log layer within rdkafka, the outcome of a record may be lost.
                self.replace();
            }
        }
        for client in [self.client().take(), self.alone().take()].into_iter().flatten() {
            end(client);
        }
    }

    /// Replaces the clients. What they had counts as not delivered, once they have returned it.
    fn replace(self: &Arc<Self>) {
        log(|| tracing::warn!("the relay's Kafka producer is broken; replacing it"));
        for client in [self.client().take(), self.alone().take()].into_iter().flatten() {
            end(client);
        }
        self.spans.clear();
        self.report(Outcome::Replaced);
        while !self.stopping.load(SeqCst) {
            thread::sleep(REPLACE_WAIT);
            match Client::new(&self.config, self, false) {
                Ok(client) => return *self.client() = Some(client),
                Err(error) => {
                    log(|| tracing::error!(%error, "the relay's Kafka producer could not be replaced"));
                }
            }
        }
    }
}

/// Purges a client, waits for what it returns, and drops it on a thread of its own: that waits for librdkafka's threads.
fn end(client: Client) {
    let until = Instant::now() + PURGE_TIMEOUT;
    while client.queued() > 0 && Instant::now() < until {
        client.purge();
        guard(|| client.poll(SHORT_TURN));
    }
    let dropping = move || {
        guard(move || unlogged(move || drop(client)));
    };
    let _ = thread::Builder::new().name("entity-events drop".to_owned()).spawn(dropping);
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").field("cluster", &self.0.cluster).finish_non_exhaustive()
    }
}
