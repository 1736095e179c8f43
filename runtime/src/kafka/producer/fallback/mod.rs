//! Where records go that Kafka does not take: to a table, written by a thread of its own.

#![cfg_attr(
    not(any(feature = "outbox-postgres", feature = "outbox-sqlite")),
    allow(dead_code, unused_imports, unreachable_pub, reason = "without an outbox there is no table")
)]

mod backlog;
mod record;
mod table;
mod writer;

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::message::Headers;

use self::backlog::{Backlog, Item};
use self::record::Key;
pub(crate) use self::record::{FallbackRecord, Key as FallbackKey};
pub use self::table::Fallback as FallbackTable;
pub(crate) use self::table::{Table, TableError, sealed};
use self::writer::Writer;
use super::entry::Entry;
use super::ledger::Ledger;
use super::line::Limits;
use super::owned_record::Bytes;
use crate::error::{ErrorKind, PublishError};

/// How long records are held for those before them before librdkafka is asked to return these.
const HOLD: Duration = Duration::from_millis(500);

/// How long the table may take none of the records that are left at the end.
pub(super) const GRACE: Duration = Duration::from_secs(3);

/// How often it is asked at most. What it got since the last time is too young to time out.
const RECALLS: Duration = Duration::from_millis(100);

/// A record on its way to the table, and why Kafka did not get it.
#[derive(Debug)]
struct Parcel {
    entry: Entry,
    record: FallbackRecord,
    cause: PublishError,
}

/// Whose space a record takes: what librdkafka returns has had its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Caller,
    Client,
}

/// Keeps what Kafka does not take until it is in the table. Callers, the engine and the writer share it.
pub(in crate::kafka) struct Fallback {
    /// The number of pinned keys. Every caller reads it without the lock: if it is zero, a direct send overtakes no record.
    pinned: AtomicUsize,
    backlog: Mutex<Backlog<Parcel>>,
    /// Signals records, barriers and the end to the writer.
    changed: Condvar,
    ledger: Arc<Ledger>,
    limits: Limits,
    /// librdkafka is to return what it has queued.
    recall: AtomicBool,
    /// When it was last asked to.
    recalled: Mutex<Option<Instant>>,
    /// Whether the table's last answer was none.
    failing: AtomicBool,
    /// When records that are not in the table are given up.
    deadline: Mutex<Option<Instant>>,
    over: AtomicBool,
    ended: AtomicBool,
}

impl Fallback {
    /// Starts the thread that writes.
    pub(super) fn start(
        table: Box<dyn Table>,
        ledger: &Arc<Ledger>,
        limits: Limits,
    ) -> io::Result<Arc<Self>> {
        let this = Arc::new(Self {
            pinned: AtomicUsize::new(0),
            backlog: Mutex::default(),
            changed: Condvar::new(),
            ledger: Arc::clone(ledger),
            limits,
            recall: AtomicBool::new(false),
            recalled: Mutex::default(),
            failing: AtomicBool::new(false),
            deadline: Mutex::default(),
            over: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let writer = Writer::new(Arc::clone(&this), table);
        thread::Builder::new().name("entity-events fallback".to_owned()).spawn(move || writer.run())?;
        Ok(this)
    }

    /// Whether any key's records go to the table.
    pub(super) fn is_active(&self) -> bool {
        self.pinned.load(SeqCst) > 0
    }

    /// Takes a record whose key's records go to the table. Returns the entry with `None` if they do not, and with an error if
    /// there is no space.
    pub(super) fn divert<H: Headers>(
        &self,
        entry: Entry,
        bytes: Bytes<'_>,
        headers: &H,
    ) -> Result<(), (Option<PublishError>, Entry)> {
        let key = Key::new(bytes.topic, bytes.key);
        if !self.lock().is_pinned(&key) {
            return Err((None, entry));
        }
        let cause = PublishError::new(
            ErrorKind::Retriable,
            format!("not published to topic `{}`: earlier events of its key are in the outbox", bytes.topic),
        );
        let refused = self.add(entry, bytes, headers, cause, From::Caller);
        refused.map_err(|(error, entry)| (Some(error), entry))
    }

    /// Takes a record that Kafka did not take, and from then on those of its key. Returns it if there is no space.
    pub(super) fn add<H: Headers>(
        &self,
        entry: Entry,
        bytes: Bytes<'_>,
        headers: &H,
        cause: PublishError,
        from: From,
    ) -> Result<(), (PublishError, Entry)> {
        let record = FallbackRecord::new(entry.name, bytes, headers);
        let (size, number) = (record.bytes(), entry.number);
        let mut backlog = self.lock();
        if self.ended.load(SeqCst) {
            drop(backlog);
            return Err((cause, entry));
        }
        if !self.has_space(&backlog, size, from) {
            drop(backlog);
            return Err((and(cause, "the outbox was too slow to take it as well"), entry));
        }
        let (key, since) = (record.key.clone(), Instant::now());
        let item = Item { key, number, bytes: size, since, value: Parcel { entry, record, cause } };
        let begins = backlog.pinned() == 0;
        // What is behind it in librdkafka's queue would overtake it if Kafka came back now.
        let recalls = from == From::Client && !self.is_slow(&backlog);
        backlog.add(item, || {
            // Visible before the count is read: a caller that is numbered later sees that the key is pinned.
            self.pinned.fetch_add(1, SeqCst);
            self.ledger.entered()
        });
        drop(backlog);
        self.changed.notify_one();
        if recalls && !self.failing.load(SeqCst) {
            self.recall(since);
        }
        if begins {
            writer::log_begin();
        }
        Ok(())
    }

    /// A caller's record has as much space as in librdkafka's queue, and as much again. What librdkafka and the line return has
    /// the space that it had there.
    fn has_space(&self, backlog: &Backlog<Parcel>, size: usize, from: From) -> bool {
        let times = if from == From::Caller { 2 } else { 4 };
        backlog.bytes() + size <= self.limits.bytes.saturating_mul(times)
    }

    /// Whether so much waits that further records would only be moved from one queue to the other.
    fn is_slow(&self, backlog: &Backlog<Parcel>) -> bool {
        backlog.bytes() > self.limits.bytes
    }

    /// Whether records are held for those before them.
    pub(super) fn holds(&self) -> bool {
        self.is_active() && self.lock().held_since().is_some()
    }

    /// Notes the number of the oldest record that is neither here nor settled.
    pub(super) fn pass(&self, oldest: u64) {
        self.lock().pass(oldest, Instant::now());
        self.changed.notify_one();
    }

    /// Asks for what librdkafka has queued, unless that was done just now: many records are given up at once.
    fn recall(&self, now: Instant) {
        let mut last = self.recalled.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last + RECALLS <= now) {
            *last = Some(now);
            self.recall.store(true, SeqCst);
        }
    }

    /// Whether librdkafka is to return what it has queued.
    pub(super) fn takes_recall(&self) -> bool {
        self.recall.swap(false, SeqCst)
    }

    /// Sets when records that are not in the table are given up; an earlier time wins.
    pub(super) fn give_up_at(&self, deadline: Instant) {
        let mut current = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        *current = current.into_iter().chain([deadline]).min();
        drop(current);
        self.changed.notify_one();
    }

    /// Notes that the table takes records: as long as it does, they are not given up.
    fn goes_on(&self) {
        let mut deadline = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        *deadline = deadline.map(|deadline| deadline.max(Instant::now() + GRACE));
    }

    fn deadline(&self) -> Option<Instant> {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the thread end once nothing is waiting.
    pub(super) fn end(&self) {
        self.over.store(true, SeqCst);
        self.pass(u64::MAX);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Backlog<Parcel>> {
        self.backlog.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds to an error why the table did not take the record either.
fn and(cause: PublishError, table: &str) -> PublishError {
    PublishError::new(cause.kind(), format!("{cause}; {table}")).with_source(cause)
}

impl fmt::Debug for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fallback").field("pinned", &self.pinned).finish_non_exhaustive()
    }
}

impl fmt::Debug for FallbackRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FallbackRecord").field("id", &self.id).finish_non_exhaustive()
    }
}
