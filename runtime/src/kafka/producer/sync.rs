//! The primitives of state shared between threads. `tests/crates/loom` substitutes loom's.

pub(super) use std::sync::atomic::{AtomicU64, AtomicUsize};
pub(super) use std::sync::{Arc, Mutex, RwLock};
