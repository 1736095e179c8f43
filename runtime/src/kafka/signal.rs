//! A wait for a condition that other threads bring about.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Wakes those who wait for a condition. Raising it costs one atomic read while nobody waits.
#[derive(Debug, Default)]
pub(super) struct Signal {
    waiting: AtomicUsize,
    notify: Notify,
}

impl Signal {
    /// Says that something has changed. What changed must have been stored with `SeqCst` before.
    pub(super) fn raise(&self) {
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.notify.notify_waiters();
        }
    }

    /// Waits until it is raised the next time.
    pub(super) async fn next(&self) {
        let _waiting = Waiting::new(&self.waiting);
        self.notify.notified().await;
    }

    /// Waits until the condition holds, looking again after each change.
    pub(super) async fn until(&self, mut condition: impl FnMut() -> bool) {
        if condition() {
            return;
        }
        let _waiting = Waiting::new(&self.waiting);
        loop {
            let mut changed = std::pin::pin!(self.notify.notified());
            changed.as_mut().enable();
            if condition() {
                return;
            }
            changed.await;
        }
    }
}

/// Counts one who waits, for as long as it lives: also when the wait is cancelled.
#[derive(Debug)]
pub(super) struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    pub(super) fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
