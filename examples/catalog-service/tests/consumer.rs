//! What a consumer makes of records: those of this version, of others, twice, and broken.

use std::time::Duration;

use async_trait::async_trait;
use catalog_service::config::{KafkaConfig, Topics};
use catalog_service::consumer::{Change, Handler, HandlerError, Inbox, Message, Outcome, run};
use catalog_service::domain::correlation::CorrelationId;
use catalog_service::domain::product::{Price, Product, ProductEvent, ProductId, ProductName};
use entity_events::kafka::KafkaEventService;
use entity_events::testing::{EmbeddedKafka, ProduceError};
use entity_events::{Event as _, Publish as _};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use uuid::Uuid;

/// Hands over the names of products; fails as often as it is told to.
struct Names {
    names: mpsc::UnboundedSender<String>,
    failures: u32,
}

#[async_trait]
impl Handler for Names {
    async fn handle(&mut self, change: Change) -> Result<(), HandlerError> {
        if self.failures > 0 {
            self.failures -= 1;
            return Err("the database is away".into());
        }
        let Change::Product(event) = change else { return Err("no product".into()) };
        Ok(self.names.send(format!("{} {}", event.event_type(), event.data.name.as_str()))?)
    }
}

fn names(failures: u32) -> (Names, mpsc::UnboundedReceiver<String>) {
    let (names, received) = mpsc::unbounded_channel();
    (Names { names, failures }, received)
}

fn lamp() -> Product {
    let (name, price) = (ProductName::new("Lamp").expect("a name"), Price::new(1_250).expect("a price"));
    Product { id: ProductId::generate(), name, price, note: None }
}

fn created() -> ProductEvent {
    ProductEvent::new_created(&lamp(), CorrelationId::generate().into())
}

/// What the inbox makes of a value under an id and a version.
async fn receive(
    inbox: &mut Inbox,
    names: &mut Names,
    id: &str,
    version: &str,
    value: Option<&Value>,
) -> Result<Outcome, HandlerError> {
    let value = value.map(ToString::to_string);
    let headers = [("ce_id", id.as_bytes()), ("ce_version", version.as_bytes())];
    let topic = Topics::default().product_topic;
    let message = Message { topic: &topic, value: value.as_deref().map(str::as_bytes), headers: &headers };
    inbox.receive(message, names).await
}

#[tokio::test]
async fn a_duplicate_is_dropped() {
    let (mut inbox, (mut names, mut received)) = (Inbox::new(Topics::default()), names(0));
    let value = serde_json::to_value(created()).expect("JSON");
    let (one, other) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    let mut outcomes = Vec::new();
    for id in [&one, &one, &other, &one] {
        outcomes.push(receive(&mut inbox, &mut names, id, "1.0", Some(&value)).await.expect("handled"));
    }
    assert_eq!(outcomes, [Outcome::Handled, Outcome::Duplicate, Outcome::Handled, Outcome::Duplicate]);
    assert_eq!(received.recv().await.as_deref(), Some("ProductCreated Lamp"));
    assert_eq!(received.len(), 1);
}

#[tokio::test]
async fn memory_for_duplicates_is_bounded() {
    let (mut inbox, (mut names, _received)) = (Inbox::new(Topics::default()), names(0));
    let value = serde_json::to_value(created()).expect("JSON");
    let first = Uuid::now_v7().to_string();
    receive(&mut inbox, &mut names, &first, "1.0", Some(&value)).await.expect("handled");
    for _ in 0..10_000 {
        let id = Uuid::now_v7().to_string();
        receive(&mut inbox, &mut names, &id, "1.0", Some(&value)).await.expect("handled");
    }
    let again = receive(&mut inbox, &mut names, &first, "1.0", Some(&value)).await.expect("handled");
    assert_eq!(again, Outcome::Handled, "ten thousand others came in between");
}

#[tokio::test]
async fn a_change_that_could_not_be_handled_is_no_duplicate() {
    let (mut inbox, (mut names, _received)) = (Inbox::new(Topics::default()), names(1));
    let value = serde_json::to_value(created()).expect("JSON");
    let id = Uuid::now_v7().to_string();
    receive(&mut inbox, &mut names, &id, "1.0", Some(&value)).await.expect_err("as planned");
    assert_eq!(
        receive(&mut inbox, &mut names, &id, "1.0", Some(&value)).await.expect("handled"),
        Outcome::Handled
    );
}

#[tokio::test]
async fn a_newer_publisher_is_understood_as_far_as_both_know() {
    let (mut inbox, (mut names, mut received)) = (Inbox::new(Topics::default()), names(0));
    let mut receive = async |version: &str, value: &Value| {
        receive(&mut inbox, &mut names, &Uuid::now_v7().to_string(), version, Some(value))
            .await
            .expect("handled")
    };
    // A field that this consumer does not know, of the same major version.
    let mut newer = serde_json::to_value(created()).expect("JSON");
    newer["data"]["color"] = json!("green");
    newer["version"] = json!("1.7");
    assert_eq!(receive("1.7", &newer).await, Outcome::Handled);
    // A type that it does not know.
    newer["event_type"] = json!("ProductDiscontinued");
    assert_eq!(receive("1.7", &newer).await, Outcome::UnknownType("ProductDiscontinued".to_owned()));
    // A version that it was not written for, whose value may be anything.
    assert_eq!(receive("2.0", &json!([])).await, Outcome::UnknownVersion("2.0".to_owned()));
    assert_eq!(received.recv().await.as_deref(), Some("ProductCreated Lamp"));
    assert!(received.is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_skipped_and_said_without_its_data() {
    let (mut inbox, (mut names, received)) = (Inbox::new(Topics::default()), names(0));
    let id = Uuid::now_v7().to_string();
    let secret = json!({"event_type": "ProductCreated", "data": "secret"});
    let Outcome::Broken(text) =
        receive(&mut inbox, &mut names, &id, "1.0", Some(&secret)).await.expect("skipped")
    else {
        panic!("it cannot be read");
    };
    assert!(text.contains("`product`") && !text.contains("secret"), "{text}");
    let no_id = receive(&mut inbox, &mut names, "7", "1.0", Some(&secret)).await.expect("skipped");
    assert_eq!(no_id, Outcome::Broken("its header `ce_id` is not a UUID".to_owned()));
    let tombstone = receive(&mut inbox, &mut names, &id, "1.0", None).await.expect("left alone");
    assert_eq!(tombstone, Outcome::Tombstone);
    assert!(received.is_empty());
}

/// Reads as a member of a group until a change has come, and returns all that came.
async fn consume(config: KafkaConfig, failures: u32, last: &str) -> Vec<String> {
    let (mut handler, mut received) = names(failures);
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        run(&config, "test", &mut handler, async { drop(stopped.await) }).await.expect("it can work")
    });
    let mut came = Vec::new();
    while came.last().is_none_or(|name| name != last) {
        let next = timeout(Duration::from_mins(1), received.recv()).await;
        came.push(next.unwrap_or_else(|_| panic!("only {came:?} came")).expect("a change"));
    }
    drop(stop);
    let counts = running.await.expect("no panic");
    assert_eq!((counts.handled, counts.duplicates, counts.broken), (came.len() as u64, 0, 0));
    came
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_handled_across_failures_of_the_handler_and_of_brokers() {
    let topics = Topics::default();
    let builder = EmbeddedKafka::builder().topic(&topics.product_topic, 1).topic(&topics.order_topic, 1);
    let kafka = builder.start().await.expect("a Kafka");
    let mut config: KafkaConfig = kafka.config();
    config.properties.insert("reconnect.backoff.max.ms".to_owned(), "500".to_owned());
    // The embedded Kafka lets a member that has left count until then; a real one does not.
    config.properties.insert("session.timeout.ms".to_owned(), "6000".to_owned());
    let publisher = KafkaEventService::new(&config).expect("a publisher");
    let mut lamp = lamp();
    publisher.publish(ProductEvent::new_created(&lamp, Uuid::now_v7())).await.expect("published");

    let reading = tokio::spawn(consume(config.clone(), 2, "ProductUpdated Floor lamp"));
    kafka.broker_down(1).expect("down");
    kafka.broker_up(1).expect("up");
    kafka.fail_next_produce(ProduceError::NotEnoughReplicas, 1).expect("planned");
    for name in ["Desk lamp", "Floor lamp"] {
        let old = lamp.clone();
        lamp.name = ProductName::new(name).expect("a name");
        publisher.publish(ProductEvent::new_updated(&old, &lamp, Uuid::now_v7())).await.expect("published");
    }
    let came = reading.await.expect("no panic");
    assert_eq!(came, ["ProductCreated Lamp", "ProductUpdated Desk lamp", "ProductUpdated Floor lamp"]);

    // The first member has committed what it handled before it left the group; the next one goes on there.
    publisher.publish(ProductEvent::new_deleted(&lamp, Uuid::now_v7())).await.expect("published");
    let came = consume(config, 0, "ProductDeleted Floor lamp").await;
    assert_eq!(came, ["ProductDeleted Floor lamp"]);
}
