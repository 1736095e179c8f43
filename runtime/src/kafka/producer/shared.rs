//! State that outlives a single client.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::Headers;

use super::entry::Entry;
use super::fallback::{Fallback, From};
use super::ledger::Ledger;
use super::owned_record::Bytes;
use crate::error::{ErrorKind, PublishError};
use crate::kafka::cluster::{Cluster, Written, classify};
use crate::kafka::oauth::TokenSource;
use crate::telemetry::Source;

#[derive(Debug)]
pub(in crate::kafka) struct Shared {
    pub(in crate::kafka) cluster: Cluster,
    pub(super) source: Source,
    pub(in crate::kafka) ledger: Arc<Ledger>,
    pub(in crate::kafka) tokens: Option<TokenSource>,
    /// Where records go that Kafka does not take.
    pub(super) fallback: Option<Arc<Fallback>>,
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
        source: Source,
        ledger: Arc<Ledger>,
        tokens: Option<TokenSource>,
        fallback: Option<Arc<Fallback>>,
        resend_unknown: bool,
    ) -> Self {
        let (giving_up, reached) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { cluster, source, ledger, tokens, fallback, resend_unknown, giving_up, reached }
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

    /// Gives a record that Kafka did not take to the fallback, or settles it as lost. `tried` says whether a client had it.
    pub(super) fn lose<H: Headers>(
        &self,
        entry: Entry,
        bytes: Bytes<'_>,
        headers: &H,
        error: KafkaError,
        tried: bool,
    ) {
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
        let belongs = belongs_to_the_table(&error);
        let error = match code {
            Some(Code::PurgeQueue) if !self.is_giving_up() => self.cluster.recalled(bytes.topic, written),
            _ => self.cluster.error(error, bytes.topic, written),
        };
        let offered = if belongs {
            self.offer(entry, bytes, headers, error, From::Client)
        } else {
            Err((error, entry))
        };
        if let Err((error, entry)) = offered {
            entry.lost(bytes.topic, bytes.key, error);
        }
    }

    /// Gives a record to the fallback, or returns it with the error.
    pub(super) fn offer<H: Headers>(
        &self,
        entry: Entry,
        bytes: Bytes<'_>,
        headers: &H,
        error: PublishError,
        from: From,
    ) -> Result<(), (PublishError, Entry)> {
        match &self.fallback {
            Some(fallback) => fallback.add(entry, bytes, headers, error, from),
            None => Err((error, entry)),
        }
    }
}

/// Whether the fallback's relay can deliver a record that failed like this: not if Kafka refuses the record itself. A topic that is
/// missing, or may not be written to, is waited for.
pub(super) fn belongs_to_the_table(error: &KafkaError) -> bool {
    error.rdkafka_error_code().is_none_or(|code| match code {
        Code::UnknownTopic
        | Code::UnknownTopicOrPartition
        | Code::TopicAuthorizationFailed
        | Code::ClusterAuthorizationFailed => true,
        code => classify(code).0 != ErrorKind::Permanent,
    })
}
