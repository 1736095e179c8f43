//! The test double, as domain tests use it.

use std::sync::Arc;
use std::time::Duration;

use entity_events::ErrorKind;
use entity_events::testing::RecordingProducer;
use entity_events_tests::domain::{
    EventProducer, Order, OrderEvent, OrderEventType, OrderId, ProductEvent, ProductId, UserId,
};
use uuid::Uuid;

fn order(quantity: u32) -> OrderEvent {
    let id = Uuid::nil();
    let order = Order { id: OrderId(id), product_id: ProductId(id), user_id: UserId(id), quantity };
    OrderEvent::new_created(&order, id)
}

fn recording() -> (RecordingProducer, Arc<dyn EventProducer>) {
    let recording = RecordingProducer::default();
    (recording.clone(), Arc::new(recording))
}

#[tokio::test]
async fn events_are_recorded_by_type_and_in_order() {
    let (recording, events) = recording();
    events.publish_order_event(order(1)).await.expect("published");
    events.publish_order_events(vec![order(2), order(3)]).await.expect("published");
    events.emit_order_event(order(4)).await;
    let quantities: Vec<_> =
        recording.events::<OrderEvent>().iter().map(|event| event.data.quantity).collect();
    assert_eq!(quantities, [1, 2, 3, 4]);
    assert!(recording.events::<ProductEvent>().is_empty());
    recording.assert_published::<OrderEvent>(|event| event.event_type == OrderEventType::Created);
    recording.clear();
    assert!(recording.events::<OrderEvent>().is_empty());
}

#[tokio::test]
#[should_panic(expected = "no matching event of feature `order` among [\"OrderCreated\"]")]
async fn a_failed_assertion_lists_the_published_events() {
    let (recording, events) = recording();
    events.emit_order_event(order(1)).await;
    recording.assert_published::<OrderEvent>(|event| event.data.quantity == 2);
}

#[tokio::test]
async fn fail_next_fails_the_next_calls() {
    let (recording, events) = recording();
    recording.fail_next(ErrorKind::Unknown);
    recording.fail_next(ErrorKind::Retriable);
    let batch = vec![order(1), order(2)];
    let error = events.publish_order_events(batch).await.expect_err("fails as requested");
    assert!(error.to_string().contains("fail_next"), "{error}");
    events.emit_order_event(order(3)).await;
    assert!(recording.events::<OrderEvent>().is_empty(), "a failed emit records nothing");
    events.publish_order_event(order(4)).await.expect("both failures are used up");
}

#[tokio::test]
async fn wait_for_returns_the_events_of_another_task() {
    let (recording, events) = recording();
    tokio::spawn(async move {
        for quantity in 0..3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            events.emit_order_event(order(quantity)).await;
        }
    });
    let events = recording.wait_for::<OrderEvent>(3, Duration::from_secs(10)).await.expect("three");
    assert_eq!(events.len(), 3);
    let error = recording.wait_for::<OrderEvent>(4, Duration::from_millis(20)).await.expect_err("only three");
    assert_eq!(error.to_string(), "3 of 4 events of feature `order` were published within 20ms");
}
