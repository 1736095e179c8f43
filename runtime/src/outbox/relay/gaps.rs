//! Which numbers were seen, and which to ask for again.
//!
//! A transaction draws a number when it inserts, and its row appears when it commits: possibly after rows with larger numbers were
//! read. So beside the highest number seen, the numbers below it that were not there are remembered, until it is certain that they
//! were rolled back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::store::{Range, Snapshot};

/// How long a gap is asked for with every claim; after that, once in a while.
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
    gaps: BTreeMap<i64, Gap>,
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
                self.insert(self.highest + 1, Gap { last: seq - 1, noticed: now, xmax: None });
            }
            self.highest = seq;
        } else {
            self.fill(seq);
        }
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
        let young = self.gaps.iter().rev().filter(|(_, gap)| is_young(gap)).take(WITH_A_CLAIM);
        young.map(|(first, gap)| Range { first: *first, last: gap.last }).collect()
    }

    /// Returns gaps to be read now, in turn.
    pub(super) fn old(&mut self) -> Vec<Range> {
        let turn = self.gaps.range(self.next..).chain(self.gaps.range(..self.next));
        let old: Vec<_> =
            turn.take(AT_ONCE).map(|(first, gap)| Range { first: *first, last: gap.last }).collect();
        self.next = old.last().map_or(0, |range| range.last + 1);
        old
    }

    /// Notes a moment after all gaps were noticed, and returns those among `asked` that can be forgotten if a read that begins
    /// from here on does not find them: every transaction that could fill them has ended.
    pub(super) fn settled(&mut self, snapshot: Snapshot, asked: &[Range], now: Instant) -> Vec<Range> {
        for gap in self.gaps.values_mut() {
            gap.xmax.get_or_insert(snapshot.xmax);
        }
        let is_settled = |range: &&Range| {
            self.gaps.get(&range.first).is_some_and(|gap| {
                gap.xmax.is_some_and(|xmax| xmax <= snapshot.xmin)
                    && now.saturating_duration_since(gap.noticed) >= LEAST
            })
        };
        asked.iter().filter(is_settled).copied().collect()
    }

    /// Forgets what is left of gaps: it was rolled back.
    pub(super) fn forget(&mut self, settled: &[Range]) {
        for range in settled {
            let within: Vec<_> = self.gaps.range(range.first..=range.last).map(|(first, _)| *first).collect();
            for first in within {
                self.gaps.remove(&first);
            }
        }
    }

    fn contains(&self, seq: i64) -> bool {
        self.gaps.range(..=seq).next_back().is_some_and(|(_, gap)| gap.last >= seq)
    }

    fn fill(&mut self, seq: i64) {
        let Some((&first, &gap)) = self.gaps.range(..=seq).next_back() else { return };
        if gap.last < seq {
            return;
        }
        self.gaps.remove(&first);
        if first < seq {
            self.insert(first, Gap { last: seq - 1, ..gap });
        }
        if seq < gap.last {
            self.insert(seq + 1, gap);
        }
    }

    fn insert(&mut self, first: i64, gap: Gap) {
        self.gaps.insert(first, gap);
        if self.gaps.len() > MOST {
            self.gaps.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Random transactions, each with some numbers, that commit or roll back in random order.
    struct World {
        random: u64,
        xid: i64,
        seq: i64,
        open: Vec<(i64, Vec<i64>)>,
        table: BTreeSet<i64>,
        committed: BTreeSet<i64>,
    }

    impl World {
        fn below(&mut self, n: u64) -> u64 {
            self.random ^= self.random << 13;
            self.random ^= self.random >> 7;
            self.random ^= self.random << 17;
            self.random % n
        }

        fn snapshot(&self) -> Snapshot {
            let xmin = self.open.iter().map(|(xid, _)| *xid).min().unwrap_or(self.xid);
            Snapshot { xmin, xmax: self.xid }
        }

        fn step(&mut self) {
            match self.below(3) {
                0 => {
                    self.open.push((self.xid, Vec::new()));
                    self.xid += 1;
                }
                1 if !self.open.is_empty() => {
                    let index = self.below(self.open.len() as u64);
                    let seq = self.seq;
                    self.seq += 1;
                    self.open[usize::try_from(index).unwrap()].1.push(seq);
                }
                _ if !self.open.is_empty() => {
                    let index = self.below(self.open.len() as u64);
                    let (_, seqs) = self.open.swap_remove(usize::try_from(index).unwrap());
                    if self.below(4) > 0 {
                        self.table.extend(&seqs);
                        self.committed.extend(seqs);
                    }
                }
                _ => {}
            }
        }
    }

    #[test]
    fn every_committed_number_is_read_once_and_gaps_are_forgotten() {
        for seed in 1..=200_u64 {
            let mut world = World {
                random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15),
                xid: 1,
                seq: 1,
                open: Vec::new(),
                table: BTreeSet::new(),
                committed: BTreeSet::new(),
            };
            let (mut gaps, mut read) = (Gaps::default(), BTreeSet::new());
            let mut now = Instant::now();
            for step in 0..3_000 {
                if step < 2_000 {
                    world.step();
                } else if let Some((_, seqs)) = world.open.pop() {
                    world.table.extend(&seqs);
                    world.committed.extend(seqs);
                }
                now += Duration::from_millis(20);
                let take = |world: &mut World, gaps: &mut Gaps, read: &mut BTreeSet<i64>, seqs: Vec<i64>| {
                    for seq in seqs {
                        assert!(read.insert(seq), "{seq} was read twice");
                        world.table.remove(&seq);
                        gaps.seen(seq, now);
                    }
                };
                if world.below(3) == 0 {
                    let mut seqs: Vec<_> = world.table.range(gaps.highest() + 1..).take(7).copied().collect();
                    for range in gaps.young(now) {
                        seqs.extend(world.table.range(range.first..=range.last));
                    }
                    take(&mut world, &mut gaps, &mut read, seqs);
                }
                if step % 20 == 0 {
                    let asked = gaps.old();
                    let settled = gaps.settled(world.snapshot(), &asked, now);
                    let seqs = asked
                        .iter()
                        .flat_map(|range| world.table.range(range.first..=range.last).copied())
                        .collect();
                    take(&mut world, &mut gaps, &mut read, seqs);
                    gaps.forget(&settled);
                }
            }
            // What a backlog larger than the claims of the loop has left.
            while let Some(seq) = world.table.range(gaps.highest() + 1..).next().copied() {
                world.table.remove(&seq);
                read.insert(seq);
                gaps.seen(seq, now);
            }
            assert_eq!(read, world.committed, "seed {seed}");
            assert!(!world.committed.is_empty());
            let asked = gaps.old();
            now += LEAST;
            let _ = gaps.settled(world.snapshot(), &asked, now);
            let settled = gaps.settled(world.snapshot(), &asked, now);
            gaps.forget(&settled);
            assert_eq!(gaps.gaps.len(), 0, "all transactions have ended");
        }
    }

    #[test]
    fn a_gap_is_kept_while_a_transaction_that_may_fill_it_runs() {
        let (mut gaps, start) = (Gaps::default(), Instant::now());
        gaps.seen(1, start);
        gaps.seen(5, start);
        let asked = gaps.old();
        assert_eq!(asked, [Range { first: 2, last: 4 }]);
        let later = start + Duration::from_secs(60);
        assert_eq!(gaps.settled(Snapshot { xmin: 10, xmax: 20 }, &asked, later), []);
        assert_eq!(gaps.settled(Snapshot { xmin: 19, xmax: 30 }, &asked, later), []);
        gaps.seen(3, later);
        let asked = gaps.old();
        let left = [Range { first: 2, last: 2 }, Range { first: 4, last: 4 }];
        assert_eq!(asked, left);
        assert_eq!(gaps.settled(Snapshot { xmin: 20, xmax: 30 }, &asked, start), [], "too soon");
        assert_eq!(gaps.settled(Snapshot { xmin: 20, xmax: 30 }, &asked, later), left);
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
