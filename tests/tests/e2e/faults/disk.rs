//! A broker's disk is full: its writes fail.

use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_no_delivered_event() {
    let kafka = Kafka::breakable().await;
    let loads = Loads::start(&kafka, "disk").await;
    block_in_place(|| kafka.fill(1));
    sleep(Duration::from_secs(5)).await;
    block_in_place(|| kafka.restore());
    let [_, patient] = loads.judge(&kafka).await;
    assert_eq!((patient.lost, patient.refused), (0, 0), "two minutes outlast the full disk: {patient}");
}
