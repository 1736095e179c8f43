//! How fast events are published, as ratios against hand-written rdkafka in the same run.
//!
//! `cargo bench` uses an embedded Kafka; `KAFKA=HOST:PORT,… cargo bench` a real one. Each round runs every
//! contender once, in turn, so that a machine whose speed drifts treats them alike; the ratio is taken within a round.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]

mod contenders;
mod emit;
mod table;

use std::time::Duration;

use entity_events::kafka::{KafkaConfig, KafkaEventService, ProducerSettings, TopicPolicy};
use entity_events::testing::EmbeddedKafka;

use contenders::{Contender, NoteTopics, note};
use table::Table;

const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    // `cargo test --benches` and `cargo bench -- --test` only want to see it work.
    let trial = std::env::args().any(|argument| argument == "--test") || cfg!(debug_assertions);
    let events: usize = if trial { 1_000 } else { number("EVENTS", 100_000) };
    let awaited = if trial { 10 } else { 300 };
    let rounds = if trial { 1 } else { number("ROUNDS", ROUNDS) };

    let embedded = EmbeddedKafka::start().await.expect("an embedded Kafka");
    let mut config = embedded.config::<NoteTopics>();
    if let Ok(servers) = std::env::var("KAFKA") {
        config = KafkaConfig { bootstrap_servers: servers, ..KafkaConfig::default() };
        config.note_topic = format!("bench.{}", uuid::Uuid::new_v4());
        let service = KafkaEventService::new(&config).expect("a service");
        let replicas = number("REPLICAS", 1);
        service.ensure_topics(TopicPolicy::Create { partitions: 6, replicas }).await.expect("topics");
    }
    println!("broker: {}; {} bytes an event", config.bootstrap_servers, note(0).bytes());

    for (name, settings) in [
        ("the template's settings", ProducerSettings::default()),
        ("throughput()", ProducerSettings::throughput()),
    ] {
        let mut config = config.clone();
        config.producer = settings;
        // Every contender gets the same room, so that none is measured waiting for it.
        config.producer.queue_buffering_max_messages = 1_000_000;
        config.producer.queue_buffering_max_kbytes = 1_048_576;
        let mut table = Table::new(format!("{events} events, {name}"), &Contender::PIPELINED);
        for _ in 0..rounds {
            table.round(Contender::measure(&Contender::PIPELINED, &config, events).await);
        }
        table.print(Contender::FutureProducer);
    }

    let mut table =
        Table::new(format!("{awaited} events, each awaited, the template's settings"), &Contender::AWAITED);
    for _ in 0..rounds {
        table.round(Contender::measure(&Contender::AWAITED, &config, awaited).await);
    }
    table.print(Contender::Template);

    emit::print("broker up", &config, if trial { 1_000 } else { 50_000 }).await;
    let hole = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut black_hole = config.clone();
    black_hole.bootstrap_servers = hole.local_addr().expect("an address").to_string();
    emit::print("broker a black hole", &black_hole, if trial { 1_000 } else { 50_000 }).await;
    tokio::time::sleep(Duration::from_millis(10)).await;
}

fn number<N: std::str::FromStr>(variable: &str, default: N) -> N {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
