//! An event that an earlier try may have written is not reported as unwritten.

use std::time::Duration;

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::testing::{EmbeddedKafka, ProduceError};
use entity_events::{ErrorKind, Publish};
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};
use tokio::time::sleep;
use uuid::Uuid;

const TOPIC: &str = "int.counter-update.event";

/// A service whose last event was written, but whose connection was lost before the response.
async fn written_without_an_answer() -> (EmbeddedKafka, KafkaEventService<CounterTopics>) {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let config: KafkaConfig<CounterTopics> = kafka.config();
    let service = KafkaEventService::new(&config).expect("a service");
    service.publish(event(1)).await.expect("there is a connection");
    // The broker writes at once, and goes down before it answers.
    kafka.latency(1, 10_000).expect("a broker");
    service.emit(event(2)).await;
    sleep(Duration::from_secs(1)).await;
    kafka.broker_down(1).expect("a broker");
    kafka.latency(1, 0).expect("a broker");
    (kafka, service)
}

fn event(number: u64) -> CounterEvent {
    CounterEvent::new_created(&Counter { id: 1, number, padding: String::new() }, Uuid::nil())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_given_up_by_close_after_a_try_is_unknown() {
    let (kafka, service) = written_without_an_answer().await;
    sleep(Duration::from_millis(300)).await;
    let report = service.close(Duration::ZERO).await;
    let lost = report.lost.first().expect("the event without an answer");
    assert_eq!(lost.kind, ErrorKind::Unknown, "{lost:?}");
    kafka.broker_up(1).expect("a broker");
    kafka.consume(TOPIC, 2).await.expect("it was written after all");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_refused_after_an_unanswered_try_is_unknown() {
    let (kafka, service) = written_without_an_answer().await;
    kafka.fail_next_produce(ProduceError::NotEnoughReplicas, 10).expect("a Kafka");
    kafka.broker_up(1).expect("a broker");
    let _ = service.flush(Duration::from_secs(20)).await;
    let report = service.close(Duration::ZERO).await;
    let lost = report.lost.first().expect("the event without an answer");
    assert_eq!(lost.kind, ErrorKind::Unknown, "{lost:?}");
    kafka.broker_up(1).expect("a broker");
    kafka.consume(TOPIC, 2).await.expect("it was written after all");
}
