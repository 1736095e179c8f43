//! The relay's thread: stands by until it has the lease, and works until it loses it.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::active::{Active, End};
use super::control::Control;
use super::lease::Lease;
use super::link::Link;
use super::report::RelayRole;
use super::standby::stand_by;
use super::store::Store;
use crate::guard::{guard, log};
use crate::kafka::OutboxSettings;
use crate::kafka::courier::Courier;
use crate::telemetry::{Meter, OutboxDepth};

/// How long librdkafka may take to return purged records.
const PURGE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long giving the lease back may take.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(3);

/// The wait before a thread that panicked goes on.
const PANIC_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Worker<S> {
    pub(super) store: S,
    pub(super) courier: Courier,
    pub(super) control: Arc<Control>,
    pub(super) meter: Meter,
    /// Signals a commit in this process.
    pub(super) wake: Arc<Notify>,
    pub(super) settings: OutboxSettings,
    /// The relay's name in the table of the lease.
    pub(super) holder: String,
}

/// How the work of a relay ended.
#[derive(Default)]
struct Left {
    unacknowledged: u64,
    lease_returned: bool,
}

impl<S: Store> Worker<S> {
    pub(super) fn run(self) {
        let left = match runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => loop {
                if let Some(left) = guard(|| runtime.block_on(self.work())) {
                    break left;
                }
                log(|| tracing::error!("the outbox's relay panicked; starting it again"));
                self.control.update(|stats| stats.role = RelayRole::Standby);
                if self.control.is_closing() {
                    break Left::default();
                }
                // What was in librdkafka would arrive under numbers of the relay that panicked.
                runtime.block_on(self.take_back());
                thread::sleep(PANIC_WAIT);
            },
            Err(error) => {
                log(|| tracing::error!(%error, "the outbox's relay has no runtime"));
                Left::default()
            }
        };
        self.courier.stop();
        self.meter.outbox(OutboxDepth::default(), true);
        self.control.set_ended(left.unacknowledged, left.lease_returned);
    }

    /// Works until the relay is closed.
    async fn work(&self) -> Left {
        // What is done without a lease needs none to be returned.
        let mut left = Left { unacknowledged: 0, lease_returned: true };
        while let Some(lease) = stand_by(self).await {
            let epoch = lease.epoch;
            self.control.update(|stats| {
                stats.role = RelayRole::Active;
                stats.leases += 1;
            });
            log(|| tracing::info!(epoch, "the outbox's relay is active"));
            let end = Active::new(self, lease).run().await;
            self.control.set_topics(&[]);
            self.meter.outbox(OutboxDepth::default(), true);
            self.control.update(|stats| {
                stats.role = RelayRole::Standby;
                (stats.pending, stats.oldest, stats.blocked_keys) = (0, None, 0);
            });
            left.unacknowledged = self.take_back().await;
            self.control.update(|stats| stats.in_flight = 0);
            match end {
                End::Closed => {
                    left.lease_returned = self.release(epoch).await;
                    log(|| tracing::info!(epoch, "the outbox's relay has ended"));
                }
                End::Lost(reason) => {
                    left.lease_returned = false;
                    log(|| {
                        tracing::warn!(epoch, reason, "the outbox's relay has lost its lease; standing by");
                    });
                }
            }
        }
        left
    }

    /// Waits until librdkafka has returned everything. Returns how many records it had.
    async fn take_back(&self) -> u64 {
        let records = self.courier.in_flight();
        let until = Instant::now() + PURGE_TIMEOUT;
        while self.courier.in_flight() > 0 && Instant::now() < until {
            self.courier.purge();
            sleep(Duration::from_millis(5)).await;
        }
        drop(self.courier.outcomes());
        records.try_into().unwrap_or(u64::MAX)
    }

    async fn release(&self, epoch: i64) -> bool {
        let until = Instant::now() + RELEASE_TIMEOUT;
        let mut link = Link::new(&self.store, &self.control, "returning the lease").within(RELEASE_TIMEOUT);
        loop {
            let released = link.run(async |connection| S::release(connection, epoch).await).await.is_some();
            if released || Instant::now() >= until {
                link.close().await;
                return released;
            }
        }
    }

    pub(super) fn lease(&self, epoch: i64, asked: Instant) -> Lease {
        let ms = |ms: u32| Duration::from_millis(ms.into());
        Lease::new(epoch, ms(self.settings.lease_ms), ms(self.settings.delivery_timeout_ms), asked)
    }

    pub(super) fn lease_length(&self) -> Duration {
        Duration::from_millis(self.settings.lease_ms.into())
    }
}
