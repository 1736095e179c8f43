//! Shared by the programs in `tests/ui` and `tests/pass`: an entity from another crate, and a minimal executor.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use entity_events::EntityEvents;

/// An entity from another crate, whose feature differs from its name.
#[derive(Debug, Clone, EntityEvents)]
#[event(feature = "stock_item")]
pub struct Item {
    /// The partition key.
    pub id: u64,
}

/// Runs a future that is ready at once.
///
/// # Panics
///
/// If it is pending.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future is pending"),
    }
}
