//! Neither the service nor the embedded Kafka needs a tokio runtime.

use std::time::Duration;

use entity_events::Publish;
use entity_events::kafka::TopicPolicy;
use entity_events_tests::tick::{Service, kafka, numbers, tick};
use futures_executor::block_on;

#[test]
fn the_service_works_outside_tokio() {
    let (kafka, mut config) = block_on(kafka());
    config.producer.queue_buffering_max_messages = 10;
    let service = Service::new(&config).expect("a service");
    block_on(service.ensure_topics(TopicPolicy::Check)).expect("the topic is there");
    block_on(service.publish_all((0..1_000).map(|number| tick(1, number)).collect())).expect("published");
    block_on(service.publish(tick(1, 1_000))).expect("published");
    block_on(service.flush(Duration::from_secs(10))).expect("delivered");
    let report = block_on(service.close(Duration::from_secs(10)));
    assert_eq!((report.delivered, report.lost.len(), report.unresolved), (1_001, 0, 0));
    assert!(block_on(numbers(&kafka, 1_001)).into_iter().eq(0..=1_000));
}
