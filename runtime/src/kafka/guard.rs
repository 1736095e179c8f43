//! Calls into code that is not ours: log layers, callbacks, wakers. Whatever they do, the calling thread goes on.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tracing::Dispatch;
use tracing::dispatcher::{get_default, with_default};

thread_local! {
    static LOGGING: Cell<bool> = const { Cell::new(false) };
    static OURS: Cell<bool> = const { Cell::new(false) };
    /// Who hears what is logged, while [`unlogged`] keeps them from hearing it.
    static LISTENERS: RefCell<Option<Dispatch>> = const { RefCell::new(None) };
}

/// Runs what may panic; `None` if it did.
///
/// What `f` owns is dropped while it unwinds, so it must own nothing that has to be settled first.
pub(in crate::kafka) fn guard<R>(f: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(result) => Some(result),
        Err(payload) => {
            // Dropping a payload runs code that is not ours, too.
            std::mem::forget(payload);
            None
        }
    }
}

/// Logs. A layer that panics is cut off, and so is one that publishes and thereby gets here again: it would recurse.
pub(in crate::kafka) fn log(f: impl FnOnce()) {
    let nested = LOGGING.try_with(|logging| logging.replace(true)).unwrap_or(true);
    if !nested {
        match LISTENERS.try_with(|listeners| listeners.borrow().clone()) {
            Ok(Some(listeners)) => guard(|| with_default(&listeners, f)),
            _ => guard(f),
        };
        let _ = LOGGING.try_with(|logging| logging.set(false));
    }
}

/// Runs rdkafka, without what it logs itself. Its destructors log, and a layer that panics in one of them while another panic
/// unwinds would abort the process. What [`log`] says is heard.
pub(in crate::kafka) fn unlogged<R>(f: impl FnOnce() -> R) -> R {
    if LISTENERS.with_borrow(Option::is_some) {
        return f();
    }
    let _restore = Restore;
    LISTENERS.set(Some(get_default(Dispatch::clone)));
    with_default(&Dispatch::none(), f)
}

struct Restore;

impl Drop for Restore {
    fn drop(&mut self) {
        LISTENERS.set(None);
    }
}

/// Marks this thread as one that the service itself needs: nothing may wait for the service on it.
pub(in crate::kafka) fn this_thread_is_ours() {
    OURS.set(true);
}

/// Whether code that is not ours was called by a thread of the service.
pub(in crate::kafka) fn is_our_thread() -> bool {
    OURS.try_with(Cell::get).unwrap_or(true)
}
