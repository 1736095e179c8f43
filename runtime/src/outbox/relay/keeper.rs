//! Keeps the lease, and the table of blocked keys.

use std::time::{Duration, Instant};

use tokio::select;
use tokio::time::sleep_until;

use super::active::{Active, End};
use super::link::Link;
use super::store::{Refused, Store};
use super::{BLOCKING, RENEWING};
use crate::guard::log;

/// How often the decisions of operators are looked for.
const INTERVAL: Duration = Duration::from_secs(1);

/// What the keeper is to do.
#[derive(Debug, Clone)]
pub(super) enum Order {
    Block(i64, String),
    Park(i64, String),
}

impl Order {
    fn log(&self, Refused { event_id, event_type, topic }: &Refused) {
        log(|| match self {
            Self::Block(_, error) => {
                tracing::error!(
                    event_id,
                    event_type,
                    topic,
                    error,
                    "Kafka refuses an event; its key is blocked"
                );
            }
            Self::Park(_, error) => {
                tracing::error!(
                    event_id,
                    event_type,
                    topic,
                    error,
                    "Kafka refuses an event; moved to `outbox_dead`"
                );
            }
        });
    }
}

pub(super) struct Keeper<'a, S: Store> {
    active: &'a Active<'a, S>,
    link: Link<'a, S>,
    next_renewal: Instant,
    next_look: Instant,
}

impl<'a, S: Store> Keeper<'a, S> {
    pub(super) fn new(active: &'a Active<'a, S>) -> Self {
        let worker = active.worker;
        let now = Instant::now();
        Self {
            active,
            link: Link::new(&worker.store, &worker.control, RENEWING).within(active.lease.renewal()),
            next_renewal: now + active.lease.renewal(),
            next_look: now,
        }
    }

    /// Reads the blocked keys. Returns the end if the lease is over before that.
    pub(super) async fn learn(&mut self) -> Option<End> {
        while !self.look().await {
            if self.active.lease.is_over() {
                return Some(End::Lost("the database is unavailable"));
            }
        }
        None
    }

    pub(super) async fn run(&mut self) -> End {
        loop {
            if Instant::now() >= self.next_renewal
                && let Some(end) = self.renew().await
            {
                return end;
            }
            if self.active.lease.is_over() {
                return End::Lost("the database is unavailable");
            }
            self.carry_out().await;
            if Instant::now() >= self.next_look {
                self.look().await;
            }
            let next = self.next_renewal.min(self.next_look);
            select! {
                () = sleep_until(next.into()) => {}
                () = self.active.to_keep.notified() => {}
            }
        }
    }

    async fn renew(&mut self) -> Option<End> {
        let lease = &self.active.lease;
        let (epoch, length) = (lease.epoch, self.active.worker.lease_length());
        let asked = Instant::now();
        match self.link.run(async |connection| S::renew(connection, epoch, length).await).await {
            Some(true) => {
                lease.renewed(asked);
                self.active.resume();
                self.next_renewal = asked + lease.renewal();
                None
            }
            Some(false) => Some(End::Lost("another relay has taken it")),
            // Tried again at once; the link has waited.
            None => None,
        }
    }

    /// Writes down which rows Kafka refuses.
    async fn carry_out(&mut self) {
        let epoch = self.active.lease.epoch;
        loop {
            let Some(order) = self.active.orders.borrow().first().cloned() else { return };
            let done = self.link.run_for(BLOCKING, async |connection| match &order {
                Order::Block(seq, error) => S::block(connection, *seq, epoch, error).await,
                Order::Park(seq, error) => S::park(connection, *seq, epoch, error).await,
            });
            let Some(refused) = done.await else { return };
            if let Order::Park(seq, _) = order {
                self.active.window.borrow_mut().deleted(&[seq], self.active.reading.get());
            }
            if let Some(refused) = refused {
                order.log(&refused);
            }
            self.active.orders.borrow_mut().remove(0);
        }
    }

    /// Reads the table of blocked keys, and lets those go on that an operator has decided about. Returns whether it could.
    async fn look(&mut self) -> bool {
        let active = self.active;
        let blocked = self.link.run_for(BLOCKING, async |connection| S::blocked(connection).await);
        let Some(blocked) = blocked.await else { return false };
        self.next_look = Instant::now() + INTERVAL;
        // Rows that were refused meanwhile are written down first.
        if !active.orders.borrow().is_empty() {
            return true;
        }
        let mut window = active.window.borrow_mut();
        window.set_blocked(blocked.iter().map(|key| (key.topic.as_str(), key.key.as_str(), key.seq)));
        for key in blocked.iter().filter(|key| key.retry) {
            window.retry(&key.topic, &key.key);
        }
        drop(window);
        active.to_read.notify_one();
        true
    }
}
