//! SQLite: the relay and collected inserts, against loops written by hand.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use entity_events::outbox::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use entity_events::outbox::sqlx::{self, Row, SqlitePool};
use entity_events::outbox::{OutboxRelay, SqliteOutbox};
use entity_events::{Publish, Uuid};
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use tokio::time::sleep;

use crate::servers::Servers;

const ROWS: usize = 200_000;
/// Of the inserts, and of the loop by hand.
const BATCH: usize = 100;
const CLAIM: i64 = 2_000;

pub async fn measure(servers: &Servers) {
    for topic in ["sqlite-ours", "sqlite-hand"] {
        servers.kafka.create_topic(topic, 12, &[]).await;
    }
    let file = std::env::temp_dir().join(format!("entity-events-bench-{}.db", std::process::id()));
    let pool = open(&file).await;
    let mut config =
        entity_events::kafka::KafkaConfig::<CounterTopics>::new(servers.kafka.bootstrap_servers());
    "sqlite-ours".clone_into(&mut config.counter_topic);
    let outbox = SqliteOutbox::new(pool.clone(), &config);
    sqlx::raw_sql(include_str!("../../../runtime/src/outbox/sql/sqlite.sql"))
        .execute(&pool)
        .await
        .expect("the tables");

    let ours = insert(&pool, Some(&outbox)).await;
    by_hand(servers, &pool).await;
    let hand = insert(&pool, None).await;
    println!(
        "SQLite, {BATCH} events a transaction: collected {ours:.1} µs each, by hand {hand:.1} µs, ratio {:.2}",
        ours / hand
    );
    sqlx::query("DELETE FROM outbox_event").execute(&pool).await.expect("emptied");

    insert(&pool, Some(&outbox)).await;
    let begin = Instant::now();
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    while relay.stats().delivered < ROWS as u64 {
        sleep(Duration::from_millis(5)).await;
    }
    let ours = ROWS as f64 / begin.elapsed().as_secs_f64();
    let _ = relay.close(Duration::from_secs(10)).await;
    insert(&pool, Some(&outbox)).await;
    let hand = by_hand(servers, &pool).await;
    println!("SQLite, relay: {ours:.0} rows/s, loop by hand {hand:.0} rows/s, ratio {:.2}", ours / hand);
    pool.close().await;
    let _ = std::fs::remove_file(&file);
}

async fn open(file: &PathBuf) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
    SqlitePool::connect_with(options.busy_timeout(Duration::from_secs(10))).await.expect("a pool")
}

/// Inserts all rows. Returns the microseconds of each.
async fn insert(pool: &SqlitePool, outbox: Option<&SqliteOutbox<CounterTopics>>) -> f64 {
    let begin = Instant::now();
    for batch in 0..ROWS / BATCH {
        let events = (0..BATCH).map(|n| {
            let counter = Counter { id: (batch * BATCH + n) % 5_000, number: 1, padding: "x".repeat(220) };
            CounterEvent::new_created(&counter, Uuid::new_v4())
        });
        let mut tx = pool.begin().await.expect("a transaction");
        if let Some(outbox) = outbox {
            let collected = outbox.collect();
            for event in events {
                collected.publish(event).await.expect("accepted");
            }
            outbox.commit(tx, collected).await.expect("committed");
        } else {
            for event in events {
                let insert = sqlx::query(
                    "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers) VALUES (?, 'counter', ?, 'CounterCreated', ?, 'sqlite-hand', '{}')",
                );
                let payload = serde_json::to_string(&event).expect("JSON");
                let (id, key) = (event.event_id.to_string(), event.data.id.to_string());
                insert.bind(id).bind(key).bind(payload).execute(&mut *tx).await.expect("inserted");
            }
            tx.commit().await.expect("committed");
        }
    }
    begin.elapsed().as_secs_f64() * 1e6 / ROWS as f64
}

/// What a team would write: claim, send, wait for all, delete in one transaction, again. Returns rows a second.
async fn by_hand(servers: &Servers, pool: &SqlitePool) -> f64 {
    let mut producer = ClientConfig::new();
    producer.set("bootstrap.servers", servers.kafka.bootstrap_servers()).set("enable.idempotence", "true");
    let producer: FutureProducer = producer.create().expect("a producer");
    let (begin, mut sent) = (Instant::now(), 0);
    loop {
        let rows = sqlx::query("SELECT seq, aggregateid, payload FROM outbox_event ORDER BY seq LIMIT ?")
            .bind(CLAIM)
            .fetch_all(pool)
            .await
            .expect("rows");
        let Some(last) = rows.last() else { break };
        let outcomes: Vec<_> = rows
            .iter()
            .map(|row| {
                let (key, payload): (String, String) = (row.get(1), row.get(2));
                let record = FutureRecord::to("sqlite-hand").key(&key).payload(&payload);
                producer.send_result(record).map_err(|(error, _)| error).expect("room in the queue")
            })
            .collect();
        for outcome in outcomes {
            outcome.await.expect("an outcome").expect("delivered");
        }
        sent += rows.len();
        sqlx::query("DELETE FROM outbox_event WHERE seq <= ?")
            .bind(last.get::<i64, _>(0))
            .execute(pool)
            .await
            .expect("deleted");
    }
    sent as f64 / begin.elapsed().as_secs_f64()
}
