//! The errors that an embedded Kafka can simulate.

use rdkafka::types::RDKafkaRespErr;

/// Declares the errors once: name, and librdkafka's code.
macro_rules! produce_errors {
    ($($(#[$doc:meta])* $name:ident = $code:ident,)*) => {
        /// A broker's error response to a produce request, by its name in Kafka's protocol; for
        /// [`EmbeddedKafka::fail_next_produce`](super::EmbeddedKafka::fail_next_produce).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProduceError {
            $($(#[$doc])* $name,)*
        }

        impl ProduceError {
            pub(super) fn code(self) -> RDKafkaRespErr {
                match self { $(Self::$name => RDKafkaRespErr::$code,)* }
            }
        }
    };
}

produce_errors! {
    /// No response at all: the connection is cut.
    ConnectionLost = RD_KAFKA_RESP_ERR__TRANSPORT,
    /// The user may not write to this cluster.
    ClusterAuthorizationFailed = RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
    /// The request arrived damaged.
    CorruptMessage = RD_KAFKA_RESP_ERR_INVALID_MSG,
    /// The broker already has these records.
    DuplicateSequenceNumber = RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
    /// Another producer has taken over this one's id.
    InvalidProducerEpoch = RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
    /// A record breaks a rule of the topic.
    InvalidRecord = RD_KAFKA_RESP_ERR_INVALID_RECORD,
    /// A timestamp is out of the topic's range.
    InvalidTimestamp = RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
    /// The topic's name is invalid, or the topic is internal (`INVALID_TOPIC_EXCEPTION`).
    InvalidTopic = RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
    /// The broker's disk failed.
    KafkaStorageError = RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
    /// A leader is being elected.
    LeaderNotAvailable = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
    /// A record is larger than the topic's `max.message.bytes`.
    MessageTooLarge = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
    /// The broker lost one of its own connections.
    NetworkException = RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
    /// Fewer replicas are in sync than `min.insync.replicas`; nothing was written.
    NotEnoughReplicas = RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
    /// The same, found after the leader had written the records.
    NotEnoughReplicasAfterAppend = RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    /// Another broker leads the partition now (`NOT_LEADER_OR_FOLLOWER`).
    NotLeaderForPartition = RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
    /// Earlier records are missing: the producer is replaced.
    OutOfOrderSequenceNumber = RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
    /// A policy of the broker forbids the records.
    PolicyViolation = RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
    /// A batch is larger than the topic's segments.
    RecordListTooLarge = RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
    /// The replicas did not answer within `producer.request_timeout_ms`.
    RequestTimedOut = RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    /// The user's quota is exceeded.
    ThrottlingQuotaExceeded = RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED,
    /// The user may not write to the topic.
    TopicAuthorizationFailed = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
    /// The broker has forgotten the producer.
    UnknownProducerId = RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
    /// The topic does not exist on the broker.
    UnknownTopicOrPartition = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
    /// The topic's format does not support the compression.
    UnsupportedCompressionType = RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE,
}
