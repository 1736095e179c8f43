//! A process that emits events of one order without Kafka, and prints how many were stored. `outbox/fallback.rs` kills it.
//!
//! `storing-service SERVERS DATABASE`

use std::env;
use std::time::Duration;

use entity_events::Publish;
use entity_events::outbox::PgOutbox;
use entity_events::outbox::sqlx::PgPool;
use entity_events_tests::domain::{KafkaConfig, KafkaEventService, OrderEvent, Topics};
use entity_events_tests::samples::{lamp, order_of};
use uuid::Uuid;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [servers, database] = arguments.as_slice() else { panic!("servers and database are missing") };
    let mut config = KafkaConfig::new(servers);
    config.producer.delivery_timeout_ms = 500;
    let pool = PgPool::connect(database).await.expect("a pool");
    let outbox = PgOutbox::<Topics>::new(pool, &config);
    let service = KafkaEventService::builder(&config).fallback(&outbox).build().expect("a service");
    let mut order = order_of(&lamp(), 0);
    loop {
        for _ in 0..20 {
            service.emit(OrderEvent::new_created(&order, Uuid::nil())).await;
            order.quantity += 1;
        }
        println!("{}", service.stats().stored);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
