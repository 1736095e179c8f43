//! The wire format: JSON, key and headers, byte for byte.

use std::collections::HashSet;

use entity_events::kafka::KafkaEventService;
use entity_events::testing::{ConsumedRecord, EmbeddedKafka};
use entity_events::{EntityEvents, Event, Publish};
use entity_events_tests::domain::{
    Amount, CategoryId, Description, Product, ProductEvent, ProductEventType, ProductId, ProductTopics,
    UserId,
};
use uuid::{Uuid, uuid};

const CORRELATION: Uuid = uuid!("3d0f6d5e-2f8b-4b57-9e0e-1f1f6c5a9a01");

fn lamp() -> Product {
    Product {
        id: ProductId(uuid!("6f1c9a52-5a3b-4c0e-8b8e-3f2f5a7e1c11")),
        user_id: UserId(uuid!("0b8f3f0e-7f53-4f0f-9d5c-2f4e6f7a8b9c")),
        amount: Amount::from_cents(1250),
        description: Description("Lämp \"Ada\"\n".to_owned()),
        category_id: CategoryId(Uuid::nil()),
    }
}

fn created() -> ProductEvent {
    let mut event = ProductEvent::new_created(&lamp(), "Kitchen".to_owned(), CORRELATION);
    event.event_id = uuid!("0193583f-6f00-7000-8000-000000000001");
    event.timestamp = "2026-11-23T10:00:00.1234Z".parse().expect("a time");
    event
}

const CREATED: &str = r#"{"event_id":"0193583f-6f00-7000-8000-000000000001","event_type":"ProductCreated","timestamp":"2026-11-23T10:00:00.123400Z","version":"1.0","data":{"id":"6f1c9a52-5a3b-4c0e-8b8e-3f2f5a7e1c11","user_id":"0b8f3f0e-7f53-4f0f-9d5c-2f4e6f7a8b9c","amount":"12.50","description":"Lämp \"Ada\"\n","category_name":"Kitchen"},"metadata":{"source_service":"catalog-service","correlation_id":"3d0f6d5e-2f8b-4b57-9e0e-1f1f6c5a9a01","user_id":"0b8f3f0e-7f53-4f0f-9d5c-2f4e6f7a8b9c"}}"#;

#[test]
fn the_envelope_byte_for_byte() {
    assert_eq!(serde_json::to_string(&created()).expect("JSON"), CREATED);
}

#[test]
fn old_data_and_causation_are_written_if_set() {
    let old = lamp();
    let new = Product { amount: Amount::from_cents(990), ..old.clone() };
    let mut event =
        ProductEvent::new_updated(&old, &new, "Kitchen".to_owned(), "Office".to_owned(), CORRELATION);
    event.metadata.causation_id = Some(Uuid::nil());
    let json = serde_json::to_string(&event).expect("JSON");
    let positions: Vec<_> = [
        r#""data":{"#,
        r#""amount":"9.90""#,
        r#""category_name":"Office""#,
        r#""old_data":{"#,
        r#""amount":"12.50""#,
        r#""category_name":"Kitchen""#,
        r#""metadata":{"#,
        r#""causation_id":"#,
    ]
    .iter()
    .map(|part| json.find(part).unwrap_or_else(|| panic!("{part} in {json}")))
    .collect();
    assert!(positions.is_sorted(), "{json}");
}

#[test]
fn events_round_trip_through_json() {
    let event = ProductEvent::new_created(&lamp(), "Kitchen".to_owned(), CORRELATION);
    let json = serde_json::to_string(&event).expect("JSON");
    let back: ProductEvent = serde_json::from_str(&json).expect("the same type");
    assert_eq!(serde_json::to_string(&back).expect("JSON"), json);
    assert_eq!(back.timestamp, event.timestamp, "timestamps have the resolution of the wire format");
    assert_eq!(back.event_type, ProductEventType::Created);
    assert_eq!(back.event_type.to_string(), "ProductCreated");
}

#[test]
fn unknown_fields_are_ignored() {
    let newer = CREATED
        .replace(r#""version":"1.0","#, r#""version":"1.1","trace":{"a":[1]},"#)
        .replace(r#""amount":"12.50","#, r#""amount":"12.50","colour":"red","#);
    let event: ProductEvent = serde_json::from_str(&newer).expect("unknown fields are ignored");
    assert_eq!(event.version, "1.1");
}

#[test]
fn event_ids_are_ascending_version_7_uuids() {
    let ids: Vec<_> =
        (0..1000).map(|_| ProductEvent::new_created(&lamp(), String::new(), CORRELATION).id()).collect();
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
    assert!(ids.is_sorted());
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

async fn read_back<E: Event, T: entity_events::TopicFor<E::Entity>>(
    event: E,
    records: usize,
) -> Vec<ConsumedRecord> {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let config = kafka.config::<T>();
    let service = KafkaEventService::new(&config).expect("a service");
    service.publish(event).await.expect("published");
    kafka.consume(config.topic(), records).await.expect("the records")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_byte_for_byte() {
    let record = read_back::<_, ProductTopics>(created(), 1).await.remove(0);
    assert_eq!(record.topic, "int.product-update.event");
    assert_eq!(record.key.as_deref(), Some("6f1c9a52-5a3b-4c0e-8b8e-3f2f5a7e1c11"));
    assert_eq!(record.text(), CREATED);
    let headers: Vec<_> =
        record.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        headers,
        [
            ("content-type", "application/json"),
            ("ce_specversion", "1.0"),
            ("ce_id", "0193583f-6f00-7000-8000-000000000001"),
            ("ce_source", "/catalog-service"),
            ("ce_type", "ProductCreated"),
            ("ce_time", "2026-11-23T10:00:00.123400Z"),
            ("ce_subject", "6f1c9a52-5a3b-4c0e-8b8e-3f2f5a7e1c11"),
            ("ce_correlationid", "3d0f6d5e-2f8b-4b57-9e0e-1f1f6c5a9a01"),
            ("ce_version", "1.0"),
        ]
    );
}

/// An entity with every key that changes the record.
#[derive(Debug, Clone, EntityEvents)]
#[event(
    source = "stock",
    version = "2.1",
    type_prefix = "com.acme",
    topic = "stock",
    rename_all = "camelCase"
)]
#[event(delete = "event_then_tombstone", types(Counted))]
struct Stock {
    #[event(key, header = "x-tenant")]
    tenant: String,
    #[event(key, rename = "sku")]
    item_number: u32,
    on_hand: i64,
}

fn stock() -> Stock {
    Stock { tenant: "acme".to_owned(), item_number: 17, on_hand: -1 }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_change_the_record() {
    let mut event = StockEvent::new_counted(&stock(), CORRELATION);
    event.metadata.causation_id = Some(CORRELATION);
    let record = read_back::<_, StockTopics>(event, 1).await.remove(0);
    assert_eq!(record.key.as_deref(), Some("acme:17"), "several key fields are joined");
    assert_eq!(record.header("ce_type"), Some("com.acme.StockCounted"));
    assert_eq!(record.header("ce_causationid"), Some(CORRELATION.to_string().as_str()));
    assert_eq!(record.version(), Some("2.1"));
    assert_eq!(record.header("x-tenant"), Some("acme"));
    assert!(
        record.text().contains(r#""version":"2.1","data":{"tenant":"acme","sku":17,"onHand":-1}"#),
        "{}",
        record.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_with_a_tombstone() {
    let event = StockEvent::new_deleted(&stock(), CORRELATION);
    let records = read_back::<_, StockTopics>(event.clone(), 2).await;
    let [deleted, tombstone] = records.as_slice() else { panic!("two records: {records:?}") };
    assert_eq!(deleted.header("ce_id"), Some(event.event_id.to_string().as_str()));
    assert!(deleted.value.is_some());
    assert_eq!(tombstone.value, None, "no value, not the text `null`");
    assert_eq!((&tombstone.key, tombstone.partition), (&deleted.key, deleted.partition));
    assert!(tombstone.offset > deleted.offset);
    assert_ne!(tombstone.header("ce_id"), deleted.header("ce_id"));

    let again = read_back::<_, StockTopics>(event, 2).await;
    assert_eq!(
        again[1].header("ce_id"),
        tombstone.header("ce_id"),
        "the same event gives the same tombstone id"
    );
}

#[derive(Debug, Clone, EntityEvents)]
#[event(delete = "tombstone")]
struct Compacted {
    id: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_is_only_a_tombstone() {
    let event = CompactedEvent::new_deleted(&Compacted { id: 1 }, CORRELATION);
    let id = event.event_id.to_string();
    let records = read_back::<_, CompactedTopics>(event, 1).await;
    assert_eq!(records[0].value, None);
    assert_eq!(records[0].header("ce_id"), Some(id.as_str()));
    assert_eq!(
        records[0].header("ce_source"),
        Some("/entity-events-tests"),
        "the package name is the default source"
    );
}
