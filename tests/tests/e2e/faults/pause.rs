//! A broker freezes: it keeps its connections, accepts more, and never answers.

use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn an_unresponsive_broker_loses_no_delivered_event() {
    let kafka = Kafka::breakable().await;
    let loads = Loads::start(&kafka, "pause").await;
    block_in_place(|| kafka.pause(1));
    sleep(Duration::from_secs(20)).await;
    block_in_place(|| kafka.resume(1));
    let [_, patient] = loads.judge(&kafka).await;
    assert_eq!((patient.lost, patient.refused), (0, 0), "two minutes outlast the pause: {patient}");
}
