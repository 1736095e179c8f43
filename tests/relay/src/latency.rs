//! From a commit to the acknowledgement, beside a writer, in turns with a hand-written producer after the same commit.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::{self, Executor, PgPool};
use entity_events::outbox::{OutboxRelay, PgOutbox, RelayRole};
use entity_events::{EntityEvents, Event, Publish, Uuid};
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::acknowledged::{Acknowledged, Times, waits};
use crate::servers::{Servers, percentile};

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "load", feature = "counter")]
pub struct Sample {
    pub id: u64,
    pub text: String,
}

/// How many connections share the commits.
const CONNECTIONS: u64 = 8;

/// The broker compiles its code while it works, which takes half of this machine at first.
const WARM_UP: Duration = Duration::from_secs(60);
const PHASE: Duration = Duration::from_secs(20);
const ROUNDS: usize = 3;

/// Who brings the events to Kafka.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// A relay in this process.
    Here,
    /// A relay in another process.
    Elsewhere,
    /// The writer itself, after the commit, with rdkafka: what is lost if it dies is lost.
    Direct,
}

/// Commits `per_second` events, and relays them in this process, in another, and by hand.
pub async fn measure(servers: &Servers, per_second: u64) {
    let name = "latency";
    servers.kafka.create_topic(name, 12, &[]).await;
    let url = servers.postgres.database().await;
    let config = config(servers.kafka.bootstrap_servers(), name);
    let bench = Bench::new(&url, config, per_second).await;

    let relay = bench.relay().await;
    while relay.stats().role != RelayRole::Active {
        sleep(Duration::from_millis(5)).await;
    }
    bench.phase(Sender::Here, WARM_UP).await;
    let (mut here, mut direct) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        direct.extend(bench.phase(Sender::Direct, PHASE).await);
        here.extend(bench.phase(Sender::Here, PHASE).await);
    }
    let _ = relay.close(Duration::from_secs(10)).await;

    // The one that commits stands by.
    let process = Process::start(&url, servers.kafka.bootstrap_servers(), name);
    let relay = bench.relay().await;
    bench.phase(Sender::Elsewhere, PHASE).await;
    let committed = bench.write(Sender::Elsewhere, PHASE).await;
    sleep(Duration::from_secs(2)).await;
    let elsewhere = waits(&committed, &process.close());
    let _ = relay.close(Duration::from_secs(10)).await;

    let direct = report("by hand after the commit, without an outbox", per_second, &mut direct, None);
    report("a relay in this process", per_second, &mut here, Some(direct));
    report("a relay in another process", per_second, &mut { elsewhere }, Some(direct));
}

fn report(sender: &str, per_second: u64, waits: &mut [f64], direct: Option<f64>) -> f64 {
    let (p50, p99) = (percentile(waits, 0.50), percentile(waits, 0.99));
    let ratio =
        direct.map(|direct| format!(", p50 {:.2} times that by hand", p50 / direct)).unwrap_or_default();
    println!(
        "commit to acknowledgement beside {per_second} commits/s, {sender}: p50 {p50:.2} ms, p99 {p99:.2} ms, {} events{ratio}",
        waits.len()
    );
    p50
}

fn config(servers: &str, topic: &str) -> KafkaConfig<SampleTopics> {
    let mut config = KafkaConfig::<SampleTopics>::new(servers);
    topic.clone_into(&mut config.counter_topic);
    config
}

struct Bench {
    pool: PgPool,
    config: KafkaConfig<SampleTopics>,
    outbox: PgOutbox<SampleTopics>,
    producer: FutureProducer,
    per_second: u64,
    acknowledged: Acknowledged,
}

impl Bench {
    async fn new(url: &str, config: KafkaConfig<SampleTopics>, per_second: u64) -> Self {
        let pool = PgPool::connect(url).await.expect("a pool");
        pool.execute("CREATE TABLE entity (id bigint PRIMARY KEY, number bigint NOT NULL DEFAULT 0); INSERT INTO entity SELECT i FROM generate_series(0, 4999) i")
            .await
            .expect("entities");
        let outbox = PgOutbox::new(pool.clone(), &config);
        let mut producer = ClientConfig::new();
        producer.set("bootstrap.servers", &config.bootstrap_servers).set("linger.ms", "0");
        producer.set("enable.idempotence", "true").set("acks", "all");
        let producer = producer.create().expect("a producer");
        Self { pool, config, outbox, producer, per_second, acknowledged: Acknowledged::install() }
    }

    async fn relay(&self) -> OutboxRelay {
        OutboxRelay::builder(&self.outbox, &self.config).start().await.expect("a relay")
    }

    /// In milliseconds from the commit to the acknowledgement, which this process sees.
    async fn phase(&self, sender: Sender, length: Duration) -> Vec<f64> {
        let committed = self.write(sender, length).await;
        sleep(Duration::from_secs(2)).await;
        let acknowledged = self.acknowledged.take();
        if sender == Sender::Elsewhere { Vec::new() } else { waits(&committed, &acknowledged) }
    }

    /// When each event was committed.
    async fn write(&self, sender: Sender, length: Duration) -> Times {
        let mut writers = Vec::new();
        for index in 0..CONNECTIONS {
            let (pool, outbox, producer) = (self.pool.clone(), self.outbox.clone(), self.producer.clone());
            let (per_second, acknowledged) = (self.per_second, self.acknowledged.clone());
            let topic = self.config.counter_topic.clone();
            writers.push(tokio::spawn(async move {
                let mut committed = Vec::new();
                let mut tick = interval(Duration::from_secs_f64(CONNECTIONS as f64 / per_second as f64));
                tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
                for n in 0..per_second * length.as_secs() / CONNECTIONS {
                    tick.tick().await;
                    let id = (n * CONNECTIONS + index) % 5_000;
                    let mut tx = pool.begin().await.expect("a transaction");
                    let change = sqlx::query("UPDATE entity SET number = number + 1 WHERE id = $1");
                    change.bind(id as i64).execute(&mut *tx).await.expect("the change");
                    let event =
                        SampleEvent::new_created(&Sample { id, text: "x".repeat(200) }, Uuid::new_v4());
                    let event_id = event.event_id;
                    if sender == Sender::Direct {
                        tx.commit().await.expect("committed");
                        committed.push((event_id, SystemTime::now()));
                        let (key, value) = (event.key(), serde_json::to_vec(&event).expect("JSON"));
                        let record = FutureRecord::to(&topic).key(&key).payload(&value);
                        let sent = producer
                            .send_result(record)
                            .map_err(|(error, _)| error)
                            .expect("room in the queue");
                        let acknowledged = acknowledged.clone();
                        tokio::spawn(async move {
                            sent.await.expect("an outcome").expect("delivered");
                            acknowledged.add(event_id);
                        });
                    } else {
                        let events = outbox.collect();
                        events.publish(event).await.expect("accepted");
                        outbox.commit(tx, events).await.expect("committed");
                        committed.push((event_id, SystemTime::now()));
                    }
                }
                committed
            }));
        }
        let mut committed = HashMap::new();
        for writer in writers {
            committed.extend(writer.await.expect("a writer"));
        }
        committed
    }
}

/// This program as a relay of its own, which prints what was acknowledged when it ends.
struct Process(std::process::Child);

impl Process {
    fn start(url: &str, servers: &str, topic: &str) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program)
            .args(["relay", url, servers, topic])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let mut output = BufReader::with_capacity(1, child.stdout.as_mut().expect("its output"));
        output.read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "active");
        Self(child)
    }

    fn close(mut self) -> Times {
        drop(self.0.stdin.take());
        let output = BufReader::new(self.0.stdout.take().expect("its output"));
        let times = output.lines().map(|line| {
            let line = line.expect("UTF-8");
            let (id, nanos) = line.split_once(' ').expect("two words");
            let since = Duration::from_nanos(nanos.parse().expect("nanoseconds"));
            (id.parse().expect("a UUID"), SystemTime::UNIX_EPOCH + since)
        });
        let times = times.collect();
        self.0.wait().expect("ended");
        times
    }
}

/// What [`Process`] runs.
pub async fn relay(url: &str, servers: &str, topic: &str) {
    let acknowledged = Acknowledged::install();
    let config = config(servers, topic);
    let outbox = PgOutbox::<SampleTopics>::new(PgPool::connect(url).await.expect("a pool"), &config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    while relay.stats().role != RelayRole::Active {
        sleep(Duration::from_millis(5)).await;
    }
    println!("active");
    let end = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    end.await.expect("a task").expect("the end of the input");
    let _ = relay.close(Duration::from_secs(10)).await;
    let mut output = std::io::stdout().lock();
    for (id, at) in acknowledged.take() {
        let nanos = at.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_nanos();
        writeln!(output, "{id} {nanos}").expect("written");
    }
}
