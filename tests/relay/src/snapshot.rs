//! A relay beside a session that holds an old snapshot: dead rows cannot be cleaned up meanwhile.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use entity_events::outbox::sqlx::{self, Executor, PgPool};
use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events::{Publish, Uuid};
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::acknowledged::{Acknowledged, Times};
use crate::servers::{Servers, percentile};

/// Each transaction writes ten rows.
const ROWS: u64 = 10;
const PER_SECOND: u64 = 2_000;
const MINUTE: Duration = Duration::from_secs(60);

pub async fn measure(servers: &Servers, minutes: i64) {
    servers.kafka.create_topic("snapshot", 12, &[]).await;
    let url = servers.postgres.database().await;
    let pool = PgPool::connect(&url).await.expect("a pool");
    let mut config =
        entity_events::kafka::KafkaConfig::<CounterTopics>::new(servers.kafka.bootstrap_servers());
    "snapshot".clone_into(&mut config.counter_topic);
    let outbox = PgOutbox::new(pool.clone(), &config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");

    let stop = Arc::new(AtomicBool::new(false));
    let (acknowledged, committed) = (Acknowledged::install(), Arc::<Mutex<Times>>::default());
    let writer = write(outbox.clone(), pool.clone(), Arc::clone(&stop), Arc::clone(&committed));
    let writer = tokio::spawn(writer);
    sleep(MINUTE).await;
    acknowledged.take();
    committed.lock().expect("a lock").clear();
    let mut old = pool.begin().await.expect("a transaction");
    old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.expect("set");
    old.execute("SELECT count(*) FROM outbox_event").await.expect("a snapshot");
    let mut first = None;
    for minute in 1..=minutes {
        let before = relay.stats().delivered;
        let begin = Instant::now();
        sleep(MINUTE).await;
        let rate = (relay.stats().delivered - before) as f64 / begin.elapsed().as_secs_f64();
        let committed = std::mem::take(&mut *committed.lock().expect("a lock"));
        // The last ones of the minute are on their way.
        let acknowledged_now = acknowledged.take();
        let mut waits: Vec<_> = committed
            .iter()
            .filter_map(|(id, at)| {
                Some(acknowledged_now.get(id)?.duration_since(*at).unwrap_or_default().as_secs_f64() * 1e3)
            })
            .collect();
        let (p50, p99) = (percentile(&mut waits, 0.5), percentile(&mut waits, 0.99));
        let sizes: (i64, i64, i64) = sqlx::query_as(
            "SELECT n_dead_tup, pg_table_size('outbox_event') / 1048576, pg_indexes_size('outbox_event') / 1048576 \
             FROM pg_stat_user_tables WHERE relname = 'outbox_event'",
        )
        .fetch_one(&pool)
        .await
        .expect("the sizes");
        let (first_rate, first_p99) = *first.get_or_insert((rate, p99));
        println!(
            "snapshot held for {minute} minutes: {rate:.0} rows/s ({:.2} of the first minute), commit to acknowledgement p50 {p50:.1} ms, p99 {p99:.1} ms ({:.2}), {} dead rows, table {} MiB, indexes {} MiB",
            rate / first_rate,
            p99 / first_p99,
            sizes.0,
            sizes.1,
            sizes.2
        );
    }
    old.rollback().await.expect("rolled back");
    stop.store(true, Relaxed);
    writer.await.expect("the writer");
    let _ = relay.close(Duration::from_secs(30)).await;
}

fn event(id: usize) -> CounterEvent {
    CounterEvent::new_created(&Counter { id, number: 1, padding: "x".repeat(200) }, Uuid::new_v4())
}

async fn write(
    outbox: PgOutbox<CounterTopics>,
    pool: PgPool,
    stop: Arc<AtomicBool>,
    committed: Arc<Mutex<Times>>,
) {
    let mut tick = interval(Duration::from_secs_f64(ROWS as f64 / PER_SECOND as f64));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut n = 0;
    while !stop.load(Relaxed) {
        tick.tick().await;
        let tx = pool.begin().await.expect("a transaction");
        let events = outbox.collect();
        let mut ids = Vec::new();
        for _ in 0..ROWS {
            n += 1;
            let event = event(n % 5_000);
            ids.push(event.event_id);
            events.publish(event).await.expect("accepted");
        }
        outbox.commit(tx, events).await.expect("committed");
        let now = SystemTime::now();
        committed.lock().expect("a lock").extend(ids.into_iter().map(|id| (id, now)));
    }
}
