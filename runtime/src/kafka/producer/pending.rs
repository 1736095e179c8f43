//! The entries of the records handed to librdkafka.
//!
//! librdkafka carries a number for each record. The entries are kept here, not as pointers within librdkafka, so that
//! they are settled even if a record is never returned.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use slab::Slab;

use super::entry::Entry;

/// The number of shards, so that callers and the polling thread seldom contend.
const SHARDS: usize = 8;

#[derive(Default)]
pub(super) struct Pending([Mutex<Slab<Entry>>; SHARDS]);

impl Pending {
    /// Keeps an entry; its key goes with the record.
    pub(super) fn insert(&self, entry: Entry) -> usize {
        let shard = usize::try_from(entry.number % SHARDS as u64).unwrap_or_default();
        self.shard(shard).insert(entry) * SHARDS + shard
    }

    /// Takes an entry out; `None` if it was settled otherwise.
    pub(super) fn remove(&self, key: usize) -> Option<Entry> {
        self.shard(key % SHARDS).try_remove(key / SHARDS)
    }

    pub(super) fn len(&self) -> usize {
        (0..SHARDS).map(|shard| self.shard(shard).len()).sum()
    }

    /// Returns the lowest number of the entries.
    pub(super) fn oldest(&self) -> Option<u64> {
        let oldest = |shard| self.shard(shard).iter().map(|(_, entry)| entry.number).min();
        (0..SHARDS).filter_map(oldest).min()
    }

    /// Takes out all entries.
    pub(super) fn drain(&self) -> Vec<Entry> {
        let all = (0..SHARDS).flat_map(|shard| std::mem::take(&mut *self.shard(shard)));
        all.map(|(_, entry)| entry).collect()
    }

    #[expect(clippy::indexing_slicing, reason = "`shard` is a remainder of `SHARDS`")]
    fn shard(&self, shard: usize) -> MutexGuard<'_, Slab<Entry>> {
        self.0[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending")
    }
}
