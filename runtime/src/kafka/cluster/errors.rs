//! What Kafka's errors mean for an event, in one table, and how they read.

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::error::{ErrorKind, PublishError};

/// What a failed delivery means, and what to do about it.
///
/// The classes follow librdkafka's `INTRODUCTION.md`. An error that is not in the table counts as
/// [`Unknown`](ErrorKind::Unknown): the outcome that promises least.
pub(in crate::kafka) fn classify(code: Code) -> (ErrorKind, &'static str) {
    use ErrorKind::{Fatal, Permanent, Retriable, Unknown};
    match code {
        // Not sent, and the reason may pass.
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
        Code::ThrottlingQuotaExceeded => (Retriable, "the broker's quota is used up; publish again later"),
        Code::Authentication | Code::SaslAuthenticationFailed => (
            Retriable,
            "the broker refused the login; fix `security` in the configuration, then publish again",
        ),

        // Sent, without an answer.
        Code::MessageTimedOut
        | Code::TimedOutQueue
        | Code::RequestTimedOut
        | Code::PurgeInflight
        | Code::NotEnoughReplicasAfterAppend
        | Code::OperationTimedOut => {
            (Unknown, "it may have been written; publish it again only with the same event id")
        }
        // The last try was refused, but these are what tries end with while brokers come and go: one before it may have
        // been written without an answer, and librdkafka does not tell.
        Code::NotEnoughReplicas | Code::ISRInsufficient => (
            Unknown,
            "fewer replicas are in sync than the topic's `min.insync.replicas`, and an earlier try may have been written; \
             publish it again only with the same event id",
        ),
        Code::KafkaStorageError => (
            Unknown,
            "the broker's disk fails, and an earlier try may have been written; publish it again only with the same event id",
        ),
        // A record that was never sent is not given up for a lost connection: it waits for the next one.
        Code::BrokerTransportFailure | Code::NetworkException | Code::SSL => (
            Unknown,
            "the connection was lost before the answer came, so it may have been written; publish it again only with the \
             same event id",
        ),

        // Never going to be written as it is.
        Code::MessageSizeTooLarge | Code::MessageBatchTooLarge | Code::InvalidMessageSize => (
            Permanent,
            "it is too large; make the event smaller, or raise the topic's `max.message.bytes` and \
             `producer.message_max_bytes`",
        ),
        Code::UnknownTopic | Code::UnknownTopicOrPartition | Code::UnknownPartition => (
            Permanent,
            "the topic does not exist; create it (`ensure_topics` can), or correct its name in the configuration",
        ),
        Code::InvalidTopic => (Permanent, "Kafka refuses the topic's name; correct it in the configuration"),
        Code::TopicAuthorizationFailed | Code::ClusterAuthorizationFailed => {
            (Permanent, "the user may not write to the topic; ask for the right, then publish again")
        }
        Code::InvalidMessage
        | Code::InvalidRecord
        | Code::InvalidTimestamp
        | Code::InvalidRequiredAcks
        | Code::PolicyViolation
        | Code::UnsupportedForMessageFormat
        | Code::UnsupportedCompressionType => {
            (Permanent, "the broker refuses the record; see the broker's log and the topic's settings")
        }

        // Refused, but an earlier try may have been written. If the producer is broken by it, librdkafka says so.
        code if has_lost_track(code) => (
            Unknown,
            "the cluster has lost track of this producer, and an earlier try may have been written; publish it again only with \
             the same event id",
        ),

        // The producer is broken. No other code says so.
        Code::Fatal => (Fatal, "the producer cannot go on; make a new service"),

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

/// What is known, beside the error's code, of whether a record was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kafka) enum Written {
    AsTheErrorSays,
    /// It may have been, by a try before the one that the error is of.
    Maybe,
    /// It was not: librdkafka never had it, or never heard from the cluster.
    No,
}

/// A failed delivery as an error: which topic, where, what librdkafka says, what to do.
pub(in crate::kafka) fn publish_error(
    error: KafkaError,
    topic: &str,
    context: &str,
    written: Written,
) -> PublishError {
    let (kind, remedy) = match (error.rdkafka_error_code().map(classify), written) {
        (Some((ErrorKind::Unknown, _)) | None, Written::No) => {
            (ErrorKind::Retriable, "no broker has had it; publish it again later")
        }
        (Some(class), Written::AsTheErrorSays | Written::No)
        | (Some(class @ (ErrorKind::Unknown, _)), Written::Maybe) => class,
        (Some(_) | None, _) => {
            (ErrorKind::Unknown, "it may have been written; publish it again only with the same event id")
        }
    };
    // What may have been written must not be called "not published".
    let outcome = if kind == ErrorKind::Unknown { "not confirmed for" } else { "not published to" };
    let said = error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| code.to_string());
    PublishError::new(kind, format!("{outcome} topic `{topic}` {context}: {said}: {remedy}"))
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    /// Written down from librdkafka's documents, independently of the table above.
    #[test]
    fn every_class_holds_the_codes_that_belong_to_it() {
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
                    Written::AsTheErrorSays,
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
