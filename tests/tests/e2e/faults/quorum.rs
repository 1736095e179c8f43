//! Two of three brokers are down: fewer replicas than `min.insync.replicas`, and no majority to elect leaders.

use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn two_killed_brokers_of_three_lose_no_delivered_event() {
    let kafka = Kafka::breakable().await;
    let loads = Loads::start(&kafka, "quorum").await;
    block_in_place(|| {
        kafka.kill(2);
        kafka.kill(3);
    });
    sleep(Duration::from_secs(5)).await;
    block_in_place(|| kafka.restore());
    let [_, patient] = loads.judge(&kafka).await;
    assert_eq!((patient.lost, patient.refused), (0, 0), "two minutes outlast the outage: {patient}");
}
