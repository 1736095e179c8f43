//! Counts what waits, and looks for rows that nothing has found: the net under the reader.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use super::COUNTING;
use super::active::Active;
use super::link::Link;
use super::store::Store;

/// How often rows are counted, and how often all are looked at. Less often if it takes long, so that it costs little.
const COUNT: Duration = Duration::from_secs(10);
const SWEEP: Duration = Duration::from_secs(60);
const SHARE: u32 = 20;

/// How many rows are looked at in one sweep; the next goes on from there.
const AT_ONCE: usize = 20_000;

pub(super) async fn audit<S: Store>(active: &Active<'_, S>) -> Infallible {
    let worker = active.worker;
    let mut link = Link::new(&worker.store, &worker.control, COUNTING);
    let mut next_count = Instant::now();
    let mut next_sweep = Instant::now() + SWEEP;
    let mut from = i64::MIN;
    loop {
        sleep_until(next_count.min(next_sweep).into()).await;
        let begin = Instant::now();
        if begin >= next_count {
            if let Some(depth) = link.run(async |connection| S::depth(connection).await).await {
                worker.control.update(|stats| (stats.pending, stats.oldest) = (depth.pending, depth.oldest));
            }
            next_count = begin + COUNT.max(begin.elapsed() * SHARE);
        }
        if begin >= next_sweep {
            if let Some(to) = sweep(active, &mut link, from).await {
                from = to;
            }
            next_sweep = begin + SWEEP.max(begin.elapsed() * SHARE);
        }
        // Counting shows when the database is back; what the lost connection has hidden is looked for soon.
        if link.was_lost() {
            next_count = Instant::now();
            (from, next_sweep) = (i64::MIN, next_count + COUNT);
        }
    }
}

/// Looks at rows up to the highest that was read, and has the reader read those that nobody knows. Returns where to go on.
async fn sweep<S: Store>(active: &Active<'_, S>, link: &mut Link<'_, S>, from: i64) -> Option<i64> {
    let highest = active.gaps.borrow().highest();
    let rows = link.run(async |connection| S::known(connection, from, highest, AT_ONCE).await).await?;
    let (window, mut gaps) = (active.window.borrow(), active.gaps.borrow_mut());
    let now = Instant::now();
    for row in rows.iter().filter(|row| !window.knows(row.seq, &row.topic, &row.key)) {
        gaps.found(row.seq, now);
    }
    active.to_read.notify_one();
    Some(if rows.len() < AT_ONCE { i64::MIN } else { rows.last().map_or(i64::MIN, |row| row.seq) })
}
