//! Test doubles, and an in-process Kafka.
//!
//! [`RecordingProducer`] stands in for a producer in tests of the domain. `EmbeddedKafka` is librdkafka's mock
//! cluster: it speaks the protocol, so that a whole service can run on a machine with nothing installed. It does not prove
//! delivery: it replicates nothing and persists nothing.
//!
//! Everything here runs on any executor, except [`RecordingProducer::wait_for`], which needs tokio's timer.

#[cfg(feature = "kafka")]
mod embedded;
#[cfg(feature = "kafka")]
mod error;
#[cfg(feature = "kafka")]
mod produce_error;
mod published;
#[cfg(feature = "kafka")]
mod reader;
mod recording;

#[cfg(feature = "kafka")]
pub use self::embedded::{EmbeddedKafka, EmbeddedKafkaBuilder};
#[cfg(feature = "kafka")]
pub use self::error::EmbeddedKafkaError;
#[cfg(feature = "kafka")]
pub use self::produce_error::ProduceError;
pub use self::published::{Published, Then};
#[cfg(feature = "kafka")]
pub use self::reader::{ConsumedRecord, ReadError, TopicReader};
pub use self::recording::{RecordingProducer, WaitError};
