//! What a consumer sees: the last records of the topics, and each new one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use entity_events::Topics as _;
use entity_events::kafka::ConfigError;
use rdkafka::consumer::{Consumer as _, StreamConsumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::metadata::MetadataTopic;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::Quiet;
use crate::config::KafkaConfig;

/// How many records are kept.
const HISTORY: usize = 200;

/// How many records of each partition are read at the start.
const TAIL: i64 = 20;

/// How long to wait for Kafka before asking again.
const PAUSE: Duration = Duration::from_secs(1);

type Reader = StreamConsumer<Quiet>;

/// A record, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The topic.
    pub topic: String,
    /// The partition within the topic.
    pub partition: i32,
    /// The offset within the partition.
    pub offset: i64,
    /// The partition key.
    pub key: Option<String>,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The value; `None` for a tombstone.
    pub value: Option<String>,
}

/// The last records, and those that are coming. Clones share everything.
#[derive(Debug, Clone)]
pub struct Feed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    history: Mutex<VecDeque<Arc<Record>>>,
    /// Whoever is too slow misses some, and holds up nobody.
    coming: broadcast::Sender<Arc<Record>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self(Arc::new(Inner { history: Mutex::default(), coming: broadcast::channel(HISTORY).0 }))
    }
}

impl Feed {
    /// Returns the last records, and those from there on.
    #[must_use]
    pub fn subscribe(&self) -> (Vec<Arc<Record>>, broadcast::Receiver<Arc<Record>>) {
        let history = self.0.history.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that no record is in both, or in neither.
        (history.iter().cloned().collect(), self.0.coming.subscribe())
    }

    /// Reads the topics until the future is dropped.
    ///
    /// # Errors
    ///
    /// The configuration cannot work. Brokers that are away are waited for.
    pub async fn read(self, config: KafkaConfig) -> Result<(), FeedError> {
        let mut properties: ClientConfig = config.client_properties()?.into_iter().collect();
        // It has no group: every instance of the service shows every record.
        properties.set("group.id", "catalog-service-page").set("enable.auto.commit", "false");
        properties.set("auto.offset.reset", "earliest");
        let reader = Closing(Some(Arc::new(properties.create_with_context::<_, Reader>(Quiet)?)));
        let Some(reader) = &reader.0 else { return Ok(()) };
        while let Err(error) = assign(reader, &config).await {
            tracing::debug!(%error, "the page's consumer waits for the topics");
            sleep(PAUSE).await;
        }
        loop {
            match reader.recv().await {
                Ok(message) => self.push(Record::of(&message)),
                // One for each attempt of each connection: a pause after each would delay the records behind them.
                Err(error) => tracing::debug!(%error, "the page's consumer waits for Kafka"),
            }
        }
    }

    fn push(&self, record: Record) {
        let record = Arc::new(record);
        let mut history = self.0.history.lock().unwrap_or_else(PoisonError::into_inner);
        if history.len() == HISTORY {
            history.pop_front();
        }
        history.push_back(Arc::clone(&record));
        let _ = self.0.coming.send(record); // nobody may be looking
    }
}

/// Ends a reader on a thread of its own: librdkafka blocks the one that it is dropped on, and longer if brokers are away.
struct Closing(Option<Arc<Reader>>);

impl Drop for Closing {
    fn drop(&mut self) {
        let reader = self.0.take();
        // If there is no thread to be had, it ends here.
        let _ = thread::Builder::new().name("page's consumer".to_owned()).spawn(move || drop(reader));
    }
}

/// Assigns the end of every partition. Asking for the partitions blocks a thread.
async fn assign(reader: &Arc<Reader>, config: &KafkaConfig) -> Result<(), KafkaError> {
    let (reader, topics) = (Arc::clone(reader), config.prefixed_topics());
    let assign = move || {
        let mut assignment = TopicPartitionList::new();
        for (_, topic) in topics.fields() {
            let metadata = reader.fetch_metadata(Some(topic), PAUSE)?;
            let partitions = metadata.topics().iter().flat_map(MetadataTopic::partitions);
            let before = assignment.count();
            for partition in partitions {
                assignment.add_partition_offset(topic, partition.id(), Offset::OffsetTail(TAIL))?;
            }
            if assignment.count() == before {
                return Err(KafkaError::MetadataFetch(RDKafkaErrorCode::UnknownTopicOrPartition));
            }
        }
        reader.assign(&assignment)
    };
    spawn_blocking(assign).await.unwrap_or(Err(KafkaError::Canceled))
}

impl Record {
    fn of(message: &BorrowedMessage<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
        Self {
            topic: message.topic().to_owned(),
            partition: message.partition(),
            offset: message.offset(),
            key: message.key().map(text),
            headers: headers.map(|h| (h.key.to_owned(), text(h.value.unwrap_or_default()))).collect(),
            value: message.payload().map(text),
        }
    }
}

/// The error returned if the topics cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The configuration cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// librdkafka refuses it.
    #[error("the page's consumer cannot be created: {0}")]
    Kafka(#[from] KafkaError),
}
