//! From an event to its outcome.

#![allow(
    clippy::result_large_err,
    reason = "a record that is not accepted is returned by value; boxing it would allocate"
)]

mod client;
mod close;
mod engine;
mod entry;
mod fallback;
mod gate;
mod lane;
mod ledger;
mod line;
mod losses;
mod owned_record;
mod pending;
mod report;
mod route;
mod shared;
mod sync;
mod ticket;

use std::sync::Arc;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;
use uuid::Uuid;

pub(super) use self::client::Client;
use self::engine::Engine;
use self::entry::{Entry, Name};
use self::fallback::Fallback;
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
pub use self::fallback::FallbackTable;
pub(crate) use self::fallback::Table;
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
pub(crate) use self::fallback::{FallbackKey, FallbackRecord, TableError, sealed as fallback_sealed};
use self::lane::Lane;
use self::ledger::Ledger;
pub(super) use self::line::Limits;
use self::line::Patience;
use self::losses::Losses;
pub(super) use self::losses::OnLost;
pub use self::report::{CloseReport, LostEvent, PublishStats};
pub(super) use self::shared::Shared;
use self::ticket::Ticket;
use super::cluster::Cluster;
use super::oauth::TokenSource;
use crate::error::{ErrorKind, PublishError};
use crate::event::Event;
use crate::guard::log;
use crate::record::{Records, encoded};
use crate::telemetry::{Message, Operation, Source, error_type};

/// How many events of a batch are handed in before yielding to other tasks.
const AT_ONCE: usize = 256;

/// Hands records to librdkafka in the order of the calls, for `publish`, `publish_all` and `emit`.
pub(super) struct Producer {
    pub(super) lane: Arc<Lane>,
    unawaited: Arc<Ticket>,
}

/// The options of a producer, from the configuration and the builder.
pub(super) struct Options {
    pub(super) limits: Limits,
    pub(super) max_block: Duration,
    /// Whether records that a broken client may have written are sent again.
    pub(super) resend_unknown: bool,
    pub(super) on_lost: Option<OnLost>,
    pub(super) fallback: Option<Box<dyn Table>>,
    /// Whether partition keys are logged.
    pub(super) log_keys: bool,
}

impl Producer {
    pub(super) fn start(
        config: ClientConfig,
        cluster: Cluster,
        tokens: Option<TokenSource>,
        options: Options,
    ) -> Result<Self, KafkaError> {
        let source = Source::of(&config, options.log_keys);
        let no_thread =
            |error| KafkaError::ClientCreation(format!("failed to start the thread for `on_lost`: {error}"));
        let losses = options.on_lost.map(Losses::start).transpose().map_err(no_thread)?;
        let ledger = Arc::new(Ledger::new(losses.clone(), options.log_keys));
        let start = |table| Fallback::start(table, &ledger, options.limits);
        let fallback = options.fallback.map(start).transpose().map_err(|error| {
            if let Some(losses) = &losses {
                losses.end();
            }
            KafkaError::ClientCreation(format!("failed to start the thread of the fallback: {error}"))
        })?;
        let shared = Arc::new(Shared::new(
            cluster,
            source,
            Arc::clone(&ledger),
            tokens,
            fallback,
            options.resend_unknown,
        ));
        let lane = Arc::new(Lane::new(shared, options.limits, options.max_block));
        Engine::start(config, &lane).inspect_err(|_| {
            if let Some(losses) = &losses {
                losses.end();
            }
            if let Some(fallback) = &lane.shared.fallback {
                fallback.end();
            }
        })?;
        Ok(Self { lane, unawaited: Arc::new(Ticket::unawaited(&ledger)) })
    }

    pub(super) async fn publish<E: Event>(&self, topic: &str, event: E) -> Result<(), PublishError> {
        let ticket = Arc::new(Ticket::awaited(&self.lane.shared.ledger));
        let refused = self.hand_in(topic, &event, &ticket, 0).err();
        let ids = [event.id()];
        drop(event);
        outcome(&ticket, &ids, 0, refused).await
    }

    /// Stops at the first event that cannot be handed in, so that none of its successors overtakes it.
    pub(super) async fn publish_all<E: Event>(
        &self,
        topic: &str,
        events: Vec<E>,
    ) -> Result<(), PublishError> {
        let ticket = Arc::new(Ticket::awaited(&self.lane.shared.ledger));
        let ids: Vec<_> = events.iter().map(Event::id).collect();
        let mut handed_in = 0;
        let mut refused = None;
        for event in events {
            refused = self.hand_in(topic, &event, &ticket, handed_in).err();
            drop(event);
            if refused.is_some() {
                break;
            }
            handed_in += 1;
            if ticket.left_line().await && ticket.has_failed(handed_in - 1) {
                break;
            }
            if handed_in.is_multiple_of(AT_ONCE) {
                tokio::task::yield_now().await;
            }
        }
        outcome(&ticket, &ids, handed_in, refused).await
    }

    /// Never waits: an event that cannot be accepted now is reported as lost.
    pub(super) fn emit<E: Event>(&self, topic: &str, event: &E) {
        let ticket = &self.unawaited;
        if let Err((error, entry)) = self.try_hand_in(topic, event, ticket, 0, Patience::None) {
            let entry = entry.unwrap_or_else(|| Entry::accept_lost(ticket, Name::of(event)));
            entry.lost(topic, event.key().as_bytes(), error);
        }
    }

    /// Hands in an event for a caller that waits.
    fn hand_in<E: Event>(
        &self,
        topic: &str,
        event: &E,
        ticket: &Arc<Ticket>,
        place: usize,
    ) -> Result<(), PublishError> {
        let patience = Patience::Within(self.lane.max_block);
        self.try_hand_in(topic, event, ticket, place, patience).map_err(|(error, entry)| {
            if let Some(entry) = entry {
                entry.withdrawn(topic, &error);
            }
            let (Name { id, event_type, .. }, kind) = (Name::of(event), error.kind());
            log(|| tracing::error!(event_id = %id, event_type, topic, %kind, %error, "event refused"));
            error
        })
    }

    /// Hands in the records of an event, or returns the error, with the entry if there is one.
    fn try_hand_in<E: Event>(
        &self,
        topic: &str,
        event: &E,
        ticket: &Arc<Ticket>,
        place: usize,
        patience: Patience,
    ) -> Result<(), (PublishError, Option<Entry>)> {
        let source = &self.lane.shared.source;
        let begin = |message: &Message<'_>| source.begin(Operation::Send, message);
        let handed_in = encoded(topic, event, begin, |Records { record, span, tombstone }| {
            let (tombstone, second) = tombstone.unzip();
            let spans = (span, second);
            let entries =
                Entry::accept(ticket, Name::of(event), place, spans).map_err(|(span, second)| {
                    let error = closed();
                    for span in [Some(span), second].into_iter().flatten() {
                        span.failed(error_type(&error));
                    }
                    (error, None)
                })?;
            let refused = self.lane.send_event(&record, tombstone.as_ref(), entries, patience);
            refused.map_err(|(error, entry)| (error, Some(entry)))
        });
        handed_in.map_err(|error| (error, None))?
    }
}

impl Name {
    fn of<E: Event>(event: &E) -> Self {
        Self { id: event.id(), event_type: event.event_type(), feature: E::FEATURE }
    }
}

/// Waits for the outcome of a call. `handed_in` is the number of events handed in; `refused` is the error of the next one.
async fn outcome(
    ticket: &Ticket,
    ids: &[Uuid],
    handed_in: usize,
    refused: Option<PublishError>,
) -> Result<(), PublishError> {
    let mut failures = ticket.settled().await;
    let splits_an_event = failures.splits_an_event();
    let failed = failures.places().iter().copied().filter(|place| *place < handed_in);
    let unpublished: Vec<_> =
        failed.chain(handed_in..ids.len()).filter_map(|place| ids.get(place).copied()).collect();
    let error = match (failures.error, refused) {
        (None, None) => return Ok(()),
        (Some(error), refused) if error.kind() == ErrorKind::Unknown || refused.is_none() => error,
        (_, Some(refused)) => refused,
        (Some(error), None) => error,
    };
    let error = if splits_an_event && error.kind() != ErrorKind::Unknown {
        let text = format!("a deletion was written without its tombstone, or vice versa: {error}");
        PublishError::new(ErrorKind::Unknown, text).with_source(error)
    } else {
        error
    };
    Err(error.with_unpublished(unpublished))
}

/// Returns the error for calls after `close`.
fn closed() -> PublishError {
    PublishError::new(ErrorKind::Permanent, "not published: the service is closed; publish before `close`")
}
