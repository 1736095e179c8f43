//! The ids that were seen last.

use std::collections::{HashSet, VecDeque};

use uuid::Uuid;

/// The last ids, up to a number: duplicates come soon after each other, and memory is bounded.
///
/// Where a duplicate must never be handled twice, keep the ids in the database, in the transaction of the handler.
#[derive(Debug)]
pub(super) struct Recent {
    most: usize,
    ids: HashSet<Uuid>,
    /// In the order in which they came.
    order: VecDeque<Uuid>,
}

impl Recent {
    pub(super) fn new(most: usize) -> Self {
        Self { most, ids: HashSet::new(), order: VecDeque::new() }
    }

    pub(super) fn contains(&self, id: Uuid) -> bool {
        self.ids.contains(&id)
    }

    pub(super) fn insert(&mut self, id: Uuid) {
        if !self.ids.insert(id) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }
}
