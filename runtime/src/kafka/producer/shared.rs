//! State that outlives a single client.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::entry::Entry;
use super::ledger::Ledger;
use crate::kafka::cluster::{Cluster, Written};
use crate::kafka::oauth::TokenSource;

#[derive(Debug)]
pub(in crate::kafka) struct Shared {
    pub(in crate::kafka) cluster: Cluster,
    pub(in crate::kafka) ledger: Arc<Ledger>,
    pub(in crate::kafka) tokens: Option<TokenSource>,
    /// Whether records that a broken client may have written are sent again.
    pub(super) resend_unknown: bool,
    /// Set before queues are purged to give up: records returned then are lost.
    giving_up: AtomicBool,
    /// Some client has reached the cluster. Before that, nothing can have been written.
    reached: AtomicBool,
}

impl Shared {
    pub(super) fn new(
        cluster: Cluster,
        ledger: Arc<Ledger>,
        tokens: Option<TokenSource>,
        resend_unknown: bool,
    ) -> Self {
        let (giving_up, reached) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { cluster, ledger, tokens, resend_unknown, giving_up, reached }
    }

    pub(super) fn give_up(&self) {
        self.giving_up.store(true, SeqCst);
    }

    pub(super) fn is_giving_up(&self) -> bool {
        self.giving_up.load(SeqCst)
    }

    /// Checks whether a client has reached the cluster. Before that, it cannot know where to send a record.
    pub(super) fn check_reached(&self, has_reached_cluster: impl FnOnce() -> bool) {
        if !self.reached.load(SeqCst) && has_reached_cluster() {
            self.reached.store(true, SeqCst);
        }
    }

    /// Settles a record that is lost, or of unknown outcome. `tried` says whether a client had it.
    pub(super) fn lose(&self, entry: Entry, topic: &str, key: &[u8], error: KafkaError, tried: bool) {
        let code = error.rdkafka_error_code();
        if code == Some(Code::MessageTimedOut) {
            self.cluster.condition.timed_out(&self.cluster.servers);
        }
        let written = match code {
            _ if !tried || !self.reached.load(SeqCst) => Written::No,
            // librdkafka does not report whether it was tried before: assume that it was.
            Some(Code::PurgeQueue | Code::Fatal) => Written::Maybe,
            _ => Written::PerErrorCode,
        };
        entry.lost(topic, key, self.cluster.error(error, topic, written));
    }
}
