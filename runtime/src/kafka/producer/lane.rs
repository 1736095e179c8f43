//! The way of a record into librdkafka: straight through the gate, or by the line.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::client::Client;
use super::entry::Entry;
use super::gate::Door;
use super::line::{Limits, Patience, Sent};
use super::parcel::{Bytes, Parcel, Unsent, headers};
use super::route::{Reason, Refusal, Route};
use super::shared::Shared;
use crate::error::PublishError;
use crate::kafka::cluster::Written;
use crate::kafka::guard::guard;
use crate::record::{Record, Records};

/// How long the engine serves librdkafka before it looks after the line, while nothing is on its way, while something is, and
/// while somebody waits for room.
const IDLE: Duration = Duration::from_millis(100);
const BUSY: Duration = Duration::from_millis(5);
const FULL: Duration = Duration::from_millis(1);

/// How long librdkafka may take to give back what it was told to give back; it does so at once.
const GIVE_BACK: Duration = Duration::from_secs(3);

/// How many records are sent from the line in one go, while callers cannot join it.
const AT_ONCE: usize = 64;

/// What callers and the engine share.
pub(in crate::kafka) struct Lane {
    pub(in crate::kafka) shared: Arc<Shared>,
    pub(super) route: Route<Client, Parcel>,
    pub(super) max_block: Duration,
    /// When what has no outcome is given up.
    deadline: Mutex<Option<Instant>>,
    /// The service is gone: the engine ends as soon as nothing is on its way.
    stopping: AtomicBool,
    /// The engine has ended, and with it every record.
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
    /// Once the event itself is under way its tombstone is never refused for want of room. Whatever else keeps it from going,
    /// its own entry is lost by.
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
        let pack = |(headers, entry)| Parcel::from_record(record, headers, entry);
        let sent = self.route.send((headers(record), entry), patience, by_client, pack, Parcel::into_parts);
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

    /// What becomes of records when there is no line any more.
    pub(super) fn end_code(&self) -> Code {
        if self.shared.is_giving_up() { Code::PurgeQueue } else { Code::Fatal }
    }

    /// The client of the moment, for what is not a record.
    pub(in crate::kafka) fn client(&self) -> Option<Client> {
        match &*self.route.gate.read() {
            Door::Open(client) => Some(client.clone()),
            Door::Shut | Door::Ended => None,
        }
    }

    /// Serves a client for a moment, and the line. `false` if this client has to be replaced, or is not needed any more.
    pub(super) fn tend(&self, client: &Client) -> bool {
        client.poll(match self.route.line.is_empty() {
            false => FULL,
            true if self.shared.ledger.stats().queued > 0 => BUSY,
            true => IDLE,
        });
        self.look_at_the_time();
        if self.shared.is_giving_up() {
            client.purge(true);
            self.lose_line();
            // A broker's thread that hangs in a name server keeps its records.
            if self.deadline().is_some_and(|deadline| deadline + GIVE_BACK <= Instant::now()) {
                client.lose_the_rest();
            }
        }
        if client.is_broken() || self.is_done() {
            return false;
        }
        self.forward(client);
        true
    }

    /// Sends from the line, until it is empty or the queue is full again.
    fn forward(&self, client: &Client) {
        let mut going_on = true;
        while going_on && !self.route.line.is_empty() {
            // What wakes callers, or calls back, is not done under the line's lock.
            let (mut waits, mut refused) = (Vec::new(), Vec::new());
            going_on = self.route.line.forward(AT_ONCE, |parcel| {
                match parcel.send_by(|bytes, headers, entry| client.send(bytes, headers, entry)) {
                    Ok(wait) => waits.extend(wait),
                    Err((error, parcel)) => match reason(error) {
                        Reason::Full | Reason::Broken => return Sent::NotNow(parcel),
                        Reason::Other(error) => refused.push((error, parcel)),
                    },
                }
                Sent::Yes
            });
            for (error, parcel) in refused {
                self.lose(parcel, error);
            }
        }
    }

    /// Gives up what has waited for room too long, and everything once the time of `close` is over.
    pub(super) fn look_at_the_time(&self) {
        let now = Instant::now();
        for parcel in self.route.line.expired(now) {
            let error = self.shared.cluster.no_room_within(self.max_block, &parcel.topic);
            parcel.settle(|entry, topic, key, _| entry.lost(topic, key, error));
        }
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.shared.give_up();
        }
    }

    /// Gives up what is in line, and whatever would join it.
    pub(super) fn lose_line(&self) {
        for parcel in self.route.line.end() {
            self.lose(parcel, KafkaError::MessageProduction(self.end_code()));
        }
    }

    fn lose(&self, parcel: Parcel, error: KafkaError) {
        parcel.settle(|entry, topic, key, tried| self.shared.lose(entry, topic, key, error, tried));
    }

    /// Has everything given up that has no outcome by then, or by an earlier such time.
    pub(super) fn give_up_at(&self, deadline: Option<Instant>) {
        let mut earliest = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        *earliest = earliest.into_iter().chain(deadline).min();
    }

    fn deadline(&self) -> Option<Instant> {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the engine end.
    pub(super) fn stop(&self) {
        self.stopping.store(true, SeqCst);
    }

    /// Whether the engine is to end now.
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

/// What an error of librdkafka means for the way of a record.
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
