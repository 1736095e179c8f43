//! A key in the window.

use std::collections::VecDeque;

use crate::outbox::relay::store::Claimed;

/// A key.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) lane: usize,
    pub(super) key: String,
    pub(super) in_flight: usize,
    pub(super) queue: VecDeque<Claimed>,
    pub(super) hold: Hold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    None,
    /// Since this row.
    Blocked(i64),
    /// Rows from here on are to be read by themselves.
    Behind(i64),
}

impl Chain {
    pub(super) fn new(lane: usize, key: &str) -> Self {
        Self { lane, key: key.to_owned(), in_flight: 0, queue: VecDeque::new(), hold: Hold::None }
    }

    pub(super) fn is_new(&self) -> bool {
        self.in_flight == 0 && self.queue.is_empty() && self.hold == Hold::None
    }
}
