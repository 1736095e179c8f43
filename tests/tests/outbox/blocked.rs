//! An event that Kafka refuses stops its key, and nothing else, until an operator decides.

use std::time::{Duration, Instant};

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::{self, PgPool};
use entity_events::outbox::{BlockedKey, OnPermanent, OutboxRelay, PgOutbox};
use entity_events::{Entity, Publish};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};
use entity_events_tests::postgres::Postgres;
use entity_events_tests::samples::incompressible;
use entity_events_tests::writers::wait_until_empty;
use tokio::time::sleep;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_mins(1);

struct Scene {
    pool: PgPool,
    config: KafkaConfig<CounterTopics>,
    outbox: PgOutbox<CounterTopics>,
}

impl Scene {
    /// A topic that takes no batch above 100,000 bytes, although the producer sends larger ones.
    async fn new(name: &str) -> Self {
        let kafka = Kafka::shared();
        kafka.create_topic(name, 3, &[("max.message.bytes", "100000")]).await;
        let mut config = KafkaConfig::<CounterTopics>::new(kafka.bootstrap_servers());
        name.clone_into(&mut config.counter_topic);
        let pool = Postgres::shared().pool().await;
        let outbox = PgOutbox::new(pool.clone(), &config);
        Self { pool, config, outbox }
    }

    /// Commits events of three keys, 20 of each. Key 1 has one in its middle that is too large.
    async fn fill(&self) {
        let collected = self.outbox.collect();
        for number in 1..=20 {
            for id in 0..3 {
                let padding = if (id, number) == (1, 10) { 200_000 } else { 10 };
                let counter = Counter { id, number, padding: incompressible(padding) };
                collected
                    .publish(CounterEvent::new_created(&counter, Uuid::new_v4()))
                    .await
                    .expect("accepted");
            }
        }
        let tx = self.pool.begin().await.expect("a transaction");
        self.outbox.commit(tx, collected).await.expect("committed");
    }

    async fn relay(&self) -> OutboxRelay {
        OutboxRelay::builder(&self.outbox, &self.config).start().await.expect("a relay")
    }

    async fn wait_until_blocked(&self, attempts: u32) -> BlockedKey {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let blocked = self.outbox.blocked().await.expect("the keys");
            let left: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox_event")
                .fetch_one(&self.pool)
                .await
                .expect("a count");
            match <[BlockedKey; 1]>::try_from(blocked) {
                Ok([key]) if key.attempts == attempts && left == 11 => return key,
                other => assert!(Instant::now() < deadline, "{left} rows are left, and {other:?} is blocked"),
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The numbers of each key, in the order of their arrival.
    async fn arrived(&self) -> [Vec<u64>; 3] {
        let mut numbers = [const { Vec::new() }; 3];
        for record in Kafka::shared().read_all(&self.config.counter_topic).await {
            let event: <Counter as Entity>::Event = record.json().expect("an event");
            numbers[event.data.id].push(event.data.number);
        }
        numbers
    }
}

fn without_ten() -> Vec<u64> {
    (1..=20).filter(|number| *number != 10).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_event_blocks_its_key_alone_also_across_a_restart() {
    let scene = Scene::new("blocked.skip").await;
    scene.fill().await;
    let relay = scene.relay().await;
    let key = scene.wait_until_blocked(1).await;
    assert_eq!((key.key.as_str(), key.event_type.as_str(), key.waiting), ("1", "CounterCreated", 10));
    assert_eq!(key.topic, "blocked.skip");
    assert!(key.error.contains("it is too large"), "{key}");
    let all: Vec<u64> = (1..=20).collect();
    assert_eq!(scene.arrived().await, [all.clone(), (1..=9).collect(), all.clone()]);
    sleep(Duration::from_millis(300)).await;
    assert_eq!(relay.stats().blocked_keys, 1);
    assert!(relay.health().ready && relay.health().reason.is_some_and(|reason| reason.contains("blocked")));

    // What is committed now goes on, but for the blocked key.
    for id in 0..3 {
        let counter = Counter { id, number: 21, padding: String::new() };
        let mut tx = scene.pool.begin().await.expect("a transaction");
        let event = CounterEvent::new_created(&counter, Uuid::new_v4());
        scene.outbox.in_transaction(&mut tx).publish(event).await.expect("accepted");
        tx.commit().await.expect("committed");
        scene.outbox.wake();
    }
    let _ = relay.close(PATIENCE).await;
    let relay = scene.relay().await;
    sleep(Duration::from_secs(3)).await;
    assert_eq!(scene.outbox.blocked().await.expect("the keys")[0].attempts, 1, "a restart is no attempt");
    assert_eq!(scene.arrived().await[1].len(), 9);

    scene.outbox.skip(&key).await.expect("skipped");
    wait_until_empty(&scene.pool, PATIENCE).await;
    let (mut all, mut rest) = (all, without_ten());
    all.push(21);
    rest.push(21);
    assert_eq!(scene.arrived().await, [all.clone(), rest, all]);
    assert_eq!(scene.outbox.blocked().await.expect("the keys"), []);
    scene.outbox.skip(&key).await.expect_err("it is not blocked any more");
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_counts_and_succeeds_once_the_cause_is_gone() {
    let scene = Scene::new("blocked.retry").await;
    scene.fill().await;
    let relay = scene.relay().await;
    let key = scene.wait_until_blocked(1).await;
    scene.outbox.retry(&key).await.expect("tried again");
    let key = scene.wait_until_blocked(2).await;
    sleep(Duration::from_secs(3)).await;
    assert_eq!(scene.outbox.blocked().await.expect("the keys")[0].attempts, 2, "a poison row costs no loop");
    Kafka::shared().configure_topic("blocked.retry", &[("max.message.bytes", "1000000")]).await;
    scene.outbox.retry(&key).await.expect("tried again");
    wait_until_empty(&scene.pool, PATIENCE).await;
    let all: Vec<u64> = (1..=20).collect();
    assert_eq!(scene.arrived().await, [all.clone(), all.clone(), all]);
    let deadline = Instant::now() + PATIENCE;
    while !scene.outbox.blocked().await.expect("the keys").is_empty() {
        assert!(Instant::now() < deadline, "the key is still listed");
        sleep(Duration::from_millis(50)).await;
    }
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_can_be_parked_by_hand_or_by_configuration() {
    for (name, by_configuration) in [("blocked.park", false), ("blocked.parks", true)] {
        let mut scene = Scene::new(name).await;
        if by_configuration {
            scene.config.outbox.on_permanent = OnPermanent::Park;
        }
        scene.fill().await;
        let relay = scene.relay().await;
        if !by_configuration {
            let key = scene.wait_until_blocked(1).await;
            scene.outbox.park(&key).await.expect("parked");
        }
        wait_until_empty(&scene.pool, PATIENCE).await;
        let all: Vec<u64> = (1..=20).collect();
        assert_eq!(scene.arrived().await, [all.clone(), without_ten(), all], "{name}");
        let dead: (String, String, i32) =
            sqlx::query_as("SELECT aggregateid, error, length(payload) FROM outbox_dead")
                .fetch_one(&scene.pool)
                .await
                .expect("one row");
        assert_eq!(dead.0, "1");
        assert!(dead.1.contains("it is too large") && dead.2 > 200_000, "{dead:?}");
        let _ = relay.close(PATIENCE).await;
    }
}
