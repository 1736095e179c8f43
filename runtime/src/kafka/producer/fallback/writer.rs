//! The thread that writes to the table, and looks whether it is empty again.

use std::collections::HashSet;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::backlog::{Backlog, Item, MAX_KEYS};
use super::table::{Table, TableError};
use super::{Fallback, HOLD, Parcel, and};
use crate::error::{ErrorKind, PublishError};
use crate::guard::{guard, log, mark_service_thread, unlogged};

/// How many records, and bytes, are written with one statement.
const BATCH: usize = 1_000;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// How long a record that is ready is tried to be written.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long one statement may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// The wait after a failed attempt.
const PAUSE: Duration = Duration::from_millis(200);

/// How often the table is looked into while keys are pinned because of it: soon after something has changed, then less often.
const FIRST_LOOK: Duration = Duration::from_millis(50);
const LAST_LOOK: Duration = Duration::from_secs(1);

/// How many times as long as the last look took the next one is away.
const LOOK_SHARE: u32 = 10;

/// How many keys are looked for at once.
const KEYS: usize = 10_000;

pub(super) struct Writer {
    fallback: Arc<Fallback>,
    table: Box<dyn Table>,
    /// How many records are written at once: fewer after a refusal, to find the one that is refused.
    batch: usize,
    next_look: Instant,
    look_every: Duration,
    next_recall: Instant,
    /// Whether the keys in the table were pinned.
    learned: bool,
}

impl Writer {
    pub(super) fn new(fallback: Arc<Fallback>, table: Box<dyn Table>) -> Self {
        let now = Instant::now();
        Self {
            fallback,
            table,
            batch: BATCH,
            next_look: now,
            look_every: FIRST_LOOK,
            next_recall: now,
            learned: false,
        }
    }

    pub(super) fn run(mut self) {
        mark_service_thread();
        guard(|| self.learn());
        loop {
            match guard(|| self.turn()) {
                Some(true) => {}
                Some(false) => break,
                // Entries lost by that were settled as they were dropped.
                None => thread::sleep(PAUSE),
            }
        }
        {
            let _backlog = self.fallback.lock();
            self.fallback.ended.store(true, SeqCst);
        }
        // What came in between.
        self.give_up("the service has ended");
        let Self { table, .. } = self;
        guard(move || unlogged(move || drop(table)));
    }

    /// Pins the keys of which the table has events from before: of an earlier process, or of transactions.
    fn learn(&mut self) {
        let Some(keys) = self.ask(|table, limit| table.keys(MAX_KEYS + 1, limit)) else { return };
        self.learned = true;
        let found = keys.len();
        let mut backlog = self.fallback.lock();
        let before = backlog.pinned();
        // Visible before the count is read: a caller that is numbered later sees that keys are pinned.
        self.fallback.pinned.fetch_add(found, SeqCst);
        backlog.pin(keys.into_iter(), self.fallback.ledger.entered(), Instant::now());
        self.fallback.pinned.fetch_sub(found - (backlog.pinned() - before), SeqCst);
        drop(backlog);
        if found > 0 {
            log(|| {
                tracing::info!(keys = found, "the outbox has events from before; those after them go there");
            });
        }
    }

    /// Waits for work and does it. Returns `false` at the end.
    fn turn(&mut self) -> bool {
        if self.wait() {
            self.write();
            return true;
        }
        let (records, over) = (self.fallback.lock().records(), self.fallback.over.load(SeqCst));
        if over && records == 0 {
            return false;
        }
        if self.fallback.deadline().is_some_and(|deadline| deadline <= Instant::now()) {
            self.give_up("it was not written to the outbox in time either");
        }
        self.recall();
        if Instant::now() >= self.next_look {
            if !self.learned {
                self.learn();
            }
            self.look();
        }
        true
    }

    /// Waits until records are ready, or something else is due; returns whether records are.
    fn wait(&self) -> bool {
        let idle_until = Instant::now() + FIRST_LOOK;
        let fallback = &self.fallback;
        let mut backlog = fallback.lock();
        while !backlog.has_ready() && !fallback.over.load(SeqCst) {
            let left = idle_until.saturating_duration_since(Instant::now());
            // While nothing is pinned, nothing is ever due.
            let waited = if self.learned && backlog.pinned() == 0 && backlog.records() == 0 {
                fallback.changed.wait(backlog).unwrap_or_else(PoisonError::into_inner)
            } else if left.is_zero() {
                break;
            } else {
                fallback.changed.wait_timeout(backlog, left).unwrap_or_else(PoisonError::into_inner).0
            };
            backlog = waited;
        }
        let ready = backlog.has_ready();
        if !ready && fallback.over.load(SeqCst) && backlog.records() > 0 {
            drop(backlog);
            thread::sleep(Duration::from_millis(1));
        }
        ready
    }

    /// Writes what is ready, up to one batch.
    fn write(&mut self) {
        let items = self.fallback.lock().take(self.batch, BATCH_BYTES);
        let limit = self.limit();
        let records: Vec<_> = items.iter().map(|item| &item.value.record).collect();
        let table = &mut self.table;
        let written = guard(|| unlogged(|| table.insert(&records, limit))).unwrap_or_else(|| Err(panicked()));
        match written {
            Ok(()) => self.written(items),
            Err(error) => self.failed(items, &error),
        }
    }

    fn limit(&self) -> Duration {
        let left = |deadline: Instant| deadline.saturating_duration_since(Instant::now());
        self.fallback.deadline().map_or(ATTEMPT, |deadline| ATTEMPT.min(left(deadline)))
    }

    fn written(&mut self, items: Vec<Item<Parcel>>) {
        self.batch = (self.batch * 2).min(BATCH);
        self.fallback.goes_on();
        self.recovered();
        (self.look_every, self.next_look) = (FIRST_LOOK, Instant::now() + FIRST_LOOK);
        for item in items {
            self.leave(item, |Parcel { entry, record, .. }| entry.stored(&record.key.topic), true);
        }
    }

    fn failed(&mut self, items: Vec<Item<Parcel>>, error: &TableError) {
        if error.uncertain {
            self.fallback.lock().may_be_in_table(items.iter().map(|item| item.key.clone()));
        }
        self.failing(error);
        let now = Instant::now();
        let too_late = self.fallback.deadline().is_some_and(|deadline| deadline <= now);
        // A single record that is refused keeps the others from being written.
        let refused = error.permanent && items.len() == 1;
        if error.permanent {
            self.batch = (self.batch / 2).max(1);
        }
        let (lost, kept): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| too_late || refused || item.since + PATIENCE <= now);
        self.fallback.lock().put_back(kept);
        let anything_lost = !lost.is_empty();
        for item in lost {
            self.lose(item, &format!("and not written to the outbox: {}", error.text), error.uncertain);
        }
        if !error.permanent || !anything_lost {
            thread::sleep(PAUSE.min(self.limit()));
        }
    }

    fn lose(&mut self, item: Item<Parcel>, why: &str, uncertain: bool) {
        let lose = |Parcel { entry, record, cause }: Parcel| {
            let mut error = and(cause, why);
            if uncertain {
                error = PublishError::new(ErrorKind::Unknown, error.to_string()).with_source(error);
            }
            entry.lost(&record.key.topic, record.key.key.as_bytes(), error);
        };
        self.leave(item, lose, false);
    }

    /// Settles a record. Its key is known to be in the table before its caller goes on.
    fn leave(&mut self, item: Item<Parcel>, settle: impl FnOnce(Parcel), in_table: bool) {
        let Item { key, bytes, value, .. } = item;
        self.unpinning(|backlog| backlog.left(&key, bytes, in_table));
        settle(value);
    }

    /// Changes the backlog, and then the number of keys that callers read.
    fn unpinning(&mut self, change: impl FnOnce(&mut Backlog<Parcel>)) {
        let mut backlog = self.fallback.lock();
        let before = backlog.pinned();
        change(&mut backlog);
        let after = backlog.pinned();
        self.fallback.pinned.fetch_sub(before - after, SeqCst);
        drop(backlog);
        if before > 0 && after == 0 {
            log(|| tracing::info!("events go to Kafka again, and no longer to the outbox"));
        }
    }

    /// Gives up everything.
    fn give_up(&mut self, why: &str) {
        self.fallback.lock().pass(u64::MAX, Instant::now());
        loop {
            let items = self.fallback.lock().take(BATCH, BATCH_BYTES);
            if items.is_empty() {
                return;
            }
            for item in items {
                self.lose(item, why, false);
            }
        }
    }

    /// Makes librdkafka return what it has queued if records are held for it: they may wait for long otherwise. Not while the
    /// table does not answer: then librdkafka is the better place.
    fn recall(&mut self) {
        let now = Instant::now();
        let held_since = self.fallback.lock().held_since();
        let is_held = held_since.is_some_and(|since| since + HOLD <= now);
        let is_slow = self.fallback.is_slow(&self.fallback.lock());
        if !is_held || is_slow || now < self.next_recall {
            return;
        }
        self.next_recall = now + HOLD;
        if self.ask(|table, limit| table.is_empty(limit)).is_some() {
            self.fallback.recall(now);
        }
    }

    /// Looks which keys the table has none of any more.
    fn look(&mut self) {
        let (keys, rest) = {
            let mut backlog = self.fallback.lock();
            (backlog.idle(KEYS), backlog.rest_is_idle())
        };
        let start = Instant::now();
        let mut unpinned = false;
        if !keys.is_empty()
            && let Some(waiting) = self.ask(|table, limit| table.waiting(&keys, limit))
        {
            let waiting: HashSet<_> = waiting.into_iter().collect();
            let gone: Vec<_> = keys.into_iter().filter(|key| !waiting.contains(key)).collect();
            unpinned = !gone.is_empty();
            self.unpinning(|backlog| backlog.unpin(gone.into_iter()));
        }
        if rest && self.ask(|table, limit| table.is_empty(limit)) == Some(true) {
            self.unpinning(Backlog::unpin_rest);
        }
        let now = Instant::now();
        self.look_every = if unpinned { FIRST_LOOK } else { (self.look_every * 2).min(LAST_LOOK) };
        self.next_look = now + self.look_every.max((now - start) * LOOK_SHARE);
    }

    /// Asks the table; `None` if it does not answer.
    fn ask<R>(
        &mut self,
        question: impl FnOnce(&mut dyn Table, Duration) -> Result<R, TableError>,
    ) -> Option<R> {
        let limit = self.limit();
        let table = &mut *self.table;
        match guard(|| unlogged(|| question(table, limit))).unwrap_or_else(|| Err(panicked())) {
            Ok(answer) => {
                self.recovered();
                Some(answer)
            }
            Err(error) => {
                self.failing(&error);
                None
            }
        }
    }

    fn failing(&mut self, error: &TableError) {
        if !self.fallback.failing.swap(true, SeqCst) {
            let error = &error.text;
            log(|| tracing::warn!(error, "the outbox cannot be written to; retrying"));
        }
    }

    fn recovered(&mut self) {
        if self.fallback.failing.swap(false, SeqCst) {
            log(|| tracing::info!("the outbox can be written to again"));
        }
    }
}

pub(super) fn log_begin() {
    log(|| tracing::warn!("Kafka does not take events; writing them to the outbox"));
}

fn panicked() -> TableError {
    TableError { text: "the database's driver panicked".to_owned(), permanent: false, uncertain: true }
}
