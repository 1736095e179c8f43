//! From a commit to the acknowledgement, beside a writer.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use entity_events::outbox::sqlx::{Executor, PgPool};
use entity_events::outbox::{OutboxRelay, PgOutbox, RelayRole};
use entity_events::{EntityEvents, Publish, Uuid};
use entity_events_tests::relay_process::RelayProcess;
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::servers::{Servers, percentile};

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "load", feature = "counter")]
pub struct Sample {
    pub id: u64,
    pub text: String,
}

/// How many connections share the commits.
const CONNECTIONS: u64 = 8;

/// Commits `per_second` events for `length`, in this process, and relays them in this process or in another.
pub async fn measure(servers: &Servers, per_second: u64, length: Duration, elsewhere: bool) {
    let name = format!("latency-{elsewhere}");
    let mut config = servers.config(&name, 12).await;
    config.product_topic.clone_from(&name);
    servers.kafka.create_topic(&name, 12, &[]).await;
    let url = servers.postgres.database().await;
    let pool = PgPool::connect(&url).await.expect("a pool");
    pool.execute("CREATE TABLE entity (id bigint PRIMARY KEY, number bigint NOT NULL DEFAULT 0); INSERT INTO entity SELECT i FROM generate_series(0, 4999) i")
        .await
        .expect("entities");
    let mut samples =
        entity_events::kafka::KafkaConfig::<SampleTopics>::new(servers.kafka.bootstrap_servers());
    samples.counter_topic.clone_from(&name);
    let outbox = PgOutbox::<SampleTopics>::new(pool.clone(), &samples);
    let mut process = None;
    if elsewhere {
        let program = PathBuf::from(std::env::var("RELAY").expect("RELAY is the path of the binary `relay`"));
        let mut other = RelayProcess::start(
            &program,
            &url,
            servers.kafka.bootstrap_servers(),
            &name,
            &serde_json::json!({}),
        );
        other.wait_until_active();
        process = Some(other);
    }
    let relay = OutboxRelay::builder(&outbox, &samples).start().await.expect("a relay");
    while !elsewhere && relay.stats().role != RelayRole::Active {
        sleep(Duration::from_millis(5)).await;
    }
    sleep(Duration::from_secs(1)).await;

    let acknowledged = Acknowledged::default();
    let _guard = (!elsewhere).then(|| acknowledged.install());
    // A consumer costs the broker much: only where there is no other way to see what arrives.
    let consumer = elsewhere.then(|| {
        consume(servers.kafka.bootstrap_servers().to_owned(), name.clone(), per_second * length.as_secs())
    });
    let begin = Instant::now();
    let mut writers = Vec::new();
    for index in 0..CONNECTIONS {
        let (pool, outbox) = (pool.clone(), outbox.clone());
        writers.push(tokio::spawn(async move {
            let mut committed = Vec::new();
            let mut tick = interval(Duration::from_secs_f64(CONNECTIONS as f64 / per_second as f64));
            tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
            for n in 0..per_second * length.as_secs() / CONNECTIONS {
                tick.tick().await;
                let id = (n * CONNECTIONS + index) % 5_000;
                let mut tx = pool.begin().await.expect("a transaction");
                let change =
                    entity_events::outbox::sqlx::query("UPDATE entity SET number = number + 1 WHERE id = $1");
                change.bind(id as i64).execute(&mut *tx).await.expect("the change");
                let event = SampleEvent::new_created(&Sample { id, text: "x".repeat(200) }, Uuid::new_v4());
                let event_id = event.event_id;
                let events = outbox.collect();
                events.publish(event).await.expect("accepted");
                outbox.commit(tx, events).await.expect("committed");
                committed.push((event_id, Instant::now()));
            }
            committed
        }));
    }
    let mut committed = HashMap::new();
    for writer in writers {
        committed.extend(writer.await.expect("a writer"));
    }
    sleep(Duration::from_secs(2)).await;
    let arrived = consumer.map(|consumer| consumer.join().expect("the consumer")).unwrap_or_default();
    let acknowledged = std::mem::take(&mut *acknowledged.0.lock().expect("a lock"));
    for (what, seen) in [("acknowledgement", acknowledged), ("arrival at a consumer", arrived)] {
        // The first third warms the broker up.
        let mut waits: Vec<_> = seen
            .iter()
            .filter(|(id, _)| committed[id] > begin + length / 3)
            .map(|(id, at)| at.saturating_duration_since(committed[id]).as_secs_f64() * 1e3)
            .collect();
        if !waits.is_empty() {
            println!(
                "commit to {what} beside {per_second} commits/s, relay in {} process: p50 {:.2} ms, p99 {:.2} ms, {} events",
                if elsewhere { "another" } else { "this" },
                percentile(&mut waits, 0.50),
                percentile(&mut waits, 0.99),
                waits.len(),
            );
        }
    }
    let _ = relay.close(Duration::from_secs(10)).await;
    if let Some(process) = process {
        process.close();
    }
}

/// When each event was acknowledged, according to the log of this process.
#[derive(Clone, Default)]
struct Acknowledged(Arc<Mutex<Vec<(Uuid, Instant)>>>);

impl Acknowledged {
    fn install(&self) {
        let log = tracing_subscriber::registry().with(self.clone()).with(LevelFilter::INFO);
        log.init();
    }
}

impl<S: tracing::Subscriber> Layer<S> for Acknowledged {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let at = Instant::now();
        let mut id = Id(None);
        event.record(&mut id);
        if let Some(id) = id.0 {
            self.0.lock().expect("a lock").push((id, at));
        }
    }
}

struct Id(Option<Uuid>);

impl tracing::field::Visit for Id {
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        if field.name() == "event_id" {
            self.0 = value.parse().ok();
        }
    }

    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}

/// When each event is seen by a consumer, which is a little later than its acknowledgement.
fn consume(servers: String, topic: String, n: u64) -> std::thread::JoinHandle<Vec<(Uuid, Instant)>> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("group.id", "latency")
        .set("auto.offset.reset", "earliest")
        .set("fetch.wait.max.ms", "1")
        .create()
        .expect("a consumer");
    consumer.subscribe(&[&topic]).expect("subscribed");
    std::thread::spawn(move || {
        let mut arrived = Vec::new();
        while arrived.len() < usize::try_from(n).expect("small") {
            if let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) {
                let at = Instant::now();
                let header =
                    message.headers().and_then(|headers| headers.iter().find(|header| header.key == "ce_id"));
                let id = header.and_then(|header| header.value).and_then(|id| std::str::from_utf8(id).ok());
                arrived.push((id.expect("an id").parse().expect("a UUID"), at));
            }
        }
        arrived
    })
}
