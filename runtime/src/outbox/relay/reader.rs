//! Reads rows: what is new, what may fill a gap, and what was left because its topic or key was behind.

use std::convert::Infallible;
use std::future::pending;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::time::{sleep, sleep_until};

use super::active::Active;
use super::link::Link;
use super::store::{Claimed, Store};
use super::window::{Origin, Rest};

/// How often gaps that are not young are looked into.
const GAPS: Duration = Duration::from_secs(1);

/// Where rows come fast, they are gathered before the next claim: one claim for ten rows costs as much as for one.
const FAST: f64 = 10_000.0;
const GATHER: Duration = Duration::from_millis(2);

pub(super) struct Reader<'a, S: Store> {
    active: &'a Active<'a, S>,
    link: Link<'a, S>,
    next_poll: Instant,
    next_gaps: Instant,
    /// Whether the last claim has found everything.
    caught_up: bool,
    /// Whether it is the turn of what is behind.
    rest_first: bool,
    rate: Rate,
}

impl<'a, S: Store> Reader<'a, S> {
    pub(super) fn new(active: &'a Active<'a, S>) -> Self {
        let worker = active.worker;
        let now = Instant::now();
        Self {
            active,
            link: Link::new(&worker.store, &worker.control).within(worker.lease_length()),
            next_poll: now,
            next_gaps: now + GAPS,
            caught_up: false,
            rest_first: false,
            rate: Rate::new(now),
        }
    }

    pub(super) async fn run(mut self) -> Infallible {
        let active = self.active;
        loop {
            if active.worker.control.is_closing() {
                return pending().await;
            }
            let now = Instant::now();
            if now >= self.next_gaps {
                self.fill_gaps().await;
                continue;
            }
            let room = active.window.borrow().room();
            let claims = !self.caught_up || now >= self.next_poll;
            let rest = if self.rest_first || !claims { active.window.borrow_mut().rest(now) } else { None };
            self.rest_first = rest.is_none();
            match rest {
                Some(rest) => self.read_rest(rest).await,
                None if claims && room > 0 && active.lease.outlives_a_delivery() => self.claim(room).await,
                None => self.wait(room).await,
            }
        }
    }

    /// Waits until there is something to read, or room for it.
    async fn wait(&mut self, room: usize) {
        let active = self.active;
        let mut until = self.next_gaps;
        if room > 0 {
            until = until.min(self.next_poll.max(Instant::now() + Duration::from_millis(1)));
            until = active.window.borrow().next_try().into_iter().chain([until]).min().unwrap_or(until);
        }
        select! {
            () = sleep_until(until.into()) => {}
            () = active.to_read.notified() => {}
            () = active.worker.wake.notified() => self.next_poll = Instant::now(),
            () = active.heard.notified() => self.next_poll = Instant::now(),
        }
        if room > 0 && self.rate.is_fast() {
            sleep(GATHER).await;
        }
    }

    async fn claim(&mut self, room: usize) {
        let active = self.active;
        let settings = &active.worker.settings;
        let limit = room.min(usize::try_from(settings.batch_size).unwrap_or(usize::MAX));
        let now = Instant::now();
        self.next_poll = now + Duration::from_millis(settings.poll_interval_ms.into());
        let (after, young) = {
            let gaps = active.gaps.borrow();
            (gaps.highest(), gaps.young(now))
        };
        let rows = self.read(async |connection| S::claim(connection, after, &young, limit).await).await;
        let Some(rows) = rows else { return };
        let new = rows.iter().filter(|row| row.seq > after).count();
        self.caught_up = new < limit;
        self.rate.add(new);
        self.take(rows, Origin::Claim);
    }

    async fn read_rest(&mut self, rest: Rest) {
        let highest = self.active.gaps.borrow().highest();
        let batch = usize::try_from(self.active.worker.settings.batch_size).unwrap_or(usize::MAX);
        let limit = rest.limit.min(batch);
        let range = super::store::Range { first: rest.first, last: highest };
        let rows = self.read(async |connection| S::topic(connection, &rest.topic, range, limit).await).await;
        let Some(rows) = rows else { return };
        let last = (rows.len() >= limit).then(|| rows.last().map(|row| row.seq)).flatten();
        self.take(rows, rest.origin());
        self.active.window.borrow_mut().read_rest(&rest, last);
    }

    /// Looks into gaps, and forgets those that nothing can fill any more.
    async fn fill_gaps(&mut self) {
        let active = self.active;
        self.next_gaps = Instant::now() + GAPS;
        let asked = active.gaps.borrow_mut().old();
        if asked.is_empty() {
            return;
        }
        let limit = active.window.borrow().room().max(1);
        let read = self.read(async |connection| {
            // The snapshot first: what has ended by then is seen by the read after it.
            let snapshot = S::snapshot(connection).await?;
            Ok((snapshot, S::ranges(connection, &asked, limit).await?))
        });
        let Some((snapshot, rows)) = read.await else { return };
        let complete = rows.len() < limit;
        let settled = {
            let mut gaps = active.gaps.borrow_mut();
            match snapshot {
                Some(snapshot) => gaps.settled(snapshot, &asked, Instant::now()),
                None => asked,
            }
        };
        self.take(rows, Origin::Claim);
        if complete {
            active.gaps.borrow_mut().forget(&settled);
        }
    }

    /// Runs a statement that reads. After a failure, the auditor looks for what was missed.
    async fn read<R>(
        &mut self,
        statement: impl AsyncFnOnce(&mut S::Connection) -> Result<R, sqlx::Error>,
    ) -> Option<R> {
        self.active.reading.set(true);
        let read = self.link.run(statement).await;
        if read.is_none() {
            self.active.reading.set(false);
            self.active.window.borrow_mut().read_ended();
        }
        read
    }

    /// Takes what was read.
    fn take(&self, rows: Vec<Claimed>, origin: Origin) {
        let now = Instant::now();
        if origin == Origin::Claim {
            let mut gaps = self.active.gaps.borrow_mut();
            rows.iter().for_each(|row| gaps.seen(row.seq, now));
        }
        self.active.admit(rows, origin);
        self.active.reading.set(false);
        self.active.window.borrow_mut().read_ended();
    }
}

/// How fast rows come.
struct Rate {
    since: Instant,
    rows: usize,
    per_second: f64,
}

impl Rate {
    fn new(now: Instant) -> Self {
        Self { since: now, rows: 0, per_second: 0.0 }
    }

    #[allow(clippy::cast_precision_loss, reason = "an estimate")]
    fn add(&mut self, rows: usize) {
        self.rows += rows;
        let time = self.since.elapsed();
        if time >= Duration::from_millis(100) {
            self.per_second = self.rows as f64 / time.as_secs_f64();
            *self = Self { per_second: self.per_second, ..Self::new(Instant::now()) };
        }
    }

    fn is_fast(&self) -> bool {
        self.per_second > FAST
    }
}
