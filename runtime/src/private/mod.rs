//! What generated code calls. Not part of the public contract: names here may change with any release.

mod data;
mod describer;
mod envelope;
mod event_type;
mod hollow;
mod listing;
mod outcome;
mod producer;
mod text;

pub use chrono::{DateTime, Utc};
pub use entity_events_macros::SerdeAttributes;
pub use serde;
pub use uuid::Uuid;

pub use self::data::{Codec, Data, DataMap, Serde, convert, or_default, read_data};
pub use self::describer::Describer;
pub use self::envelope::{Envelope, event_id, metadata, now, version};
pub use self::event_type::{read_event_type, refuse_event_type};
pub use self::listing::{Listed, listed};
pub use self::outcome::{FromPublishError, Outcome, made_error, own_error};
pub use self::producer::{BoxFuture, emit, log_unpublished, one_by_one, publish, publish_all};
pub use self::text::{Always, FieldText, KeyText, Text, header, join_key, key, owned_key};
pub use crate::__hollow as hollow;
pub use crate::__schema as schema;
pub use crate::event_type::UnknownEventType;
