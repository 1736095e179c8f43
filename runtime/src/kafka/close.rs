//! The end of a producer: nothing is dropped in silence, and no async thread waits for librdkafka.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::time::timeout;

use super::lane::{Lane, PURGE_TIMEOUT};
use super::producer::Producer;
use super::report::CloseReport;

/// How long a service that is dropped without `close` tries to deliver.
const DROP_TIMEOUT: Duration = Duration::from_secs(10);

impl Producer {
    pub(super) async fn close(&self, limit: Duration) -> CloseReport {
        let ledger = &self.lane.ledger;
        ledger.close();
        if timeout(limit, ledger.settled()).await.is_err() {
            let lane = Arc::clone(&self.lane);
            let given_up = async {
                let _ = tokio::task::spawn_blocking(move || lane.give_up()).await;
                ledger.settled().await;
            };
            if timeout(PURGE_TIMEOUT, given_up).await.is_err() {
                tracing::error!(stats = ?ledger.stats(), "librdkafka did not hand back all events");
            }
        }
        ledger.report()
    }
}

impl Drop for Producer {
    /// Delivers on a thread of its own. A runtime does not shut down before that thread is done; outside a runtime
    /// the drop itself waits for it. So a `main` that returns has delivered.
    fn drop(&mut self) {
        self.lane.ledger.close();
        let lane = Arc::clone(&self.lane);
        match thread::Builder::new().name("entity-events close".to_owned()).spawn(move || finish(&lane)) {
            Ok(thread) => {
                let joined = Joined(Some(thread));
                if let Ok(runtime) = Handle::try_current() {
                    drop(runtime.spawn_blocking(move || drop(joined)));
                }
            }
            Err(error) => {
                tracing::error!(%error, "no thread to deliver on; what is queued is given up");
                self.lane.give_up();
                self.lane.end();
            }
        }
    }
}

fn finish(lane: &Lane) {
    if !settles(lane, DROP_TIMEOUT) {
        let stats = lane.ledger.stats();
        tracing::error!(?stats, "the service was dropped with events that could not be delivered");
        lane.give_up();
        settles(lane, PURGE_TIMEOUT);
    }
    lane.end();
}

fn settles(lane: &Lane, limit: Duration) -> bool {
    let until = Instant::now() + limit;
    while lane.ledger.stats().queued > 0 {
        if Instant::now() > until {
            return false;
        }
        thread::sleep(Duration::from_millis(2));
    }
    true
}

/// Waits for a thread when it is dropped: also when a runtime that shuts down drops the closure that holds it.
struct Joined(Option<thread::JoinHandle<()>>);

impl Drop for Joined {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            let _ = thread.join();
        }
    }
}
