//! How long a caller waits, compared with the same written by hand.

use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::kafka::{KafkaConfig, KafkaEventService, ProducerSettings};
use rdkafka::producer::FutureProducer;

use crate::contenders::{ByHand, Load, NoteEvent, NoteTopics, client_config, send_awaiting};
use crate::table::Spread;

/// The caller of `emit`, who does not wait for Kafka.
pub(crate) async fn emit(title: &str, config: &KafkaConfig<NoteTopics>, count: usize) {
    let service = KafkaEventService::new(config).expect("a service");
    let mut by_hand = ByHand::new(config);
    println!("\n## the caller's wait for emit, {title}, {count} events, in µs: p50 / p99 / p99.9 / max");
    let waits = measure(count, 100, async |event| service.emit(event).await).await;
    println!("{:<18}{}", "Emit", waits.tail());
    let waits = measure(count, 100, async |event| by_hand.send(&event)).await;
    println!("{:<18}{}", "ThreadedProducer", waits.tail());
    let _ = service.close(Duration::from_millis(100)).await;
}

/// The caller of `publish`, who waits until every in-sync replica has the event, with `low_latency()`.
pub(crate) async fn publish(config: &KafkaConfig<NoteTopics>, count: usize) {
    let mut config = config.clone();
    config.producer = ProducerSettings::low_latency();
    let service = KafkaEventService::new(&config).expect("a service");
    let by_hand: FutureProducer = client_config(&config).create().expect("a producer");
    service.publish(Load::of(1).note(0)).await.expect("a warm producer");
    send_awaiting(&by_hand, &config.note_topic, &Load::of(1).note(0)).await;
    println!(
        "\n## the caller's wait for publish, low_latency(), {count} events, in µs: p50 / p99 / p99.9 / max"
    );
    let waits = measure(count, 1, async |event| service.publish(event).await.expect("delivered")).await;
    println!("{:<18}{}", "Publish", waits.tail());
    let waits =
        measure(count, 1, async |event| send_awaiting(&by_hand, &config.note_topic, &event).await).await;
    println!("{:<18}{}", "FutureProducer", waits.tail());
}

/// Pauses after each `row` of events, so that they are not one burst.
async fn measure(count: usize, row: usize, mut send: impl AsyncFnMut(NoteEvent)) -> Spread {
    let mut waits = Vec::with_capacity(count);
    for index in 0..count {
        let event = Load::of(count).note(index);
        let start = Instant::now();
        send(event).await;
        waits.push(start.elapsed().as_secs_f64() * 1e6);
        if index % row == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    Spread::of(waits)
}
