//! Deletes the rows of records that were delivered.

use std::time::Duration;

use tokio::time::sleep;

use super::DELETING;
use super::active::{Active, End};
use super::link::Link;
use super::store::Store;

/// How many rows are deleted with one statement at most, and how long fewer are gathered.
const AT_ONCE: usize = 5_000;
const ENOUGH: usize = 1_000;
const GATHER: Duration = Duration::from_millis(5);

pub(super) struct Acker<'a, S: Store> {
    active: &'a Active<'a, S>,
    link: Link<'a, S>,
}

impl<'a, S: Store> Acker<'a, S> {
    pub(super) fn new(active: &'a Active<'a, S>) -> Self {
        let worker = active.worker;
        Self { active, link: Link::new(&worker.store, &worker.control, DELETING) }
    }

    pub(super) async fn run(mut self) -> End {
        let active = self.active;
        let epoch = active.lease.epoch;
        loop {
            if active.acked.borrow().is_empty() {
                active.to_delete.notified().await;
                continue;
            }
            if active.acked.borrow().len() < ENOUGH {
                sleep(GATHER).await;
            }
            let batch: Vec<i64> = {
                let acked = active.acked.borrow();
                acked.iter().take(AT_ONCE).copied().collect()
            };
            let deleted = self.link.run(async |connection| {
                let deleted = S::delete(connection, &batch, epoch).await?;
                // None of them: they were deleted before, or the epoch is over.
                Ok(deleted > 0 || S::holds(connection, epoch).await?)
            });
            match deleted.await {
                Some(true) => {
                    active.acked.borrow_mut().drain(..batch.len());
                    active.window.borrow_mut().deleted(&batch, active.reading.get());
                }
                Some(false) => return End::Lost("another relay has taken it"),
                // Tried again: what Kafka has is not sent again for that.
                None => {}
            }
        }
    }
}
