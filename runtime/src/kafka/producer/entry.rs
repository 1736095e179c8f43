//! An accepted record in the ledger.

use std::mem;

use uuid::Uuid;

use super::report::LostEvent;
use super::sync::Arc;
use super::ticket::{InLine, Ticket};
use crate::error::{ErrorKind, PublishError};
use crate::guard::log;
use crate::telemetry::{MessageSpan, Place, Stopwatch, error_type};

/// How logs and reports identify an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) id: Uuid,
    pub(super) event_type: &'static str,
    /// The entity's, for the outbox.
    pub(super) feature: &'static str,
}

/// Which of its event's records a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The only one.
    Whole,
    /// The event, if a tombstone follows it.
    Event,
    /// That tombstone.
    Tombstone,
}

/// An accepted record. It gets exactly one outcome: if it is dropped without one, it is lost.
#[derive(Debug)]
pub(super) struct Entry {
    /// The record's place in the order of the calls.
    pub(super) number: u64,
    pub(super) name: Name,
    part: Part,
    /// The event's place in its call.
    place: usize,
    span: MessageSpan,
    stopwatch: Stopwatch,
    /// `None` once it is settled.
    ticket: Option<Arc<Ticket>>,
}

impl Entry {
    /// Enters the records of an event, one or two, each with its span. Returns the spans once the ledger is closed.
    pub(super) fn accept(
        ticket: &Arc<Ticket>,
        name: Name,
        place: usize,
        (span, second): (MessageSpan, Option<MessageSpan>),
    ) -> Result<(Self, Option<Self>), (MessageSpan, Option<MessageSpan>)> {
        let Some(number) = ticket.ledger.enter(if second.is_some() { 2 } else { 1 }) else {
            return Err((span, second));
        };
        let new = |number, part, span| Self::new(number, name, part, place, span, ticket);
        Ok(match second {
            Some(second) => (new(number, Part::Event, span), Some(new(number + 1, Part::Tombstone, second))),
            None => (new(number, Part::Whole, span), None),
        })
    }

    /// Enters a record that is about to be lost, even if the ledger is closed.
    pub(super) fn accept_lost(ticket: &Arc<Ticket>, name: Name) -> Self {
        Self::new(ticket.ledger.enter_lost(), name, Part::Whole, 0, MessageSpan::default(), ticket)
    }

    fn new(
        number: u64,
        name: Name,
        part: Part,
        place: usize,
        span: MessageSpan,
        ticket: &Arc<Ticket>,
    ) -> Self {
        ticket.open();
        let stopwatch = Stopwatch::start();
        Self { number, name, part, place, span, stopwatch, ticket: Some(Arc::clone(ticket)) }
    }

    /// Whether its span is looked at.
    pub(super) fn is_traced(&self) -> bool {
        self.span.is_enabled()
    }

    /// Marks the record as waiting for space until the guard is dropped.
    pub(super) fn in_line(&self) -> Option<InLine> {
        self.ticket.as_ref().map(Ticket::in_line)
    }

    /// Settles a record that every in-sync replica has. Counts before it logs, so that no log layer can change the outcome.
    pub(super) fn delivered(mut self, topic: &str, at: Place, log_delivered: impl FnOnce(Name, &Ticket)) {
        let Some(ticket) = self.ticket.take() else { return };
        ticket.ledger.delivered();
        if self.part != Part::Whole {
            ticket.half_written(self.place);
        }
        log_delivered(self.name, &ticket);
        mem::take(&mut self.span).delivered(at);
        ticket.ledger.meter().sent(topic, self.stopwatch, None);
        ticket.close();
    }

    /// Settles a record that is in the fallback's table: it will be delivered.
    pub(super) fn stored(mut self, topic: &str) {
        let Some(ticket) = self.ticket.take() else { return };
        ticket.ledger.stored();
        if self.part != Part::Whole {
            ticket.half_written(self.place);
        }
        log(|| log_stored(self.name, topic, &ticket));
        drop(mem::take(&mut self.span));
        ticket.close();
    }

    /// Settles a record that is lost, or of unknown outcome.
    pub(super) fn lost(mut self, topic: &str, key: &[u8], error: PublishError) {
        self.settle_lost(topic, key, error);
    }

    /// Settles a record that was not accepted; its caller gets the error.
    pub(super) fn withdrawn(mut self, topic: &str, error: &PublishError) {
        if let Some(ticket) = self.ticket.take() {
            ticket.ledger.withdraw();
            let error_type = error_type(error);
            mem::take(&mut self.span).failed(error_type);
            ticket.ledger.meter().sent(topic, self.stopwatch, Some(error_type));
            ticket.close();
        }
    }

    fn settle_lost(&mut self, topic: &str, key: &[u8], error: PublishError) {
        let Some(ticket) = self.ticket.take() else { return };
        let lost = ticket.ledger.lose(LostEvent {
            id: self.name.id,
            event_type: self.name.event_type.to_owned(),
            topic: topic.to_owned(),
            key: String::from_utf8_lossy(key).into_owned(),
            kind: error.kind(),
            error: error.to_string().into(),
            tombstone: self.part == Part::Tombstone,
            shows_key: ticket.ledger.logs_keys(),
        });
        let error_type = error_type(&error);
        ticket.fail(self.place, error);
        log(|| log_lost(&lost, &ticket));
        mem::take(&mut self.span).failed(error_type);
        ticket.ledger.meter().sent(topic, self.stopwatch, Some(error_type));
        ticket.ledger.meter().lost(topic);
        ticket.close();
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            let error = PublishError::new(
                ErrorKind::Unknown,
                "librdkafka did not report the outcome; publish it again only with the same event id",
            );
            self.settle_lost("", &[], error);
        }
    }
}

fn log_stored(Name { id, event_type, .. }: Name, topic: &str, ticket: &Ticket) {
    if let Some(span) = ticket.span() {
        tracing::info!(parent: span, event_id = %id, event_type, topic, "event stored in the outbox");
    } else {
        tracing::info!(event_id = %id, event_type, topic, "event stored in the outbox");
    }
}

fn log_lost(lost: &LostEvent, ticket: &Ticket) {
    let LostEvent { id, event_type, topic, kind, error, .. } = lost;
    let key = lost.key_to_show();
    if let Some(span) = ticket.span() {
        tracing::error!(parent: span, event_id = %id, event_type, topic, key, %kind, %error, "event lost");
    } else {
        tracing::error!(event_id = %id, event_type, topic, key, %kind, %error, "event lost");
    }
}
