//! What a service runs on in production: a PostgreSQL and three brokers, which the tests start and break.

use catalog_service::config::{KafkaConfig, Settings, TopicSettings};
use catalog_service::service::Service;
use entity_events_tests::kafka::Kafka;
use entity_events_tests::postgres::Postgres;
use tokio::sync::MutexGuard;
use tokio::task::block_in_place;
use uuid::Uuid;

/// One test at a time has the brokers; each has its own database, and its own topics.
pub struct World {
    kafka: MutexGuard<'static, Kafka>,
    database: String,
    topic_prefix: String,
}

impl World {
    pub async fn new() -> Self {
        let kafka = Kafka::breakable().await;
        let database = block_in_place(Postgres::shared).empty_database().await;
        Self { kafka, database, topic_prefix: format!("{}.", Uuid::new_v4()) }
    }

    pub async fn start(&self) -> Service {
        let mut kafka_config = KafkaConfig::new(self.kafka.bootstrap_servers());
        kafka_config.topic_prefix.clone_from(&self.topic_prefix);
        let settings = Settings {
            port: 0,
            database_url: Some(self.database.clone().into()),
            embedded_kafka: false,
            kafka_config,
            topics: TopicSettings { partitions: 3, ..TopicSettings::default() },
            ..Settings::default()
        };
        Service::start(settings).await.expect("a service")
    }

    /// They accept connections and never answer, which is the harder kind of being away.
    pub fn brokers_down(&self, _: &Service) {
        block_in_place(|| (1..=3).for_each(|broker| self.kafka.pause(broker)));
    }

    pub fn brokers_up(&self, _: &Service) {
        block_in_place(|| (1..=3).for_each(|broker| self.kafka.resume(broker)));
    }
}
