//! What an event costs in the caller's transaction, against the same INSERT written by hand.

use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::Uuid;
use entity_events::outbox::sqlx::{self, Executor, PgPool};
use entity_events::outbox::{OutboxRow, PgOutbox};
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};

use crate::servers::{Servers, percentile};

const ROUNDS: usize = 2_000;

fn event(n: usize) -> CounterEvent {
    CounterEvent::new_created(&Counter { id: n, number: 1, padding: "x".repeat(220) }, Uuid::new_v4())
}

/// The statement as a team would write it.
async fn by_hand(tx: &mut sqlx::PgConnection, row: &OutboxRow) {
    sqlx::query(
        "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers) VALUES ($1, $2, $3, $4, $5, $6, $7::text::json)",
    )
    .bind(row.id())
    .bind(row.aggregate_type())
    .bind(row.aggregate_id())
    .bind(row.event_type())
    .bind(row.payload())
    .bind(row.topic())
    .bind(row.headers())
    .execute(tx)
    .await
    .expect("inserted");
}

pub async fn measure(servers: &Servers) {
    let pool: PgPool = servers.postgres.pool().await;
    let config = entity_events::kafka::KafkaConfig::<CounterTopics>::default();
    let outbox = PgOutbox::<CounterTopics>::new(pool.clone(), &config);
    outbox.check().await.expect("the tables");
    let (mut hand, mut ours, mut hundred) = (Vec::new(), Vec::new(), Vec::new());
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    for n in 0..ROUNDS {
        let mut tx = pool.begin().await.expect("a transaction");
        let rows = {
            let collected = outbox.collect();
            collected.publish(event(n)).await.expect("accepted");
            collected.into_rows().expect("rows")
        };
        let begin = Instant::now();
        by_hand(&mut tx, &rows[0]).await;
        hand.push(us(begin.elapsed()));
        let one = event(n);
        let begin = Instant::now();
        outbox.in_transaction(&mut tx).publish(one).await.expect("inserted");
        ours.push(us(begin.elapsed()));
        tx.rollback().await.expect("rolled back");
    }
    for n in 0..ROUNDS / 20 {
        let mut tx = pool.begin().await.expect("a transaction");
        let events: Vec<_> = (0..100).map(|i| event(n * 100 + i)).collect();
        let begin = Instant::now();
        let collected = outbox.collect();
        for event in events {
            collected.publish(event).await.expect("accepted");
        }
        collected.write(&mut tx).await.expect("written");
        hundred.push(us(begin.elapsed()) / 100.0);
        tx.rollback().await.expect("rolled back");
    }
    pool.execute("TRUNCATE outbox_event").await.expect("emptied");
    let (hand, ours) = (percentile(&mut hand, 0.5), percentile(&mut ours, 0.5));
    println!("one event: by hand {hand:.0} µs, with its encoding {ours:.0} µs, ratio {:.2}", ours / hand);
    println!("100 collected events: {:.1} µs each", percentile(&mut hundred, 0.5));
}
