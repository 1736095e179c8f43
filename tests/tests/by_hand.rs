//! An event service written by hand, compared with the derived one: both write equal records.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity_events::kafka::KafkaEventService;
use entity_events::testing::EmbeddedKafka;
use entity_events_tests::domain::{
    Order, OrderEvent, OrderEventProducer as _, OrderId, OrderTopics, ProductId, UserId,
};
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Serialize)]
enum OrderEventType {
    #[serde(rename = "OrderCreated")]
    Created,
}

#[derive(Debug, Serialize)]
struct OrderEventData {
    id: Uuid,
    product_id: Uuid,
    user_id: Uuid,
    quantity: u32,
}

#[derive(Debug, Serialize)]
struct Metadata {
    source_service: String,
    correlation_id: Uuid,
    user_id: String,
}

#[derive(Debug, Serialize)]
struct HandWrittenEvent {
    event_id: Uuid,
    event_type: OrderEventType,
    #[serde(serialize_with = "micros")]
    timestamp: DateTime<Utc>,
    version: String,
    data: OrderEventData,
    metadata: Metadata,
}

fn micros<S: serde::Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
}

#[async_trait::async_trait]
trait EventProducer: Send + Sync + std::fmt::Debug {
    async fn publish_order_event(&self, event: HandWrittenEvent) -> Result<(), String>;
}

struct HandWrittenService {
    producer: FutureProducer,
    topic: String,
}

impl std::fmt::Debug for HandWrittenService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandWrittenService").finish_non_exhaustive()
    }
}

impl HandWrittenService {
    fn new(bootstrap_servers: &str, topic: &str) -> Result<Self, String> {
        let producer = ClientConfig::new()
            .set("bootstrap.servers", bootstrap_servers)
            .set("client.id", "catalog-service")
            .set("acks", "all")
            .set("retries", "3")
            .set("enable.idempotence", "true")
            .set("max.in.flight.requests.per.connection", "1")
            .set("batch.size", "16384")
            .set("linger.ms", "5")
            .set("compression.type", "lz4")
            .set("request.timeout.ms", "30000")
            .set("delivery.timeout.ms", "120000")
            .set("partitioner", "murmur2_random")
            .create()
            .map_err(|e| format!("Failed to create Kafka producer: {e}"))?;
        Ok(Self { producer, topic: topic.to_owned() })
    }
}

#[async_trait::async_trait]
impl EventProducer for HandWrittenService {
    async fn publish_order_event(&self, event: HandWrittenEvent) -> Result<(), String> {
        let json = serde_json::to_string(&event).map_err(|e| format!("Serialization error: {e}"))?;
        let key = event.data.id.to_string();
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("ce_specversion", "1.0".to_owned()),
            ("ce_id", event.event_id.to_string()),
            ("ce_source", "/catalog-service".to_owned()),
            ("ce_type", "OrderCreated".to_owned()),
            ("ce_time", event.timestamp.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()),
            ("ce_subject", key.clone()),
            ("ce_correlationid", event.metadata.correlation_id.to_string()),
            ("ce_version", event.version.clone()),
        ]
        .iter()
        .fold(OwnedHeaders::new(), |all, (key, value)| all.insert(Header { key, value: Some(value) }));
        let record = FutureRecord::to(&self.topic).key(&key).payload(&json).headers(headers);
        let sent = self.producer.send(record, Duration::from_secs(10)).await;
        sent.map(|_| ()).map_err(|(e, _)| format!("Kafka publish error: {e}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn derived_and_hand_written_records_are_equal() {
    let kafka =
        EmbeddedKafka::builder().topic("by-hand", 6).topic("derived", 6).start().await.expect("a Kafka");
    let order = Order {
        id: OrderId(Uuid::new_v4()),
        product_id: ProductId(Uuid::new_v4()),
        user_id: UserId(Uuid::new_v4()),
        quantity: 3,
    };
    let derived = OrderEvent::new_created(&order, Uuid::new_v4());
    let by_hand = HandWrittenEvent {
        event_id: derived.event_id,
        event_type: OrderEventType::Created,
        timestamp: derived.timestamp,
        version: "1.0".to_owned(),
        data: OrderEventData {
            id: order.id.0,
            product_id: order.product_id.0,
            user_id: order.user_id.0,
            quantity: order.quantity,
        },
        metadata: Metadata {
            source_service: "catalog-service".to_owned(),
            correlation_id: derived.metadata.correlation_id,
            user_id: order.user_id.to_string(),
        },
    };

    let service = HandWrittenService::new(kafka.bootstrap_servers(), "by-hand").expect("a service");
    service.publish_order_event(by_hand).await.expect("published");

    let mut config = kafka.config::<OrderTopics>();
    config.order_topic = "derived".to_owned();
    let service: KafkaEventService<OrderTopics> = KafkaEventService::new(&config).expect("a service");
    service.publish_order_event(derived).await.expect("published");

    let [mut left, right] = [
        kafka.consume("by-hand", 1).await.expect("one record").remove(0),
        kafka.consume("derived", 1).await.expect("one record").remove(0),
    ];
    assert_eq!(left.text(), right.text());
    left.topic.clone_from(&right.topic);
    assert_eq!(left, right, "key, partition, offset, value and headers");
    let _: OrderEvent = left.json().expect("the derived types read the hand-written record");
}
