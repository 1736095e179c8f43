//! `/live`: what happens, as server-sent events.
//!
//! | event | data |
//! | --- | --- |
//! | `history` | the last records, oldest first: at the beginning, and when the browser has missed some |
//! | `record` | the next record |
//! | `state` | the outbox and the brokers, when they change |

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use entity_events::outbox::OutboxRelay;
use futures_util::stream::{self, Stream};
use serde::Serialize;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio::time::sleep;

use super::App;
use crate::infrastructure::kafka::{Brokers, Feed, Record};
use crate::infrastructure::{Store, Waiting};

/// How often the outbox is looked into, while somebody looks at the page.
const INTERVAL: Duration = Duration::from_millis(300);

/// The outbox and the brokers, as the page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Status {
    /// Whether the brokers are in the process, and so can be taken away.
    embedded: bool,
    /// Whether Kafka answers, as far as is known.
    up: bool,
    /// What is wrong.
    reason: Option<String>,
    outbox: Waiting,
    /// Records that every in-sync replica has.
    delivered: u64,
    blocked_keys: u64,
}

/// The state of the outbox and of the brokers. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Live(watch::Sender<Option<Status>>);

impl Live {
    /// Keeps the state up to date while somebody looks, until the future is dropped.
    pub async fn watch(self, database: Arc<dyn Store>, relay: Arc<OutboxRelay>, brokers: Arc<Brokers>) {
        loop {
            if self.0.receiver_count() > 0 {
                let status = Some(Status::now(&*database, &relay, &brokers).await);
                self.0.send_if_modified(|last| {
                    let is_new = *last != status;
                    *last = status;
                    is_new
                });
            }
            sleep(INTERVAL).await;
        }
    }
}

impl Status {
    async fn now(database: &dyn Store, relay: &OutboxRelay, brokers: &Brokers) -> Self {
        let (health, stats) = (relay.health(), relay.stats());
        let embedded = brokers.are_embedded();
        let up = if embedded { brokers.are_up() } else { health.reason.is_none() };
        let (outbox, problem) = match database.waiting().await {
            Ok(waiting) => (waiting, None),
            Err(error) => (Waiting::default(), Some(error.to_string())),
        };
        let reason = problem.or(health.reason);
        Self { embedded, up, reason, outbox, delivered: stats.delivered, blocked_keys: stats.blocked_keys }
    }
}

/// What one browser gets.
struct Watcher {
    feed: Feed,
    /// The records of the past, which are sent first.
    history: Option<Vec<Arc<Record>>>,
    records: broadcast::Receiver<Arc<Record>>,
    status: watch::Receiver<Option<Status>>,
    stopping: watch::Receiver<bool>,
}

impl Watcher {
    fn of(app: &App) -> Self {
        let (history, records) = app.feed.subscribe();
        let mut status = app.live.0.subscribe();
        status.mark_changed();
        let (feed, stopping) = (app.feed.clone(), app.stopping.clone());
        Self { feed, history: Some(history), records, status, stopping }
    }

    /// `None` at the end of the service, which does not wait for browsers.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(history) = self.history.take() {
                let history: Vec<&Record> = history.iter().map(Arc::as_ref).collect();
                return event("history", &history);
            }
            tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                changed = self.status.changed() => {
                    changed.ok()?;
                    // At the very first there is none.
                    let status = self.status.borrow_and_update().clone();
                    if let Some(status) = status {
                        return event("state", &status);
                    }
                }
                record = self.records.recv() => match record {
                    Ok(record) => return event("record", &*record),
                    Err(RecvError::Lagged(_)) => {
                        let (history, records) = self.feed.subscribe();
                        (self.history, self.records) = (Some(history), records);
                    }
                    Err(RecvError::Closed) => return None,
                }
            }
        }
    }
}

fn event(name: &str, data: &impl Serialize) -> Option<Event> {
    Event::default().event(name).json_data(data).ok()
}

pub(super) async fn stream(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let next = |mut watcher: Watcher| async { watcher.next().await.map(|event| (Ok(event), watcher)) };
    Sse::new(stream::unfold(Watcher::of(&app), next)).keep_alive(KeepAlive::default())
}
