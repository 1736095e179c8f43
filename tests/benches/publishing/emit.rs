//! How long `emit` holds up its caller.

use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::kafka::{KafkaConfig, KafkaEventService};

use crate::contenders::{NoteTopics, note};
use crate::table::Spread;

pub(crate) async fn print(title: &str, config: &KafkaConfig<NoteTopics>, count: usize) {
    let service = KafkaEventService::new(config).expect("a service");
    let mut waits = Vec::with_capacity(count);
    for (index, event) in (0..count).map(note).enumerate() {
        let start = Instant::now();
        service.emit(event).await;
        waits.push(start.elapsed().as_secs_f64() * 1e6);
        // A service emits here and there, not in one burst.
        if index % 100 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let waits = Spread::of(waits);
    let [p50, p99, p999, max] = [0.5, 0.99, 0.999, 1.0].map(|q| waits.quantile(q));
    println!("\n## the caller's wait for emit, {title}, {count} events");
    println!("p50 {p50:.1} µs, p99 {p99:.1} µs, p99.9 {p999:.1} µs, max {max:.1} µs");
    service.close(Duration::from_millis(100)).await;
}
