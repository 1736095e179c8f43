//! What the programs in `tests/ui` and `tests/pass` share: an entity from another crate, and a way to await.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use entity_events::EntityEvents;

/// An entity from another crate, whose feature is not its name.
#[derive(Debug, Clone, EntityEvents)]
#[event(feature = "stock_item")]
pub struct Item {
    /// The partition key.
    pub id: u64,
}

/// Runs a future that never waits.
///
/// # Panics
///
/// If it does.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits"),
    }
}
