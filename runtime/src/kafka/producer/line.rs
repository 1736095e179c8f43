//! Records that librdkafka cannot take now, first in, first out.
//!
//! They wait for space in a full queue, each until its deadline, or for the next client while a broken one is replaced. The
//! engine sends them, whether or not the callers' futures are polled.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use super::sync::{AtomicUsize, Mutex};

/// A record that can wait in the line.
pub(super) trait Weigh {
    /// Its size in memory.
    fn bytes(&self) -> usize;
    /// Marks it as waiting for space from now on.
    fn wait(&mut self);
}

#[derive(Debug)]
pub(super) struct Line<P> {
    /// Every caller reads it without the lock: if it is zero, a direct send overtakes no record.
    len: AtomicUsize,
    places: Mutex<Places<P>>,
    limits: Limits,
}

/// The capacity of each part of the line: that of librdkafka's queue.
#[derive(Debug, Clone, Copy)]
pub(in crate::kafka) struct Limits {
    pub(in crate::kafka) records: usize,
    pub(in crate::kafka) bytes: usize,
}

#[derive(Debug)]
struct Places<P> {
    /// Accepted unconditionally. They go first.
    taken: VecDeque<P>,
    taken_bytes: usize,
    /// Given up unless sent in time.
    waiting: VecDeque<(Instant, P)>,
    waiting_bytes: usize,
    /// A client is being replaced, and until everything has been sent the line serves as the queue.
    recovering: bool,
    over: bool,
}

/// How long a record may wait for space.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    None,
    Within(Duration),
    /// As long as it takes: the rest of a partly sent event.
    Unlimited,
}

/// Why a record joins the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Others are ahead of it.
    Behind,
    /// The queue is full.
    Full,
    /// There is no client, or it is broken.
    Shut,
}

/// Why a record did not join.
#[derive(Debug)]
pub(super) enum NotJoined<P> {
    /// The line is empty: it can be sent directly.
    Empty(P),
    Full(P),
    /// The line has ended.
    Over(P),
}

/// The result of sending a record from the line.
#[derive(Debug)]
pub(super) enum Sent<P> {
    Yes,
    /// Not now: it stays first.
    NotNow(P),
}

impl<P: Weigh> Line<P> {
    pub(super) fn new(limits: Limits) -> Self {
        let places = Places {
            taken: VecDeque::new(),
            taken_bytes: 0,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            recovering: false,
            over: false,
        };
        Self { len: AtomicUsize::new(0), places: Mutex::new(places), limits }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len.load(SeqCst) == 0
    }

    pub(super) fn join(&self, mut record: P, patience: Patience, cause: Cause) -> Result<(), NotJoined<P>> {
        self.change(|places| {
            if places.over {
                return Err(NotJoined::Over(record));
            }
            if cause == Cause::Behind && places.len() == 0 {
                return Err(NotJoined::Empty(record));
            }
            places.recovering |= cause == Cause::Shut;
            let (bytes, limits) = (record.bytes(), self.limits);
            let has_space = places.taken.len() < limits.records && places.taken_bytes + bytes <= limits.bytes;
            let first = places.waiting.is_empty();
            match patience {
                Patience::Unlimited => places.take(record),
                _ if places.recovering && first && has_space => places.take(record),
                Patience::Within(limit) if first || places.waiting_bytes + bytes <= limits.bytes => {
                    record.wait();
                    places.waiting_bytes += bytes;
                    places.waiting.push_back((Instant::now() + limit, record));
                }
                Patience::Within(_) | Patience::None => return Err(NotJoined::Full(record)),
            }
            Ok(())
        })
    }

    /// Everything joins the line from now on, until it has been sent.
    pub(super) fn recover(&self) {
        self.change(|places| places.recovering = true);
    }

    /// Sends up to `most` records in order, and returns `false` if one cannot be sent.
    ///
    /// `send` runs under the lock, so that if a caller finds the line empty, everything before has been sent.
    pub(super) fn forward(&self, most: usize, mut send: impl FnMut(P) -> Sent<P>) -> bool {
        self.change(|places| {
            for _ in 0..most {
                let Some((deadline, record)) = places.pop() else { break };
                if let Sent::NotNow(record) = send(record) {
                    places.put_back(deadline, record);
                    return false;
                }
            }
            places.recovering &= places.len() > 0;
            true
        })
    }

    /// Takes out the records whose deadline has passed.
    pub(super) fn expired(&self, now: Instant) -> Vec<P> {
        if self.is_empty() {
            return Vec::new();
        }
        self.change(|places| {
            // All wait equally long, so the first in line expires first.
            let count = places.waiting.iter().take_while(|(deadline, _)| *deadline <= now).count();
            let records: Vec<P> = places.waiting.drain(..count).map(|(_, record)| record).collect();
            places.waiting_bytes -= records.iter().map(Weigh::bytes).sum::<usize>();
            records
        })
    }

    /// Returns the lowest number of its records.
    pub(super) fn oldest(&self, number: impl Fn(&P) -> u64) -> Option<u64> {
        if self.is_empty() {
            return None;
        }
        self.change(|places| {
            let waiting = places.waiting.iter().map(|(_, record)| record);
            places.taken.iter().chain(waiting).map(number).min()
        })
    }

    /// Puts records ahead of all others.
    pub(super) fn put_first(&self, records: Vec<P>) {
        self.change(|places| records.into_iter().rev().for_each(|record| places.put_back(None, record)));
    }

    /// Ends the line for good, and takes out its records.
    pub(super) fn end(&self) -> Vec<P> {
        self.change(|places| {
            places.over = true;
            std::iter::from_fn(|| places.pop()).map(|(_, record)| record).collect()
        })
    }

    fn change<R>(&self, change: impl FnOnce(&mut Places<P>) -> R) -> R {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut places);
        self.len.store(places.len(), SeqCst);
        result
    }
}

impl<P: Weigh> Places<P> {
    fn len(&self) -> usize {
        self.taken.len() + self.waiting.len()
    }

    fn take(&mut self, record: P) {
        self.taken_bytes += record.bytes();
        self.taken.push_back(record);
    }

    fn pop(&mut self) -> Option<(Option<Instant>, P)> {
        if let Some(record) = self.taken.pop_front() {
            self.taken_bytes -= record.bytes();
            return Some((None, record));
        }
        let (deadline, record) = self.waiting.pop_front()?;
        self.waiting_bytes -= record.bytes();
        Some((Some(deadline), record))
    }

    fn put_back(&mut self, deadline: Option<Instant>, record: P) {
        match deadline {
            None => {
                self.taken_bytes += record.bytes();
                self.taken.push_front(record);
            }
            Some(deadline) => {
                self.waiting_bytes += record.bytes();
                self.waiting.push_front((deadline, record));
            }
        }
    }
}
