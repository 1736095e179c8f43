//! The topics of a test, and their records.

use std::thread::sleep;
use std::time::{Duration, Instant};

use entity_events::testing::{ConsumedRecord, TopicReader};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::metadata::{Metadata, MetadataTopic};
use tokio::task::block_in_place;

use super::Kafka;
use crate::domain::KafkaConfig;

const ANSWER: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_mins(2);

impl Kafka {
    /// A configuration with two new topics, `NAME.product` and `NAME.order`, which it creates.
    ///
    /// # Panics
    ///
    /// If the topics cannot be created.
    pub async fn config(&self, name: &str, partitions: i32) -> KafkaConfig {
        let mut config = KafkaConfig::default();
        self.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
        config.product_topic = format!("{name}.product");
        config.order_topic = format!("{name}.order");
        self.create_topic(&config.product_topic, partitions, &[]).await;
        self.create_topic(&config.order_topic, partitions, &[]).await;
        config
    }

    /// Creates a topic with as many replicas as brokers, and waits until its partitions have leaders.
    ///
    /// # Panics
    ///
    /// If Kafka refuses, or no leaders are elected within two minutes.
    pub async fn create_topic(&self, name: &str, partitions: i32, config: &[(&str, &str)]) {
        let replicas = i32::try_from(self.brokers()).expect("a handful of brokers");
        let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(replicas));
        let topic = config.iter().fold(topic, |topic, (key, value)| topic.set(key, value));
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
        let made =
            self.admin().create_topics([&topic], &options).await.expect("an answer to creating a topic");
        assert!(matches!(made.as_slice(), [Ok(_)]), "Kafka did not create the topic: {made:?}");
        self.wait_for(&format!("leaders for topic `{name}`"), Some(name), |metadata| {
            metadata.topics().iter().all(|topic| {
                i32::try_from(topic.partitions().len()) == Ok(partitions)
                    && topic.partitions().iter().all(|partition| partition.leader() > 0)
            })
        });
    }

    /// Changes the configuration of a topic.
    ///
    /// # Panics
    ///
    /// If Kafka refuses.
    pub async fn configure_topic(&self, name: &str, config: &[(&str, &str)]) {
        let change = AlterConfig::new(ResourceSpecifier::Topic(name));
        let change = config.iter().fold(change, |change, (key, value)| change.set(key, value));
        let changed = self.admin().alter_configs([&change], &AdminOptions::new()).await;
        let changed = changed.expect("an answer to changing a topic");
        assert!(matches!(changed.as_slice(), [Ok(_)]), "Kafka did not change the topic: {changed:?}");
    }

    /// Deletes a topic, and waits until no broker knows it.
    ///
    /// # Panics
    ///
    /// If Kafka refuses, or a broker still knows it after two minutes.
    pub async fn delete_topic(&self, name: &str) {
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
        let deleted =
            self.admin().delete_topics(&[name], &options).await.expect("an answer to deleting a topic");
        assert!(matches!(deleted.as_slice(), [Ok(_)]), "Kafka did not delete the topic: {deleted:?}");
        for server in self.bootstrap_servers().split(',') {
            let (only, start) = (admin(server), Instant::now());
            let knows = |metadata: Metadata| metadata.topics().iter().any(|topic| topic.name() == name);
            while only.inner().fetch_metadata(None, ANSWER).is_ok_and(knows) {
                assert!(start.elapsed() < PATIENCE, "`{server}` still knows the deleted topic `{name}`");
                sleep(Duration::from_millis(20));
            }
        }
    }

    /// Every record of a topic, once all of its replicas are in sync.
    ///
    /// # Panics
    ///
    /// If they cannot be read within two minutes.
    pub async fn read_all(&self, topic: &str) -> Vec<ConsumedRecord> {
        block_in_place(|| {
            self.wait_for(&format!("all replicas of `{topic}` in sync"), Some(topic), |metadata| {
                let mut partitions = metadata.topics().iter().flat_map(MetadataTopic::partitions);
                partitions.all(|partition| partition.leader() > 0 && partition.isr().len() == self.brokers())
            });
        });
        let reader = TopicReader::from_start(self.bootstrap_servers(), &[topic]).await.expect("a reader");
        reader.read(self.count(topic), PATIENCE).await.expect("all records").1
    }

    /// The number of records in a topic, over all partitions.
    ///
    /// # Panics
    ///
    /// If the brokers do not answer.
    #[must_use]
    pub fn count(&self, topic: &str) -> usize {
        let admin = self.admin();
        let metadata = admin.inner().fetch_metadata(Some(topic), ANSWER).expect("metadata of the topic");
        let partitions = metadata.topics().iter().flat_map(MetadataTopic::partitions);
        let records = partitions.map(|partition| {
            let (low, high) = admin
                .inner()
                .fetch_watermarks(topic, partition.id(), ANSWER)
                .expect("the ends of a partition");
            high - low
        });
        usize::try_from(records.sum::<i64>()).expect("no partition ends before it begins")
    }

    /// The names of all topics.
    ///
    /// # Panics
    ///
    /// If the brokers do not answer.
    #[must_use]
    pub fn topics(&self) -> Vec<String> {
        // All topics, because asking for a missing one by name would create it.
        let metadata = self.admin().inner().fetch_metadata(None, ANSWER).expect("metadata of all topics");
        metadata.topics().iter().map(|topic| topic.name().to_owned()).collect()
    }

    pub(super) fn wait_for_brokers(&self, brokers: usize) {
        self.wait_for("all brokers", None, |metadata| metadata.brokers().len() == brokers);
    }

    fn wait_for(&self, what: &str, topic: Option<&str>, reached: impl Fn(&Metadata) -> bool) {
        let (admin, start) = (self.admin(), Instant::now());
        while !admin.inner().fetch_metadata(topic, ANSWER).is_ok_and(|metadata| reached(&metadata)) {
            assert!(start.elapsed() < PATIENCE, "{what} not within {PATIENCE:?}");
            sleep(Duration::from_millis(100));
        }
    }

    fn admin(&self) -> AdminClient<DefaultClientContext> {
        admin(self.bootstrap_servers())
    }
}

fn admin(servers: &str) -> AdminClient<DefaultClientContext> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", servers);
    config.create().expect("an admin client")
}
