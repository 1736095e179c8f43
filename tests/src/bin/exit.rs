//! A process that emits, drops its service, and leaves `main`. `e2e/exit.rs` runs it and counts the delivered events.
//!
//! `exit SERVERS TOPIC EVENTS multi-thread|current-thread|none`

use std::env;

use entity_events::Publish;
use entity_events_tests::domain::{KafkaConfig, KafkaEventService, OrderEvent};
use entity_events_tests::samples::{lamp, order_of};
use tokio::runtime::Builder;
use uuid::Uuid;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [servers, topic, events, runtime] = arguments.as_slice() else {
        panic!("servers, topic, number of events and runtime are missing");
    };
    let mut config = KafkaConfig::default();
    config.bootstrap_servers.clone_from(servers);
    config.order_topic.clone_from(topic);
    let events: u32 = events.parse().expect("a number");
    match runtime.as_str() {
        "multi-thread" => Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async { drop(emit(&config, events).await) }),
        "current-thread" => Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async { drop(emit(&config, events).await) }),
        _ => drop(futures_executor::block_on(emit(&config, events))),
    }
}

async fn emit(config: &KafkaConfig, events: u32) -> KafkaEventService {
    let service = KafkaEventService::new(config).expect("a service");
    let product = lamp();
    for number in 0..events {
        service.emit(OrderEvent::new_created(&order_of(&product, number), Uuid::new_v4())).await;
    }
    service
}
