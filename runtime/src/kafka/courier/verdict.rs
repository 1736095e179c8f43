//! What a failed delivery means for a relay.

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::Parcel;
use crate::kafka::cluster::classify;
use crate::telemetry::{OTHER_ERROR, error_type_of};

/// Who is to blame, and so who has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The cluster or the connection: send it again.
    Later,
    /// The topic is missing, or may not be written to: its records wait until someone has changed that.
    Topic,
    /// The record itself, or one of those in its batch: Kafka will never take it.
    Record,
}

/// A record that was not delivered.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) verdict: Verdict,
    /// What is wrong and what to do.
    pub(crate) error: String,
    /// Kafka's name of it, for telemetry.
    pub(crate) error_type: &'static str,
    /// The record, if it was refused along with others, and has to be tried alone.
    pub(crate) in_batch: Option<Box<Parcel>>,
}

impl Failure {
    pub(super) fn of(error: &KafkaError, topic: &str, servers: &str) -> Self {
        let error_type = error_type_of(error);
        let code = error.rdkafka_error_code();
        let remedy = code.map(classify).map_or("see the log of librdkafka", |(_, remedy)| remedy);
        let verdict = match code {
            Some(
                Code::MessageSizeTooLarge
                | Code::MessageBatchTooLarge
                | Code::InvalidMessage
                | Code::InvalidMessageSize
                | Code::InvalidRecord
                | Code::InvalidTimestamp
                | Code::PolicyViolation
                | Code::UnsupportedForMessageFormat
                | Code::UnsupportedCompressionType,
            ) => Verdict::Record,
            Some(
                Code::UnknownTopic
                | Code::UnknownTopicOrPartition
                | Code::UnknownPartition
                | Code::InvalidTopic
                | Code::TopicAuthorizationFailed
                | Code::ClusterAuthorizationFailed,
            ) => Verdict::Topic,
            _ => Verdict::Later,
        };
        let text = code.map_or_else(|| error.to_string(), |code| code.to_string());
        let error = match verdict {
            // The remedy is for callers who hold the event. Here the row holds it, and the relay sends it again.
            Verdict::Later => format!("topic `{topic}` at `{servers}`: {text}"),
            Verdict::Topic | Verdict::Record => format!("topic `{topic}` at `{servers}`: {text}: {remedy}"),
        };
        Self { verdict, error, error_type, in_batch: None }
    }

    pub(super) fn record(error: String) -> Self {
        Self { verdict: Verdict::Record, error, error_type: OTHER_ERROR, in_batch: None }
    }

    pub(super) fn replacing() -> Self {
        let error = "the relay's Kafka producer is being replaced".to_owned();
        Self { verdict: Verdict::Later, error, error_type: OTHER_ERROR, in_batch: None }
    }
}
