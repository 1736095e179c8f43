//! How long `emit` holds up its caller, beside a send written by hand.

use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::kafka::{KafkaConfig, KafkaEventService};

use crate::contenders::{ByHand, NoteEvent, NoteTopics, note};
use crate::table::Spread;

pub(crate) async fn print(title: &str, config: &KafkaConfig<NoteTopics>, count: usize) {
    let service = KafkaEventService::new(config).expect("a service");
    let mut by_hand = ByHand::new(config);
    println!("\n## the caller's wait, {title}, {count} events, in µs: p50 / p99 / p99.9 / max");
    let waits = measure(count, async |event| service.emit(event).await).await;
    println!("{:<18}{}", "Emit", waits.tail());
    let waits = measure(count, async |event| by_hand.send(&event)).await;
    println!("{:<18}{}", "ThreadedProducer", waits.tail());
    service.close(Duration::from_millis(100)).await;
}

async fn measure(count: usize, mut send: impl AsyncFnMut(NoteEvent)) -> Spread {
    let mut waits = Vec::with_capacity(count);
    for (index, event) in (0..count).map(note).enumerate() {
        let start = Instant::now();
        send(event).await;
        waits.push(start.elapsed().as_secs_f64() * 1e6);
        // A service emits here and there, not in one burst.
        if index % 100 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    Spread::of(waits)
}
