//! A message that is about to be encoded.

use uuid::Uuid;

/// What telemetry says of a message.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(feature = "kafka"), allow(dead_code, reason = "an example is not sent"))]
pub(crate) struct Message<'a> {
    pub(crate) topic: &'a str,
    pub(crate) key: &'a str,
    /// That of the record, which for a tombstone that follows its event is not that of the event.
    pub(crate) id: Uuid,
    pub(crate) event_type: &'static str,
    pub(crate) correlation_id: Uuid,
    pub(crate) tombstone: bool,
}
