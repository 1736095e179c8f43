//! One record in the middle of a key's run is larger than the topic takes.

use std::collections::HashSet;
use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use entity_events_tests::load::Load;
use tokio::time::sleep;
use uuid::Uuid;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn a_record_too_large_for_the_topic_is_lost_alone_and_those_after_it_arrive_in_order() {
    let kafka = Kafka::breakable().await;
    for mut config in Loads::configs("size") {
        kafka.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
        // Kafka refuses whole batches, so the limit is above that of a batch. A larger record makes a batch of its own.
        config.producer.batch_size = 16_384;
        kafka.create_topic(&config.counter_topic, 6, &[("max.message.bytes", "20000")]).await;

        let load = Load::with_large_ones(&config, 100);
        sleep(Duration::from_secs(3)).await;
        let run = load.stop().await;
        let verdict = run.judge(&kafka.read_all(&config.counter_topic).await);
        eprintln!("{}: {verdict}", config.counter_topic);
        let large: HashSet<Uuid> = run.sent.iter().filter(|sent| sent.large).map(|sent| sent.id).collect();
        let lost: HashSet<Uuid> = run.on_lost.iter().map(|lost| lost.id).collect();
        assert!(!large.is_empty(), "there were large ones: {verdict}");
        assert_eq!(lost, large, "the large ones, and no other: {verdict}");
        assert_eq!(verdict.unknown, 0, "refused for good: {verdict}");
    }
}
