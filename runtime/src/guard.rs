//! Calls into foreign code: log layers, callbacks, wakers. If it panics, the calling thread continues.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tracing::dispatcher::{get_default, with_default};
use tracing::{Dispatch, Span};

thread_local! {
    static LOGGING: Cell<bool> = const { Cell::new(false) };
    static SERVICE_THREAD: Cell<bool> = const { Cell::new(false) };
    /// The subscriber that [`log`] uses while [`unlogged`] hides it from rdkafka.
    static SUBSCRIBER: RefCell<Option<Dispatch>> = const { RefCell::new(None) };
}

/// Runs code that may panic; returns `None` if it did.
///
/// Whatever `f` owns is dropped while it unwinds, so it must own nothing that still has to be settled.
pub(crate) fn guard<R>(f: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(result) => Some(result),
        Err(payload) => {
            // Dropping the payload would run foreign code, too.
            std::mem::forget(payload);
            None
        }
    }
}

/// Logs. Catches a layer's panic, and ignores nested calls: a layer that publishes would recurse.
pub(crate) fn log(f: impl FnOnce()) {
    observe(f);
}

/// Calls log layers, tracers or recorders of metrics, and returns what they return; `None` if they panic, or in nested calls.
pub(crate) fn observe<R>(f: impl FnOnce() -> R) -> Option<R> {
    let nested = LOGGING.try_with(|logging| logging.replace(true)).unwrap_or(true);
    if nested {
        return None;
    }
    let result = match SUBSCRIBER.try_with(|subscriber| subscriber.borrow().clone()) {
        Ok(Some(subscriber)) => guard(|| with_default(&subscriber, f)),
        _ => guard(f),
    };
    let _ = LOGGING.try_with(|logging| logging.set(false));
    result
}

/// Drops a handle to a span, which may end it. The registry then releases the span's parent through the default subscriber of the
/// thread, so that has to be the span's own: another one, or none, would keep the parent open forever.
pub(crate) fn release(span: Span) {
    guard(move || match span.with_subscriber(|(_, subscriber)| subscriber.clone()) {
        Some(subscriber) => with_default(&subscriber, || drop(span)),
        None => drop(span),
    });
}

/// Runs rdkafka with its own logging disabled. Its destructors log, and a layer that panics in one of them while another
/// panic unwinds would abort the process. [`log`] still works.
pub(crate) fn unlogged<R>(f: impl FnOnce() -> R) -> R {
    if SUBSCRIBER.with_borrow(Option::is_some) {
        return f();
    }
    let _restore = Restore;
    SUBSCRIBER.set(Some(get_default(Dispatch::clone)));
    with_default(&Dispatch::none(), f)
}

struct Restore;

impl Drop for Restore {
    fn drop(&mut self) {
        SUBSCRIBER.set(None);
    }
}

/// Marks this thread as one of the service's own: nothing may wait for the service on it.
pub(crate) fn mark_service_thread() {
    SERVICE_THREAD.set(true);
}

/// Whether the current thread is one of the service's own, that is, within a callback.
pub(crate) fn is_service_thread() -> bool {
    SERVICE_THREAD.try_with(Cell::get).unwrap_or(true)
}
