//! The files of `runtime/src/kafka/producer` with state that threads share, compiled with the primitives of
//! [loom](https://docs.rs/loom), which tries every interleaving.

#![cfg(test)]
#![allow(
    dead_code,
    unreachable_pub,
    clippy::mem_replace_with_default,
    reason = "only part of each file is used here"
)]

#[path = "../../../../runtime/src/guard.rs"]
mod guard;
mod kafka;

mod error {
    pub(crate) use entity_events::{ErrorKind, PublishError};
}
