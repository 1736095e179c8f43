//! Waits for the lease, and hands on what this process commits.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};

use super::control::Control;
use super::lease::Lease;
use super::link::Link;
use super::store::Store;
use super::worker::Worker;
use super::{BLOCKING, COUNTING, DELETING, READING, RENEWING};
use crate::telemetry::OutboxDepth;

/// How often the lease is asked for. Asking costs next to nothing, and finds it free soon after it is over.
const INTERVAL: Duration = Duration::from_secs(1);

const LISTENING: &str = "listening";

/// What only a relay does that has the lease.
const WORK: [&str; 5] = [READING, DELETING, RENEWING, COUNTING, BLOCKING];

/// How long the commits of this process are gathered before they are announced.
const GATHER: Duration = Duration::from_millis(2);

/// Returns the lease; `None` if the relay is closed first.
pub(super) async fn stand_by<S: Store>(worker: &Worker<S>) -> Option<Lease> {
    let heard = Notify::new();
    let mut link =
        Link::new(&worker.store, &worker.control, "asking for the lease").within(worker.lease_length());
    let lease = select! {
        lease = acquire(worker, &mut link, &heard) => Some(lease),
        never = listen(&worker.store, &worker.control, &heard) => match never {},
        () = worker.control.closing() => None,
    };
    link.close().await;
    lease
}

async fn acquire<S: Store>(worker: &Worker<S>, link: &mut Link<'_, S>, heard: &Notify) -> Lease {
    let length = worker.lease_length();
    let mut next = Instant::now();
    loop {
        if Instant::now() >= next {
            let asked = Instant::now();
            next = asked + INTERVAL;
            worker.meter.outbox(OutboxDepth::default(), false);
            let acquired = link.run(async |connection| S::acquire(connection, &worker.holder, length).await);
            if let Some(acquired) = acquired.await {
                worker.control.answers(S::NAME, &WORK);
                if let Some(epoch) = acquired {
                    return worker.lease(epoch, asked);
                }
            }
        }
        select! {
            () = worker.wake.notified() => {
                sleep(GATHER).await;
                let _ = link.run(async |connection| S::announce(connection).await).await;
            }
            // The active relay may have given the lease back.
            () = heard.notified() => next = Instant::now(),
            () = sleep_until(next.into()) => {}
        }
    }
}

/// Notes the announcements of other processes. Without a listener they are found by the next poll.
pub(super) async fn listen<S: Store>(store: &S, control: &Control, heard: &Notify) -> Infallible {
    loop {
        match store.listen().await {
            Ok(mut listener) => {
                control.set_database(S::NAME, LISTENING, None);
                while let Ok(()) = S::heard(&mut listener).await {
                    heard.notify_one();
                }
            }
            Err(error) => control.set_database(S::NAME, LISTENING, Some(error.to_string())),
        }
        sleep(INTERVAL).await;
    }
}
