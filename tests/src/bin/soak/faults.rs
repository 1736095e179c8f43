//! One fault after another on three real brokers under load, then the same checks as in the tests.

use std::time::{Duration, Instant};

use entity_events::kafka::{KafkaConfig, ProducerSettings};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::load::{CounterTopics, Load};
use tokio::task::block_in_place;
use tokio::time::sleep;
use uuid::Uuid;

pub(crate) async fn run(minutes: u64) {
    let kafka = block_in_place(|| Kafka::start(3));
    let mut config = KafkaConfig::<CounterTopics>::new(kafka.bootstrap_servers());
    config.producer = ProducerSettings::throughput();
    kafka.create_topic(&config.counter_topic, 6, &[]).await;
    let load = Load::start(&config);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(minutes * 60) {
        let random = Uuid::new_v4().as_u128();
        let broker = 1 + usize::try_from(random % 3).expect("small");
        let lasts = Duration::from_secs(1 + u64::try_from(random / 3 % 20).expect("small"));
        let pauses = (random / 60).is_multiple_of(2);
        println!(
            "{:>5} s  broker {broker} {} for {lasts:?}",
            start.elapsed().as_secs(),
            if pauses { "hangs" } else { "is killed" }
        );
        block_in_place(|| if pauses { kafka.pause(broker) } else { kafka.kill(broker) });
        sleep(lasts).await;
        block_in_place(|| kafka.restore());
        sleep(Duration::from_secs(5)).await;
    }
    let run = load.stop().await;
    println!("{}", run.judge(&kafka.read_all(&config.counter_topic).await));
}
