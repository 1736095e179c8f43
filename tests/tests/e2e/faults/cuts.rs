//! Connections are cut while requests and responses are in flight.

use std::time::{Duration, Instant};

use entity_events_tests::kafka::{Kafka, Proxy};
use tokio::time::sleep;
use uuid::Uuid;

use super::Loads;

const CUTS: u32 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_cuts_lose_no_delivered_event() {
    let kafka = Kafka::breakable().await;
    let proxy = Proxy::start(&kafka).await;
    let mut configs = Loads::configs("cuts");
    // So that retries run out now and then.
    configs[0].producer.retries = 1;
    for config in &mut configs {
        proxy.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
        // Reconnect at once, for the next cut.
        for (name, ms) in [("reconnect.backoff.ms", "10"), ("reconnect.backoff.max.ms", "50")] {
            config.properties.insert(name.to_owned(), ms.to_owned());
        }
        kafka.create_topic(&config.counter_topic, 6, &[]).await;
    }
    let loads = Loads::of(configs).await;
    for _ in 0..CUTS {
        connected(&proxy).await;
        sleep(random_moment()).await;
        proxy.cut();
    }
    let [default, patient] = loads.judge(&kafka).await;
    assert_eq!(default.lost, default.unknown, "without a response the outcome is unknown: {default}");
    assert_eq!((patient.lost, patient.refused), (0, 0), "two minutes outlast the cuts: {patient}");
}

/// A random power of two from 1 to 128 ms: short enough to hit a record again when it is retried, and long enough to let
/// some through.
fn random_moment() -> Duration {
    let random = Uuid::new_v4().as_u128();
    Duration::from_micros(1_000 << (random % 8))
}

/// Waits until both services have a connection to each broker.
async fn connected(proxy: &Proxy) {
    let start = Instant::now();
    while proxy.connections().any(|connections| connections < 2) {
        assert!(start.elapsed() < Duration::from_secs(20), "the services do not reconnect");
        sleep(Duration::from_millis(2)).await;
    }
}
