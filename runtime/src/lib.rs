#![doc = include_str!("../README.md")]
// On docs.rs, items say which feature they need.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod event;
mod event_type;
#[cfg(feature = "kafka")]
mod guard;
mod headers;
#[cfg(feature = "kafka")]
pub mod kafka;
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
pub mod outbox;
mod publish;
#[cfg(any(feature = "kafka", feature = "schema"))]
mod record;
#[cfg(feature = "schema")]
pub mod schema;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod topics;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use async_trait::async_trait;
pub use entity_events_macros::{EntityEvents, event_producer, topics};
pub use uuid::Uuid;

pub use crate::error::{ErrorKind, PublishError};
pub use crate::event::{DeletePolicy, Entity, Event, EventMetadata};
pub use crate::event_type::UnknownEventType;
pub use crate::headers::{Headers, version_of};
pub use crate::publish::Publish;
pub use crate::topics::{TopicFor, Topics};
