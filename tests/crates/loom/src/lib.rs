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

/// Nobody looks.
#[allow(clippy::unused_self, reason = "it replaces what calls recorders")]
mod telemetry {
    use crate::error::PublishError;

    #[derive(Debug, Default)]
    pub(crate) struct MessageSpan(Option<String>);

    impl MessageSpan {
        pub(crate) fn is_enabled(&self) -> bool {
            self.0.is_some()
        }

        pub(crate) fn delivered(self, _: Place) {}

        pub(crate) fn failed(self, _: &'static str) {}
    }

    #[derive(Debug)]
    pub(crate) struct Place;

    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Stopwatch;

    impl Stopwatch {
        pub(crate) fn start() -> Self {
            Self
        }
    }

    pub(crate) fn error_type(_: &PublishError) -> &'static str {
        ""
    }

    #[derive(Debug, Default)]
    pub(crate) struct Meter;

    impl Meter {
        pub(crate) fn sent(&self, _: &str, _: Stopwatch, _: Option<&'static str>) {}

        pub(crate) fn lost(&self, _: &str) {}

        pub(crate) fn queued(&self, _: impl FnOnce() -> u64, _: bool) {}
    }
}
