//! The order per key is the order of the calls, however they are mixed and pipelined.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use entity_events::kafka::ProducerSettings;
use entity_events::testing::{ConsumedRecord, TopicReader};
use entity_events::{Publish, PublishError};
use entity_events_tests::domain::{KafkaEventService, Order, OrderEvent};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::samples::{lamp, order_of};
use uuid::Uuid;

const EVENTS: u32 = 10_000;
const KEYS: u32 = 500;

#[tokio::test(flavor = "multi_thread")]
async fn order_per_key_is_the_order_of_mixed_calls() {
    calls_arrive_in_order("order", ProducerSettings::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn order_per_key_is_the_order_of_mixed_calls_with_five_requests_in_flight() {
    calls_arrive_in_order("order-throughput", ProducerSettings::throughput()).await;
}

type Publishing<'a> = Pin<Box<dyn Future<Output = Result<(), PublishError>> + Send + 'a>>;

async fn calls_arrive_in_order(name: &str, producer: ProducerSettings) {
    let kafka = Kafka::shared();
    let mut config = kafka.config(name, 6).await;
    config.producer = producer;
    let service = KafkaEventService::new(&config).expect("a service");

    // The quantity counts the events of each order; three events in a row have the same key.
    let product = lamp();
    let mut orders: Vec<Order> = (0..KEYS).map(|_| order_of(&product, 0)).collect();
    let mut events = (0..EVENTS)
        .map(|n| {
            let order = &mut orders[(n / 3 * 7_919 % KEYS) as usize];
            order.quantity += 1;
            OrderEvent::new_created(order, Uuid::new_v4())
        })
        .collect::<Vec<_>>()
        .into_iter();

    let mut under_way: Vec<Publishing<'_>> = Vec::new();
    for round in 0.. {
        let mut some: Vec<OrderEvent> = events.by_ref().take(1 + round % 40).collect();
        match round % 3 {
            _ if some.is_empty() => break,
            0 => call(&mut under_way, service.publish_all(some)).await,
            1 => {
                for event in some.drain(..) {
                    call(&mut under_way, service.publish(event)).await;
                }
            }
            _ => {
                for event in some.drain(..) {
                    service.emit(event).await;
                }
            }
        }
    }
    for publishing in under_way {
        publishing.await.expect("published");
    }
    service.flush(Duration::from_mins(1)).await.expect("flushed");
    let stats = service.stats();
    assert_eq!((stats.accepted, stats.delivered, stats.lost), (EVENTS.into(), EVENTS.into(), 0));

    let reader =
        TopicReader::from_start(kafka.bootstrap_servers(), &[&config.order_topic]).await.expect("a reader");
    let (_, records) = reader.read(EVENTS as usize, Duration::from_mins(1)).await.expect("the records");
    assert_eq!(kafka.count(&config.order_topic), EVENTS as usize, "no duplicates");
    let arrived = quantities_by_key(&records);
    for order in &orders {
        let quantities = &arrived[&order.id.to_string()];
        assert!(quantities.iter().copied().eq(1..=order.quantity), "order {}: {quantities:?}", order.id);
    }
}

/// Polls the call once and leaves it under way: events are in the order of the first polls.
async fn call<'a>(
    under_way: &mut Vec<Publishing<'a>>,
    publishing: impl Future<Output = Result<(), PublishError>> + Send + 'a,
) {
    let mut publishing: Publishing<'a> = Box::pin(publishing);
    match poll_fn(|context| Poll::Ready(publishing.as_mut().poll(context))).await {
        Poll::Ready(result) => result.expect("published"),
        Poll::Pending => under_way.push(publishing),
    }
}

fn quantities_by_key(records: &[ConsumedRecord]) -> HashMap<String, Vec<u32>> {
    let mut by_key: HashMap<String, Vec<u32>> = HashMap::new();
    for record in records {
        let event: OrderEvent = record.json().expect("an order's event");
        by_key.entry(record.key.clone().expect("a key")).or_default().push(event.data.quantity);
    }
    by_key
}
