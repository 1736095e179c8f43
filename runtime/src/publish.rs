//! The interface between the domain and a transport.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

use crate::error::PublishError;
use crate::event::Event;

/// Publishes events of one kind: Kafka, an outbox, or a test double.
///
/// The generated producer traits (`ProductEventProducer`, …) are implemented for everything that implements
/// this, and are object-safe. This one is not, so that a transport does not have to box its futures.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not publish `{E}`",
    label = "does not publish `{E}`",
    note = "a `KafkaEventService<Topics>` publishes the events of each entity in `#[topics(..)]`: add the entity there",
    note = "an outbox publishes through `collect()`, or `in_transaction(..)`",
    note = "pass an `Arc<dyn ..>` to a generic function as `&*events`, and add `?Sized` to the function's bound"
)]
pub trait Publish<E: Event>: Debug + Send + Sync {
    /// Publishes one event and waits until every in-sync replica has it.
    ///
    /// The order of events with one key is the order in which the futures are first polled: an event is accepted then,
    /// and not when this is called. Dropping the future afterwards does not take the event back: it may still be delivered.
    ///
    /// # Errors
    ///
    /// [`PublishError::kind`] says whether the event was written and whether trying again can help.
    fn publish(&self, event: E) -> impl Future<Output = Result<(), PublishError>> + Send;

    /// Publishes events in order and waits until every in-sync replica has them all.
    ///
    /// A large batch may let other tasks run in between, whose events then come between those of the batch. If the future is
    /// dropped half way, the events that were handed over may still be delivered, and the rest is not published.
    ///
    /// By default one by one, up to the first failure; transports pipeline.
    ///
    /// # Errors
    ///
    /// The first failure; [`PublishError::unpublished`] names each event that is not confirmed.
    fn publish_all(&self, events: Vec<E>) -> impl Future<Output = Result<(), PublishError>> + Send {
        async move {
            let ids: Vec<_> = events.iter().map(Event::id).collect();
            for (index, event) in events.into_iter().enumerate() {
                let published = self.publish(event).await;
                published.map_err(|error| error.with_unpublished(ids.iter().skip(index).copied()))?;
            }
            Ok(())
        }
    }

    /// Hands an event over and returns: never fails the operation.
    ///
    /// By default it publishes, waits, and logs a failure at `ERROR`. A transport overrides this if it can do better, and one
    /// that writes events in the caller's transaction must: a write that failed here has to fail the transaction, since
    /// the caller of `emit` does not learn of it, and would commit the change without its event.
    fn emit(&self, event: E) -> impl Future<Output = ()> + Send {
        async move {
            let (id, event_type) = (event.id(), event.event_type());
            if let Err(error) = self.publish(event).await {
                tracing::error!(event_id = %id, event_type, kind = %error.kind(), %error, "event not published");
            }
        }
    }
}

impl<E: Event, P: Publish<E> + ?Sized> Publish<E> for Arc<P> {
    fn publish(&self, event: E) -> impl Future<Output = Result<(), PublishError>> + Send {
        P::publish(self, event)
    }

    fn publish_all(&self, events: Vec<E>) -> impl Future<Output = Result<(), PublishError>> + Send {
        P::publish_all(self, events)
    }

    fn emit(&self, event: E) -> impl Future<Output = ()> + Send {
        P::emit(self, event)
    }
}
