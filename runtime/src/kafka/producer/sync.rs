//! The primitives that threads share state by. `tests/crates/loom` has the same names from loom.

pub(super) use std::sync::atomic::{AtomicU64, AtomicUsize};
pub(super) use std::sync::{Arc, Mutex, RwLock};
