//! Reads records back, as any consumer would.

use std::error::Error;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use serde::de::DeserializeOwned;

use crate::headers::version_of;
use crate::kafka::thread::on_thread;

/// A record that was read back.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsumedRecord {
    /// The topic.
    pub topic: String,
    /// The partition within the topic.
    pub partition: i32,
    /// The offset within the partition.
    pub offset: i64,
    /// The partition key; `None` if the record has none.
    pub key: Option<String>,
    /// The value; `None` for a tombstone.
    pub value: Option<Vec<u8>>,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
}

impl ConsumedRecord {
    /// Returns the value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// Returns the version of the event, from the header `ce_version`; see [`version_of`](crate::version_of).
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        version_of(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())))
    }

    /// Returns the value as text; empty for a tombstone.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.value.as_deref().unwrap_or_default()).into_owned()
    }

    /// Deserialises the value from JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not JSON for `T`; a tombstone never is.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.value.as_deref().unwrap_or_default())
    }

    fn read(message: &BorrowedMessage<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
        Self {
            topic: message.topic().to_owned(),
            partition: message.partition(),
            offset: message.offset(),
            key: message.key().map(text),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers.map(|h| (h.key.to_owned(), text(h.value.unwrap_or_default()))).collect(),
        }
    }
}

/// Shows the value as text, to be readable in the message of a failed test.
impl std::fmt::Debug for ConsumedRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsumedRecord")
            .field("topic", &self.topic)
            .field("partition", &self.partition)
            .field("offset", &self.offset)
            .field("key", &self.key)
            .field("value", &self.value.as_deref().map(String::from_utf8_lossy))
            .field("headers", &self.headers)
            .finish()
    }
}

/// The error returned if records could not be read back.
///
/// The client library's error is included for logs; its type may change in any release.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Fewer records than expected arrived in time.
    #[error("received {} of {expected} records from `{topics}` within {limit:?}{}", came.len(), failure.as_ref().map(|e| format!(" (last error: {e})")).unwrap_or_default())]
    #[non_exhaustive]
    TooFew {
        /// The number of expected records.
        expected: usize,
        /// The records that arrived.
        came: Vec<ConsumedRecord>,
        /// The topics.
        topics: String,
        /// The time limit.
        limit: Duration,
        /// The consumer's last error.
        failure: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The consumer could not be created, or did not find the topics.
    #[error("failed to consume `{topics}`: {source}")]
    #[non_exhaustive]
    Consumer {
        /// The topics.
        topics: String,
        /// The underlying error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The reader's thread has ended.
    #[error("the reader's thread has ended")]
    Thread,
}

/// Reads the records of some topics, without committing offsets.
pub struct TopicReader {
    consumer: BaseConsumer,
    topics: String,
}

/// How long a reader waits for its topics.
const ASSIGN_TIMEOUT: Duration = Duration::from_secs(10);

impl TopicReader {
    /// Creates a reader of all records in the topics.
    ///
    /// # Errors
    ///
    /// Returns an error if the topics are not found within 10 seconds.
    pub async fn from_start(bootstrap_servers: &str, topics: &[&str]) -> Result<Self, ReadError> {
        Self::new(bootstrap_servers, topics, true).await
    }

    /// Creates a reader of the records that are written from now on.
    ///
    /// # Errors
    ///
    /// Returns an error if the topics are not found within 10 seconds.
    pub async fn from_end(bootstrap_servers: &str, topics: &[&str]) -> Result<Self, ReadError> {
        Self::new(bootstrap_servers, topics, false).await
    }

    /// Reads the next `n` records. Those of one partition are in order; partitions are interleaved in any order.
    ///
    /// # Errors
    ///
    /// Returns an error if fewer arrive within `limit`, with those that did.
    pub async fn read(self, n: usize, limit: Duration) -> Result<(Self, Vec<ConsumedRecord>), ReadError> {
        blocking(move || {
            let records = self.read_blocking(n, limit)?;
            Ok((self, records))
        })
        .await
    }

    async fn new(bootstrap_servers: &str, topics: &[&str], start: bool) -> Result<Self, ReadError> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", bootstrap_servers);
        // librdkafka requires a group id even if nothing is committed.
        config.set("group.id", "entity-events-reader").set("enable.auto.commit", "false");
        config.set("fetch.wait.max.ms", "50");
        let topics: Vec<String> = topics.iter().map(|&topic| topic.to_owned()).collect();
        blocking(move || {
            let names = topics.join("`, `");
            match assigned(&config, &topics, start) {
                Ok(consumer) => Ok(Self { consumer, topics: names }),
                Err(error) => Err(ReadError::Consumer { topics: names, source: Box::new(error) }),
            }
        })
        .await
    }

    fn read_blocking(&self, n: usize, limit: Duration) -> Result<Vec<ConsumedRecord>, ReadError> {
        let deadline = Instant::now() + limit;
        let (mut came, mut failure) = (Vec::new(), None::<Box<dyn Error + Send + Sync>>);
        while came.len() < n {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let topics = self.topics.clone();
                return Err(ReadError::TooFew { expected: n, came, topics, limit, failure });
            }
            match self.consumer.poll(left.min(Duration::from_millis(100))) {
                Some(Ok(message)) => came.push(ConsumedRecord::read(&message)),
                Some(Err(error)) => failure = Some(Box::new(error)),
                None => {}
            }
        }
        Ok(came)
    }
}

fn assigned(config: &ClientConfig, topics: &[String], start: bool) -> Result<BaseConsumer, KafkaError> {
    let consumer: BaseConsumer = config.create()?;
    let deadline = Instant::now() + ASSIGN_TIMEOUT;
    let mut assignment = TopicPartitionList::new();
    for topic in topics {
        for partition in partitions(&consumer, topic, deadline)? {
            let offset = if start { Offset::Beginning } else { end(&consumer, topic, partition, deadline)? };
            assignment.add_partition_offset(topic, partition, offset)?;
        }
    }
    consumer.assign(&assignment)?;
    Ok(consumer)
}

/// Returns the partitions of a topic; waits for one that is still being created.
fn partitions(consumer: &BaseConsumer, topic: &str, deadline: Instant) -> Result<Vec<i32>, KafkaError> {
    loop {
        let metadata = consumer.fetch_metadata(Some(topic), left(deadline))?;
        let found = metadata.topics().iter().find(|found| found.name() == topic);
        if let Some(found) = found.filter(|found| found.error().is_none() && !found.partitions().is_empty()) {
            return Ok(found.partitions().iter().map(rdkafka::metadata::MetadataPartition::id).collect());
        }
        if left(deadline).is_zero() {
            return Err(KafkaError::MetadataFetch(rdkafka::error::RDKafkaErrorCode::UnknownTopicOrPartition));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Returns the end offset of a partition; waits for a leader that is still being elected.
fn end(
    consumer: &BaseConsumer,
    topic: &str,
    partition: i32,
    deadline: Instant,
) -> Result<Offset, KafkaError> {
    loop {
        match consumer.fetch_watermarks(topic, partition, left(deadline)) {
            Ok((_, end)) => return Ok(Offset::Offset(end)),
            Err(error) if left(deadline).is_zero() => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Runs librdkafka's blocking consumer on a separate thread, which needs no runtime.
async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    on_thread(f).await.unwrap_or(Err(ReadError::Thread))
}

impl std::fmt::Debug for TopicReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TopicReader").field("topics", &self.topics).finish_non_exhaustive()
    }
}
