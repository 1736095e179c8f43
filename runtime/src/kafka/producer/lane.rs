//! The path of a record into librdkafka: directly through the gate, or through the line.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::client::Client;
use super::entry::Entry;
use super::gate::Door;
use super::line::{Limits, Patience, Sent};
use super::owned_record::{Bytes, OwnedRecord, Unsent, headers};
use super::route::{Reason, Refusal, Route};
use super::shared::Shared;
use crate::error::PublishError;
use crate::guard::guard;
use crate::kafka::cluster::Written;
use crate::record::{Record, Records};

/// How long the engine serves librdkafka before it serves the line: while nothing is queued, while something is, and while
/// the line is not empty.
const IDLE: Duration = Duration::from_millis(100);
const BUSY: Duration = Duration::from_millis(5);
const FULL: Duration = Duration::from_millis(1);

/// How long librdkafka may take to return purged records; it does so at once.
const GIVE_BACK: Duration = Duration::from_secs(3);

/// How many records are sent from the line at once, while callers cannot join it.
const AT_ONCE: usize = 64;

/// The state that callers and the engine share.
pub(in crate::kafka) struct Lane {
    pub(in crate::kafka) shared: Arc<Shared>,
    pub(super) route: Route<Client, OwnedRecord>,
    pub(super) max_block: Duration,
    /// When records without an outcome are given up.
    deadline: Mutex<Option<Instant>>,
    /// The service was dropped: the engine ends as soon as nothing is queued.
    stopping: AtomicBool,
    /// The engine has ended, and settled every record.
    ended: AtomicBool,
}

impl Lane {
    pub(super) fn new(shared: Arc<Shared>, limits: Limits, max_block: Duration) -> Self {
        Self {
            shared,
            route: Route::new(limits),
            max_block,
            deadline: Mutex::default(),
            stopping: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        }
    }

    /// Hands the records of an event to librdkafka, or to the line. Never waits.
    ///
    /// Once the event itself is accepted, its tombstone is never refused for lack of space. If it fails for another reason,
    /// its own entry is lost.
    pub(super) fn send_event(
        &self,
        records: &Records<'_>,
        (entry, second): (Entry, Option<Entry>),
        patience: Patience,
    ) -> Result<(), (PublishError, Entry)> {
        let topic = records.record.topic;
        if let Err((error, entry)) = self.send(&records.record, entry, patience) {
            if let Some(second) = second {
                second.withdrawn();
            }
            return Err((self.shared.cluster.error(error, topic, Written::No), entry));
        }
        if let (Some(record), Some(entry)) = (&records.tombstone, second)
            && let Err((error, entry)) = self.send(record, entry, Patience::Unlimited)
        {
            self.shared.lose(entry, topic, record.key.as_bytes(), error, false);
        }
        Ok(())
    }

    fn send(&self, record: &Record<'_>, entry: Entry, patience: Patience) -> Result<(), (KafkaError, Entry)> {
        let bytes = Bytes { topic: record.topic, key: record.key.as_bytes(), value: record.value };
        let by_client = |client: &Client, (headers, entry)| {
            client.send(bytes, headers, entry).map_err(|unsent| {
                let Unsent { error, headers, entry } = *unsent;
                (reason(error), (headers, entry))
            })
        };
        let pack = |(headers, entry)| OwnedRecord::from_record(record, headers, entry);
        let sent =
            self.route.send((headers(record), entry), patience, by_client, pack, OwnedRecord::into_parts);
        sent.map_err(|(refusal, (headers, entry))| {
            guard(move || drop(headers));
            let error = match refusal {
                Refusal::Full => KafkaError::MessageProduction(Code::QueueFull),
                Refusal::Ended => KafkaError::MessageProduction(Code::Fatal),
                Refusal::Over => KafkaError::MessageProduction(self.end_code()),
                Refusal::Other(error) => error,
            };
            (error, entry)
        })
    }

    /// Returns the error code of records once the line has ended.
    pub(super) fn end_code(&self) -> Code {
        if self.shared.is_giving_up() { Code::PurgeQueue } else { Code::Fatal }
    }

    /// Returns the current client, for requests other than records.
    pub(in crate::kafka) fn client(&self) -> Option<Client> {
        match &*self.route.gate.read() {
            Door::Open(client) => Some(client.clone()),
            Door::Shut | Door::Ended => None,
        }
    }

    /// Serves a client briefly, then the line. Returns `false` if the client has to be replaced, or is no longer needed.
    pub(super) fn serve(&self, client: &Client) -> bool {
        client.poll(match self.route.line.is_empty() {
            false => FULL,
            true if self.shared.ledger.stats().queued > 0 => BUSY,
            true => IDLE,
        });
        self.expire();
        if self.shared.is_giving_up() {
            client.purge(true);
            self.lose_line();
            // A broker's thread that is blocked on a name server keeps its records.
            if self.deadline().is_some_and(|deadline| deadline + GIVE_BACK <= Instant::now()) {
                client.lose_remaining();
            }
        }
        if client.is_broken() || self.is_done() {
            return false;
        }
        self.forward(client);
        true
    }

    /// Sends from the line until it is empty or the queue is full again.
    fn forward(&self, client: &Client) {
        let mut can_send = true;
        while can_send && !self.route.line.is_empty() {
            // Wake callers and call back only after the line's lock is released.
            let (mut waits, mut refused) = (Vec::new(), Vec::new());
            can_send = self.route.line.forward(AT_ONCE, |record| {
                match record.send_by(|bytes, headers, entry| client.send(bytes, headers, entry)) {
                    Ok(wait) => waits.extend(wait),
                    Err((error, record)) => match reason(error) {
                        Reason::Full | Reason::Broken => return Sent::NotNow(record),
                        Reason::Other(error) => refused.push((error, record)),
                    },
                }
                Sent::Yes
            });
            for (error, record) in refused {
                self.lose(record, error);
            }
        }
    }

    /// Gives up records that have waited too long for space, and everything once the deadline of `close` has passed.
    pub(super) fn expire(&self) {
        let now = Instant::now();
        for record in self.route.line.expired(now) {
            let error = self.shared.cluster.queue_full_within(self.max_block, &record.topic);
            record.settle(|entry, topic, key, _| entry.lost(topic, key, error));
        }
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.shared.give_up();
        }
    }

    /// Gives up the records in line, and any that would join it.
    pub(super) fn lose_line(&self) {
        for record in self.route.line.end() {
            self.lose(record, KafkaError::MessageProduction(self.end_code()));
        }
    }

    fn lose(&self, record: OwnedRecord, error: KafkaError) {
        record.settle(|entry, topic, key, tried| self.shared.lose(entry, topic, key, error, tried));
    }

    /// Sets the time when records without an outcome are given up; an earlier one wins.
    pub(super) fn give_up_at(&self, deadline: Option<Instant>) {
        let mut earliest = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        *earliest = earliest.into_iter().chain(deadline).min();
    }

    fn deadline(&self) -> Option<Instant> {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the engine end.
    pub(super) fn stop(&self) {
        self.stopping.store(true, SeqCst);
    }

    /// Whether the engine should end now.
    pub(super) fn is_done(&self) -> bool {
        self.stopping.load(SeqCst) && (self.shared.is_giving_up() || self.shared.ledger.stats().queued == 0)
    }

    pub(super) fn set_ended(&self) {
        self.ended.store(true, SeqCst);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(SeqCst)
    }
}

/// Returns what an error of librdkafka means for the path of a record.
fn reason(error: KafkaError) -> Reason<KafkaError> {
    match error.rdkafka_error_code() {
        Some(Code::QueueFull) => Reason::Full,
        Some(Code::Fatal) => Reason::Broken,
        _ => Reason::Other(error),
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("shared", &self.shared).finish_non_exhaustive()
    }
}
