//! The one way into librdkafka, for `publish`, `publish_all` and `emit`.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use tokio::time::{Instant, timeout, timeout_at};

use super::delivery::{closed, lost};
use super::lane::Lane;
use super::signal::Waiting;
use super::ticket::{Slip, Ticket};
use crate::error::PublishError;
use crate::event::Event;
use crate::record::{Record, RecordBuffer};

thread_local! {
    /// Each thread encodes into one buffer, over and over.
    static BUFFER: Cell<RecordBuffer> = Cell::default();
}

/// How often whoever is first in line looks for room without being told of any.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Hands records to librdkafka in the order of the calls.
pub(super) struct Producer {
    pub(super) lane: Arc<Lane>,
    max_block: Duration,
    unawaited: Arc<Ticket>,
    /// Those who wait for room in a full queue, one behind the other.
    line: tokio::sync::Mutex<()>,
    in_line: AtomicUsize,
}

/// Why a record was not taken over.
enum Refusal {
    /// There may be room later.
    Full(PublishError),
    Other(PublishError),
}

impl Producer {
    pub(super) fn new(lane: Arc<Lane>, max_block: Duration) -> Self {
        Self {
            lane,
            max_block,
            unawaited: Arc::new(Ticket::unawaited()),
            line: tokio::sync::Mutex::default(),
            in_line: AtomicUsize::new(0),
        }
    }

    pub(super) async fn publish<E: Event>(&self, topic: &str, event: E) -> Result<(), PublishError> {
        let ticket = Arc::new(Ticket::awaited());
        let handed_in = self.hand_in(topic, &event, &ticket).await;
        let settled = ticket.settled().await;
        handed_in.and(settled).map_err(|error| error.with_unpublished([event.id()]))
    }

    /// Stops at the first event that cannot be handed in, so that none of its successors overtakes it.
    pub(super) async fn publish_all<E: Event>(
        &self,
        topic: &str,
        events: Vec<E>,
    ) -> Result<(), PublishError> {
        let ticket = Arc::new(Ticket::awaited());
        let mut events = events.into_iter();
        let mut refused = None;
        for event in events.by_ref() {
            if let Err(error) = self.hand_in(topic, &event, &ticket).await {
                refused = Some((error, event.id()));
                break;
            }
        }
        let settled = ticket.settled().await;
        let Some((error, first)) = refused else { return settled };
        let failed = settled.err().map(|error| error.unpublished().to_vec()).unwrap_or_default();
        let rest = events.map(|event| event.id());
        Err(error.with_unpublished(failed.into_iter().chain([first]).chain(rest)))
    }

    /// Never waits: what cannot be taken over now is reported as lost.
    pub(super) fn emit<E: Event>(&self, topic: &str, event: &E) {
        let mut done = 0;
        if let Err(Refusal::Full(error) | Refusal::Other(error)) =
            self.try_hand_in(topic, event, &self.unawaited, &mut done)
        {
            let lost = lost(event.id(), event.event_type(), topic, event.key(), &error);
            self.lane.ledger.lose_at_once(lost);
        }
    }

    async fn hand_in<E: Event>(
        &self,
        topic: &str,
        event: &E,
        ticket: &Arc<Ticket>,
    ) -> Result<(), PublishError> {
        let mut done = 0;
        let handed_in = match self.try_hand_in(topic, event, ticket, &mut done) {
            Err(Refusal::Full(_)) => self.wait_in_line(topic, event, ticket, done).await,
            handed_in => handed_in.map_err(PublishError::from),
        };
        handed_in.inspect_err(|error| {
            let (event_id, event_type, kind) = (event.id(), event.event_type(), error.kind());
            tracing::error!(%event_id, event_type, topic, %kind, %error, "event refused");
        })
    }

    /// Waits for room, first come first served, for at most `max_block`.
    async fn wait_in_line<E: Event>(
        &self,
        topic: &str,
        event: &E,
        ticket: &Arc<Ticket>,
        mut done: usize,
    ) -> Result<(), PublishError> {
        let deadline = Instant::now() + self.max_block;
        let _in_line = Waiting::new(&self.in_line);
        let mut outcome = Ok(());
        let turn = async {
            let _turn = self.line.lock().await;
            loop {
                outcome = self.encode_and_send(topic, event, ticket, &mut done);
                if !matches!(outcome, Err(Refusal::Full(_))) {
                    return;
                }
                // librdkafka frees a record's room only after its delivery report, so the signal may come too early.
                let _ = timeout(LOOK_AGAIN, self.lane.ledger.room().next()).await;
            }
        };
        match timeout_at(deadline, turn).await {
            Ok(()) => outcome.map_err(PublishError::from),
            Err(_) => Err(self.lane.cluster.no_room_within(self.max_block, topic)),
        }
    }

    /// Hands in an event if nobody waits in line: who comes later must not overtake.
    fn try_hand_in<E: Event>(
        &self,
        topic: &str,
        event: &E,
        ticket: &Arc<Ticket>,
        done: &mut usize,
    ) -> Result<(), Refusal> {
        if self.in_line.load(Ordering::SeqCst) > 0 {
            return Err(Refusal::Full(self.full(topic)));
        }
        self.encode_and_send(topic, event, ticket, done)
    }

    /// `done` counts the event's records that were taken over, so that another try does not repeat them.
    fn encode_and_send<E: Event>(
        &self,
        topic: &str,
        event: &E,
        ticket: &Arc<Ticket>,
        done: &mut usize,
    ) -> Result<(), Refusal> {
        let mut buffer = BUFFER.take();
        let mut full = false;
        let mut index = 0;
        let encoded = buffer.encode(topic, event, |record| {
            index += 1;
            if index > *done {
                self.send(&record, ticket)
                    .inspect_err(|refusal| full = matches!(refusal, Refusal::Full(_)))?;
                *done = index;
            }
            Ok(())
        });
        BUFFER.set(buffer);
        encoded.map_err(|error| if full { Refusal::Full(error) } else { Refusal::Other(error) })
    }

    fn send(&self, record: &Record<'_>, ticket: &Arc<Ticket>) -> Result<(), Refusal> {
        let Some(number) = self.lane.ledger.accept() else { return Err(Refusal::Other(closed())) };
        ticket.open();
        let slip = Slip { number, ticket: Arc::clone(ticket) };
        self.lane.send(record, slip).map_err(|error| {
            ticket.close();
            self.lane.ledger.withdraw();
            let full = error.rdkafka_error_code() == Some(Code::QueueFull);
            let error = self.lane.cluster.error(error, record.topic);
            if full { Refusal::Full(error) } else { Refusal::Other(error) }
        })
    }

    fn full(&self, topic: &str) -> PublishError {
        self.lane.cluster.error(KafkaError::MessageProduction(Code::QueueFull), topic)
    }
}

impl From<Refusal> for PublishError {
    fn from(refusal: Refusal) -> Self {
        let (Refusal::Full(error) | Refusal::Other(error)) = refusal;
        error
    }
}
