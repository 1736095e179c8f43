//! How fast a backlog is relayed, in order per key.

use std::time::{Duration, Instant};

use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events_tests::domain::Topics;
use tokio::time::sleep;

use crate::servers::{Servers, fill};

pub async fn measure(servers: &Servers, rows: i64, partitions: i32, keys: i64) -> f64 {
    let config = servers.config(&format!("backlog-{partitions}-{rows}"), partitions).await;
    let pool = servers.postgres.pool().await;
    fill(&pool, &config.product_topic, rows, keys).await;
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    let begin = Instant::now();
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let mut last = 0;
    while relay.stats().delivered < rows.unsigned_abs() {
        sleep(Duration::from_millis(20)).await;
        let now = relay.stats().delivered;
        if now / 100_000 > last / 100_000 {
            eprintln!("{now} after {:?}", begin.elapsed());
        }
        last = now;
    }
    let rate = rows as f64 / begin.elapsed().as_secs_f64();
    println!("relay, {rows} rows, {keys} keys, {partitions} partitions: {rate:.0} rows/s");
    let _ = relay.close(Duration::from_secs(10)).await;
    rate
}
