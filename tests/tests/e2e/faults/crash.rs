//! A broker, which leads a third of the partitions, crashes and comes back.

use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_leader_loses_no_delivered_event() {
    let kafka = Kafka::breakable().await;
    let loads = Loads::start(&kafka, "crash").await;
    block_in_place(|| kafka.kill(1));
    // Longer than the cluster takes to notice and to elect other leaders.
    sleep(Duration::from_secs(5)).await;
    block_in_place(|| kafka.up(1));
    let [_, patient] = loads.judge(&kafka).await;
    // The three default retries may run out before the partition has a new leader; two minutes do not.
    assert_eq!((patient.lost, patient.refused), (0, 0), "two minutes outlast the crash: {patient}");
}
