//! A topic is deleted and created again.

use std::time::{Duration, Instant};

use entity_events_tests::kafka::Kafka;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn a_recreated_topic_holds_every_event_delivered_since() {
    let kafka = Kafka::breakable().await;
    let Loads { configs, loads } = Loads::start(&kafka, "recreation").await;
    for config in &configs {
        kafka.delete_topic(&config.counter_topic).await;
    }
    let gone = Instant::now();
    sleep(Duration::from_secs(2)).await;
    for config in &configs {
        kafka.create_topic(&config.counter_topic, 6, &[]).await;
    }
    sleep(Duration::from_secs(3)).await;
    let [default, patient] = loads;
    let (default, patient) = tokio::join!(default.stop(), patient.stop());
    for (run, config) in [default, patient].iter().zip(&configs) {
        let records = kafka.read_all(&config.counter_topic).await;
        // Calls that began later cannot have written to the old topic.
        let verdict = run.judge_since(Some(gone), &records);
        eprintln!("{}: {verdict}", config.counter_topic);
        assert!(records.len() > 1_000, "only {} records in the new topic", records.len());
    }
}
