//! A key's partition is the one that Kafka's Java producer picks, so that Rust and Java can share a topic.

use std::time::Duration;

use entity_events::EntityEvents;
use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::testing::TopicReader;
use entity_events_tests::kafka::Kafka;
use uuid::Uuid;

/// An entity whose key may be any text: murmur2 has special cases for the last one to three bytes of a key, and for bytes
/// above 127.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "parcel-service")]
struct Parcel {
    id: String,
}

const PARTITIONS: i32 = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_keys_get_the_partitions_that_java_picks() {
    let kafka = Kafka::shared();
    let mut config = KafkaConfig::<ParcelTopics>::default();
    kafka.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
    "partitions.rust".clone_into(&mut config.parcel_topic);
    for topic in ["partitions.rust", "partitions.java"] {
        kafka.create_topic(topic, PARTITIONS, &[]).await;
    }
    let keys: Vec<String> = (0..1_000).map(key).collect();

    let service = KafkaEventService::new(&config).expect("a service");
    let parcels = keys.iter().map(|key| Parcel { id: key.clone() });
    let events = parcels.map(|parcel| ParcelEvent::new_created(&parcel, Uuid::new_v4())).collect();
    service.publish_parcel_events(events).await.expect("the parcels are published");

    let reader =
        TopicReader::from_start(kafka.bootstrap_servers(), &["partitions.rust"]).await.expect("a reader");
    let (_, records) = reader.read(keys.len(), Duration::from_secs(20)).await.expect("the records");
    let by_rust = keys.iter().map(|key| {
        let record = records.iter().find(|record| record.key.as_ref() == Some(key));
        record.expect("a record for each key").partition
    });
    let by_rust: Vec<i32> = by_rust.collect();

    let by_java = kafka.partitions_by_java("partitions.java", &keys);
    for ((key, rust), java) in keys.iter().zip(&by_rust).zip(&by_java) {
        assert_eq!(rust, java, "the partition of key `{key}`");
    }
    assert!((0..PARTITIONS).all(|partition| by_rust.contains(&partition)), "the keys reach every partition");
}

/// UUIDs, numbers, and texts of 1 to 40 characters of one to four bytes, each with a number.
fn key(n: usize) -> String {
    match n % 4 {
        0 => Uuid::new_v4().to_string(),
        1 => n.to_string(),
        _ => "aZ0-ß:é€/水𝄞".chars().cycle().skip(n).take(1 + n / 25).chain(n.to_string().chars()).collect(),
    }
}
