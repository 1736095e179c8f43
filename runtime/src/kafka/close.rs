//! The end of a producer: nothing is dropped in silence, and no async thread waits for librdkafka.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rdkafka::producer::{Producer as _, PurgeConfig, ThreadedProducer};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::delivery::Deliveries;
use super::ledger::Ledger;
use super::producer::Producer;
use super::report::CloseReport;

/// How long a service that is dropped without `close` tries to deliver.
const DROP_TIMEOUT: Duration = Duration::from_secs(10);

/// How long librdkafka may take to hand back what it gives up; it does so at once.
const PURGE_TIMEOUT: Duration = Duration::from_secs(5);

impl Producer {
    pub(super) async fn close(&self, limit: Duration) -> CloseReport {
        self.ledger.close();
        if timeout(limit, self.ledger.settled()).await.is_err() {
            let client = Arc::clone(&self.client);
            // Purging waits for librdkafka's own threads.
            let purge = move || client.purge(PurgeConfig::default().queue().inflight());
            let purged = async {
                let _ = tokio::task::spawn_blocking(purge).await;
                self.ledger.settled().await;
            };
            if timeout(PURGE_TIMEOUT, purged).await.is_err() {
                tracing::error!(stats = ?self.ledger.stats(), "librdkafka did not hand back all events");
            }
        }
        self.ledger.report()
    }
}

impl Drop for Producer {
    /// Flushes on a thread of its own. A runtime does not shut down before that thread is done; outside a runtime
    /// the drop itself waits for it. So a `main` that returns has delivered.
    fn drop(&mut self) {
        self.ledger.close();
        let (client, ledger) = (Arc::clone(&self.client), Arc::clone(&self.ledger));
        let flush = move || flush_and_drop(&client, &ledger);
        match thread::Builder::new().name("entity-events flush".to_owned()).spawn(flush) {
            Ok(thread) => {
                let joined = Joined(Some(thread));
                if let Ok(runtime) = Handle::try_current() {
                    drop(runtime.spawn_blocking(move || drop(joined)));
                }
            }
            Err(error) => tracing::error!(%error, "no thread to flush the Kafka producer on"),
        }
    }
}

fn flush_and_drop(client: &ThreadedProducer<Deliveries>, ledger: &Ledger) {
    if ledger.stats().queued > 0 && client.flush(DROP_TIMEOUT).is_err() {
        let stats = ledger.stats();
        tracing::error!(?stats, "the service was dropped with events that could not be delivered");
        client.purge(PurgeConfig::default().queue().inflight());
        let _ = client.flush(PURGE_TIMEOUT);
    }
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
