//! An in-process Kafka.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rdkafka::error::KafkaResult;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::RDKafkaApiKey;
use tokio::sync::oneshot;

use super::error::EmbeddedKafkaError;
use super::produce_error::ProduceError;
use super::published::{Published, Seen};
use super::reader::{ConsumedRecord, ReadError, TopicReader};
use crate::kafka::KafkaConfig;
use crate::topics::Topics;

/// The number of partitions of topics that the builder did not add.
const PARTITIONS: i32 = 3;

/// How long [`EmbeddedKafka::consume`] waits.
const CONSUME_TIMEOUT: Duration = Duration::from_secs(10);

type Cluster = MockCluster<'static, DefaultProducerContext>;
type Job = Box<dyn FnOnce(&Cluster) + Send>;

/// librdkafka's mock cluster, in this process, on its own thread; it ends when dropped.
///
/// It speaks Kafka's protocol, keeps records in memory and can simulate failures. It replicates nothing, so it does not
/// prove delivery.
#[derive(Debug)]
pub struct EmbeddedKafka {
    bootstrap_servers: String,
    jobs: mpsc::Sender<Job>,
}

/// Builds an [`EmbeddedKafka`].
#[derive(Debug, Clone)]
pub struct EmbeddedKafkaBuilder {
    brokers: i32,
    topics: Vec<(String, i32)>,
}

impl EmbeddedKafkaBuilder {
    /// Sets the number of brokers (default 1). Their ids start at 1.
    #[must_use]
    pub fn brokers(mut self, brokers: i32) -> Self {
        self.brokers = brokers;
        self
    }

    /// Adds a topic with a number of partitions.
    #[must_use]
    pub fn topic(mut self, name: impl Into<String>, partitions: i32) -> Self {
        self.topics.push((name.into(), partitions));
        self
    }

    /// Starts the cluster.
    ///
    /// # Errors
    ///
    /// Returns an error if the mock cluster does not start, or does not create a topic.
    pub async fn start(self) -> Result<EmbeddedKafka, EmbeddedKafkaError> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (started, answer) = oneshot::channel();
        let brokers = self.brokers;
        // The cluster must stay on the thread that created it.
        let run = move || match MockCluster::new(brokers) {
            Err(error) => drop(started.send(Err(error))),
            Ok(cluster) => {
                let _ = started.send(Ok(cluster.bootstrap_servers()));
                for job in inbox {
                    job(&cluster);
                }
            }
        };
        thread::Builder::new().name("embedded Kafka".to_owned()).spawn(run).map_err(|error| {
            EmbeddedKafkaError::because("failed to start a thread for the embedded Kafka", error)
        })?;
        let bootstrap_servers = answer
            .await
            .map_err(|_| ended())?
            .map_err(|error| EmbeddedKafkaError::because("failed to start the embedded Kafka", error))?;
        let kafka = EmbeddedKafka { bootstrap_servers, jobs };
        let replicas = self.brokers.min(3);
        for (topic, partitions) in self.topics {
            let context = format!("failed to create topic `{topic}` with {partitions} partitions");
            kafka.run(&context, move |cluster| cluster.create_topic(&topic, partitions, replicas))?;
        }
        Ok(kafka)
    }
}

impl EmbeddedKafka {
    /// Starts a cluster with one broker.
    ///
    /// # Errors
    ///
    /// Returns an error if the mock cluster does not start.
    pub async fn start() -> Result<Self, EmbeddedKafkaError> {
        Self::builder().start().await
    }

    /// Returns a builder, to set the number of brokers or add topics.
    #[must_use]
    pub fn builder() -> EmbeddedKafkaBuilder {
        EmbeddedKafkaBuilder { brokers: 1, topics: Vec::new() }
    }

    /// Returns the brokers as `host:port`, separated by commas.
    #[must_use]
    pub fn bootstrap_servers(&self) -> &str {
        &self.bootstrap_servers
    }

    /// Returns the default configuration for this cluster, with `producer.allow_auto_create_topics` on: its topics exist,
    /// with 3 partitions unless the builder added them, and any other topic is created when first published to.
    #[must_use]
    pub fn config<T: Topics>(&self) -> KafkaConfig<T> {
        let mut config = KafkaConfig::<T>::default();
        config.bootstrap_servers.clone_from(&self.bootstrap_servers);
        config.producer.allow_auto_create_topics = true;
        for (_, topic) in config.topics.fields() {
            let topic = topic.to_owned();
            // An existing topic is left unchanged.
            let _ = self
                .run("failed to create a topic", move |cluster| cluster.create_topic(&topic, PARTITIONS, 1));
        }
        config
    }

    /// Reads the first `n` records of a topic, within 10 seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if there are fewer, with those that there are.
    pub async fn consume(&self, topic: &str, n: usize) -> Result<Vec<ConsumedRecord>, ReadError> {
        let reader = TopicReader::from_start(&self.bootstrap_servers, &[topic]).await?;
        reader.read(n, CONSUME_TIMEOUT).await.map(|(_, records)| records)
    }

    /// Waits until a topic has at least `n` records, for up to 10 seconds, and returns all that it has, to be checked event by event.
    ///
    /// The records of a partition are in order, and those of different partitions in any: a topic for such a test has one
    /// partition ([`EmbeddedKafkaBuilder::topic`]).
    ///
    /// # Errors
    ///
    /// Returns an error if there are fewer, with those that there are.
    pub async fn published(&self, topic: &str, n: usize) -> Result<Published, ReadError> {
        let reader = TopicReader::from_start(&self.bootstrap_servers, &[topic]).await?;
        let records = reader.read_all(n, CONSUME_TIMEOUT).await?;
        Ok(Published::new(records.into_iter().map(Seen::from).collect()))
    }

    /// Cuts a broker's connections and refuses new ones. Its partitions get no new leader.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such broker.
    pub fn broker_down(&self, broker: i32) -> Result<(), EmbeddedKafkaError> {
        self.run_on(broker, move |cluster| cluster.broker_down(broker))
    }

    /// Lets a broker accept connections again.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such broker.
    pub fn broker_up(&self, broker: i32) -> Result<(), EmbeddedKafkaError> {
        self.run_on(broker, move |cluster| cluster.broker_up(broker))
    }

    /// Makes the next `times` produce requests fail with an error. The service retries after a transient error.
    ///
    /// # Errors
    ///
    /// Returns an error if the embedded Kafka has ended.
    pub fn fail_next_produce(&self, error: ProduceError, times: usize) -> Result<(), EmbeddedKafkaError> {
        self.run("failed to plan the error", move |cluster| {
            cluster.request_errors(RDKafkaApiKey::Produce, &vec![error.code(); times]);
            Ok(())
        })
    }

    /// Delays the broker's responses by `milliseconds`.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such broker.
    pub fn latency(&self, broker: i32, milliseconds: u64) -> Result<(), EmbeddedKafkaError> {
        self.run_on(broker, move |cluster| {
            cluster.broker_round_trip_time(broker, Duration::from_millis(milliseconds))
        })
    }

    fn run_on(
        &self,
        broker: i32,
        job: impl FnOnce(&Cluster) -> KafkaResult<()> + Send + 'static,
    ) -> Result<(), EmbeddedKafkaError> {
        self.run(&format!("broker {broker}"), job)
    }

    /// Runs a job on the cluster's thread; it takes microseconds. The text of its error starts with `context`.
    fn run(
        &self,
        context: &str,
        job: impl FnOnce(&Cluster) -> KafkaResult<()> + Send + 'static,
    ) -> Result<(), EmbeddedKafkaError> {
        let (done, result) = mpsc::channel();
        let job: Job = Box::new(move |cluster| drop(done.send(job(cluster))));
        self.jobs.send(job).map_err(|_| ended())?;
        let done = result.recv().map_err(|_| ended())?;
        done.map_err(|error| EmbeddedKafkaError::because(context, error))
    }
}

fn ended() -> EmbeddedKafkaError {
    EmbeddedKafkaError::new("the thread of the embedded Kafka has ended")
}
