//! What else the producer of a lane is asked for.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::metadata::Metadata;
use rdkafka::producer::Producer as _;

use super::{Deliveries, Lane, State};

/// How long the polling thread serves a producer before it looks again for what it waits for.
const SERVE: Duration = Duration::from_millis(10);

impl Lane {
    /// For a moment, does what the polling thread of these deliveries is there for, on that thread while something keeps it
    /// from doing so. `false` when their producer is being let go, which waits for the thread.
    pub(in crate::kafka) fn serve(&self, deliveries: &Deliveries) -> bool {
        match &**self.state.load() {
            _ if deliveries.is_let_go() => return false,
            State::Open(client) if std::ptr::eq(Arc::as_ptr(client.client().context()), deliveries) => {
                client.poll(SERVE);
            }
            // A producer that is not in use yet has nothing to report.
            _ => thread::sleep(SERVE),
        }
        true
    }

    /// Asks the cluster for a topic by the connections that there are. Waits for the answer.
    pub(in crate::kafka) fn metadata(&self, topic: &str, limit: Duration) -> Result<Metadata, KafkaError> {
        match &**self.state.load() {
            State::Open(client) => client.client().fetch_metadata(Some(topic), limit),
            _ => Err(KafkaError::MetadataFetch(Code::BrokerNotAvailable)),
        }
    }
}
