//! Commits per second at 32 connections, with and without the outbox's waking.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use entity_events::outbox::sqlx::{self, Executor, PgPool, postgres::PgPoolOptions};
use entity_events::outbox::{OutboxRelay, OutboxRow, PgOutbox};
use entity_events::{Publish, Uuid};
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};

use crate::servers::Servers;

const CONNECTIONS: usize = 32;
const LENGTH: Duration = Duration::from_secs(10);

pub async fn measure(servers: &Servers) {
    servers.kafka.create_topic("commits", 12, &[]).await;
    let url = servers.postgres.database().await;
    let pool =
        PgPoolOptions::new().max_connections(40).min_connections(32).connect(&url).await.expect("a pool");
    let mut config =
        entity_events::kafka::KafkaConfig::<CounterTopics>::new(servers.kafka.bootstrap_servers());
    "commits".clone_into(&mut config.counter_topic);
    let outbox = PgOutbox::new(pool.clone(), &config);
    // The same relay in both, so that both pay for it: without waking, it polls.
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    // The broker compiles its code while it works.
    for _ in 0..3 {
        run(&pool, &outbox, true).await;
    }
    let (mut with, mut without) = (0.0, 0.0);
    for round in 0..4 {
        let (this, that) = (run(&pool, &outbox, false).await, run(&pool, &outbox, true).await);
        println!("round {round}: {this:.0} commits/s without waking, {that:.0} with");
        without += this;
        with += that;
    }
    println!("commits at {CONNECTIONS} connections with waking: {:.2} of those without", with / without);
    let _ = relay.close(Duration::from_secs(10)).await;
    pool.execute("TRUNCATE outbox_event").await.expect("emptied");
}

async fn run(pool: &PgPool, outbox: &PgOutbox<CounterTopics>, wakes: bool) -> f64 {
    let commits = Arc::new(AtomicU64::new(0));
    let begin = Instant::now();
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|id| {
            let (pool, outbox, commits) = (pool.clone(), outbox.clone(), Arc::clone(&commits));
            tokio::spawn(async move {
                while begin.elapsed() < LENGTH {
                    let event = CounterEvent::new_created(
                        &Counter { id, number: 1, padding: "x".repeat(200) },
                        Uuid::new_v4(),
                    );
                    let mut tx = pool.begin().await.expect("a transaction");
                    let collected = outbox.collect();
                    collected.publish(event).await.expect("accepted");
                    let rows: Vec<OutboxRow> = collected.into_rows().expect("rows");
                    let insert = sqlx::query(entity_events::outbox::INSERT_POSTGRES);
                    let row = &rows[0];
                    insert
                        .bind(row.id())
                        .bind(row.aggregate_type())
                        .bind(row.aggregate_id())
                        .bind(row.event_type())
                        .bind(row.payload())
                        .bind(row.topic())
                        .bind(row.headers())
                        .execute(&mut *tx)
                        .await
                        .expect("inserted");
                    tx.commit().await.expect("committed");
                    if wakes {
                        outbox.wake();
                    }
                    commits.fetch_add(1, Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task");
    }
    commits.load(Relaxed) as f64 / begin.elapsed().as_secs_f64()
}
