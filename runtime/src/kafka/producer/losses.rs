//! Where `on_lost` is called: on a thread of its own, so that nothing it does can hold up or break a delivery.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::report::LostEvent;
use crate::kafka::guard::{guard, log, this_thread_is_ours};

pub(in crate::kafka) type OnLost = Box<dyn Fn(&LostEvent) + Send + Sync>;

/// How many lost events may wait for the callback, and how many bytes of them.
const MAX_WAITING: usize = 100_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The pause after each batch of calls: a callback that publishes what was lost, to a service that takes nothing, is
/// called again at most this often.
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
    /// Starts the thread that calls back.
    pub(super) fn start(on_lost: OnLost) -> io::Result<Arc<Self>> {
        let losses = Arc::<Self>::default();
        let this = Arc::clone(&losses);
        thread::Builder::new().name("entity-events on_lost".to_owned()).spawn(move || this.run(on_lost))?;
        Ok(losses)
    }

    /// Hands a lost event over; `false` if too many are waiting.
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

    /// Lets the thread end when nothing is waiting any more.
    pub(super) fn end(&self) {
        self.lock().over = true;
        self.changed.notify_one();
    }

    fn run(&self, on_lost: OnLost) {
        this_thread_is_ours();
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

    /// Everything that waits; `None` at the end.
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
