//! The entries of the records that librdkafka has.
//!
//! librdkafka carries a number for each record. A table of ours, and not a pointer within librdkafka, makes sure that an entry
//! is settled by name even if its record never comes back.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use slab::Slab;

use super::entry::Entry;

/// How many parts the table has, so that callers and the polling thread seldom meet.
const PARTS: usize = 8;

#[derive(Default)]
pub(super) struct Pending([Mutex<Slab<Entry>>; PARTS]);

impl Pending {
    /// Keeps an entry; its key goes with the record.
    pub(super) fn insert(&self, entry: Entry) -> usize {
        let part = usize::try_from(entry.number % PARTS as u64).unwrap_or_default();
        self.part(part).insert(entry) * PARTS + part
    }

    /// Takes an entry out; `None` if it was settled otherwise.
    pub(super) fn remove(&self, key: usize) -> Option<Entry> {
        self.part(key % PARTS).try_remove(key / PARTS)
    }

    /// Takes out all entries.
    pub(super) fn drain(&self) -> Vec<Entry> {
        let all = (0..PARTS).flat_map(|part| std::mem::take(&mut *self.part(part)));
        all.map(|(_, entry)| entry).collect()
    }

    #[expect(clippy::indexing_slicing, reason = "`part` is a remainder of `PARTS`")]
    fn part(&self, part: usize) -> MutexGuard<'_, Slab<Entry>> {
        self.0[part].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending")
    }
}
