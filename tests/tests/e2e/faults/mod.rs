//! The cluster breaks under load. Whatever happens, every event reported as delivered is in the topic, once and in order per
//! key, and every event is accounted for.
//!
//! `Run::judge` checks all of that; a test breaks something, and says which events must not be lost.

mod crash;
mod cuts;
mod disk;
mod pause;
mod quorum;
mod recreation;
mod size;

use std::time::Duration;

use entity_events::kafka::{KafkaConfig, ProducerSettings};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::load::{CounterTopics, Load};
use entity_events_tests::verdict::Verdict;
use tokio::time::sleep;

/// The same load on two services: one with the default settings, whose three retries may run out before a fault is over, and
/// a patient one with five requests in flight and retries until the delivery timeout. That is two minutes, longer than any
/// fault here.
struct Loads {
    configs: [KafkaConfig<CounterTopics>; 2],
    loads: [Load; 2],
}

impl Loads {
    /// Starts both loads, and gives them a second.
    async fn start(kafka: &Kafka, name: &str) -> Self {
        let mut configs = Self::configs(name);
        for config in &mut configs {
            kafka.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
            kafka.create_topic(&config.counter_topic, 6, &[]).await;
        }
        Self::of(configs).await
    }

    /// The two configurations, without brokers and before their topics exist.
    fn configs(name: &str) -> [KafkaConfig<CounterTopics>; 2] {
        let settings =
            [("default", ProducerSettings::default()), ("patient", ProducerSettings::throughput())];
        settings.map(|(kind, producer)| {
            let mut config = KafkaConfig::<CounterTopics>::default();
            config.producer = producer;
            config.counter_topic = format!("{name}.{kind}");
            config
        })
    }

    async fn of(configs: [KafkaConfig<CounterTopics>; 2]) -> Self {
        let loads = [0, 1].map(|n| Load::start(&configs[n]));
        sleep(Duration::from_secs(1)).await;
        Self { configs, loads }
    }

    /// Lets the load go on for a second, stops it, and judges: the default settings first, then the patient ones.
    async fn judge(self, kafka: &Kafka) -> [Verdict; 2] {
        sleep(Duration::from_secs(1)).await;
        let [default, patient] = self.loads;
        let (default, patient) = tokio::join!(default.stop(), patient.stop());
        let mut verdicts = Vec::new();
        for (run, config) in [default, patient].iter().zip(&self.configs) {
            let verdict = run.judge(&kafka.read_all(&config.counter_topic).await);
            eprintln!("{}: {verdict}", config.counter_topic);
            assert!(verdict.delivered > 1_000, "too little load: {verdict}");
            verdicts.push(verdict);
        }
        verdicts.try_into().expect("two of them")
    }
}
