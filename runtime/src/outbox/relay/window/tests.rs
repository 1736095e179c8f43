//! What leaves, what waits, and what is read again.

use std::time::Duration;

use super::lane::{FIRST_WAIT, LONGEST_WAIT};
use super::*;

const LIMITS: Limits = Limits { rows: 40, bytes: 1_000_000, in_flight_per_key: 1 };

fn row(seq: i64, topic: &str, key: &str) -> Claimed {
    let text = |text: &str| text.to_owned();
    Claimed { seq, topic: text(topic), key: text(key), value: None, headers: text("{}"), inserted: None }
}

/// Admits rows of a claim, and returns the numbers of those that leave, by row.
fn claim(window: &mut Window, rows: &[Claimed]) -> HashMap<i64, usize> {
    let mut left = HashMap::new();
    for row in rows {
        if let Some((number, row)) = window.admit(row.clone(), Origin::Claim) {
            left.insert(row.seq, number);
        }
    }
    left
}

fn seqs(left: &HashMap<i64, usize>) -> Vec<i64> {
    let mut seqs: Vec<_> = left.keys().copied().collect();
    seqs.sort_unstable();
    seqs
}

/// Reads what is behind from a table, as the reader does.
fn read(window: &mut Window, table: &[Claimed], now: Instant) -> HashMap<i64, usize> {
    let rest = window.rest(now).expect("something is behind");
    let mut left = HashMap::new();
    for row in table.iter().filter(|row| row.seq >= rest.first && rest.has(row)) {
        if let Some((number, row)) = window.admit(row.clone(), rest.origin()) {
            left.insert(row.seq, number);
        }
    }
    window.read_rest(&rest, None);
    left
}

#[test]
fn a_row_leaves_when_the_one_before_it_is_delivered() {
    let mut window = Window::new(LIMITS);
    let rows = [row(1, "t", "a"), row(2, "t", "b"), row(3, "t", "a"), row(4, "t", "a")];
    let left = claim(&mut window, &rows);
    assert_eq!(seqs(&left), [1, 2]);
    let (seq, next) = window.delivered(left[&1]).expect("in flight");
    let (number, next) = next.expect("the next of its key");
    assert_eq!((seq, next.seq), (1, 3));
    assert_eq!(window.delivered(left[&2]).expect("in flight").1, None);
    assert_eq!(window.delivered(number).expect("in flight").1.expect("the next").1.seq, 4);
    assert_eq!(claim(&mut window, &rows), HashMap::new(), "all are in hand, or not deleted yet");
    window.deleted(&[1, 2, 3], true);
    assert_eq!(claim(&mut window, &rows), HashMap::new(), "a read may still have seen them");
    window.read_ended();
    assert_eq!(seqs(&claim(&mut window, &rows)), [2]);
}

#[test]
fn a_topic_that_fails_is_read_again_from_its_first_row_after_a_wait() {
    let mut window = Window::new(LIMITS);
    let table = [row(1, "t", "a"), row(2, "t", "b"), row(3, "t", "a"), row(4, "u", "a"), row(5, "t", "c")];
    let left = claim(&mut window, &table[..4]);
    assert_eq!(seqs(&left), [1, 2, 4]);
    let now = Instant::now();
    window.failed(left[&1], "away", now);
    assert!(claim(&mut window, &table[4..]).is_empty(), "the topic waits");
    assert_eq!(window.rest(now), None, "too soon");
    assert_eq!(window.delivered(left[&4]).expect("in flight").0, 4, "the other topic goes on");
    let later = now + FIRST_WAIT;
    let again = read(&mut window, &table, later);
    assert_eq!(seqs(&again), [1, 5], "2 is still in flight, and 3 waits for 1");
    let (_, next) = window.delivered(again[&1]).expect("in flight");
    assert_eq!(next.expect("the next of its key").1.seq, 3);
    assert_eq!(window.next_try(now), None, "a delivery ends the wait");
}

#[test]
fn waits_grow_and_one_outage_counts_once() {
    let mut window = Window::new(LIMITS);
    let table: Vec<_> = (1..=3).map(|seq| row(seq, "t", &seq.to_string())).collect();
    let mut now = Instant::now();
    let mut waits = Vec::new();
    let mut left = claim(&mut window, &table);
    for _ in 0..8 {
        for number in left.values() {
            window.failed(*number, "away", now);
        }
        let until = window.next_try(now).expect("a wait");
        waits.push(until.duration_since(now).as_millis());
        now = until;
        left = read(&mut window, &table, now);
        assert_eq!(seqs(&left), [1, 2, 3]);
    }
    assert_eq!(waits, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
}

#[test]
fn a_page_that_was_read_before_its_topic_failed_is_not_used() {
    let mut window = Window::new(LIMITS);
    let table = [row(1, "t", "a"), row(2, "t", "b"), row(3, "t", "b")];
    let left = claim(&mut window, &table[..1]);
    let now = Instant::now();
    window.failed(left[&1], "away", now);
    let later = now + FIRST_WAIT;
    let rest = window.rest(later).expect("the topic");
    let again = window.admit(table[0].clone(), rest.origin()).expect("it leaves");
    // It fails while the rest of the page is still to be taken.
    window.failed(again.0, "away", later);
    assert_eq!(window.admit(table[1].clone(), rest.origin()), None);
    window.read_rest(&rest, None);
    let rest = window.rest(later + LONGEST_WAIT).expect("the topic");
    assert_eq!(rest.first, 1);
}

#[test]
fn a_blocked_key_waits_alone_and_goes_on_from_its_row() {
    let mut window = Window::new(LIMITS);
    let table = [row(1, "t", "a"), row(2, "t", "a"), row(3, "t", "b"), row(4, "t", "a")];
    let left = claim(&mut window, &table[..3]);
    assert_eq!(window.blocked(left[&1]), Some(1));
    assert_eq!(window.blocked_keys(), 1);
    assert!(claim(&mut window, &table[3..]).is_empty());
    assert_eq!(window.delivered(left[&3]).expect("in flight").0, 3);
    assert!(window.knows(4, "t", "a") && !window.knows(9, "t", "b"));
    let now = Instant::now();
    assert_eq!(window.rest(now), None);
    window.set_blocked([("t", "a", 1)].into_iter());
    assert_eq!(window.rest(now), None, "it is still blocked");
    window.retry("t", "a");
    let again = read(&mut window, &table, now);
    assert_eq!(seqs(&again), [1], "those behind it wait");
    assert_eq!(window.blocked(again[&1]), Some(1), "refused again");
    assert_eq!(window.rest(now), None);
    // An operator has skipped it.
    window.set_blocked([].into_iter());
    let again = read(&mut window, &table[1..], now);
    assert_eq!(seqs(&again), [2]);
    assert_eq!(window.delivered(again[&2]).expect("in flight").1.expect("the next").1.seq, 4);
    assert_eq!(window.blocked_keys(), 0);
}

#[test]
fn a_key_that_is_blocked_at_the_start_is_not_sent() {
    let mut window = Window::new(LIMITS);
    window.set_blocked([("t", "a", 1)].into_iter());
    assert_eq!(seqs(&claim(&mut window, &[row(1, "t", "a"), row(2, "t", "b")])), [2]);
}

#[test]
fn one_topic_leaves_room_for_the_others() {
    let mut window = Window::new(LIMITS);
    let table: Vec<_> = (1..=100).map(|seq| row(seq, if seq % 10 == 0 { "u" } else { "t" }, "k")).collect();
    claim(&mut window, &table);
    let rest = window.rest(Instant::now());
    assert_eq!(rest, None, "its own share is used");
    assert!(window.knows(99, "t", "k") && window.in_hand.contains(&100));
}

#[test]
fn more_in_flight_per_key_leave_at_once() {
    let mut window = Window::new(Limits { in_flight_per_key: 2, ..LIMITS });
    let left = claim(&mut window, &[row(1, "t", "a"), row(2, "t", "a"), row(3, "t", "a")]);
    assert_eq!(seqs(&left), [1, 2]);
    assert_eq!(window.delivered(left[&2]).expect("in flight").1.expect("the next").1.seq, 3);
}

#[test]
fn what_was_in_flight_with_a_replaced_client_is_read_again() {
    let mut window = Window::new(LIMITS);
    let table = [row(1, "t", "a"), row(2, "u", "b"), row(3, "t", "a")];
    claim(&mut window, &table);
    let now = Instant::now();
    window.all_failed("replaced", now);
    assert_eq!((window.in_flight(), window.room()), (0, LIMITS.rows));
    let later = now + FIRST_WAIT;
    let both = [read(&mut window, &table, later), read(&mut window, &table, later)].map(|left| seqs(&left));
    assert!(both.contains(&vec![1]) && both.contains(&vec![2]), "{both:?}");
}

#[test]
fn a_record_may_fail_while_rows_of_other_keys_are_queued() {
    let mut window = Window::new(LIMITS);
    let left = claim(&mut window, &[row(1, "t", "a"), row(2, "t", "b"), row(3, "t", "b")]);
    assert_eq!(seqs(&left), [1, 2]);
    window.failed(left[&1], "no broker", Instant::now());
    window.failed(left[&2], "no broker", Instant::now());
    assert_eq!((window.in_flight(), window.room()), (0, LIMITS.rows));
}

/// A table, a reader and a Kafka that fails at random: every row is delivered once, in order per key.
#[test]
fn whatever_fails_every_row_is_delivered_in_order() {
    for seed in 1..=400_u64 {
        let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut below = move |n: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % n as u64).expect("below n")
        };
        let mut window = Window::new(LIMITS);
        let mut table: std::collections::BTreeMap<i64, Claimed> = std::collections::BTreeMap::new();
        let (mut next, mut highest) = (1, 0);
        let mut flying: Vec<(usize, i64)> = Vec::new();
        let mut acked = Vec::new();
        let mut last: HashMap<(String, String), i64> = HashMap::new();
        let mut now = Instant::now();
        for step in 0..20_000 {
            let healing = step > 2_500;
            now += Duration::from_millis(20 + below(40) as u64);
            match below(8) {
                0 if !healing => {
                    for _ in 0..below(6) {
                        let (topic, key) = (["t", "u"][below(4) / 3], ["a", "b", "c", "d"][below(4)]);
                        table.insert(next, row(next, topic, key));
                        next += 1;
                    }
                }
                1 | 2 => {
                    let limit = window.room().min(7);
                    let page: Vec<_> =
                        table.range(highest + 1..).take(limit).map(|(_, row)| row.clone()).collect();
                    for row in page {
                        highest = row.seq;
                        flying
                            .extend(window.admit(row, Origin::Claim).map(|(number, row)| (number, row.seq)));
                    }
                }
                3 | 4 => {
                    let Some(rest) = window.rest(now) else { continue };
                    let limit = rest.limit.min(7);
                    let page: Vec<_> = table
                        .range(rest.first..=highest.max(rest.first))
                        .map(|(_, row)| row.clone())
                        .filter(|row| row.seq <= highest && rest.has(row))
                        .take(limit)
                        .collect();
                    let more = (page.len() >= limit).then(|| page.last().map(|row| row.seq)).flatten();
                    // Outcomes may arrive while the page is on its way.
                    if below(4) == 0 && !healing && !flying.is_empty() {
                        let (number, _) = flying.swap_remove(0);
                        window.failed(number, "away", now);
                    }
                    for row in page {
                        flying
                            .extend(window.admit(row, rest.origin()).map(|(number, row)| (number, row.seq)));
                    }
                    window.read_rest(&rest, more);
                }
                5 | 6 if !flying.is_empty() => {
                    let index = below(flying.len());
                    let (number, seq) = flying.swap_remove(index);
                    assert_eq!(window.seq(number), Some(seq), "seed {seed}");
                    if below(3) > 0 || healing {
                        let (delivered, next) = window.delivered(number).expect("in flight");
                        let of = &table[&delivered];
                        let before = last.insert((of.topic.clone(), of.key.clone()), delivered);
                        assert!(before < Some(delivered), "seed {seed}: {delivered} after {before:?}");
                        acked.push(delivered);
                        flying.extend(next.map(|(number, row)| (number, row.seq)));
                    } else {
                        window.failed(number, "away", now);
                    }
                }
                7 => {
                    for seq in &acked {
                        table.remove(seq);
                    }
                    window.deleted(&acked, false);
                    acked.clear();
                }
                _ => {}
            }
        }
        assert!(table.is_empty(), "seed {seed}: {:?} are left", table.keys());
    }
}
