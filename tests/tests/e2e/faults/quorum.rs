//! Two of three brokers are away: fewer replicas than `min.insync.replicas`, and no majority to choose leaders.

use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_brokers_killed_under_load_and_started_again_lose_nothing_that_was_reported_delivered() {
    let kafka = Kafka::breakable().await;
    let loads = Loads::start(&kafka, "quorum").await;
    block_in_place(|| {
        kafka.kill(2);
        kafka.kill(3);
    });
    sleep(Duration::from_secs(5)).await;
    block_in_place(|| kafka.mend());
    let [_, patient] = loads.judge(&kafka).await;
    assert_eq!((patient.lost, patient.refused), (0, 0), "two minutes outlast the outage: {patient}");
}
