//! A relay beside a session that holds an old snapshot: dead rows cannot be cleaned up meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use entity_events::outbox::sqlx::{self, Executor, PgPool};
use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events::{Publish, Uuid};
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};
use tokio::time::{MissedTickBehavior, interval, sleep};

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
    let writer = tokio::spawn(write(outbox.clone(), pool.clone(), Arc::clone(&stop)));
    sleep(MINUTE).await;
    let mut old = pool.begin().await.expect("a transaction");
    old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.expect("set");
    old.execute("SELECT count(*) FROM outbox_event").await.expect("a snapshot");
    let mut first = None;
    for minute in 1..=minutes {
        let before = relay.stats().delivered;
        let begin = Instant::now();
        let mut waits = Vec::new();
        while begin.elapsed() < MINUTE {
            waits.push(probe(&outbox, &pool).await);
            sleep(Duration::from_millis(20)).await;
        }
        let rate = (relay.stats().delivered - before) as f64 / begin.elapsed().as_secs_f64();
        let p99 = percentile(&mut waits, 0.99);
        let sizes: (i64, i64, i64) = sqlx::query_as(
            "SELECT n_dead_tup, pg_table_size('outbox_event') / 1048576, pg_indexes_size('outbox_event') / 1048576 \
             FROM pg_stat_user_tables WHERE relname = 'outbox_event'",
        )
        .fetch_one(&pool)
        .await
        .expect("the sizes");
        let (first_rate, first_p99) = *first.get_or_insert((rate, p99));
        println!(
            "snapshot held for {minute} minutes: {rate:.0} rows/s ({:.2} of the first minute), commit until its row is gone p99 {p99:.1} ms ({:.2}), {} dead rows, table {} MiB, indexes {} MiB",
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

async fn write(outbox: PgOutbox<CounterTopics>, pool: PgPool, stop: Arc<AtomicBool>) {
    let mut tick = interval(Duration::from_secs_f64(ROWS as f64 / PER_SECOND as f64));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut n = 0;
    while !stop.load(Relaxed) {
        tick.tick().await;
        let tx = pool.begin().await.expect("a transaction");
        let events = outbox.collect();
        for _ in 0..ROWS {
            n += 1;
            events.publish(event(n % 5_000)).await.expect("accepted");
        }
        outbox.commit(tx, events).await.expect("committed");
    }
}

/// How long it takes from a commit until the relay has deleted its row, in milliseconds.
async fn probe(outbox: &PgOutbox<CounterTopics>, pool: &PgPool) -> f64 {
    let tx = pool.begin().await.expect("a transaction");
    let events = outbox.collect();
    let probe = event(10_000);
    let id = probe.event_id;
    events.publish(probe).await.expect("accepted");
    outbox.commit(tx, events).await.expect("committed");
    let begin = Instant::now();
    // There is no index on the id: the newest rows are looked at.
    let gone = "SELECT NOT EXISTS (SELECT FROM (SELECT id FROM outbox_event ORDER BY seq DESC LIMIT 2000) AS newest WHERE id = $1)";
    while !sqlx::query_scalar::<_, bool>(gone).bind(id).fetch_one(pool).await.expect("an answer") {
        sleep(Duration::from_millis(1)).await;
    }
    begin.elapsed().as_secs_f64() * 1e3
}
