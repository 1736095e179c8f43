//! The path of a record into librdkafka: directly through the gate, or through the line.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::OwnedHeaders;

use super::client::Client;
use super::entry::Entry;
use super::fallback::From;
use super::gate::Door;
use super::line::{Limits, Patience, Sent};
use super::owned_record::{Bytes, OwnedRecord, Unsent, headers};
use super::route::{Reason, Refusal, Route};
use super::shared::{Shared, belongs_to_the_table};
use crate::error::PublishError;
use crate::guard::guard;
use crate::kafka::cluster::Written;
use crate::record::Record;

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
    /// A client was made to return its records, and the gate is shut until they have been handled.
    recalling: AtomicBool,
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
            recalling: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        }
    }

    /// Hands the records of an event to librdkafka, or to the line. Never waits.
    ///
    /// Once the event itself is accepted, its tombstone is never refused for lack of space. If it fails for another reason,
    /// its own entry is lost.
    pub(super) fn send_event(
        &self,
        record: &Record<'_>,
        tombstone: Option<&Record<'_>>,
        (entry, second): (Entry, Option<Entry>),
        patience: Patience,
    ) -> Result<(), (PublishError, Entry)> {
        if let Err((error, entry)) = self.send(record, entry, patience) {
            if let Some(second) = second {
                second.withdrawn(record.topic, &error);
            }
            return Err((error, entry));
        }
        if let (Some(record), Some(entry)) = (tombstone, second)
            && let Err((error, entry)) = self.send(record, entry, Patience::Unlimited)
        {
            entry.lost(record.topic, record.key.as_bytes(), error);
        }
        Ok(())
    }

    /// Hands a record to librdkafka, to the line, or to the fallback if neither takes it.
    fn send(
        &self,
        record: &Record<'_>,
        entry: Entry,
        patience: Patience,
    ) -> Result<(), (PublishError, Entry)> {
        let bytes = Bytes { topic: record.topic, key: record.key.as_bytes(), value: record.value };
        let by_client = |client: &Client, (headers, entry)| {
            self.hand_over(client, bytes, headers, entry).map_err(|unsent| {
                let Unsent { reason, headers, entry } = *unsent;
                (reason, (headers, entry))
            })
        };
        let pack = |(headers, entry)| OwnedRecord::from_record(record, headers, entry);
        let sent =
            self.route.send((headers(record), entry), patience, by_client, pack, OwnedRecord::into_parts);
        sent.or_else(|(refusal, (headers, entry))| {
            let error = match refusal {
                Refusal::Full => KafkaError::MessageProduction(Code::QueueFull),
                Refusal::Ended => KafkaError::MessageProduction(Code::Fatal),
                Refusal::Over => KafkaError::MessageProduction(self.end_code()),
                Refusal::Other(error) => error,
            };
            let belongs = belongs_to_the_table(&error);
            let error = self.shared.cluster.error(error, record.topic, Written::No);
            let refused = if belongs {
                self.shared.offer(entry, bytes, &headers, error, From::Caller)
            } else {
                Err((error, entry))
            };
            guard(move || drop(headers));
            refused
        })
    }

    /// Hands a record to librdkafka, or to the fallback if its key's records go there.
    fn hand_over(
        &self,
        client: &Client,
        bytes: Bytes<'_>,
        headers: OwnedHeaders,
        entry: Entry,
    ) -> Result<(), Box<Unsent>> {
        let Some(fallback) = self.shared.fallback.as_ref().filter(|fallback| fallback.is_active()) else {
            return client.send(bytes, headers, entry);
        };
        match fallback.divert(entry, bytes, &headers) {
            Ok(()) => {
                guard(move || drop(headers));
                Ok(())
            }
            Err((None, entry)) => client.send(bytes, headers, entry),
            Err((Some(_), entry)) => {
                let reason = Reason::Other(KafkaError::MessageProduction(Code::QueueFull));
                Err(Box::new(Unsent { reason, headers, entry }))
            }
        }
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
        self.shared.ledger.show_queued(false);
        self.expire();
        self.end_recall(client);
        self.tend_fallback(Some(client));
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
                match record.send_by(|bytes, headers, entry| self.hand_over(client, bytes, headers, entry)) {
                    Ok(wait) => waits.extend(wait),
                    Err((reason, record)) => match reason {
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
            record.settle(|entry, bytes, headers, _| {
                if let Err((error, entry)) = self.shared.offer(entry, bytes, headers, error, From::Client) {
                    entry.lost(bytes.topic, bytes.key, error);
                }
            });
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
        record.settle(|entry, bytes, headers, tried| self.shared.lose(entry, bytes, headers, error, tried));
    }

    /// Makes a client return what it has queued, for the fallback. Until the engine has handled that, records join the line: they
    /// must not overtake those of their keys that are returned.
    pub(super) fn recall(&self, client: &Client) {
        if self.shared.is_giving_up() {
            return;
        }
        self.route.line.recover();
        self.route.gate.set(Door::Shut);
        self.recalling.store(true, SeqCst);
        client.purge(false);
    }

    /// Handles what a client returned, and lets callers use it again.
    fn end_recall(&self, client: &Client) {
        if !self.recalling.load(SeqCst) {
            return;
        }
        let until = Instant::now() + GIVE_BACK;
        let (mut pending, mut quiet) = (client.pending(), 0);
        while quiet < 2 && Instant::now() < until {
            client.poll(FULL);
            let left = client.pending();
            quiet = if left == pending { quiet + 1 } else { 0 };
            pending = left;
        }
        self.recalling.store(false, SeqCst);
        // A broken client is replaced next.
        if !client.is_broken() {
            self.route.gate.set(Door::Open(client.clone()));
        }
    }

    /// Tells the fallback which records may still come to it, and makes the client return those that it has queued.
    pub(super) fn tend_fallback(&self, client: Option<&Client>) {
        let Some(fallback) = self.shared.fallback.as_ref().filter(|fallback| fallback.holds()) else {
            return;
        };
        if let Some(client) = client {
            // Its records go to the next client first.
            if client.is_broken() {
                return;
            }
            if fallback.takes_recall() {
                self.recall(client);
                self.end_recall(client);
            }
        }
        // Callers that did not see that a key goes to the fallback have handed over by now.
        self.route.gate.settle();
        let in_line = self.route.line.oldest(|record| record.entry.number);
        fallback.pass(client.and_then(Client::oldest).into_iter().chain(in_line).min().unwrap_or(u64::MAX));
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

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("shared", &self.shared).finish_non_exhaustive()
    }
}
