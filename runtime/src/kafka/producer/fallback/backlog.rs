//! What waits to be written to the table, and which keys go there: a pure data structure.
//!
//! A key is *pinned* from the first of its records that goes to the table until the table has none of them. When it is pinned,
//! earlier records of it may still be with librdkafka. They are either delivered or come here, so what came here is held until
//! none of them is left: its *barrier*. Behind the barrier, the key's records are written in the order of the calls.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use super::record::Key;

/// How many keys are told apart. All others share one, which is pinned until the table is empty.
pub(super) const MAX_KEYS: usize = 200_000;

#[derive(Debug)]
pub(super) struct Item<T> {
    pub(super) key: Key,
    /// The record's place in the order of the calls.
    pub(super) number: u64,
    pub(super) bytes: usize,
    /// Since when it could have been written.
    pub(super) since: Instant,
    pub(super) value: T,
}

#[derive(Debug)]
pub(super) struct Backlog<T> {
    pins: HashMap<Key, Pin<T>>,
    max_keys: usize,
    /// The barriers in their order, each with the time when it was set.
    barriers: VecDeque<(u64, Instant, Key)>,
    ready: VecDeque<Item<T>>,
    records: usize,
    bytes: usize,
    /// Where the last look at idle keys ended.
    looked_at: usize,
}

#[derive(Debug)]
struct Pin<T> {
    /// Records that wait for the barrier; `None` once it has been passed.
    held: Option<Vec<Item<T>>>,
    /// How many records are ready, or in the writer's hands.
    ready: usize,
    /// Whether the table may have some.
    in_table: bool,
}

impl<T> Default for Backlog<T> {
    fn default() -> Self {
        Self {
            pins: HashMap::new(),
            max_keys: MAX_KEYS,
            barriers: VecDeque::new(),
            ready: VecDeque::new(),
            records: 0,
            bytes: 0,
            looked_at: 0,
        }
    }
}

/// The key that stands for all that are not told apart: no topic has an empty name.
fn rest() -> Key {
    Key { topic: String::new(), key: String::new() }
}

impl<T> Backlog<T> {
    pub(super) fn pinned(&self) -> usize {
        self.pins.len()
    }

    pub(super) fn records(&self) -> usize {
        self.records
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_pinned(&self, key: &Key) -> bool {
        self.pins.contains_key(key) || self.pins.contains_key(&rest())
    }

    /// Adds a record and pins its key. `accepted` is the number of records accepted so far: the barrier of a key that was not
    /// pinned.
    pub(super) fn add(&mut self, item: Item<T>, accepted: impl FnOnce() -> u64) {
        let key = self.pin_of(&item.key);
        self.records += 1;
        self.bytes += item.bytes;
        let since = item.since;
        match self.pins.get_mut(&key) {
            Some(Pin { held: Some(held), .. }) => held.push(item),
            Some(pin) => {
                pin.ready += 1;
                self.ready.push_back(item);
            }
            None => {
                let pin = Pin { held: Some(vec![item]), ready: 0, in_table: false };
                self.pins.insert(key.clone(), pin);
                self.barriers.push_back((accepted(), since, key));
            }
        }
    }

    /// Pins keys of which the table has records from before.
    pub(super) fn pin(&mut self, keys: impl Iterator<Item = Key>, accepted: u64, now: Instant) {
        for key in keys {
            let key = self.pin_of(&key);
            let pin = self.pins.entry(key.clone()).or_insert_with(|| {
                self.barriers.push_back((accepted, now, key));
                Pin { held: Some(Vec::new()), ready: 0, in_table: false }
            });
            pin.in_table = true;
        }
    }

    fn pin_of(&self, key: &Key) -> Key {
        // Once the rest is pinned, a further key may have records in it.
        let has_room = self.pins.len() < self.max_keys && !self.pins.contains_key(&rest());
        if has_room || self.pins.contains_key(key) { key.clone() } else { rest() }
    }

    /// Since when the oldest barrier has not been passed.
    pub(super) fn held_since(&self) -> Option<Instant> {
        self.barriers.front().map(|(_, since, _)| *since)
    }

    /// Passes the barriers up to the number of the oldest record that is neither here nor settled.
    pub(super) fn pass(&mut self, oldest: u64, now: Instant) {
        while self.barriers.front().is_some_and(|(barrier, ..)| *barrier <= oldest)
            && let Some((_, _, key)) = self.barriers.pop_front()
        {
            let Some(pin) = self.pins.get_mut(&key) else { continue };
            let mut held = pin.held.take().unwrap_or_default();
            held.sort_by_key(|item| item.number);
            pin.ready += held.len();
            self.ready.extend(held.into_iter().map(|item| Item { since: now, ..item }));
        }
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Takes the first records that are ready. They count as waiting until they are written or lost.
    pub(super) fn take(&mut self, records: usize, bytes: usize) -> Vec<Item<T>> {
        let (mut taken, mut sum) = (Vec::new(), 0);
        while taken.len() < records
            && self.ready.front().is_some_and(|item| sum == 0 || sum + item.bytes <= bytes)
            && let Some(item) = self.ready.pop_front()
        {
            sum += item.bytes;
            taken.push(item);
        }
        taken
    }

    /// Puts back what was taken and could not be written.
    pub(super) fn put_back(&mut self, items: Vec<Item<T>>) {
        items.into_iter().rev().for_each(|item| self.ready.push_front(item));
    }

    /// Notes that a record that was taken has left: into the table, or lost.
    pub(super) fn left(&mut self, key: &Key, bytes: usize, in_table: bool) {
        self.records -= 1;
        self.bytes -= bytes;
        let key = if self.pins.contains_key(key) { key.clone() } else { rest() };
        let Some(pin) = self.pins.get_mut(&key) else { return };
        pin.ready -= 1;
        pin.in_table |= in_table;
        if pin.is_idle() && !pin.in_table {
            self.pins.remove(&key);
        }
    }

    /// Notes that records that were taken may be in the table, although that is not known.
    pub(super) fn may_be_in_table(&mut self, keys: impl Iterator<Item = Key>) {
        for key in keys {
            let key = if self.pins.contains_key(&key) { key } else { rest() };
            self.pins.entry(key).and_modify(|pin| pin.in_table = true);
        }
    }

    /// Returns keys that are pinned only because of the table, in turn.
    pub(super) fn idle(&mut self, limit: usize) -> Vec<Key> {
        if self.looked_at >= self.pins.len() {
            self.looked_at = 0;
        }
        let from_here = self.pins.iter().skip(self.looked_at);
        let idle: Vec<_> = from_here
            .enumerate()
            .filter(|(_, (key, pin))| pin.is_idle() && **key != rest())
            .take(limit)
            .map(|(place, (key, _))| (place, key.clone()))
            .collect();
        self.looked_at = match idle.last() {
            Some((place, _)) if idle.len() == limit => self.looked_at + place + 1,
            _ => 0,
        };
        idle.into_iter().map(|(_, key)| key).collect()
    }

    /// Whether keys that are not told apart are pinned only because of the table.
    pub(super) fn rest_is_idle(&self) -> bool {
        self.pins.get(&rest()).is_some_and(Pin::is_idle)
    }

    /// Unpins keys of which the table has none.
    pub(super) fn unpin(&mut self, keys: impl Iterator<Item = Key>) {
        for key in keys {
            if self.pins.get(&key).is_some_and(Pin::is_idle) {
                self.pins.remove(&key);
            }
        }
    }

    pub(super) fn unpin_rest(&mut self) {
        self.unpin(std::iter::once(rest()));
    }
}

impl<T> Pin<T> {
    fn is_idle(&self) -> bool {
        self.ready == 0 && self.held.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key { topic: "t".to_owned(), key: name.to_owned() }
    }

    fn add(backlog: &mut Backlog<()>, name: &str, number: u64, accepted: u64) {
        let item = Item { key: key(name), number, bytes: 1, since: Instant::now(), value: () };
        backlog.add(item, || accepted);
    }

    fn take(backlog: &mut Backlog<()>) -> Vec<u64> {
        let items = backlog.take(usize::MAX, usize::MAX);
        for item in &items {
            backlog.left(&item.key, item.bytes, true);
        }
        items.iter().map(|item| item.number).collect()
    }

    fn pass(backlog: &mut Backlog<()>, oldest: u64) {
        backlog.pass(oldest, Instant::now());
    }

    #[test]
    fn what_may_come_back_from_librdkafka_is_waited_for() {
        let mut backlog = Backlog::default();
        // Of the records 1 to 4 of one key, the fourth finds the queue full.
        add(&mut backlog, "a", 4, 5);
        pass(&mut backlog, 1);
        assert!(!backlog.has_ready() && backlog.held_since().is_some());
        // 1 was delivered, the others were not.
        add(&mut backlog, "a", 3, 6);
        add(&mut backlog, "a", 2, 7);
        pass(&mut backlog, 4);
        assert_eq!(take(&mut backlog), Vec::<u64>::new(), "4 may still be with librdkafka");
        pass(&mut backlog, 5);
        assert_eq!(take(&mut backlog), [2, 3, 4]);
        assert_eq!(backlog.held_since(), None);
        // The key goes to the table from now on, without a barrier.
        add(&mut backlog, "a", 9, 10);
        assert_eq!(take(&mut backlog), [9]);
    }

    #[test]
    fn a_key_is_pinned_until_nothing_of_it_waits_and_the_table_has_none() {
        let mut backlog = Backlog::default();
        assert!(!backlog.is_pinned(&key("a")));
        add(&mut backlog, "a", 1, 2);
        assert!(backlog.is_pinned(&key("a")) && !backlog.is_pinned(&key("b")));
        assert_eq!(backlog.idle(10), [], "it is held");
        pass(&mut backlog, 2);
        let items = backlog.take(10, 10);
        backlog.unpin([key("a")].into_iter());
        assert!(backlog.is_pinned(&key("a")), "it is in the writer's hands");
        for item in &items {
            backlog.left(&item.key, item.bytes, true);
        }
        assert_eq!(backlog.idle(10), [key("a")]);
        add(&mut backlog, "a", 3, 4);
        backlog.unpin([key("a")].into_iter());
        assert!(backlog.is_pinned(&key("a")), "another has come meanwhile");
        assert_eq!(take(&mut backlog), [3]);
        backlog.unpin([key("a")].into_iter());
        assert!(!backlog.is_pinned(&key("a")));
        assert_eq!((backlog.pinned(), backlog.records(), backlog.bytes()), (0, 0, 0));
    }

    #[test]
    fn a_key_of_which_everything_is_lost_goes_to_kafka_again() {
        let mut backlog = Backlog::default();
        add(&mut backlog, "a", 1, 2);
        pass(&mut backlog, 2);
        let items = backlog.take(10, 10);
        for item in &items {
            backlog.left(&item.key, item.bytes, false);
        }
        assert_eq!(backlog.pinned(), 0);
        // Unless it may be in the table.
        add(&mut backlog, "a", 3, 4);
        pass(&mut backlog, 4);
        let items = backlog.take(10, 10);
        backlog.may_be_in_table(items.iter().map(|item| item.key.clone()));
        for item in &items {
            backlog.left(&item.key, item.bytes, false);
        }
        assert_eq!(backlog.idle(10), [key("a")]);
    }

    #[test]
    fn what_could_not_be_written_stays_first() {
        let mut backlog = Backlog::default();
        (1..=3).for_each(|number| add(&mut backlog, "a", number, 4));
        pass(&mut backlog, 4);
        let items = backlog.take(2, 10);
        backlog.put_back(items);
        assert_eq!(take(&mut backlog), [1, 2, 3]);
    }

    #[test]
    fn a_batch_is_limited_and_never_empty() {
        let mut backlog = Backlog::default();
        (1..=3).for_each(|number| add(&mut backlog, "a", number, 4));
        pass(&mut backlog, 4);
        assert_eq!(backlog.take(10, 0).len(), 1, "a large record goes alone");
        assert_eq!(backlog.take(1, 10).len(), 1);
    }

    #[test]
    fn keys_beyond_the_limit_share_a_pin() {
        let mut backlog = Backlog { max_keys: 2, ..Backlog::default() };
        ["a", "b", "c", "d"].iter().zip(1..).for_each(|(name, number)| add(&mut backlog, name, number, 5));
        assert_eq!(backlog.pinned(), 3);
        assert!(backlog.is_pinned(&key("e")), "it may have been in the rest");
        pass(&mut backlog, 5);
        assert_eq!(take(&mut backlog), [1, 2, 3, 4]);
        let mut idle = backlog.idle(10);
        idle.sort();
        assert_eq!(idle, [key("a"), key("b")]);
        backlog.unpin(idle.into_iter());
        assert!(backlog.is_pinned(&key("a")), "as long as the rest is");
        add(&mut backlog, "c", 6, 7);
        assert_eq!(backlog.pinned(), 1);
        assert!(!backlog.rest_is_idle());
        assert_eq!(take(&mut backlog), [6]);
        assert!(backlog.rest_is_idle());
        backlog.unpin_rest();
        assert!(!backlog.is_pinned(&key("a")) && backlog.pinned() == 0);
    }

    #[test]
    fn what_the_table_has_from_before_pins_its_key() {
        let mut backlog = Backlog { max_keys: 2, ..Backlog::default() };
        backlog.pin(["a", "b", "c"].into_iter().map(key), 3, Instant::now());
        assert!(
            backlog.is_pinned(&key("a")) && backlog.is_pinned(&key("d")),
            "of the rest, some may be there"
        );
        add(&mut backlog, "a", 4, 5);
        pass(&mut backlog, 2);
        assert_eq!(take(&mut backlog), Vec::<u64>::new(), "2 may be of the key, and come back");
        pass(&mut backlog, 3);
        assert_eq!(take(&mut backlog), [4]);
        assert!(backlog.rest_is_idle());
    }

    #[test]
    fn idle_keys_take_turns() {
        let mut backlog = Backlog::default();
        ["a", "b", "c"].iter().zip(1..).for_each(|(name, number)| add(&mut backlog, name, number, 4));
        pass(&mut backlog, 4);
        take(&mut backlog);
        let mut seen: Vec<_> = (0..3).flat_map(|_| backlog.idle(1)).collect();
        seen.sort();
        assert_eq!(seen, [key("a"), key("b"), key("c")]);
    }
}
