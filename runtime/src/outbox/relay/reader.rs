//! Reads rows: what is new, what may fill a gap, and what was left because its topic or key was behind.

use std::convert::Infallible;
use std::future::pending;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::time::{sleep, sleep_until};

use super::READING;
use super::active::Active;
use super::gaps::clamp;
use super::link::Link;
use super::store::{Range, Read, Snapshot, Store};
use super::window::Rest;

/// How often gaps that are not young are looked into.
const GAPS: Duration = Duration::from_secs(1);

/// Where rows come fast, they are gathered before the next claim: one claim for ten rows costs as much as for one.
const FAST: f64 = 2_500.0;
/// Where they come so fast, outcomes are gathered, too.
const VERY_FAST: f64 = 20_000.0;
const GATHER: Duration = Duration::from_millis(5);

/// How many rows of gaps are read at once.
const LATE: usize = 10_000;

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
            link: Link::new(&worker.store, &worker.control, READING),
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
            let now = Instant::now();
            let poll = self.next_poll.max(now + Duration::from_millis(1));
            let next_try = active.window.borrow().next_try(now).unwrap_or(poll);
            until = until.min(poll).min(next_try);
        }
        select! {
            () = sleep_until(until.into()) => {}
            () = active.to_read.notified() => {}
            () = active.worker.wake.notified() => self.next_poll = Instant::now(),
            () = active.heard.notified() => self.next_poll = Instant::now(),
        }
        if room > 0 && self.rate.per_second > FAST {
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
        let found = self.read(async |connection| {
            let mut read = S::claim(connection, after, &young, limit, LATE).await?;
            let mut asked = young;
            // Too many at once: they are asked for again, and in parts.
            if read.rows.iter().filter(|row| row.seq <= after).count() > LATE {
                read.rows.retain(|row| row.seq > after);
                asked = Vec::new();
            }
            Ok(Found::new(read, asked, None))
        });
        let Some(found) = found.await else { return };
        let new = found.read.rows.iter().filter(|row| row.seq > after).count();
        self.caught_up = new < limit && found.cut.is_none();
        self.rate.add(new);
        active.fast.set(self.rate.per_second > VERY_FAST);
        self.take(found, None);
    }

    async fn read_rest(&mut self, rest: Rest) {
        let highest = self.active.gaps.borrow().highest();
        let batch = usize::try_from(self.active.worker.settings.batch_size).unwrap_or(usize::MAX);
        let limit = rest.limit.min(batch);
        let range = Range { first: rest.first, last: highest };
        let mut last = None;
        let found = self.read(async |connection| {
            let read = S::topic(connection, &rest.topic, range, limit).await?;
            last = (read.rows.len() >= limit).then(|| read.rows.iter().map(|row| row.seq).max()).flatten();
            Ok(Found::new(read, Vec::new(), None))
        });
        let Some(mut found) = found.await else { return };
        let complete = found.cut.is_none();
        // What has come late beyond the page would leave before the rows in between. It is read with them.
        found.read.rows.retain(|row| !rest.has(row) || last.is_none_or(|last| row.seq <= last));
        self.take(found, Some(&rest));
        if complete {
            self.active.window.borrow_mut().read_rest(&rest, last);
        }
    }

    /// Looks into gaps, and forgets those that nothing can fill any more.
    async fn fill_gaps(&mut self) {
        let active = self.active;
        self.next_gaps = Instant::now() + GAPS;
        let old = active.gaps.borrow_mut().old();
        if old.is_empty() {
            return;
        }
        let found = self.read(async |connection| ranges::<S>(connection, old).await);
        let Some(found) = found.await else { return };
        let cut = found.cut.unwrap_or(i64::MAX);
        // What lies beyond was not taken.
        let asked: Vec<_> = found.asked.iter().copied().filter(|range| range.last <= cut).collect();
        let settled = match &found.moment {
            Some(moment) => active.gaps.borrow().settled(moment, &asked, Instant::now()),
            None => asked,
        };
        self.take(found, None);
        active.gaps.borrow_mut().forget(&settled);
    }

    /// Reads rows, and completes them by those of their keys that may have come late: in the gaps of transactions that have ended by
    /// then. After a failure, the auditor looks for what was missed.
    async fn read(
        &mut self,
        statement: impl AsyncFnOnce(&mut S::Connection) -> Result<Found, sqlx::Error>,
    ) -> Option<Found> {
        let active = self.active;
        active.reading.set(true);
        let found = self.link.run(async |connection| {
            let mut found = statement(connection).await?;
            while let Some(snapshot) = &found.read.snapshot {
                let cut = found.cut.unwrap_or(i64::MAX);
                let late = active.gaps.borrow().unasked(snapshot, &found.asked, cut);
                if late.is_empty() {
                    break;
                }
                let further = ranges::<S>(connection, late).await?;
                found.read.rows.extend(further.read.rows);
                found.read.snapshot = further.read.snapshot;
                found.asked.extend(further.asked);
                found.cut = found.cut.into_iter().chain(further.cut).min();
            }
            if let Some(cut) = found.cut {
                // What lies beyond may belong after a row that is not read yet.
                found.read.rows.retain(|row| row.seq <= cut);
            }
            Ok(found)
        });
        let found = found.await;
        if found.is_none() {
            active.reading.set(false);
            active.window.borrow_mut().read_ended();
        }
        found
    }

    /// Takes what was read: by claims, or of a topic or key that is behind.
    fn take(&self, found: Found, rest: Option<&Rest>) {
        let active = self.active;
        let Found { read: Read { mut rows, snapshot }, moment, cut, .. } = found;
        // Those of gaps come last, and may belong before others of their key.
        rows.sort_unstable_by_key(|row| row.seq);
        rows.dedup_by_key(|row| row.seq);
        let now = Instant::now();
        let mut gaps = active.gaps.borrow_mut();
        if let (Some(snapshot), None) = (&snapshot, cut) {
            gaps.ended(snapshot);
        }
        for row in &rows {
            gaps.seen(row.seq, now);
        }
        if let Some(moment) = &moment {
            gaps.read_at(moment);
        }
        drop(gaps);
        active.admit(rows, rest);
        active.reading.set(false);
        active.window.borrow_mut().read_ended();
    }
}

/// What was read, with the gaps that were asked for.
struct Found {
    read: Read,
    asked: Vec<Range>,
    /// When the first statement read. Gaps that it leaves belong to the transactions that ran then.
    moment: Option<Snapshot>,
    /// The number beyond which more may be there.
    cut: Option<i64>,
}

impl Found {
    fn new(read: Read, asked: Vec<Range>, cut: Option<i64>) -> Self {
        Self { moment: read.snapshot.clone(), read, asked, cut }
    }
}

/// Reads gaps; the first of them alone if they hold very much, such as a whole import that has committed late.
async fn ranges<S: Store>(connection: &mut S::Connection, gaps: Vec<Range>) -> Result<Found, sqlx::Error> {
    let read = S::ranges(connection, &gaps, LATE + 1).await?;
    if read.rows.len() <= LATE {
        return Ok(Found::new(read, gaps, None));
    }
    let (asked, last) = clamp(gaps, LATE.try_into().unwrap_or(i64::MAX));
    let read = S::ranges(connection, &asked, LATE).await?;
    Ok(Found::new(read, asked, Some(last)))
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
}
