//! Somebody deletes the topic and makes it again.

use std::time::{Duration, Instant};

use entity_events_tests::kafka::Kafka;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_deleted_under_load_and_made_again_holds_what_is_reported_delivered_from_then_on() {
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
    let [seed, patient] = loads;
    let (seed, patient) = tokio::join!(seed.stop(), patient.stop());
    for (run, config) in [seed, patient].iter().zip(&configs) {
        let records = kafka.read_all(&config.counter_topic).await;
        // Whatever began later than this cannot have gone with the old topic.
        let verdict = run.judge_since(Some(gone), &records);
        eprintln!("{}: {verdict}", config.counter_topic);
        assert!(records.len() > 1_000, "the new topic is written to");
    }
}
