//! The bodies of a producer trait's methods. Their futures are boxed, which makes the trait object-safe.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use uuid::Uuid;

use crate::error::PublishError;
use crate::event::Event;
use crate::publish::Publish;

/// What `#[async_trait]` makes an `async fn` return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Publishes an event, and turns the result into that of the entity.
pub fn publish<'a, E: Event, T>(
    producer: &'a impl Publish<E>,
    event: E,
    outcome: impl FnOnce(Result<(), PublishError>) -> T + Send + 'a,
) -> BoxFuture<'a, T> {
    Box::pin(async move { outcome(producer.publish(event).await) })
}

/// Publishes events, and turns the result into that of the entity.
pub fn publish_all<'a, E: Event, T>(
    producer: &'a impl Publish<E>,
    events: Vec<E>,
    outcome: impl FnOnce(Result<(), PublishError>) -> T + Send + 'a,
) -> BoxFuture<'a, T> {
    Box::pin(async move { outcome(producer.publish_all(events).await) })
}

/// Hands an event over.
pub fn emit<E: Event>(producer: &impl Publish<E>, event: E) -> BoxFuture<'_, ()> {
    Box::pin(producer.emit(event))
}

/// Publishes events by a hand-written producer, up to the first failure. What is left is logged.
pub fn one_by_one<'a, E: Event, Error>(
    events: Vec<E>,
    publish: impl Fn(E) -> BoxFuture<'a, Result<(), Error>> + Send + 'a,
) -> BoxFuture<'a, Result<(), Error>> {
    Box::pin(async move {
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            if let Err(error) = publish(event).await {
                for left in events {
                    let (event_id, event_type) = (left.id(), left.event_type());
                    tracing::error!(%event_id, event_type, "event not published: one before it in the batch failed");
                }
                return Err(error);
            }
        }
        Ok(())
    })
}

/// Logs an event that a hand-written producer could not publish.
#[must_use]
pub fn log_unpublished<'a, Error: Debug + 'a>(
    (event_id, event_type): (Uuid, &'static str),
    published: BoxFuture<'a, Result<(), Error>>,
) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        if let Err(error) = published.await {
            tracing::error!(%event_id, event_type, ?error, "event not published");
        }
    })
}
