//! The end of a service: nothing is dropped silently, and no async thread waits for librdkafka.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::Producer;
use super::engine::PURGE_TIMEOUT;
use super::fallback::GRACE;
use super::lane::Lane;
use super::report::CloseReport;
use crate::guard::{guard, is_service_thread};
use crate::kafka::thread::on_thread;

/// How long a service that is dropped without `close` tries to deliver.
const DROP_TIMEOUT: Duration = Duration::from_secs(10);

/// How long before the deadline records are given to the fallback, at most.
const TO_STORE: Duration = Duration::from_secs(2);

/// The polling interval of a thread that waits.
const STEP: Duration = Duration::from_millis(2);

impl Producer {
    pub(in crate::kafka) async fn close(&self, limit: Duration) -> CloseReport {
        let ledger = &self.lane.shared.ledger;
        ledger.close();
        let deadline = Instant::now().checked_add(limit);
        self.give_up_by(deadline, limit);
        let lane = Arc::clone(&self.lane);
        // If no thread starts, the report counts the unresolved records.
        let _ = on_thread(move || wait_for_outcomes(&lane, deadline)).await;
        ledger.report()
    }

    /// Sets when the engine gives up: with a fallback some time before the deadline, so that the table has what is left by then.
    fn give_up_by(&self, deadline: Option<Instant>, limit: Duration) {
        let Some(fallback) = &self.lane.shared.fallback else { return self.lane.give_up_at(deadline) };
        if let Some(end) = deadline.and_then(|deadline| deadline.checked_add(GRACE)) {
            fallback.give_up_at(end);
        }
        self.lane.give_up_at(deadline.and_then(|deadline| deadline.checked_sub(TO_STORE.min(limit / 4))));
    }

    /// Waits until nothing is queued; returns `false` if `limit` passes first.
    pub(in crate::kafka) async fn flush(&self, limit: Duration) -> bool {
        let deadline = Instant::now().checked_add(limit);
        let lane = Arc::clone(&self.lane);
        let settled = move || lane.shared.ledger.stats().queued == 0;
        if settled() {
            return true;
        }
        let waited = on_thread(move || {
            while !settled() {
                if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                    return false;
                }
                thread::sleep(STEP);
            }
            true
        });
        waited.await.unwrap_or(false)
    }
}

impl Drop for Producer {
    /// Makes the engine deliver queued records. A runtime does not shut down before that is done; outside a runtime, the drop
    /// itself waits. So a `main` that returns has delivered.
    fn drop(&mut self) {
        self.lane.shared.ledger.close();
        let deadline = Instant::now() + DROP_TIMEOUT;
        self.give_up_by(Some(deadline), DROP_TIMEOUT);
        self.lane.stop();
        // Dropped by a callback or a waker: this thread must not wait, and the engine continues on its own.
        if is_service_thread() {
            return;
        }
        let ending = Ending(Arc::clone(&self.lane), deadline);
        if let Ok(runtime) = Handle::try_current() {
            // If no thread starts, the closure is dropped here, and so waits here.
            guard(|| drop(runtime.spawn_blocking(move || drop(ending))));
        }
    }
}

/// Waits for the engine's end when dropped, even if a runtime that shuts down drops the closure that holds it.
struct Ending(Arc<Lane>, Instant);

impl Drop for Ending {
    fn drop(&mut self) {
        wait_for_outcomes(&self.0, Some(self.1));
    }
}

/// Waits until every record has its outcome and `on_lost` was called for those lost by then; past the deadline, only while
/// there is progress.
fn wait_for_outcomes(lane: &Lane, deadline: Option<Instant>) {
    let ledger = &lane.shared.ledger;
    wait(deadline, || {
        (ledger.stats().queued == 0 || lane.has_ended()).then_some(()).ok_or(ledger.stats().queued)
    });
    if let Some(losses) = ledger.losses()
        && !is_service_thread()
    {
        let handed_over = losses.handed_over();
        let called = || losses.called();
        wait(Some(Instant::now()), || (called() >= handed_over).then_some(()).ok_or(called()));
    }
}

/// Waits until `done` returns `Ok`, or else its progress: until the deadline, and past it while there is progress.
fn wait(deadline: Option<Instant>, done: impl Fn() -> Result<(), u64>) {
    let mut last = (0, Instant::now());
    while let Err(progress) = done() {
        let now = Instant::now();
        if progress != last.0 || deadline.is_none_or(|deadline| now < deadline) {
            last = (progress, now);
        }
        if now.duration_since(last.1) > PURGE_TIMEOUT {
            return;
        }
        thread::sleep(STEP);
    }
}
