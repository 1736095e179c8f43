//! What a relay's handle and its thread share.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::report::{RelayReport, RelayRole, RelayStats};
use crate::guard::log;
use crate::kafka::Health;
use crate::kafka::thread::on_thread;

/// How long a relay may take to end after its deadline: librdkafka returns its records, and the database answers.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
pub(super) struct Control {
    state: Mutex<State>,
    /// Signals the end to `close`.
    ended: Condvar,
    /// Signals the wish to close to the thread.
    closing: Notify,
}

#[derive(Debug, Default)]
struct State {
    stats: RelayStats,
    /// When to end, whatever is on its way.
    close_at: Option<Instant>,
    report: Option<RelayReport>,
    /// What cannot be done with the database, and why.
    database: BTreeMap<&'static str, String>,
    /// Topics that cannot be written to, each with the reason.
    topics: Vec<String>,
    /// The thread has ended although nobody closed the relay.
    dead: bool,
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stats(&self) -> RelayStats {
        self.lock().stats
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut RelayStats)) {
        change(&mut self.lock().stats);
    }

    /// Sets when to end; an earlier time wins.
    pub(super) fn close_at(&self, deadline: Instant) {
        let mut state = self.lock();
        state.close_at = state.close_at.into_iter().chain([deadline]).min();
        drop(state);
        self.closing.notify_one();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.deadline().is_some()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.lock().close_at
    }

    /// Waits until the relay is to end. For one waiter.
    pub(super) async fn closing(&self) {
        while !self.is_closing() {
            self.closing.notified().await;
        }
    }

    /// Waits for the end, without a runtime's timer.
    pub(super) async fn ended(self: &std::sync::Arc<Self>, limit: Duration) -> RelayReport {
        let this = std::sync::Arc::clone(self);
        let waited = on_thread(move || {
            let running = |state: &mut State| state.report.is_none();
            let limit = limit.saturating_add(GRACE);
            let waited = this.ended.wait_timeout_while(this.lock(), limit, running);
            waited.unwrap_or_else(PoisonError::into_inner).0.report
        });
        let report = waited.await.ok().flatten();
        report.unwrap_or_else(|| {
            let stats = self.stats();
            RelayReport { delivered: stats.delivered, unacknowledged: stats.in_flight, lease_returned: false }
        })
    }

    pub(super) fn set_ended(&self, unacknowledged: u64, lease_returned: bool) {
        let mut state = self.lock();
        state.stats.role = RelayRole::Standby;
        state.dead = state.close_at.is_none();
        let delivered = state.stats.delivered;
        state.report = Some(RelayReport { delivered, unacknowledged, lease_returned });
        drop(state);
        self.ended.notify_all();
    }

    /// Notes whether the database can be used for something, and logs each change.
    pub(super) fn set_database(&self, name: &str, purpose: &'static str, error: Option<String>) {
        let mut state = self.lock();
        let before = match &error {
            Some(error) => state.database.insert(purpose, error.clone()),
            None => state.database.remove(purpose),
        };
        drop(state);
        match (before, error) {
            (None, Some(error)) => {
                log(
                    || tracing::warn!(purpose, %error, "the outbox's database ({name}) cannot be used; retrying"),
                );
            }
            (Some(_), None) => {
                log(|| tracing::info!(purpose, "the outbox's database ({name}) can be used again"));
            }
            _ => {}
        }
    }

    /// Notes that the database answers a relay that stands by: what failed in the work before is over.
    pub(super) fn answers(&self, name: &str, purposes: &[&'static str]) {
        for purpose in purposes {
            self.set_database(name, purpose, None);
        }
    }

    /// Notes which topics cannot be written to, and logs those that are new.
    pub(super) fn set_topics(&self, topics: &[String]) {
        let mut state = self.lock();
        if state.topics == topics {
            return;
        }
        let before = std::mem::replace(&mut state.topics, topics.to_vec());
        drop(state);
        for reason in topics.iter().filter(|reason| !before.contains(reason)) {
            log(|| tracing::error!(reason, "the outbox cannot deliver to a topic; retrying"));
        }
    }

    pub(super) fn health(&self, kafka: Health) -> Health {
        let state = self.lock();
        let mut health = kafka;
        if state.dead {
            return Health {
                live: false,
                ready: false,
                reason: Some("the relay's thread has ended".to_owned()),
            };
        }
        if let Some((purpose, error)) = state.database.first_key_value() {
            health.ready = false;
            health.reason = Some(format!("the outbox's database cannot be used for {purpose}: {error}"));
        } else if !state.topics.is_empty() {
            health.ready = false;
            health.reason = Some(state.topics.join("; "));
        } else if health.reason.is_none() && state.stats.blocked_keys > 0 {
            let keys = state.stats.blocked_keys;
            let keys = if keys == 1 { "1 key is".to_owned() } else { format!("{keys} keys are") };
            health.reason = Some(format!("{keys} blocked; see `Outbox::blocked`"));
        }
        health
    }
}
