//! The traits of entities and events, and their metadata.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::__private::Describer;
use crate::headers::Headers;

/// A domain entity whose changes are published.
///
/// Implemented by `#[derive(EntityEvents)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity with events",
    label = "not an entity with events",
    note = "put `#[derive(EntityEvents)]` on `{Self}`"
)]
pub trait Entity {
    /// The envelope that carries a change of this entity.
    type Event: Event;

    /// The entity's feature in snake case, such as `product`.
    const FEATURE: &'static str = <Self::Event as Event>::FEATURE;
}

/// An event: one change of one entity, ready to be published.
///
/// Implemented by `#[derive(EntityEvents)]` for the generated envelope. The wire form is the type's JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "not an event",
    note = "events are made by `#[derive(EntityEvents)]` on an entity: `Product` has `ProductEvent`"
)]
pub trait Event: Serialize + DeserializeOwned + Debug + Clone + Send + Sync + 'static {
    /// The entity whose change this is.
    type Entity;

    /// The entity's feature in snake case, such as `product`.
    const FEATURE: &'static str;
    /// The name of the publishing service, such as `catalog-service`.
    const SOURCE: &'static str;
    /// The topic if none is configured, such as `int.product-update.event`.
    const DEFAULT_TOPIC: &'static str;
    /// The version of the event's schema, such as `1.0`; also the record header `ce_version`.
    const VERSION: &'static str;
    /// The prefix of the event type in the CloudEvents `type`, such as `com.acme`; empty for none.
    const TYPE_PREFIX: &'static str = "";
    /// Which records a deletion becomes.
    const DELETE: DeletePolicy = DeletePolicy::Event;
    /// The names of the headers that [`write_headers`](Self::write_headers) may add. Debezium knows only these; see `outbox::Debezium`.
    const HEADERS: &'static [&'static str] = &[];

    /// The unique id of the event, a UUIDv7 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562)).
    fn id(&self) -> Uuid;

    /// The kind of change, such as `ProductCreated`.
    fn event_type(&self) -> &'static str;

    /// Whether the event was read, and is of a type that this version of the code does not know
    /// ([`UnknownEventType`](crate::UnknownEventType)). Such an event cannot be published.
    fn is_unknown(&self) -> bool {
        false
    }

    /// The partition key: the entity's key fields as text, joined by `:`.
    fn key(&self) -> String;

    /// Appends [`key`](Self::key) to a buffer, which is how the producer asks for it: without allocating.
    fn write_key(&self, key: &mut String) {
        key.push_str(&self.key());
    }

    /// Who published the event, and on whose behalf.
    fn metadata(&self) -> &EventMetadata;

    /// When the change happened; by default the time within [`id`](Self::id), to the millisecond.
    fn timestamp(&self) -> DateTime<Utc> {
        let (seconds, nanos) = self.id().get_timestamp().map_or((0, 0), |time| time.to_unix());
        i64::try_from(seconds).ok().and_then(|s| DateTime::from_timestamp(s, nanos)).unwrap_or_default()
    }

    /// Whether the event reports a deletion. Together with [`DELETE`](Self::DELETE) this decides about tombstones.
    fn is_deletion(&self) -> bool {
        false
    }

    /// Says what the schemas of the events need to know; generated for `#[event(schema)]`.
    #[doc(hidden)]
    fn describe(describer: &mut Describer) {
        describer.undescribed::<Self>();
    }

    /// Adds the record headers that the entity declares with `#[event(header = "…")]`.
    fn write_headers(&self, headers: &mut Headers) {
        let _ = headers;
    }
}

/// Which records the deletion of an entity becomes.
///
/// A tombstone is a record with the entity's key and no value: log compaction then removes the entity
/// ([Kafka documentation, log compaction](https://kafka.apache.org/documentation/#compaction)). Compaction only compares
/// keys: if two entities share a topic and a key, the tombstone of one removes the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum DeletePolicy {
    /// One record with the event as its value: for topics with `cleanup.policy=delete`.
    #[default]
    Event,
    /// One record without a value, the headers kept: for topics with `cleanup.policy=compact`.
    Tombstone,
    /// The event, then a tombstone with the same key and its own id.
    EventThenTombstone,
}

/// Who published an event, and on whose behalf.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EventMetadata {
    /// The service that published the event: the entity's `source`.
    #[cfg_attr(feature = "schema", schemars(description = "The service that published the event."))]
    pub source_service: String,
    /// Joins everything that one request caused, across services.
    pub correlation_id: Uuid,
    /// The user who caused the change, if the entity has a `#[event(user_id)]` field.
    #[cfg_attr(
        feature = "schema",
        schemars(description = "The user who caused the change, if that is known.")
    )]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The id of the event that led to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<Uuid>,
}

impl EventMetadata {
    /// Metadata without a user and a cause.
    pub fn new(source_service: impl Into<String>, correlation_id: Uuid) -> Self {
        Self { source_service: source_service.into(), correlation_id, user_id: None, causation_id: None }
    }
}
