//! The rows in hand: which may leave now, which wait behind others of their key, and which stay in the table.
//!
//! Within a key, the next row leaves when the one before is acknowledged. Rows that cannot go on are not kept: they stay in the
//! table, and are read again from where they begin.
//!
//! - A topic falls *behind* if it fails, or if it has most of the memory while there are others. Claims pass over its rows, and
//!   it is read by itself from then on, until it has caught up.
//! - A key is *blocked* by a row that Kafka refuses, until an operator decides; then it is behind in the same way.

mod chain;
mod lane;
mod rest;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::time::Instant;

use slab::Slab;

use self::chain::{Chain, Hold};
use self::lane::Lane;
pub(super) use self::rest::{Origin, Rest};
use crate::outbox::relay::store::{Claimed, Topic};
use crate::telemetry::Stopwatch;

/// How many rows of a topic that failed are tried.
const PROBE: usize = 100;

#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) rows: usize,
    pub(super) bytes: usize,
    pub(super) in_flight_per_key: usize,
}

/// A record that has left, under its number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    pub(super) seq: i64,
    chain: usize,
    bytes: usize,
    /// Since it has left.
    pub(super) stopwatch: Stopwatch,
    pub(super) inserted: Option<Instant>,
}

impl Flight {
    fn of(row: &Claimed, chain: usize) -> Self {
        let &Claimed { seq, inserted, .. } = row;
        Self { seq, chain, bytes: row.size(), stopwatch: Stopwatch::start(), inserted }
    }
}

#[derive(Debug)]
pub(super) struct Window {
    limits: Limits,
    lanes: Vec<Lane>,
    lane_ids: HashMap<String, usize>,
    chains: Slab<Chain>,
    flights: Slab<Flight>,
    /// Queued, in flight, or acknowledged and not deleted yet.
    in_hand: HashSet<i64>,
    /// Deleted while a read was on its way, which may still have seen them.
    deleted: HashSet<i64>,
    rows: usize,
    bytes: usize,
    /// Which lane is read next, if several are behind.
    turn: usize,
    /// The keys to be read by themselves.
    behind_keys: BTreeSet<usize>,
}

impl Window {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            lanes: Vec::new(),
            lane_ids: HashMap::new(),
            chains: Slab::new(),
            flights: Slab::new(),
            in_hand: HashSet::new(),
            deleted: HashSet::new(),
            rows: 0,
            bytes: 0,
            turn: 0,
            behind_keys: BTreeSet::new(),
        }
    }

    /// How many rows may be read now.
    pub(super) fn room(&self) -> usize {
        if self.bytes >= self.limits.bytes { 0 } else { self.limits.rows.saturating_sub(self.rows) }
    }

    pub(super) fn in_flight(&self) -> usize {
        self.flights.len()
    }

    pub(super) fn blocked_keys(&self) -> usize {
        self.chains.iter().filter(|(_, chain)| matches!(chain.hold, Hold::Blocked(_))).count()
    }

    /// Why topics cannot be written to.
    pub(super) fn failing_topics(&self) -> Vec<String> {
        let waits = self.lanes.iter().filter_map(|lane| lane.wait.as_ref());
        waits.filter(|wait| wait.is_topic).map(|wait| wait.error.clone()).collect()
    }

    /// Takes a row that was read, if it is not in hand and may go on. Returns it with its number if it leaves now.
    pub(super) fn admit(&mut self, row: Claimed, origin: Origin) -> Option<(usize, Claimed)> {
        if self.in_hand.contains(&row.seq) || self.deleted.contains(&row.seq) {
            return None;
        }
        let lane_id = self.lane(&row.topic);
        let several = self.lanes.len() > 1;
        let lane = &mut self.lanes[lane_id];
        let is_behind = lane.behind.is_some_and(|first| first <= row.seq);
        match origin {
            Origin::Claim | Origin::Key(_) if is_behind => return None,
            // Claims go on in order, so all later rows of the topic are left, too.
            Origin::Claim if lane.wait.is_some() || several && lane.rows >= self.limits.rows / 4 * 3 => {
                lane.behind = Some(row.seq);
                return None;
            }
            // The topic has failed since the read began, and is read again from an earlier row.
            Origin::Topic(failures) if lane.failures != failures => return None,
            Origin::Claim | Origin::Topic(_) | Origin::Key(_) => {}
        }
        let known = lane.chains.get(&row.key).copied();
        let hold = known.map_or(Hold::None, |id| self.chains[id].hold);
        match (hold, origin) {
            (Hold::Behind(first), Origin::Key(read)) if first == read => {}
            (_, Origin::Key(_)) | (Hold::Blocked(_), _) => return None,
            (Hold::Behind(first), _) if first <= row.seq => return None,
            (Hold::Behind(_) | Hold::None, _) => {}
        }
        let chain_id = known.unwrap_or_else(|| self.chains.insert(Chain::new(lane_id, &row.key)));
        let chain = &mut self.chains[chain_id];
        if chain.is_new() {
            lane.chains.insert(row.key.clone(), chain_id);
        }
        let bytes = row.size();
        self.in_hand.insert(row.seq);
        self.rows += 1;
        self.bytes += bytes;
        lane.rows += 1;
        if chain.in_flight < self.limits.in_flight_per_key && chain.queue.is_empty() {
            chain.in_flight += 1;
            let number = self.flights.insert(Flight::of(&row, chain_id));
            return Some((number, row));
        }
        lane.queued += 1;
        chain.queue.push_back(row);
        None
    }

    /// Notes the end of a read: what it could have seen of deleted rows was passed over.
    pub(super) fn read_ended(&mut self) {
        self.deleted.clear();
    }

    /// Notes that a record was delivered. Returns its row, and the next of its key, if that leaves now.
    pub(super) fn delivered(&mut self, number: usize) -> Option<(i64, Option<(usize, Claimed)>)> {
        let flight = self.land(number)?;
        let lane = self.chains[flight.chain].lane;
        self.lanes[lane].wait = None;
        let next = self.next(flight.chain);
        self.tidy(flight.chain);
        Some((flight.seq, next))
    }

    /// Notes that rows were deleted from the table.
    pub(super) fn deleted(&mut self, seqs: &[i64], while_reading: bool) {
        for seq in seqs {
            self.in_hand.remove(seq);
            if while_reading {
                self.deleted.insert(*seq);
            }
        }
    }

    /// Notes that a record was not delivered, and why: its topic waits, and is read again from there.
    pub(super) fn failed(&mut self, number: usize, error: &str, now: Instant) {
        self.failed_by(number, error, false, now);
    }

    /// The same. `is_topic` says that the topic cannot be written to, rather than that Kafka is unavailable.
    pub(super) fn failed_by(&mut self, number: usize, error: &str, is_topic: bool, now: Instant) {
        let Some(flight) = self.land(number) else { return };
        self.in_hand.remove(&flight.seq);
        let lane_id = self.chains[flight.chain].lane;
        let first = self.drop_queued(lane_id).into_iter().chain([flight.seq]).min();
        let lane = &mut self.lanes[lane_id];
        lane.behind = lane.behind.into_iter().chain(first).min();
        lane.failures += 1;
        lane.wait(error, is_topic, now);
        self.tidy(flight.chain);
    }

    /// Notes that every record in flight counts as not delivered.
    pub(super) fn all_failed(&mut self, error: &str, now: Instant) {
        let numbers: Vec<_> = self.flights.iter().map(|(number, _)| number).collect();
        for number in numbers {
            self.failed(number, error, now);
        }
    }

    /// Returns a record in flight, and its topic.
    pub(super) fn flight(&self, number: usize) -> Option<(&Flight, &str)> {
        let flight = self.flights.get(number)?;
        Some((flight, &self.lanes[self.chains[flight.chain].lane].name))
    }

    /// Returns the row of a record that is refused for itself, which stays in flight.
    pub(super) fn seq(&self, number: usize) -> Option<i64> {
        self.flights.get(number).map(|flight| flight.seq)
    }

    /// Notes that Kafka refuses a record for good: its key waits for an operator.
    pub(super) fn blocked(&mut self, number: usize) -> Option<i64> {
        let flight = self.land(number)?;
        self.in_hand.remove(&flight.seq);
        self.hold(flight.chain, Hold::Blocked(flight.seq));
        Some(flight.seq)
    }

    /// Notes that Kafka refuses a record for good, and that it is moved away: those behind it go on.
    pub(super) fn parked(&mut self, number: usize) -> Option<(i64, Option<(usize, Claimed)>)> {
        let flight = self.land(number)?;
        let next = self.next(flight.chain);
        self.tidy(flight.chain);
        Some((flight.seq, next))
    }

    /// Notes which keys are blocked according to the table, each with its oldest row. Those that are not any more are read again.
    pub(super) fn set_blocked<'a>(&mut self, blocked: impl Iterator<Item = (&'a str, &'a str, i64)>) {
        let mut still = HashSet::new();
        for (topic, key, seq) in blocked {
            let lane = self.lane(topic);
            let known = self.lanes[lane].chains.get(key).copied();
            let chain = known.unwrap_or_else(|| self.chains.insert(Chain::new(lane, key)));
            self.lanes[lane].chains.insert(key.to_owned(), chain);
            still.insert(chain);
            if matches!(self.chains[chain].hold, Hold::None) && self.chains[chain].in_flight == 0 {
                self.hold(chain, Hold::Blocked(seq));
            }
        }
        for (id, chain) in &mut self.chains {
            if let Hold::Blocked(seq) = chain.hold
                && !still.contains(&id)
            {
                chain.hold = Hold::Behind(seq);
                self.behind_keys.insert(id);
            }
        }
    }

    /// Lets a blocked key be read again.
    pub(super) fn retry(&mut self, topic: &str, key: &str) {
        let lane = self.lane_ids.get(topic).map(|id| &self.lanes[*id]);
        if let Some(id) = lane.and_then(|lane| lane.chains.get(key).copied())
            && let Hold::Blocked(seq) = self.chains[id].hold
        {
            self.chains[id].hold = Hold::Behind(seq);
            self.behind_keys.insert(id);
        }
    }

    /// Returns what to read by itself next, if anything is behind and may go on.
    pub(super) fn rest(&mut self, now: Instant) -> Option<Rest> {
        let room = self.room();
        if room == 0 {
            return None;
        }
        for id in &self.behind_keys {
            let chain = &self.chains[*id];
            let lane = &self.lanes[chain.lane];
            if let Hold::Behind(first) = chain.hold
                && chain.in_flight == 0
                && lane.wait.as_ref().is_none_or(|wait| wait.until <= now)
            {
                let topic = Topic { name: lane.name.clone(), key: Some(chain.key.clone()) };
                return Some(Rest { topic, first, limit: room, failures: lane.failures });
            }
        }
        for step in 0..self.lanes.len() {
            let id = (self.turn + step) % self.lanes.len();
            let lane = &self.lanes[id];
            let Some(first) = lane.behind else { continue };
            let limit = match &lane.wait {
                Some(wait) if wait.until > now => continue,
                Some(_) => PROBE,
                None => (self.limits.rows / 2).saturating_sub(lane.rows).min(room),
            };
            if limit > 0 && (lane.wait.is_none() || lane.rows < PROBE) {
                self.turn = id + 1;
                let topic = Topic { name: lane.name.clone(), key: None };
                return Some(Rest { topic, first, limit, failures: lane.failures });
            }
        }
        None
    }

    /// Returns when the next topic may be tried again.
    pub(super) fn next_try(&self, now: Instant) -> Option<Instant> {
        let waits = self.lanes.iter().filter_map(|lane| lane.wait.as_ref());
        waits.map(|wait| wait.until).filter(|until| *until > now).min()
    }

    /// Notes what was read of a topic or key that was behind: up to `last`, or everything.
    pub(super) fn read_rest(&mut self, rest: &Rest, last: Option<i64>) {
        let Some(lane) = self.lane_ids.get(&rest.topic.name).map(|id| &mut self.lanes[*id]) else { return };
        let next = last.map(|last| last + 1);
        match &rest.topic.key {
            None if lane.failures == rest.failures => lane.behind = next,
            None => {}
            Some(key) => {
                let Some(id) = lane.chains.get(key).copied() else { return };
                if self.chains[id].hold == Hold::Behind(rest.first) {
                    self.chains[id].hold = next.map_or(Hold::None, Hold::Behind);
                    if next.is_none() {
                        self.behind_keys.remove(&id);
                    }
                    self.tidy(id);
                }
            }
        }
    }

    /// Whether a row is in hand, or will be read with its topic or key.
    pub(super) fn knows(&self, seq: i64, topic: &str, key: &str) -> bool {
        let lane = self.lane_ids.get(topic).map(|id| &self.lanes[*id]);
        let chain = lane.and_then(|lane| self.chains.get(*lane.chains.get(key)?));
        self.in_hand.contains(&seq)
            || lane.is_some_and(|lane| lane.behind.is_some_and(|first| first <= seq))
            || chain.is_some_and(|chain| match chain.hold {
                Hold::None => false,
                Hold::Blocked(first) | Hold::Behind(first) => first <= seq,
            })
    }

    fn lane(&mut self, topic: &str) -> usize {
        if let Some(id) = self.lane_ids.get(topic) {
            return *id;
        }
        let id = self.lanes.len();
        self.lane_ids.insert(topic.to_owned(), id);
        self.lanes.push(Lane::new(topic));
        id
    }

    /// Takes a record out of flight.
    fn land(&mut self, number: usize) -> Option<Flight> {
        let flight = self.flights.try_remove(number)?;
        let chain = &mut self.chains[flight.chain];
        chain.in_flight -= 1;
        self.lanes[chain.lane].rows -= 1;
        self.rows -= 1;
        self.bytes -= flight.bytes;
        Some(flight)
    }

    fn next(&mut self, chain_id: usize) -> Option<(usize, Claimed)> {
        let chain = &mut self.chains[chain_id];
        if chain.in_flight >= self.limits.in_flight_per_key {
            return None;
        }
        let row = chain.queue.pop_front()?;
        chain.in_flight += 1;
        self.lanes[chain.lane].queued -= 1;
        Some((self.flights.insert(Flight::of(&row, chain_id)), row))
    }

    /// Holds a key back; its queued rows stay in the table.
    fn hold(&mut self, chain_id: usize, hold: Hold) {
        self.chains[chain_id].hold = hold;
        self.behind_keys.remove(&chain_id);
        let queue = std::mem::take(&mut self.chains[chain_id].queue);
        self.put_back(self.chains[chain_id].lane, queue);
    }

    /// Leaves the queued rows of a topic in the table, and returns the first.
    fn drop_queued(&mut self, lane_id: usize) -> Option<i64> {
        if self.lanes[lane_id].queued == 0 {
            return None;
        }
        let ids: Vec<_> = self.lanes[lane_id].chains.values().copied().collect();
        let mut first = None;
        for id in ids {
            let queue = std::mem::take(&mut self.chains[id].queue);
            first = first.into_iter().chain(queue.front().map(|row| row.seq)).min();
            self.put_back(lane_id, queue);
            self.tidy(id);
        }
        first
    }

    fn put_back(&mut self, lane_id: usize, queue: VecDeque<Claimed>) {
        for row in queue {
            self.in_hand.remove(&row.seq);
            self.rows -= 1;
            self.bytes -= row.size();
            self.lanes[lane_id].rows -= 1;
            self.lanes[lane_id].queued -= 1;
        }
    }

    /// Forgets a key that has nothing.
    fn tidy(&mut self, chain_id: usize) {
        // Where a whole topic was dropped, it has been forgotten before.
        if self.chains.get(chain_id).is_some_and(Chain::is_new) {
            let chain = self.chains.remove(chain_id);
            self.lanes[chain.lane].chains.remove(&chain.key);
        }
    }
}
