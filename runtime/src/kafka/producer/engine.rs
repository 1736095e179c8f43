//! The service's thread: serves librdkafka, sends from the line, and replaces a client that breaks.
//!
//! A fatal error ends a librdkafka producer for good: it accepts no more records, and returns the queued ones. The engine
//! collects these, and sends them with another producer, in order, before those that joined the line meanwhile.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;

use super::client::{Calls, Client};
use super::fallback::GRACE;
use super::gate::Door;
use super::lane::Lane;
use super::owned_record::OwnedRecord;
use crate::guard::{guard, log, mark_service_thread, unlogged};

/// How often in a row a client may break, or fail to be created, without a delivery in between.
const ATTEMPTS: u32 = 8;

/// The wait before the second client in a row; it doubles for each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// How long a broken client may wait for responses to its requests in flight.
const LAST_RESPONSES: Duration = Duration::from_secs(10);

/// How long librdkafka may take to return purged records; it does so at once.
pub(super) const PURGE_TIMEOUT: Duration = Duration::from_secs(5);

/// The polling interval of the engine while it waits.
const STEP: Duration = Duration::from_millis(5);

pub(super) struct Engine {
    lane: Arc<Lane>,
    config: ClientConfig,
    client: Option<Client>,
    /// There will be no further client.
    dead: bool,
    /// How often in a row clients broke, and the number of deliveries by then.
    breaks: u32,
    delivered: u64,
}

impl Engine {
    /// Creates the first client and starts the thread.
    ///
    /// # Errors
    ///
    /// Returns an error if librdkafka rejects the configuration, or if the thread cannot be started.
    pub(super) fn start(config: ClientConfig, lane: &Arc<Lane>) -> Result<(), KafkaError> {
        let client = client(&config, lane)?;
        lane.route.gate.set(Door::Open(client.clone()));
        let engine = Self {
            lane: Arc::clone(lane),
            config,
            client: Some(client),
            dead: false,
            breaks: 0,
            delivered: 0,
        };
        let started = thread::Builder::new().name("entity-events".to_owned()).spawn(move || engine.run());
        started.map(drop).map_err(|error| {
            lane.route.gate.set(Door::Ended);
            KafkaError::ClientCreation(format!("failed to start a thread: {error}"))
        })
    }

    fn run(mut self) {
        mark_service_thread();
        while !self.lane.is_done() {
            if guard(|| self.turn()).is_none() {
                // Most likely, a log layer panicked within rdkafka. Any entries lost by that are settled with the client.
                log(|| tracing::error!("the Kafka producer panicked; replacing it"));
                guard(|| self.replace());
            }
        }
        guard(|| self.end());
        self.lane.shared.ledger.show_queued(true);
        self.lane.set_ended();
        if let Some(losses) = self.lane.shared.ledger.losses() {
            losses.end();
        }
        // Waits for librdkafka's threads, which may wait for a name server. Nothing waits for this.
        guard(move || unlogged(move || drop(self.client)));
    }

    fn turn(&mut self) {
        match &self.client {
            Some(client) if self.lane.serve(client) => {}
            Some(_) if self.lane.is_done() => {}
            Some(_) => self.replace(),
            None if !self.dead => self.replace(),
            None => {
                self.lane.expire();
                self.lane.tend_fallback(None);
                thread::sleep(STEP);
            }
        }
    }

    /// Replaces the client, or gives up.
    fn replace(&mut self) {
        self.lane.route.line.recover();
        self.lane.route.gate.set(Door::Shut);
        if let Some(client) = self.client.take() {
            self.lane.route.line.put_first(self.finish(client));
        }
        while self.retry() {
            match client(&self.config, &self.lane) {
                Ok(client) => {
                    self.lane.shared.ledger.rebuilt();
                    let breaks = self.breaks;
                    log(|| tracing::warn!(breaks, "the Kafka producer was replaced"));
                    self.client = Some(client.clone());
                    return self.lane.route.gate.set(Door::Open(client));
                }
                Err(error) => log(|| tracing::error!(%error, "the Kafka producer could not be replaced")),
            }
        }
        self.dead = true;
        self.lane.shared.cluster.condition.ended(self.lane.end_code());
        self.lane.route.gate.set(Door::Ended);
        self.lane.lose_line();
    }

    /// Counts a break, and waits before the next attempt; returns `false` if there is to be none.
    fn retry(&mut self) -> bool {
        let delivered = self.lane.shared.ledger.stats().delivered;
        self.breaks = if delivered > self.delivered { 1 } else { self.breaks + 1 };
        self.delivered = delivered;
        if self.breaks > ATTEMPTS {
            return false;
        }
        let wait = if self.breaks > 1 { FIRST_WAIT * (1 << (self.breaks - 2)) } else { Duration::ZERO };
        let until = Instant::now() + wait;
        while Instant::now() < until && !self.lane.shared.is_giving_up() {
            self.lane.expire();
            thread::sleep(STEP);
        }
        !self.lane.shared.is_giving_up()
    }

    /// Waits for a client's last responses, and takes the records that it returns, in the order of the calls.
    fn finish(&self, client: Client) -> Vec<OwnedRecord> {
        client.retire();
        client.check_reached();
        // An attempt without a response is queued again, and so has to be purged again.
        self.serve_until_empty(&client, LAST_RESPONSES, false);
        self.serve_until_empty(&client, PURGE_TIMEOUT, true);
        client.lose_remaining();
        let mut records = client.take_back();
        records.sort_by_key(|record| record.entry.number);
        // Dropping it waits for librdkafka's threads.
        let dropping = move || {
            guard(move || unlogged(move || drop(client)));
        };
        // If no thread starts, it is dropped here.
        let _ = thread::Builder::new().name("entity-events drop".to_owned()).spawn(dropping);
        records
    }

    /// Purges a client until it has no records left, or `limit` has passed.
    fn serve_until_empty(&self, client: &Client, limit: Duration, in_flight: bool) {
        let until = Instant::now() + limit;
        while client.queued() > 0 && Instant::now() < until && (in_flight || !self.lane.shared.is_giving_up())
        {
            client.purge(in_flight);
            guard(|| client.poll(STEP));
            self.lane.expire();
        }
    }

    /// Settles all remaining records.
    fn end(&mut self) {
        self.lane.shared.give_up();
        self.lane.route.gate.set(Door::Ended);
        self.lane.lose_line();
        if let Some(client) = &self.client {
            client.check_reached();
            self.serve_until_empty(client, PURGE_TIMEOUT, true);
            client.lose_remaining();
        }
        self.end_fallback();
    }

    /// Waits until the fallback has written what it has, or given it up.
    fn end_fallback(&self) {
        let Some(fallback) = &self.lane.shared.fallback else { return };
        fallback.give_up_at(Instant::now() + GRACE);
        fallback.end();
        let queued = || self.lane.shared.ledger.stats().queued;
        let (mut last, mut since) = (queued(), Instant::now());
        // One more attempt may be running as the time is up.
        while !fallback.has_ended() && since.elapsed() < 2 * GRACE {
            thread::sleep(STEP);
            if queued() != last {
                (last, since) = (queued(), Instant::now());
            }
        }
    }
}

/// Creates a client that serves the lane while it waits for a token.
fn client(config: &ClientConfig, lane: &Arc<Lane>) -> Result<Client, KafkaError> {
    let (serving, recalling) = (Arc::downgrade(lane), Arc::downgrade(lane));
    let calls = Calls {
        meanwhile: Box::new(move |client| serving.upgrade().is_some_and(|lane| lane.serve(client))),
        recall: Box::new(move |client| {
            if let Some(lane) = recalling.upgrade() {
                lane.recall(client);
            }
        }),
    };
    Client::new(config, Arc::clone(&lane.shared), calls)
}

#[cfg(all(test, feature = "ssl"))]
mod tests {
    use std::fs;

    use super::*;
    use crate::kafka::cluster::Cluster;
    use crate::kafka::producer::ledger::Ledger;
    use crate::kafka::producer::line::Limits;
    use crate::kafka::producer::shared::Shared;
    use crate::telemetry::Source;

    #[test]
    fn creating_a_client_is_retried() {
        let folder = std::env::temp_dir().join(format!("entity-events-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let authority = folder.join("ca.pem");
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", "127.0.0.1:1").set("security.protocol", "SSL");
        config.set("ssl.ca.location", authority.to_string_lossy());
        let cluster = Cluster::new("127.0.0.1:1".to_owned(), &config);
        let source = Source::of(&config, true);
        let shared =
            Arc::new(Shared::new(cluster, source, Arc::new(Ledger::new(None, true)), None, None, false));
        let limits = Limits { records: 1, bytes: 1_024 };
        let lane = Arc::new(Lane::new(shared, limits, Duration::ZERO));
        let mut engine =
            Engine { lane: Arc::clone(&lane), config, client: None, dead: false, breaks: 0, delivered: 0 };
        let back = thread::spawn(move || {
            thread::sleep(Duration::from_millis(300));
            let certificate = std::process::Command::new("openssl")
                .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-keyout"])
                .arg(folder.join("ca.key"))
                .arg("-out")
                .arg(&authority)
                .output();
            assert!(certificate.expect("openssl").status.success());
            folder
        });
        engine.replace();
        let folder = back.join().expect("no panic");
        fs::remove_dir_all(folder).expect("the folder");
        assert!(engine.client.is_some(), "the file is back");
        assert!(engine.breaks > 1, "the first attempts failed");
        let condition = &lane.shared.cluster.condition;
        assert!(condition.health(false).live);
    }
}
