//! A topic in the window.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The first and the longest wait before a topic that failed is tried again.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(100);
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A topic.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) chains: HashMap<String, usize>,
    pub(super) rows: usize,
    pub(super) queued: usize,
    /// Rows from here on are to be read by themselves.
    pub(super) behind: Option<i64>,
    pub(super) wait: Option<Wait>,
    pub(super) failures: u64,
}

#[derive(Debug)]
pub(super) struct Wait {
    pub(super) until: Instant,
    pub(super) length: Duration,
    pub(super) error: String,
    /// The topic cannot be written to.
    pub(super) is_topic: bool,
}

impl Lane {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            chains: HashMap::new(),
            rows: 0,
            queued: 0,
            behind: None,
            wait: None,
            failures: 0,
        }
    }

    /// Makes it wait because it failed; longer if it fails again.
    pub(super) fn wait(&mut self, error: &str, is_topic: bool, now: Instant) {
        let length = match &self.wait {
            // One outage fails many records.
            Some(wait) if wait.until > now => return,
            Some(wait) => (wait.length * 2).min(LONGEST_WAIT),
            None => FIRST_WAIT,
        };
        self.wait = Some(Wait { until: now + length, length, error: error.to_owned(), is_topic });
    }
}
