//! The work of a relay that has the lease: five tasks on one thread, which share the rows in hand.
//!
//! ```text
//!  table ──► reader ──► window ──► courier ──► Kafka
//!    ▲                    │ ▲                    │
//!    └────── acker ◄──────┘ └──── outcomes ◄─────┘        keeper: lease, blocked keys      auditor: depth, forgotten rows
//! ```

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};

use super::acker::Acker;
use super::auditor::audit;
use super::gaps::Gaps;
use super::keeper::{Keeper, Order};
use super::lease::Lease;
use super::reader::Reader;
use super::standby::listen;
use super::store::{Claimed, Store};
use super::window::{Flight, Limits, Origin, Rest, Window};
use super::worker::Worker;
use crate::kafka::OnPermanent;
use crate::kafka::courier::{Failure, Outcome, Parcel, Verdict};
use crate::telemetry::Attempt;

/// How often `stats` and `health` are brought up to date.
const REPORT: Duration = Duration::from_millis(100);

/// Where rows come fast, outcomes are gathered, so that what follows them leaves in larger batches: those cost the broker less.
const GATHER: Duration = Duration::from_millis(10);

/// Why the work has ended.
#[derive(Debug)]
pub(super) enum End {
    Closed,
    Lost(&'static str),
}

pub(super) struct Active<'a, S> {
    pub(super) worker: &'a Worker<S>,
    pub(super) lease: Lease,
    pub(super) window: RefCell<Window>,
    pub(super) gaps: RefCell<Gaps>,
    /// Records that wait for the lease to be renewed.
    waiting: RefCell<VecDeque<(usize, Claimed)>>,
    /// Delivered rows that are not deleted yet.
    pub(super) acked: RefCell<Vec<i64>>,
    /// What the keeper is to do.
    pub(super) orders: RefCell<Vec<Order>>,
    /// A read is on its way.
    pub(super) reading: Cell<bool>,
    /// Rows come fast.
    pub(super) fast: Cell<bool>,
    /// The acker has something to do, the keeper, the reader.
    pub(super) to_delete: Notify,
    pub(super) to_keep: Notify,
    pub(super) to_read: Notify,
    /// An announcement of another process.
    pub(super) heard: Notify,
    /// Deliveries that are not in `stats` yet.
    delivered: Cell<u64>,
}

impl<'a, S: Store> Active<'a, S> {
    pub(super) fn new(worker: &'a Worker<S>, lease: Lease) -> Self {
        let number = |setting: u32| usize::try_from(setting).unwrap_or(usize::MAX);
        let limits = Limits {
            rows: number(worker.settings.max_rows),
            bytes: number(worker.settings.max_kbytes).saturating_mul(1024),
            in_flight_per_key: number(worker.settings.max_in_flight_per_key),
        };
        Self {
            worker,
            lease,
            window: RefCell::new(Window::new(limits)),
            gaps: RefCell::default(),
            waiting: RefCell::default(),
            acked: RefCell::default(),
            orders: RefCell::default(),
            reading: Cell::new(false),
            fast: Cell::new(false),
            to_delete: Notify::new(),
            to_keep: Notify::new(),
            to_read: Notify::new(),
            heard: Notify::new(),
            delivered: Cell::new(0),
        }
    }

    pub(super) async fn run(&self) -> End {
        let mut keeper = Keeper::new(self);
        // Before anything is read: a key that is blocked stays so.
        let known = select! {
            end = keeper.learn() => end,
            () = self.worker.control.closing() => Some(End::Closed),
        };
        if let Some(end) = known {
            return end;
        }
        let end = select! {
            end = keeper.run() => end,
            end = Acker::new(self).run() => end,
            end = self.drained() => end,
            never = Reader::new(self).run() => match never {},
            never = self.settle() => match never {},
            never = audit(self) => match never {},
            never = listen(&self.worker.store, &self.worker.control, &self.heard) => match never {},
            never = self.report() => match never {},
        };
        // The report of a close has the last ones, too.
        self.count();
        end
    }

    fn count(&self) {
        let new = self.delivered.take();
        self.worker.control.update(|stats| stats.delivered += new);
    }

    /// Takes rows that were read, by claims or of a topic or key that is behind, and sends those that may leave.
    pub(super) fn admit(&self, rows: Vec<Claimed>, rest: Option<&Rest>) {
        for row in rows {
            let origin = rest.filter(|rest| rest.has(&row)).map_or(Origin::Claim, Rest::origin);
            let leaves = self.window.borrow_mut().admit(row, origin);
            self.send(leaves);
        }
    }

    /// Sends a record, and those that follow if it cannot be sent.
    fn send(&self, leaves: Option<(usize, Claimed)>) {
        let mut ready: VecDeque<_> = leaves.into_iter().collect();
        while let Some((number, row)) = ready.pop_front() {
            if !self.lease.outlives_a_delivery() {
                self.waiting.borrow_mut().push_back((number, row));
                continue;
            }
            let parcel = Parcel::from(row);
            if let Err(failure) = self.worker.courier.send(number, &parcel) {
                ready.extend(self.failed(number, failure));
            }
        }
    }

    /// Sends what has waited for the lease to be renewed.
    pub(super) fn resume(&self) {
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        for record in waiting {
            self.send(Some(record));
        }
    }

    /// Handles the outcomes of records, forever.
    async fn settle(&self) -> Infallible {
        loop {
            self.worker.courier.arrived().await;
            if self.fast.get() {
                sleep(GATHER).await;
            }
            let outcomes = self.worker.courier.outcomes();
            for outcome in outcomes {
                let next = match outcome {
                    Outcome::Delivered(number) => self.delivered(number),
                    Outcome::Failed(number, failure) => self.failed(number, failure),
                    Outcome::Replaced => {
                        // They are read again, under other numbers.
                        self.waiting.borrow_mut().clear();
                        let error = "the Kafka producer was replaced";
                        self.window.borrow_mut().all_failed(error, Instant::now());
                        None
                    }
                };
                self.send(next);
            }
            self.to_read.notify_one();
        }
    }

    fn delivered(&self, number: usize) -> Option<(usize, Claimed)> {
        self.measure(number, Attempt::Published, None);
        let (seq, next) = self.window.borrow_mut().delivered(number)?;
        self.delivered.set(self.delivered.get() + 1);
        let mut acked = self.acked.borrow_mut();
        acked.push(seq);
        if acked.len() == 1 {
            self.to_delete.notify_one();
        }
        next
    }

    /// Decides what becomes of a record that was not delivered, and returns the next of its key, if that leaves now.
    fn failed(&self, number: usize, failure: Failure) -> Option<(usize, Claimed)> {
        match failure.verdict {
            Verdict::Record => match failure.in_batch {
                // Perhaps for another record of its batch.
                Some(_) if !self.lease.outlives_a_delivery() => {
                    self.measure(number, Attempt::Retry, Some(failure.error_type));
                    let error = "the lease has to be renewed";
                    self.window.borrow_mut().failed(number, error, Instant::now());
                    None
                }
                Some(parcel) => {
                    self.measure(number, Attempt::Retry, Some(failure.error_type));
                    match self.worker.courier.send_alone(number, &parcel) {
                        Ok(()) => None,
                        Err(failure) => self.failed(number, failure),
                    }
                }
                None => {
                    self.measure(number, Attempt::Failed, Some(failure.error_type));
                    self.refused(number, failure.error)
                }
            },
            Verdict::Later | Verdict::Topic => {
                self.measure(number, Attempt::Retry, Some(failure.error_type));
                let is_topic = failure.verdict == Verdict::Topic;
                self.window.borrow_mut().failed_by(number, &failure.error, is_topic, Instant::now());
                None
            }
        }
    }

    /// Counts an attempt to send a record that is in flight.
    fn measure(&self, number: usize, attempt: Attempt, error_type: Option<&'static str>) {
        let window = self.window.borrow();
        if let Some((flight, topic)) = window.flight(number) {
            let Flight { stopwatch, inserted, .. } = *flight;
            self.worker.meter.attempted(topic, attempt, stopwatch, inserted, error_type);
        }
    }

    /// Kafka will never take the record.
    fn refused(&self, number: usize, error: String) -> Option<(usize, Claimed)> {
        let seq = self.window.borrow().seq(number)?;
        let next = match self.worker.settings.on_permanent {
            OnPermanent::Park => {
                let (_, next) = self.window.borrow_mut().parked(number)?;
                self.orders.borrow_mut().push(Order::Park(seq, error));
                next
            }
            OnPermanent::BlockKey => {
                self.window.borrow_mut().blocked(number);
                self.orders.borrow_mut().push(Order::Block(seq, error));
                None
            }
        };
        self.to_keep.notify_one();
        next
    }

    /// Waits until the relay is closed, and nothing is on its way any more or its time is up.
    async fn drained(&self) -> End {
        self.worker.control.closing().await;
        while let Some(deadline) = self.worker.control.deadline() {
            let is_empty = self.window.borrow().in_flight() == 0 && self.acked.borrow().is_empty();
            if is_empty && self.orders.borrow().is_empty() || Instant::now() >= deadline {
                break;
            }
            // Acknowledgements, deletions and the deadline each come soon.
            select! {
                () = sleep(Duration::from_millis(2)) => {}
                () = sleep_until(deadline.into()) => {}
            }
        }
        End::Closed
    }

    /// Keeps `stats` and `health` true.
    async fn report(&self) -> Infallible {
        loop {
            self.count();
            let (in_flight, blocked, topics) = {
                let window = self.window.borrow();
                (window.in_flight(), window.blocked_keys(), window.failing_topics())
            };
            self.worker.control.set_topics(&topics);
            self.worker.control.update(|stats| {
                stats.in_flight = in_flight.try_into().unwrap_or(u64::MAX);
                stats.blocked_keys = blocked.try_into().unwrap_or(u64::MAX);
            });
            self.worker.meter.outbox(self.worker.control.stats().depth(), false);
            sleep(REPORT).await;
        }
    }
}
