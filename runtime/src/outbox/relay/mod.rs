//! The relay: sends committed rows to Kafka, in order per key, until they are acknowledged.

mod acker;
mod active;
mod auditor;
mod control;
mod gaps;
mod keeper;
mod lease;
mod link;
mod reader;
mod report;
mod standby;
mod store;
mod window;
mod worker;

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use self::control::Control;
pub use self::report::{RelayReport, RelayRole, RelayStats};
#[cfg(feature = "outbox-postgres")]
pub(super) use self::store::Snapshot;
pub(super) use self::store::{Blocked, Claimed, Depth, Known, Range, Read, Refused, Store, Topic, ago};
use self::worker::Worker;
use super::backend::Backend;
use super::error::OutboxError;
use super::handle::Outbox;
use crate::kafka::courier::Courier;
use crate::kafka::{ConfigError, FetchToken, Health, KafkaConfig, OauthToken};
use crate::telemetry::Meter;
use crate::topics::Topics;

/// What a relay needs the database for, in `health` and in the log.
const READING: &str = "reading";
const DELETING: &str = "deleting";
const RENEWING: &str = "renewing the lease";
const COUNTING: &str = "counting";
const BLOCKING: &str = "blocking keys";

/// How long a relay that is dropped without [`close`](OutboxRelay::close) works on, in the background.
const DROP_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends committed events to Kafka. One per process is enough, and several processes may have one: one of all relays on a table
/// works, and the others stand by.
///
/// It has a thread, database connections and a Kafka producer of its own, so it needs neither the pool nor the tokio runtime of the
/// service: a full pool or a runtime that shuts down does not stop it. Its connections are made with the options of the pool, and
/// without its hooks: set a `search_path` in the options, not in `after_connect`.
///
/// Dropping it gives the lease back in the background; [`close`](Self::close) waits for that and reports.
pub struct OutboxRelay {
    control: Arc<Control>,
    courier: Courier,
}

/// Builds an [`OutboxRelay`].
pub struct OutboxRelayBuilder<'a, DB: Backend, T: Topics> {
    outbox: &'a Outbox<DB, T>,
    config: &'a KafkaConfig<T>,
    fetch_token: Option<FetchToken>,
}

impl OutboxRelay {
    /// Returns a builder for a relay of an outbox's table, with the brokers and the settings `outbox.*` of a configuration.
    #[must_use]
    pub fn builder<'a, DB: Backend, T: Topics>(
        outbox: &'a Outbox<DB, T>,
        config: &'a KafkaConfig<T>,
    ) -> OutboxRelayBuilder<'a, DB, T> {
        OutboxRelayBuilder { outbox, config, fetch_token: None }
    }

    /// Returns what the relay has done, and what waits.
    pub fn stats(&self) -> RelayStats {
        self.control.stats()
    }

    /// Returns the relay's state for health probes, from memory.
    ///
    /// It stays ready while Kafka is unavailable: events wait in the table. It is not ready while its database is unavailable, or
    /// Kafka refuses its login, a topic is missing or may not be written to. Blocked keys do not make it unready; the reason says how many there are.
    #[must_use]
    pub fn health(&self) -> Health {
        self.control.health(self.courier.health(self.control.is_closing()))
    }

    /// Reads no more rows, waits up to `limit` for the acknowledgements of those on their way, and gives the lease back: another
    /// relay takes over at once. What is not acknowledged by then stays in the table.
    pub async fn close(&self, limit: Duration) -> RelayReport {
        self.control.close_at(Instant::now() + limit);
        self.control.ended(limit).await
    }
}

impl Drop for OutboxRelay {
    fn drop(&mut self) {
        self.control.close_at(Instant::now() + DROP_TIMEOUT);
    }
}

impl<DB: Backend, T: Topics> OutboxRelayBuilder<'_, DB, T> {
    /// Sets the callback that fetches tokens for `security.sasl_mechanism = "OAUTHBEARER"`, as
    /// [`KafkaEventServiceBuilder::oauth_token`](crate::kafka::KafkaEventServiceBuilder::oauth_token) does.
    #[must_use]
    pub fn oauth_token<F>(mut self, fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<OauthToken, Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        self.fetch_token = Some(Arc::new(move || Box::pin(fetch())));
        self
    }

    /// Checks the tables, and starts the relay. No broker is needed to start.
    ///
    /// # Errors
    ///
    /// Returns an error if the configuration cannot work, if the tables differ from what the relay needs (with the SQL to run), or
    /// if the database cannot be reached.
    pub async fn start(self) -> Result<OutboxRelay, OutboxError> {
        let Self { outbox, config, fetch_token } = self;
        let wrong = |error: ConfigError| OutboxError::new(error.to_string()).with_source(error);
        config.outbox.check().map_err(wrong)?;
        DB::check(outbox.pool(), true).await?;
        let store = DB::store(outbox.pool());
        let courier = Courier::start(config, fetch_token).map_err(wrong)?;
        let control = Arc::<Control>::default();
        let worker = Worker {
            store,
            courier: courier.clone(),
            control: Arc::clone(&control),
            meter: Meter::default(),
            wake: outbox.waker(),
            settings: config.outbox.clone(),
            holder: format!("{}/{}/{}", config.client_id, std::process::id(), uuid::Uuid::new_v4().simple()),
        };
        let started = thread::Builder::new().name("entity-events relay".to_owned()).spawn(|| worker.run());
        if let Err(error) = started {
            courier.stop();
            return Err(
                OutboxError::new(format!("failed to start the relay's thread: {error}")).with_source(error)
            );
        }
        Ok(OutboxRelay { control, courier })
    }
}

impl fmt::Debug for OutboxRelay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxRelay").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

impl<DB: Backend, T: Topics> fmt::Debug for OutboxRelayBuilder<'_, DB, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxRelayBuilder").field("outbox", &self.outbox).finish_non_exhaustive()
    }
}
