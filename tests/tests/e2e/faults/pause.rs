//! A broker stops in the middle of everything: it keeps its connections, accepts more, and never answers.

use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Loads;

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_a_black_hole_for_20_seconds_under_load_loses_nothing_that_was_reported_delivered() {
    let kafka = Kafka::breakable().await;
    let loads = Loads::start(&kafka, "pause").await;
    block_in_place(|| kafka.pause(1));
    sleep(Duration::from_secs(20)).await;
    block_in_place(|| kafka.resume(1));
    let [_, patient] = loads.judge(&kafka).await;
    assert_eq!((patient.lost, patient.refused), (0, 0), "two minutes outlast the black hole: {patient}");
}
