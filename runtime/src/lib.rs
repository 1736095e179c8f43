// The README is this crate's front page. These links win over its own, which lead to docs.rs.
//
//! [guide::first_event]: guide::first_event
//! [guide::several_entities]: guide::several_entities
//! [guide::choosing_a_lane]: guide::choosing_a_lane
//! [guide::testing]: guide::testing
//! [guide::configuration]: guide::configuration
//! [guide::changing_an_event]: guide::changing_an_event
//! [guide::running_it]: guide::running_it
//! [guide::tracing_and_metrics]: guide::tracing_and_metrics
//! [guide::consuming]: guide::consuming
//! [guide::guarantees]: guide::guarantees
//! [guide::from_the_template]: guide::from_the_template
//! [guide::compared]: guide::compared
//!
#![doc = include_str!("../README.md")]
// On docs.rs, items say which feature they need.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod event;
mod event_type;
#[cfg(feature = "kafka")]
mod guard;
// Documentation alone. Its code is tested with the features that it is about.
#[cfg(any(
    all(doc, not(doctest)),
    all(doctest, feature = "testing", any(feature = "outbox-postgres", feature = "outbox-sqlite"))
))]
pub mod guide;
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
