//! Whatever is killed: every committed event arrives, none that was rolled back, and those of a key in order.

use std::path::Path;
use std::time::{Duration, Instant};

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::{self, Executor, PgPool};
use entity_events::outbox::{OutboxRelay, PgOutbox, RelayRole};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::load::CounterTopics;
use entity_events_tests::postgres::Postgres;
use entity_events_tests::relay_process::RelayProcess;
use entity_events_tests::writers::{Arrived, Writers, compare, wait_until_empty, wait_until_ready};
use serde_json::{Value, json};
use tokio::task::block_in_place;
use tokio::time::sleep;

/// How long the table may take to become empty after the last fault.
const PATIENCE: Duration = Duration::from_secs(90);

const PAUSE: Duration = Duration::from_millis(4);

/// A database and a topic for the counters.
struct Scene<'a> {
    kafka: &'a Kafka,
    url: String,
    pool: PgPool,
    config: KafkaConfig<CounterTopics>,
}

impl<'a> Scene<'a> {
    async fn new(kafka: &'a Kafka, postgres: &Postgres, name: &str) -> Self {
        let url = postgres.database().await;
        let pool = PgPool::connect(&url).await.expect("a pool");
        Writers::prepare(&pool).await;
        let mut config = KafkaConfig::<CounterTopics>::new(kafka.bootstrap_servers());
        name.clone_into(&mut config.counter_topic);
        kafka.create_topic(name, 6, &[]).await;
        Self { kafka, url, pool, config }
    }

    fn outbox(&self) -> PgOutbox<CounterTopics> {
        PgOutbox::new(self.pool.clone(), &self.config)
    }

    async fn relay(&self) -> OutboxRelay {
        OutboxRelay::builder(&self.outbox(), &self.config).start().await.expect("a relay")
    }

    fn process(&self, outbox: &Value) -> RelayProcess {
        let program = Path::new(env!("CARGO_BIN_EXE_relay"));
        let servers = self.kafka.bootstrap_servers();
        RelayProcess::start(program, &self.url, servers, &self.config.counter_topic, outbox)
    }

    fn writers(&self) -> Writers {
        Writers::start(&self.pool, &self.config, 6, 40, PAUSE)
    }

    /// Waits until everything was sent, and compares it with what was committed.
    async fn arrived(&self) -> Arrived {
        wait_until_empty(&self.pool, PATIENCE).await;
        let records = self.kafka.read_all(&self.config.counter_topic).await;
        let arrived = compare(&self.pool, &records).await;
        assert!(arrived.committed > 100, "{arrived:?}");
        arrived
    }
}

/// A lease that is over soon, so that a test does not wait for long.
fn short_lease() -> Value {
    json!({ "lease_ms": 3_000, "delivery_timeout_ms": 2_000 })
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_sent_twice_without_a_fault() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.none").await;
    let relay = scene.relay().await;
    let writers = scene.writers();
    sleep(Duration::from_secs(5)).await;
    writers.stop().await;
    assert_eq!(scene.arrived().await.duplicates, 0);
    let report = relay.close(Duration::from_secs(10)).await;
    assert!(report.lease_returned, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_killed_twenty_times_loses_nothing() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.killed").await;
    let writers = scene.writers();
    for round in 0..20_u64 {
        let mut relay = scene.process(&json!({ "lease_ms": 600, "delivery_timeout_ms": 400 }));
        block_in_place(|| relay.wait_until_active());
        sleep(Duration::from_millis(50 + round * 37 % 400)).await;
        block_in_place(|| relay.kill());
    }
    writers.stop().await;
    let relay = scene.process(&short_lease());
    let arrived = scene.arrived().await;
    println!("{arrived:?}");
    block_in_place(|| relay.close());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_takes_over_from_a_relay_that_is_killed_and_at_once_from_one_that_is_closed() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.standby").await;
    let writers = scene.writers();
    let mut first = scene.process(&short_lease());
    block_in_place(|| first.wait_until_active());
    // Its own lease is long: what takes over from it soon has been given the lease.
    let mut second = scene.process(&json!({ "lease_ms": 60_000 }));
    sleep(Duration::from_secs(2)).await;
    block_in_place(|| first.kill());
    let killed = Instant::now();
    block_in_place(|| second.wait_until_active());
    let after_kill = killed.elapsed();
    let mut third = scene.process(&short_lease());
    sleep(Duration::from_secs(1)).await;
    let closed = Instant::now();
    block_in_place(|| second.close());
    block_in_place(|| third.wait_until_active());
    let after_close = closed.elapsed();
    println!("a standby is active {after_kill:?} after a kill, and {after_close:?} after a close");
    assert!(after_kill < Duration::from_secs(8), "{after_kill:?}");
    assert!(after_close < Duration::from_secs(20), "{after_close:?}");
    writers.stop().await;
    let _ = scene.arrived().await;
    block_in_place(|| third.close());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_was_stopped_beyond_its_lease_sends_nothing_of_its_old_queue() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.stopped").await;
    let writers = scene.writers();
    let mut first = scene.process(&short_lease());
    block_in_place(|| first.wait_until_active());
    let mut second = scene.process(&short_lease());
    for _ in 0..2 {
        sleep(Duration::from_secs(1)).await;
        first.signal("STOP");
        block_in_place(|| second.wait_until_active());
        sleep(Duration::from_secs(2)).await;
        first.signal("CONT");
        sleep(Duration::from_secs(2)).await;
        // The second has the lease now; let the first have it again.
        block_in_place(|| second.kill());
        sleep(Duration::from_secs(5)).await;
        second = scene.process(&short_lease());
    }
    writers.stop().await;
    let arrived = scene.arrived().await;
    println!("{arrived:?}");
    block_in_place(|| second.kill());
    block_in_place(|| first.close());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_whose_lease_was_taken_deletes_nothing_and_stands_by() {
    let mut scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.taken").await;
    // It is not renewed within the test: the deletion alone tells.
    scene.config.outbox.lease_ms = 300_000;
    let relay = scene.relay().await;
    let role = async |role: RelayRole| {
        let start = Instant::now();
        while relay.stats().role != role {
            assert!(start.elapsed() < Duration::from_secs(30), "{relay:?}");
            sleep(Duration::from_millis(10)).await;
        }
    };
    role(RelayRole::Active).await;
    let take =
        "UPDATE outbox_lease SET holder = 'another', epoch = epoch + 1, until = now() + interval '1 hour'";
    scene.pool.execute(take).await.expect("taken");
    let insert = "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic) \
         VALUES (gen_random_uuid(), 'by hand', 'key', 'Anything', 'sent', 'faults.taken')";
    scene.pool.execute(insert).await.expect("a row");
    role(RelayRole::Standby).await;
    assert_eq!(scene.kafka.count("faults.taken"), 1, "it was on its way");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox_event")
        .fetch_one(&scene.pool)
        .await
        .expect("a count");
    assert_eq!(left, 1, "it belongs to the other relay now");
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_that_start_at_the_same_moment_agree() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.two").await;
    let writers = scene.writers();
    let (one, two) = tokio::join!(scene.relay(), scene.relay());
    sleep(Duration::from_secs(3)).await;
    let roles = [one.stats().role, two.stats().role];
    assert!(roles.contains(&RelayRole::Active) && roles.contains(&RelayRole::Standby), "{roles:?}");
    writers.stop().await;
    assert_eq!(scene.arrived().await.duplicates, 0);
    let _ = tokio::join!(one.close(PATIENCE), two.close(PATIENCE));
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_with_a_relay_each_send_everything_once() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.eight").await;
    let writers = scene.writers();
    let relays: Vec<_> = (0..8).map(|_| scene.process(&json!({}))).collect();
    sleep(Duration::from_secs(6)).await;
    writers.stop().await;
    assert_eq!(scene.arrived().await.duplicates, 0);
    for relay in relays {
        block_in_place(|| relay.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_crashes_loses_nothing() {
    let postgres = Postgres::breakable().await;
    let scene = Scene::new(Kafka::shared(), &postgres, "faults.database").await;
    let relay = scene.relay().await;
    let writers = scene.writers();
    for _ in 0..2 {
        sleep(Duration::from_secs(2)).await;
        block_in_place(|| postgres.kill());
        sleep(Duration::from_secs(1)).await;
        assert!(!relay.health().ready, "{:?}", relay.health());
        block_in_place(|| postgres.up());
    }
    sleep(Duration::from_secs(2)).await;
    writers.stop().await;
    let arrived = scene.arrived().await;
    println!("{arrived:?}");
    wait_until_ready(&relay, PATIENCE).await;
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_stops_answering_loses_nothing() {
    let postgres = Postgres::breakable().await;
    let mut scene = Scene::new(Kafka::shared(), &postgres, "faults.paused").await;
    scene.config.outbox.lease_ms = 3_000;
    scene.config.outbox.delivery_timeout_ms = 2_000;
    let relay = scene.relay().await;
    let writers = scene.writers();
    sleep(Duration::from_secs(2)).await;
    block_in_place(|| postgres.pause());
    sleep(Duration::from_secs(6)).await;
    assert!(!relay.health().ready, "{:?}", relay.health());
    block_in_place(|| postgres.resume());
    sleep(Duration::from_secs(2)).await;
    writers.stop().await;
    let _ = scene.arrived().await;
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_crashes_and_two_of_three_lose_nothing() {
    let kafka = Kafka::breakable().await;
    let scene = Scene::new(&kafka, Postgres::shared(), "faults.brokers").await;
    let relay = scene.relay().await;
    let writers = scene.writers();
    sleep(Duration::from_secs(2)).await;
    block_in_place(|| kafka.kill(1));
    sleep(Duration::from_secs(4)).await;
    block_in_place(|| kafka.kill(2));
    sleep(Duration::from_secs(14)).await;
    assert!(relay.health().live && relay.health().reason.is_some(), "{:?}", relay.health());
    block_in_place(|| kafka.restore());
    sleep(Duration::from_secs(3)).await;
    writers.stop().await;
    let arrived = scene.arrived().await;
    println!("{arrived:?}");
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_stays_open_beside_others_is_sent_when_it_commits() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.open").await;
    let relay = scene.relay().await;
    // Two transactions draw numbers early and stay open while others commit larger ones: one commits, one rolls back.
    let mut open =
        [scene.pool.begin().await.expect("a transaction"), scene.pool.begin().await.expect("a transaction")];
    for (index, tx) in open.iter_mut().enumerate() {
        let insert = sqlx::query(
            "WITH h AS (INSERT INTO history SELECT gen_random_uuid(), $1, n FROM generate_series(1, 5) n RETURNING *) \
             INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers) \
             SELECT event_id, 'counter', counter::text, 'CounterCreated', '{}', 'faults.open', json_build_object('ce_id', event_id) \
             FROM h ORDER BY number",
        );
        let key = 1_000 + i64::try_from(index).expect("small");
        insert.bind(key).execute(&mut **tx).await.expect("rows");
    }
    let writers = scene.writers();
    // By default longer than a gap is young, and than it is kept at least.
    let seconds = std::env::var("OPEN_SECONDS").map_or(12, |text| text.parse().expect("a number of seconds"));
    sleep(Duration::from_secs(seconds)).await;
    let [commits, rolls_back] = open;
    commits.commit().await.expect("committed");
    let committed = Instant::now();
    rolls_back.rollback().await.expect("rolled back");
    let left = async || {
        let query = "SELECT count(*) FROM outbox_event WHERE aggregateid = '1000'";
        sqlx::query_scalar::<_, i64>(query).fetch_one(&scene.pool).await.expect("a count")
    };
    while left().await > 0 {
        assert!(committed.elapsed() < Duration::from_secs(30), "the late rows wait for a sweep");
        sleep(Duration::from_millis(50)).await;
    }
    writers.stop().await;
    assert_eq!(scene.arrived().await.duplicates, 0);
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_without_a_free_connection_does_not_stop_the_relay() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.pool").await;
    let relay = scene.relay().await;
    let writers = scene.writers();
    sleep(Duration::from_secs(2)).await;
    writers.stop().await;
    let mut held = Vec::new();
    while let Some(connection) = scene.pool.try_acquire() {
        held.push(connection);
    }
    let spare = PgPool::connect(&scene.url).await.expect("another pool");
    wait_until_empty(&spare, PATIENCE).await;
    drop(held);
    assert_eq!(scene.arrived().await.duplicates, 0);
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_were_inserted_by_hand_are_sent() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.hand").await;
    let relay = scene.relay().await;
    let insert = "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic) \
         SELECT gen_random_uuid(), 'by hand', 'key', 'Anything', 'no JSON ' || n, 'faults.hand' FROM generate_series(1, 3) n";
    scene.pool.execute(insert).await.expect("rows");
    // One below all numbers that were seen, as a restore from a backup would.
    let below = "INSERT INTO outbox_event (seq, id, aggregatetype, aggregateid, type, payload, topic) OVERRIDING SYSTEM VALUE \
         VALUES (-5, gen_random_uuid(), 'by hand', 'other', 'Anything', 'below', 'faults.hand')";
    wait_until_empty(&scene.pool, PATIENCE).await;
    scene.pool.execute(below).await.expect("a row");
    wait_until_empty(&scene.pool, Duration::from_secs(75)).await;
    let mut texts: Vec<_> = scene
        .kafka
        .read_all("faults.hand")
        .await
        .iter()
        .map(entity_events::testing::ConsumedRecord::text)
        .collect();
    texts.sort();
    assert_eq!(texts, ["below", "no JSON 1", "no JSON 2", "no JSON 3"]);
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_with_nothing_to_do_costs_next_to_nothing() {
    let scene = Scene::new(Kafka::shared(), Postgres::shared(), "faults.idle").await;
    let mut active = scene.process(&json!({}));
    active.wait_until_active();
    let standby = scene.process(&json!({}));
    sleep(Duration::from_secs(2)).await;
    let before = [&active, &standby].map(RelayProcess::processor_time);
    let begin = Instant::now();
    sleep(Duration::from_secs(10)).await;
    let after = [&active, &standby].map(RelayProcess::processor_time);
    for (relay, (before, after)) in ["active", "standing by"].into_iter().zip(before.into_iter().zip(after)) {
        let share = after.saturating_sub(before).as_secs_f64() / begin.elapsed().as_secs_f64();
        println!("an idle relay, {relay}, takes {:.1} % of a core", share * 100.0);
        // A loop that does not wait takes all of it.
        assert!(share < 0.25, "{relay}: {share}");
    }
    for relay in [active, standby] {
        block_in_place(|| relay.close());
    }
}
