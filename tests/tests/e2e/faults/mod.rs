//! The cluster breaks under load. Whatever happens: what was called delivered is there, once and in order per key, and
//! every event is accounted for.
//!
//! `Run::judge` holds all of that; a test says what broke, and what must not have been lost by it.

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

/// The same load on two services: with the seed's settings, whose three retries may give up before a fault is over, and
/// with five requests in flight and retries that only time ends. That is two minutes: longer than any fault here lasts.
struct Loads {
    configs: [KafkaConfig<CounterTopics>; 2],
    loads: [Load; 2],
}

impl Loads {
    /// Starts, and lets both come up to speed.
    async fn start(kafka: &Kafka, name: &str) -> Self {
        let mut configs = Self::configs(name);
        for config in &mut configs {
            kafka.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
            kafka.create_topic(&config.counter_topic, 6, &[]).await;
        }
        Self::of(configs).await
    }

    /// The two configurations, still without addresses and topics.
    fn configs(name: &str) -> [KafkaConfig<CounterTopics>; 2] {
        let settings = [("seed", ProducerSettings::default()), ("patient", ProducerSettings::throughput())];
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

    /// Lets the load go on for a moment, ends it, and judges: the seed's settings first, then the patient ones.
    async fn judge(self, kafka: &Kafka) -> [Verdict; 2] {
        sleep(Duration::from_secs(1)).await;
        let [seed, patient] = self.loads;
        let (seed, patient) = tokio::join!(seed.stop(), patient.stop());
        let mut verdicts = Vec::new();
        for (run, config) in [seed, patient].iter().zip(&self.configs) {
            let verdict = run.judge(&kafka.read_all(&config.counter_topic).await);
            eprintln!("{}: {verdict}", config.counter_topic);
            assert!(verdict.delivered > 1_000, "there was load: {verdict}");
            verdicts.push(verdict);
        }
        verdicts.try_into().expect("two of them")
    }
}
