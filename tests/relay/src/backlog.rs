//! How fast a backlog is relayed, in order per key.

use std::time::{Duration, Instant};

use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events_tests::domain::Topics;
use tokio::time::sleep;

use crate::servers::{Servers, fill};

pub async fn measure(servers: &Servers, rows: i64, partitions: i64, keys: i64, in_flight: u32) -> f64 {
    let name = format!("backlog-{partitions}-{keys}-{in_flight}");
    let mut config = servers.config(&name, partitions.try_into().expect("small")).await;
    config.outbox.max_in_flight_per_key = in_flight;
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
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!(
        "relay, {rows} rows, {keys} keys, {partitions} partitions, {in_flight} in flight per key: {rate:.0} rows/s, {peak}"
    );
    let _ = relay.close(Duration::from_secs(10)).await;
    rate
}
