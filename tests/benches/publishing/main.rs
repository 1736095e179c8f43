//! Publishing speed, as ratios to hand-written rdkafka in the same run.
//!
//! `cargo bench -p entity-events-tests --bench publishing [-- pipelined awaited sweep waits]`, and with `--features telemetry`
//! also `telemetry`.
//!
//! `cargo bench` uses an embedded Kafka; `KAFKA=HOST:PORT,… cargo bench` a real one. Each round runs every
//! contender once, beginning with another one, and ratios are taken within a round, so that neither drifting machine speed
//! nor work left to the broker favours any.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]

mod contenders;
#[cfg(feature = "telemetry")]
mod observed;
mod profile;
mod table;
mod waits;

use entity_events::kafka::{KafkaConfig, KafkaEventService, ProducerSettings, TopicPolicy};
use entity_events::testing::EmbeddedKafka;
use entity_events_tests::nowhere::BlackHole;

use contenders::{Contender, Load, NoteTopics};
use table::Table;

const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    // `cargo test --benches` and `cargo bench -- --test` only check that it works.
    let trial = std::env::args().any(|argument| argument == "--test") || cfg!(debug_assertions);
    let events = if trial { 1_000 } else { number("EVENTS", 200_000) };
    let (awaited, waits) = if trial { (10, 1_000) } else { (300, 50_000) };
    let rounds = if trial { 1 } else { number("ROUNDS", ROUNDS) };

    let hole = BlackHole::open();
    let mut black_hole = with_large_queue(KafkaConfig::default());
    black_hole.bootstrap_servers = hole.address();
    if let Ok(contender) = std::env::var("PROFILE") {
        return profile::run(&contender, &black_hole, events);
    }

    let embedded = EmbeddedKafka::start().await.expect("an embedded Kafka");
    let config = match std::env::var("KAFKA") {
        Ok(servers) => real(servers).await,
        Err(_) => with_large_queue(embedded.config()),
    };
    println!("broker: {}; {} bytes per event", config.bootstrap_servers, Load::of(1).note(0).bytes());

    for (name, settings) in presets() {
        let config = with(&config, settings);
        if asked_for("pipelined") {
            let title = format!("{events} events, {name}");
            compare(title, &config, &Contender::PIPELINED, Load::of(events), rounds).await;
        }
        if asked_for("awaited") {
            let title = format!("{awaited} events awaited, {name}");
            compare(title, &config, &Contender::AWAITED, Load::of(awaited), rounds).await;
        }
    }
    if asked_for("sweep") {
        sweep(&config, events, rounds).await;
    }
    if asked_for("waits") {
        waits::publish(&with(&config, ProducerSettings::low_latency()), waits / 50).await;
        waits::emit("broker up", &config, waits).await;
        waits::emit("broker unresponsive", &black_hole, waits).await;
    }
    // Last: what it installs stays.
    #[cfg(feature = "telemetry")]
    if asked_for("telemetry") {
        observed::run(&with(&config, ProducerSettings::throughput()), events, rounds).await;
    }
}

/// `cargo bench … -- pipelined waits` runs these parts only.
fn asked_for(part: &str) -> bool {
    let mut parts = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    parts.peek().is_none() || parts.any(|asked| asked == part)
}

/// Looks for sudden drops: large and small events, one key and many, one caller and many.
async fn sweep(config: &KafkaConfig<NoteTopics>, events: usize, rounds: usize) {
    let config = with(config, ProducerSettings::throughput());
    let usual = Load::of(events);
    for (name, load) in [
        ("24 bytes of text", Load { text: 24, ..usual }),
        ("100 KB of text", Load { text: 100_000, events: events / 100, ..usual }),
        ("1 key", Load { keys: 1, ..usual }),
        ("10,000 keys", Load { keys: 10_000, ..usual }),
        ("64 callers", Load { callers: 64, ..usual }),
    ] {
        let title = format!("{} events, throughput(), {name}", load.events);
        compare(title, &config, &Contender::SWEPT, load, rounds.min(3)).await;
    }
}

async fn compare(
    title: String,
    config: &KafkaConfig<NoteTopics>,
    contenders: &[Contender],
    load: Load,
    rounds: usize,
) {
    let mut table = Table::new(title, contenders);
    for round in 0..rounds {
        table.round(Contender::measure(contenders, round, config, load).await);
    }
    table.print();
}

fn presets() -> [(&'static str, ProducerSettings); 2] {
    [("default settings", ProducerSettings::default()), ("throughput()", ProducerSettings::throughput())]
}

async fn real(servers: String) -> KafkaConfig<NoteTopics> {
    let mut config = with_large_queue(KafkaConfig::new(servers));
    config.note_topic = format!("bench.{}", uuid::Uuid::new_v4());
    let service = KafkaEventService::new(&config).expect("a service");
    let replicas = number("REPLICAS", 1);
    service.ensure_topics(TopicPolicy::Create { partitions: 6, replicas }).await.expect("topics");
    config
}

fn with(config: &KafkaConfig<NoteTopics>, settings: ProducerSettings) -> KafkaConfig<NoteTopics> {
    let mut config = config.clone();
    config.producer = settings;
    with_large_queue(config)
}

/// Every contender gets the same large queue, so that none is measured waiting for space.
fn with_large_queue(mut config: KafkaConfig<NoteTopics>) -> KafkaConfig<NoteTopics> {
    config.producer.queue_buffering_max_messages = 1_000_000;
    config.producer.queue_buffering_max_kbytes = 1_048_576;
    config
}

fn number<N: std::str::FromStr>(variable: &str, default: N) -> N {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
