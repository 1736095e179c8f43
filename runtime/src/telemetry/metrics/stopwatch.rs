//! How long a message takes.

use std::time::{Duration, Instant};

/// The time since it was started; nothing at all if nobody can look at metrics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch {
    #[cfg(any(feature = "metrics", feature = "opentelemetry-0_33"))]
    started: Instant,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self {
            #[cfg(any(feature = "metrics", feature = "opentelemetry-0_33"))]
            started: Instant::now(),
        }
    }

    #[cfg(any(feature = "metrics", feature = "opentelemetry-0_33"))]
    pub(super) fn until(self, now: Instant) -> Duration {
        now.duration_since(self.started)
    }

    #[cfg(not(any(feature = "metrics", feature = "opentelemetry-0_33")))]
    #[allow(clippy::unused_self, reason = "nothing was started")]
    pub(super) fn until(self, _: Instant) -> Duration {
        Duration::ZERO
    }
}
