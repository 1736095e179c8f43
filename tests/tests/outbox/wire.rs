//! Records as they are on the wire, byte for byte.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use entity_events::Topics as _;
use entity_events_tests::kafka::Kafka;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tokio::task::block_in_place;

use crate::gallery::GalleryConfig;

/// A record without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WireRecord {
    pub(crate) partition: i32,
    pub(crate) key: Option<Bytes>,
    pub(crate) value: Option<Bytes>,
    pub(crate) headers: Vec<(String, Option<Bytes>)>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

/// As text, with an escape for what is none.
impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .utf8_chunks()
            .try_for_each(|chunk| write!(f, "{}{}", chunk.valid(), chunk.invalid().escape_ascii()))
    }
}

/// The records of each entity and key, in order.
pub(crate) type WireRecords = BTreeMap<(&'static str, Option<Bytes>), Vec<WireRecord>>;

/// Reads the topics of a configuration until they hold `n` records, and fails if there are more.
pub(crate) fn read(kafka: &Kafka, config: &GalleryConfig, n: usize) -> WireRecords {
    block_in_place(|| {
        let mut consumer = ClientConfig::new();
        consumer.set("bootstrap.servers", kafka.bootstrap_servers());
        let consumer: BaseConsumer = consumer.set("group.id", "wire").create().expect("a consumer");
        let mut all = TopicPartitionList::new();
        let fields = config.topics.fields();
        for (_, topic) in &fields {
            let partitions =
                (0..6).map(|partition| all.add_partition_offset(topic, partition, Offset::Beginning));
            partitions.collect::<Result<(), _>>().expect("a partition");
        }
        consumer.assign(&all).expect("assigned");

        let (mut records, mut left, mut failure) = (WireRecords::new(), n, None);
        let deadline = Instant::now() + Duration::from_mins(2);
        while left > 0 {
            assert!(
                Instant::now() < deadline,
                "{left} of {n} records are missing (last error: {failure:?}): {records:#?}"
            );
            let message = match consumer.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => message,
                // On a busy machine connections come and go.
                Some(Err(error)) => {
                    failure = Some(error);
                    continue;
                }
                None => continue,
            };
            let field =
                fields.iter().find(|(_, topic)| *topic == message.topic()).expect("one of the topics").0;
            let record = WireRecord::of(&message);
            records.entry((field, record.key.clone())).or_default().push(record);
            left -= 1;
        }
        assert_eq!(count(kafka, config), n, "no more records than those");
        records
    })
}

/// The number of records in the topics of a configuration.
pub(crate) fn count(kafka: &Kafka, config: &GalleryConfig) -> usize {
    config.topics.fields().iter().map(|(_, topic)| kafka.count(topic)).sum()
}

/// Asserts that the records are the same; the message shows the first that differs.
pub(crate) fn assert_equal(records: &WireRecords, expected: &WireRecords, context: &str) {
    for (key, expected) in expected {
        let records = records.get(key).map_or(&[][..], Vec::as_slice);
        for (record, expected) in records.iter().zip(expected) {
            assert_eq!(record, expected, "{key:?} {context}");
        }
        assert_eq!(records.len(), expected.len(), "the number of records of {key:?} {context}");
    }
    assert_eq!(records.len(), expected.len(), "the number of keys {context}");
}

impl WireRecord {
    fn of(message: &BorrowedMessage<'_>) -> Self {
        let bytes = |bytes: &[u8]| Bytes(bytes.to_vec());
        let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
        Self {
            partition: message.partition(),
            key: message.key().map(bytes),
            value: message.payload().map(bytes),
            headers: headers.map(|header| (header.key.to_owned(), header.value.map(bytes))).collect(),
        }
    }
}
