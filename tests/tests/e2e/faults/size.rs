//! A record among others of its key is larger than the topic allows.

use std::collections::HashSet;
use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use entity_events_tests::load::Load;
use tokio::time::sleep;
use uuid::Uuid;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn a_record_too_large_for_the_topic_is_the_only_one_lost() {
    let kafka = Kafka::breakable().await;
    for mut config in Loads::configs("size") {
        kafka.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
        // Kafka refuses whole batches, so the limit is above the batch size. A larger record gets its own batch.
        config.producer.batch_size = 16_384;
        kafka.create_topic(&config.counter_topic, 6, &[("max.message.bytes", "20000")]).await;

        let load = Load::with_large_ones(&config, 100);
        sleep(Duration::from_secs(3)).await;
        let run = load.stop().await;
        let verdict = run.judge(&kafka.read_all(&config.counter_topic).await);
        eprintln!("{}: {verdict}", config.counter_topic);
        let large: HashSet<Uuid> = run.sent.iter().filter(|sent| sent.large).map(|sent| sent.id).collect();
        let lost: HashSet<Uuid> = run.on_lost.iter().map(|lost| lost.id).collect();
        assert!(!large.is_empty(), "no large event: {verdict}");
        assert_eq!(lost, large, "exactly the large ones are lost: {verdict}");
        assert_eq!(verdict.unknown, 0, "a refusal is a known outcome: {verdict}");
    }
}
