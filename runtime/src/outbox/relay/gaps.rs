//! Which numbers were seen, and which to ask for again.
//!
//! A transaction draws a number when it inserts, and its row appears when it commits: possibly after rows with larger numbers were
//! read. So beside the highest number seen, the numbers below it that were not there are remembered, until it is certain that they
//! were rolled back.
//!
//! The order per key depends on it, too. If one read finds a row, it must also find those of the same key with smaller numbers, all of
//! which were committed before. They can only be in a gap, and only in one that a transaction has left which ran when the gap was
//! noticed, and has ended since. So gaps remember these transactions, and every read is completed by the gaps of those that have ended
//! by then.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use super::store::{Range, Snapshot};

/// How long a gap is asked for with every claim; after that, once in a while and when a transaction that may have left it ends.
const YOUNG: Duration = Duration::from_secs(1);

/// A number may be drawn a moment before its transaction has an id, where the insert is its first write. So a gap is kept for at
/// least as long as no server should take for that.
const LEAST: Duration = Duration::from_secs(5);

/// How many young gaps are asked for with one claim.
const WITH_A_CLAIM: usize = 256;

/// How many old gaps are asked for at once.
const AT_ONCE: usize = 4_096;

/// How many gaps are remembered at most. Those beyond are found by the sweep.
const MOST: usize = 200_000;

#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// The highest number seen; everything above is read next.
    highest: i64,
    /// By their first number.
    left: BTreeMap<i64, Gap>,
    /// Noticed by the read that is being taken.
    fresh: Vec<Range>,
    /// What each transaction that ran when a gap was noticed may have left.
    owners: HashMap<i64, Vec<Range>>,
    /// Where the next old gaps start, in turn.
    next: i64,
}

#[derive(Debug, Clone, Copy)]
struct Gap {
    last: i64,
    noticed: Instant,
    /// Every transaction that may fill it is below.
    xmax: Option<i64>,
}

impl Gaps {
    pub(super) fn highest(&self) -> i64 {
        self.highest
    }

    /// Notes a number that was read: in order above the highest, or anywhere below it.
    pub(super) fn seen(&mut self, seq: i64, now: Instant) {
        if seq > self.highest {
            if seq > self.highest + 1 {
                let range = Range { first: self.highest + 1, last: seq - 1 };
                self.insert(range.first, Gap { last: range.last, noticed: now, xmax: None });
                self.fresh.push(range);
            }
            self.highest = seq;
        } else {
            self.fill(seq);
        }
    }

    /// Notes the moment of a read, after all of its numbers were noted: what ran then may have left the gaps among them.
    pub(super) fn read_at(&mut self, snapshot: &Snapshot) {
        for gap in self.left.values_mut().filter(|gap| gap.xmax.is_none()) {
            gap.xmax = Some(snapshot.xmax);
        }
        for owner in &snapshot.running {
            if !self.fresh.is_empty() {
                self.owners.entry(*owner).or_default().extend_from_slice(&self.fresh);
            }
        }
        self.fresh.clear();
    }

    /// Returns the gaps up to `cut` that transactions may have filled which have ended by the moment of a read, and which it has not
    /// asked for.
    pub(super) fn unasked(&self, snapshot: &Snapshot, asked: &[Range], cut: i64) -> Vec<Range> {
        let ended = self.owners.iter().filter(|(owner, _)| !snapshot.running.contains(owner));
        let left = ended.flat_map(|(_, ranges)| ranges).flat_map(|range| self.within(*range));
        let mut ranges: Vec<_> = left.map(|range| Range { last: range.last.min(cut), ..range }).collect();
        ranges.sort_unstable_by_key(|range| range.first);
        ranges.dedup();
        let is_asked =
            |range: &Range| asked.iter().any(|asked| asked.first <= range.first && range.last <= asked.last);
        ranges.retain(|range| range.first <= range.last && !is_asked(range));
        ranges
    }

    /// Forgets transactions that have ended by the moment of a read that has asked for all that they may have left.
    pub(super) fn ended(&mut self, snapshot: &Snapshot) {
        self.owners.retain(|owner, _| snapshot.running.contains(owner));
    }

    /// Notes a number below the highest that is there, although it is not remembered.
    pub(super) fn found(&mut self, seq: i64, now: Instant) {
        if seq <= self.highest && !self.contains(seq) {
            self.insert(seq, Gap { last: seq, noticed: now, xmax: None });
        }
    }

    /// Returns gaps to be read with the next claim.
    pub(super) fn young(&self, now: Instant) -> Vec<Range> {
        let is_young = |gap: &Gap| now.saturating_duration_since(gap.noticed) < YOUNG;
        let young = self.left.iter().rev().filter(|(_, gap)| is_young(gap)).take(WITH_A_CLAIM);
        young.map(|(first, gap)| Range { first: *first, last: gap.last }).collect()
    }

    /// Returns gaps to be read now, in turn.
    pub(super) fn old(&mut self) -> Vec<Range> {
        let turn = self.left.range(self.next..).chain(self.left.range(..self.next));
        let old: Vec<_> =
            turn.take(AT_ONCE).map(|(first, gap)| Range { first: *first, last: gap.last }).collect();
        self.next = old.last().map_or(0, |range| range.last + 1);
        old
    }

    /// Returns those gaps that a read has asked for and can be forgotten if it has not found them: every transaction that could fill
    /// them had ended by its moment.
    pub(super) fn settled(&self, snapshot: &Snapshot, asked: &[Range], now: Instant) -> Vec<Range> {
        let is_settled = |range: &&Range| {
            let gap = self.left.range(..=range.first).next_back().filter(|(_, gap)| gap.last >= range.first);
            gap.is_some_and(|(_, gap)| {
                gap.xmax.is_some_and(|xmax| xmax <= snapshot.xmin)
                    && now.saturating_duration_since(gap.noticed) >= LEAST
            })
        };
        asked.iter().filter(is_settled).copied().collect()
    }

    /// Forgets what is left of gaps: it was rolled back.
    pub(super) fn forget(&mut self, settled: &[Range]) {
        for range in settled {
            for left in self.within(*range) {
                let Some(gap) = self.left.remove(&left.first) else { continue };
                if left.last > range.last {
                    self.left.insert(range.last + 1, gap);
                }
            }
        }
    }

    /// What is left of a gap as it was noticed.
    fn within(&self, range: Range) -> Vec<Range> {
        let left = self.left.range(range.first..=range.last);
        left.map(|(first, gap)| Range { first: *first, last: gap.last }).collect()
    }

    fn contains(&self, seq: i64) -> bool {
        self.left.range(..=seq).next_back().is_some_and(|(_, gap)| gap.last >= seq)
    }

    fn fill(&mut self, seq: i64) {
        let Some((&first, &gap)) = self.left.range(..=seq).next_back() else { return };
        if gap.last < seq {
            return;
        }
        self.left.remove(&first);
        if first < seq {
            self.insert(first, Gap { last: seq - 1, ..gap });
        }
        if seq < gap.last {
            self.insert(seq + 1, gap);
        }
    }

    fn insert(&mut self, first: i64, gap: Gap) {
        self.left.insert(first, gap);
        if self.left.len() > MOST {
            self.left.pop_first();
        }
    }
}

/// Returns the first `numbers` of ranges, and the last of them.
pub(super) fn clamp(mut ranges: Vec<Range>, numbers: i64) -> (Vec<Range>, i64) {
    ranges.sort_unstable_by_key(|range| range.first);
    let mut left = numbers;
    ranges.retain_mut(|range| {
        range.last = range.last.min(range.first.saturating_add(left - 1));
        left -= (range.last - range.first + 1).max(0);
        range.last >= range.first
    });
    let last = ranges.last().map_or(i64::MIN, |range| range.last);
    (ranges, last)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Random transactions on random keys: each locks its key, inserts some rows, and commits or rolls back in random order.
    struct World {
        random: u64,
        xid: i64,
        seq: i64,
        open: Vec<Transaction>,
        /// What was committed, and not read: the key of each number.
        table: BTreeMap<i64, u64>,
        committed: BTreeSet<i64>,
    }

    struct Transaction {
        xid: i64,
        key: u64,
        seqs: Vec<i64>,
    }

    impl World {
        fn new(seed: u64) -> Self {
            let (open, table) = (Vec::new(), BTreeMap::new());
            let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            Self { random, xid: 1, seq: 1, open, table, committed: BTreeSet::new() }
        }

        fn below(&mut self, n: usize) -> usize {
            self.random ^= self.random << 13;
            self.random ^= self.random >> 7;
            self.random ^= self.random << 17;
            usize::try_from(self.random % n as u64).unwrap()
        }

        fn snapshot(&self) -> Snapshot {
            let running: Vec<_> = self.open.iter().map(|transaction| transaction.xid).collect();
            let xmin = running.iter().copied().min().unwrap_or(self.xid);
            Snapshot { xmin, xmax: self.xid, running }
        }

        fn step(&mut self) {
            match self.below(4) {
                0 => {
                    let key = self.below(9) as u64;
                    if self.open.iter().all(|transaction| transaction.key != key) {
                        self.open.push(Transaction { xid: self.xid, key, seqs: Vec::new() });
                        self.xid += 1;
                    }
                }
                1 | 2 if !self.open.is_empty() => {
                    let index = self.below(self.open.len());
                    self.open[index].seqs.push(self.seq);
                    self.seq += 1;
                }
                _ if !self.open.is_empty() => self.end(),
                _ => {}
            }
        }

        fn end(&mut self) {
            // The first stays open for long.
            let index = if self.below(40) == 0 { 0 } else { self.below(self.open.len()) };
            let Transaction { key, seqs, .. } = self.open.swap_remove(index);
            if self.below(4) > 0 {
                self.committed.extend(&seqs);
                self.table.extend(seqs.into_iter().map(|seq| (seq, key)));
            }
        }

        fn ranges(&self, ranges: &[Range]) -> Vec<i64> {
            let rows = ranges.iter().flat_map(|range| self.table.range(range.first..=range.last));
            rows.map(|(seq, _)| *seq).collect()
        }
    }

    /// A reader as the relay's, which checks what it reads.
    #[derive(Default)]
    struct Reader {
        gaps: Gaps,
        read: BTreeSet<i64>,
        last: HashMap<u64, i64>,
    }

    impl Reader {
        fn take(&mut self, world: &mut World, mut seqs: Vec<i64>, asked: &[Range], now: Instant) {
            let snapshot = world.snapshot();
            seqs.extend(world.ranges(&self.gaps.unasked(&snapshot, asked, i64::MAX)));
            seqs.sort_unstable();
            seqs.dedup();
            for seq in seqs {
                let key = world.table.remove(&seq).expect("it is there");
                assert!(self.read.insert(seq), "{seq} was read twice");
                let last = self.last.insert(key, seq);
                assert!(last < Some(seq), "{seq} of key {key} was read after {last:?}");
                self.gaps.seen(seq, now);
            }
            self.gaps.ended(&snapshot);
            self.gaps.read_at(&snapshot);
        }

        fn claim(&mut self, world: &mut World, now: Instant) {
            let young = self.gaps.young(now);
            let mut seqs: Vec<_> =
                world.table.range(self.gaps.highest() + 1..).take(7).map(|(seq, _)| *seq).collect();
            seqs.extend(world.ranges(&young));
            self.take(world, seqs, &young, now);
        }

        fn tick(&mut self, world: &mut World, now: Instant) {
            let asked = self.gaps.old();
            let settled = self.gaps.settled(&world.snapshot(), &asked, now);
            let seqs = world.ranges(&asked);
            self.take(world, seqs, &asked, now);
            self.gaps.forget(&settled);
        }
    }

    #[test]
    fn every_committed_number_is_read_once_in_order_per_key_and_gaps_are_forgotten() {
        for seed in 1..=300 {
            let (mut world, mut reader) = (World::new(seed), Reader::default());
            let mut now = Instant::now();
            for step in 0..3_000 {
                if step < 2_000 {
                    world.step();
                } else if !world.open.is_empty() {
                    world.end();
                }
                now += Duration::from_millis(20);
                if world.below(3) == 0 {
                    reader.claim(&mut world, now);
                }
                if step % 50 == 0 {
                    reader.tick(&mut world, now);
                }
            }
            // What a backlog larger than the claims of the loop has left.
            while world.table.range(reader.gaps.highest() + 1..).next().is_some() {
                reader.claim(&mut world, now);
            }
            assert_eq!(reader.read, world.committed, "seed {seed}");
            assert!(!world.committed.is_empty());
            reader.tick(&mut world, now);
            reader.tick(&mut world, now + LEAST);
            assert_eq!(reader.gaps.left.len(), 0, "all transactions have ended");
            assert!(reader.gaps.owners.is_empty());
        }
    }

    fn snapshot(running: &[i64], xmax: i64) -> Snapshot {
        let xmin = running.iter().copied().min().unwrap_or(xmax);
        Snapshot { xmin, xmax, running: running.to_vec() }
    }

    #[test]
    fn a_gap_is_kept_while_a_transaction_that_may_fill_it_runs() {
        let (mut gaps, start) = (Gaps::default(), Instant::now());
        gaps.seen(1, start);
        gaps.seen(5, start);
        gaps.read_at(&snapshot(&[10, 19], 20));
        let asked = gaps.old();
        assert_eq!(asked, [Range { first: 2, last: 4 }]);
        let later = start + Duration::from_secs(60);
        assert_eq!(gaps.settled(&snapshot(&[19], 30), &asked, later), []);
        gaps.seen(3, later);
        let left = [Range { first: 2, last: 2 }, Range { first: 4, last: 4 }];
        assert_eq!(gaps.unasked(&snapshot(&[10, 19], 30), &[], i64::MAX), [], "both run");
        assert_eq!(gaps.unasked(&snapshot(&[19], 30), &[], i64::MAX), left, "one has ended");
        assert_eq!(gaps.unasked(&snapshot(&[19], 30), &left[..1], i64::MAX), left[1..]);
        let asked = gaps.old();
        assert_eq!(asked, left);
        assert_eq!(gaps.settled(&snapshot(&[], 30), &asked, start), [], "too soon");
        assert_eq!(gaps.settled(&snapshot(&[], 30), &asked, later), left);
        assert_eq!(gaps.unasked(&snapshot(&[], 30), &[], 3), left[..1], "the other is beyond");
    }

    #[test]
    fn a_gap_can_be_forgotten_in_parts() {
        let (mut gaps, now) = (Gaps::default(), Instant::now());
        gaps.seen(100, now);
        let (first, last) = clamp(gaps.old(), 40);
        assert_eq!((first.as_slice(), last), (&[Range { first: 1, last: 40 }][..], 40));
        gaps.forget(&first);
        assert_eq!(gaps.old(), [Range { first: 41, last: 99 }]);
        let ranges = [(7, 9), (1, 2), (20, 90)].map(|(first, last)| Range { first, last });
        let (some, last) = clamp(ranges.to_vec(), 4);
        assert_eq!(
            (some.as_slice(), last),
            (&[Range { first: 1, last: 2 }, Range { first: 7, last: 8 }][..], 8)
        );
    }

    #[test]
    fn many_gaps_are_asked_for_in_turn() {
        let (mut gaps, now) = (Gaps::default(), Instant::now());
        (1..=10_000).for_each(|n| gaps.seen(n * 2, now));
        let turns: BTreeSet<_> = (0..3).flat_map(|_| gaps.old()).map(|range| range.first).collect();
        assert_eq!(turns.len(), 10_000);
        assert_eq!(gaps.young(now).len(), WITH_A_CLAIM);
    }
}
