//! Kafka's errors as values of `error.type`.

use std::error::Error;

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::error::PublishError;

/// What the conventions have for everything else.
pub(crate) const OTHER_ERROR: &str = "_OTHER";

/// Returns the value of `error.type` for a failed publish, from the error of librdkafka behind it.
pub(crate) fn error_type(error: &PublishError) -> &'static str {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<KafkaError>() {
            return error_type_of(error);
        }
        source = error.source();
    }
    OTHER_ERROR
}

/// The same for an error of librdkafka itself.
pub(crate) fn error_type_of(error: &KafkaError) -> &'static str {
    error.rdkafka_error_code().map_or(OTHER_ERROR, name)
}

/// Returns the name of a code in Kafka's [protocol](https://kafka.apache.org/protocol#protocol_error_codes), or, with `LOCAL_`, that
/// of one that librdkafka sets itself.
fn name(code: Code) -> &'static str {
    match code {
        Code::AllBrokersDown => "LOCAL_ALL_BROKERS_DOWN",
        Code::Authentication => "LOCAL_AUTHENTICATION",
        Code::BrokerTransportFailure => "LOCAL_TRANSPORT",
        Code::Fatal => "LOCAL_FATAL",
        Code::GaplessGuarantee => "LOCAL_GAPLESS_GUARANTEE",
        Code::ISRInsufficient => "LOCAL_ISR_INSUFFICIENT",
        Code::Inconsistent => "LOCAL_INCONSISTENT",
        Code::MessageTimedOut => "LOCAL_MESSAGE_TIMED_OUT",
        Code::OperationTimedOut => "LOCAL_TIMED_OUT",
        Code::PurgeInflight => "LOCAL_PURGE_INFLIGHT",
        Code::PurgeQueue => "LOCAL_PURGE_QUEUE",
        Code::QueueFull => "LOCAL_QUEUE_FULL",
        Code::Resolve => "LOCAL_RESOLVE",
        Code::SSL => "LOCAL_SSL",
        Code::TimedOutQueue => "LOCAL_TIMED_OUT_QUEUE",
        Code::UnknownPartition => "LOCAL_UNKNOWN_PARTITION",
        Code::UnknownTopic => "LOCAL_UNKNOWN_TOPIC",

        Code::BrokerNotAvailable => "BROKER_NOT_AVAILABLE",
        Code::ClusterAuthorizationFailed => "CLUSTER_AUTHORIZATION_FAILED",
        Code::Fenced | Code::ProducerFenced => "PRODUCER_FENCED",
        Code::InvalidMessage => "CORRUPT_MESSAGE",
        Code::InvalidMessageSize => "INVALID_FETCH_SIZE",
        Code::InvalidProducerEpoch => "INVALID_PRODUCER_EPOCH",
        Code::InvalidRecord => "INVALID_RECORD",
        Code::InvalidRequiredAcks => "INVALID_REQUIRED_ACKS",
        Code::InvalidTimestamp => "INVALID_TIMESTAMP",
        Code::InvalidTopic => "INVALID_TOPIC_EXCEPTION",
        Code::KafkaStorageError => "KAFKA_STORAGE_ERROR",
        Code::LeaderNotAvailable => "LEADER_NOT_AVAILABLE",
        Code::MessageBatchTooLarge => "RECORD_LIST_TOO_LARGE",
        Code::MessageSizeTooLarge => "MESSAGE_TOO_LARGE",
        Code::NetworkException => "NETWORK_EXCEPTION",
        Code::NotEnoughReplicas => "NOT_ENOUGH_REPLICAS",
        Code::NotEnoughReplicasAfterAppend => "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        Code::NotLeaderForPartition => "NOT_LEADER_OR_FOLLOWER",
        Code::OutOfOrderSequenceNumber => "OUT_OF_ORDER_SEQUENCE_NUMBER",
        Code::PolicyViolation => "POLICY_VIOLATION",
        Code::ReplicaNotAvailable => "REPLICA_NOT_AVAILABLE",
        Code::RequestTimedOut => "REQUEST_TIMED_OUT",
        Code::SaslAuthenticationFailed => "SASL_AUTHENTICATION_FAILED",
        Code::ThrottlingQuotaExceeded => "THROTTLING_QUOTA_EXCEEDED",
        Code::TopicAuthorizationFailed => "TOPIC_AUTHORIZATION_FAILED",
        Code::UnknownProducerId => "UNKNOWN_PRODUCER_ID",
        Code::UnknownTopicOrPartition => "UNKNOWN_TOPIC_OR_PARTITION",
        Code::UnsupportedCompressionType => "UNSUPPORTED_COMPRESSION_TYPE",
        Code::UnsupportedForMessageFormat => "UNSUPPORTED_FOR_MESSAGE_FORMAT",
        _ => OTHER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn the_code_is_found_behind_the_errors_on_top() {
        let kafka = KafkaError::MessageProduction(Code::MessageTimedOut);
        let inner = PublishError::new(ErrorKind::Unknown, "x").with_source(kafka);
        let outer = PublishError::new(ErrorKind::Unknown, "y").with_source(inner);
        assert_eq!(error_type(&outer), "LOCAL_MESSAGE_TIMED_OUT");
        assert_eq!(error_type(&PublishError::new(ErrorKind::Permanent, "closed")), "_OTHER");
    }

    #[test]
    fn local_codes_are_told_from_those_of_brokers() {
        let local = [
            Code::AllBrokersDown,
            Code::Authentication,
            Code::BrokerTransportFailure,
            Code::Fatal,
            Code::GaplessGuarantee,
            Code::ISRInsufficient,
            Code::Inconsistent,
            Code::MessageTimedOut,
            Code::OperationTimedOut,
            Code::PurgeInflight,
            Code::PurgeQueue,
            Code::QueueFull,
            Code::Resolve,
            Code::SSL,
            Code::TimedOutQueue,
            Code::UnknownPartition,
            Code::UnknownTopic,
        ];
        for code in local {
            assert!((code as i32) < 0 && name(code).starts_with("LOCAL_"), "{code:?}");
        }
        for code in [
            Code::InvalidMessage,
            Code::MessageSizeTooLarge,
            Code::UnknownTopicOrPartition,
            Code::ProducerFenced,
        ] {
            assert!(
                code as i32 > 0 && !name(code).starts_with("LOCAL_") && name(code) != OTHER_ERROR,
                "{code:?}"
            );
        }
        assert_eq!(name(Code::UnknownMemberId), OTHER_ERROR, "no error of a producer");
    }
}
