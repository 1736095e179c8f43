//! Classifies Kafka's errors in one table, and formats them.

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::error::{ErrorKind, PublishError};

/// Returns the kind of a failed delivery, and the remedy.
///
/// The classes follow librdkafka's `INTRODUCTION.md`. An error not in the table counts as
/// [`Unknown`](ErrorKind::Unknown): the outcome that promises least.
pub(in crate::kafka) fn classify(code: Code) -> (ErrorKind, &'static str) {
    use ErrorKind::{Fatal, Permanent, Retriable, Unknown};
    match code {
        // Not sent; the cause may be temporary.
        Code::QueueFull => (
            Retriable,
            "the queue is full; publish again later, slow down, or raise `producer.queue_buffering_max_messages` \
             or `producer.queue_buffering_max_kbytes`",
        ),
        Code::PurgeQueue => (Retriable, "it was still queued when the service closed; publish it again"),
        Code::AllBrokersDown | Code::BrokerNotAvailable | Code::Resolve => {
            (Retriable, "the broker could not be reached; publish again later")
        }
        Code::LeaderNotAvailable | Code::NotLeaderForPartition | Code::ReplicaNotAvailable => {
            (Retriable, "the partition has no leader yet; publish again later")
        }
        Code::ThrottlingQuotaExceeded => (Retriable, "the broker's quota is exceeded; publish again later"),
        Code::Authentication | Code::SaslAuthenticationFailed => (
            Retriable,
            "the broker refused the login; fix `security` in the configuration, then publish again",
        ),

        // Sent, without a response.
        Code::MessageTimedOut
        | Code::TimedOutQueue
        | Code::RequestTimedOut
        | Code::PurgeInflight
        | Code::NotEnoughReplicasAfterAppend
        | Code::OperationTimedOut => {
            (Unknown, "it may have been written; publish it again only with the same event id")
        }
        // The last attempt was refused, but these errors also end attempts while brokers restart: an earlier one may have
        // been written without a response, and librdkafka does not report that.
        Code::NotEnoughReplicas | Code::ISRInsufficient => (
            Unknown,
            "fewer replicas are in sync than the topic's `min.insync.replicas`, and an earlier attempt may have been written; \
             publish it again only with the same event id",
        ),
        Code::KafkaStorageError => (
            Unknown,
            "the broker's disk failed, and an earlier attempt may have been written; publish it again only with the same event id",
        ),
        // A record that was never sent does not fail with these: it waits for the next connection.
        Code::BrokerTransportFailure | Code::NetworkException | Code::SSL => (
            Unknown,
            "the connection was lost before the response arrived, so it may have been written; publish it again only with the \
             same event id",
        ),

        // Will never be written unchanged.
        Code::MessageSizeTooLarge | Code::MessageBatchTooLarge | Code::InvalidMessageSize => (
            Permanent,
            "it is too large; make the event smaller, or raise the topic's `max.message.bytes` and \
             `producer.message_max_bytes`",
        ),
        Code::UnknownTopic | Code::UnknownTopicOrPartition | Code::UnknownPartition => (
            Permanent,
            "the topic does not exist; create it, for example with `ensure_topics`, or correct its name in the configuration",
        ),
        Code::InvalidTopic => (Permanent, "the topic's name is invalid; correct it in the configuration"),
        Code::TopicAuthorizationFailed | Code::ClusterAuthorizationFailed => {
            (Permanent, "the user may not write to the topic; grant the permission, then publish again")
        }
        Code::InvalidMessage
        | Code::InvalidRecord
        | Code::InvalidTimestamp
        | Code::InvalidRequiredAcks
        | Code::PolicyViolation
        | Code::UnsupportedForMessageFormat
        | Code::UnsupportedCompressionType => {
            (Permanent, "the broker rejected the record; see the broker's log and the topic's settings")
        }

        // Refused, but an earlier attempt may have been written. If this breaks the producer, librdkafka reports that as well.
        code if has_lost_track(code) => (
            Unknown,
            "the cluster has lost track of this producer, and an earlier attempt may have been written; publish it again only with \
             the same event id",
        ),

        // The only code that means that the producer is broken.
        Code::Fatal => (Fatal, "the producer cannot continue; create a new service"),

        _ => {
            (Unknown, "it is not known whether it was written; publish it again only with the same event id")
        }
    }
}

/// Whether the cluster refused a record because it no longer knows this producer, or its place in the order.
pub(in crate::kafka) fn has_lost_track(code: Code) -> bool {
    matches!(
        code,
        Code::OutOfOrderSequenceNumber
            | Code::UnknownProducerId
            | Code::InvalidProducerEpoch
            | Code::ProducerFenced
            | Code::Fenced
            | Code::GaplessGuarantee
            | Code::Inconsistent
    )
}

/// What is known, in addition to the error's code, about whether a record was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kafka) enum Written {
    PerErrorCode,
    /// It may have been, by an attempt before the failed one.
    Maybe,
    /// It was not: librdkafka never had it, or never reached the cluster.
    No,
}

/// Returns the error of a failed delivery: topic, context, librdkafka's text, and the remedy.
pub(in crate::kafka) fn publish_error(
    error: KafkaError,
    topic: &str,
    context: &str,
    written: Written,
) -> PublishError {
    let (kind, remedy) = match (error.rdkafka_error_code().map(classify), written) {
        (Some((ErrorKind::Unknown, _)) | None, Written::No) => {
            (ErrorKind::Retriable, "no broker received it; publish it again later")
        }
        (Some(class), Written::PerErrorCode | Written::No)
        | (Some(class @ (ErrorKind::Unknown, _)), Written::Maybe) => class,
        (Some(_) | None, _) => {
            (ErrorKind::Unknown, "it may have been written; publish it again only with the same event id")
        }
    };
    // What may have been written must not be called "not published".
    let outcome = if kind == ErrorKind::Unknown { "not confirmed for" } else { "not published to" };
    let text = error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| code.to_string());
    PublishError::new(kind, format!("{outcome} topic `{topic}` {context}: {text}: {remedy}"))
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    /// Transcribed from librdkafka's documentation, independently of the table above.
    #[test]
    fn codes_are_classified_as_documented() {
        use ErrorKind::{Fatal, Permanent, Retriable, Unknown};
        let rows: [(ErrorKind, &[Code]); 4] = [
            (
                Retriable,
                &[
                    Code::QueueFull,
                    Code::PurgeQueue,
                    Code::AllBrokersDown,
                    Code::BrokerNotAvailable,
                    Code::Resolve,
                    Code::LeaderNotAvailable,
                    Code::NotLeaderForPartition,
                    Code::ReplicaNotAvailable,
                    Code::ThrottlingQuotaExceeded,
                    Code::Authentication,
                    Code::SaslAuthenticationFailed,
                ],
            ),
            (
                Unknown,
                &[
                    Code::MessageTimedOut,
                    Code::TimedOutQueue,
                    Code::RequestTimedOut,
                    Code::PurgeInflight,
                    Code::NotEnoughReplicasAfterAppend,
                    Code::OperationTimedOut,
                    Code::NotEnoughReplicas,
                    Code::ISRInsufficient,
                    Code::KafkaStorageError,
                    Code::BrokerTransportFailure,
                    Code::NetworkException,
                    Code::SSL,
                    Code::Unknown,
                    Code::OutOfOrderSequenceNumber,
                    Code::UnknownProducerId,
                    Code::InvalidProducerEpoch,
                    Code::ProducerFenced,
                    Code::Fenced,
                    Code::GaplessGuarantee,
                    Code::Inconsistent,
                ],
            ),
            (
                Permanent,
                &[
                    Code::MessageSizeTooLarge,
                    Code::MessageBatchTooLarge,
                    Code::InvalidMessageSize,
                    Code::UnknownTopic,
                    Code::UnknownTopicOrPartition,
                    Code::UnknownPartition,
                    Code::InvalidTopic,
                    Code::TopicAuthorizationFailed,
                    Code::ClusterAuthorizationFailed,
                    Code::InvalidMessage,
                    Code::InvalidRecord,
                    Code::InvalidTimestamp,
                    Code::InvalidRequiredAcks,
                    Code::PolicyViolation,
                    Code::UnsupportedForMessageFormat,
                    Code::UnsupportedCompressionType,
                ],
            ),
            (Fatal, &[Code::Fatal]),
        ];
        for (kind, codes) in rows {
            for &code in codes {
                let error = publish_error(
                    KafkaError::MessageProduction(code),
                    "t",
                    "at `b:9092`",
                    Written::PerErrorCode,
                );
                assert_eq!(error.kind(), kind, "{code}");
                let text = error.to_string();
                assert!(text.contains("topic `t` at `b:9092`: "), "{text}");
                assert_eq!(text.starts_with("not published to "), kind != Unknown, "{text}");
                assert!(error.source().is_some(), "{code}");
            }
        }
    }
}
