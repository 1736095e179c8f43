//! Calls `on_lost` on its own thread, so that nothing it does can delay or break a delivery.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::report::LostEvent;
use crate::guard::{guard, log, mark_service_thread};

pub(in crate::kafka) type OnLost = Box<dyn Fn(&LostEvent) + Send + Sync>;

/// The maximum number of lost events that wait for the callback, and of their bytes.
const MAX_WAITING: usize = 100_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The pause after each batch of calls: limits how often a callback is called that publishes lost events again, to a
/// service that accepts none.
const PAUSE: Duration = Duration::from_millis(10);

/// The lost events that wait for `on_lost`.
#[derive(Debug, Default)]
pub(super) struct Losses {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Arc<LostEvent>>,
    bytes: usize,
    handed_over: u64,
    called: u64,
    over: bool,
}

impl Losses {
    /// Starts the thread that calls `on_lost`.
    pub(super) fn start(on_lost: OnLost) -> io::Result<Arc<Self>> {
        let losses = Arc::<Self>::default();
        let this = Arc::clone(&losses);
        thread::Builder::new().name("entity-events on_lost".to_owned()).spawn(move || this.run(on_lost))?;
        Ok(losses)
    }

    /// Hands a lost event over; returns `false` if too many are waiting.
    pub(super) fn hand_over(&self, lost: &Arc<LostEvent>) -> bool {
        let mut queue = self.lock();
        let bytes = lost.bytes();
        if queue.waiting.len() >= MAX_WAITING || queue.bytes + bytes > MAX_BYTES {
            return false;
        }
        queue.bytes += bytes;
        queue.handed_over += 1;
        queue.waiting.push_back(Arc::clone(lost));
        drop(queue);
        self.changed.notify_one();
        true
    }

    pub(super) fn handed_over(&self) -> u64 {
        self.lock().handed_over
    }

    pub(super) fn called(&self) -> u64 {
        self.lock().called
    }

    /// Lets the thread end once nothing is waiting.
    pub(super) fn end(&self) {
        self.lock().over = true;
        self.changed.notify_one();
    }

    fn run(&self, on_lost: OnLost) {
        mark_service_thread();
        while let Some(batch) = self.next_batch() {
            for lost in batch {
                if guard(|| on_lost(&lost)).is_none() {
                    log(|| tracing::error!(event_id = %lost.id, "the `on_lost` callback panicked"));
                }
                let mut queue = self.lock();
                queue.called += 1;
                queue.bytes -= lost.bytes();
            }
            thread::sleep(PAUSE);
        }
        guard(move || drop(on_lost));
    }

    /// Returns all waiting events; `None` at the end.
    fn next_batch(&self) -> Option<VecDeque<Arc<LostEvent>>> {
        let idle = |queue: &mut Queue| queue.waiting.is_empty() && !queue.over;
        let mut queue = self.changed.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        let batch = std::mem::take(&mut queue.waiting);
        (!batch.is_empty()).then_some(batch)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
