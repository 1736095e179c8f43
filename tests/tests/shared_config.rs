//! The configuration as consumers and administration share it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity_events::kafka::{ClientProperties, KafkaConfig, KafkaEventService, TopicPlan, TopicPolicy};
use entity_events::testing::EmbeddedKafka;
use entity_events::{EntityEvents, Publish};
use entity_events_tests::domain::Topics;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::{ClientConfig, Message};
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "test")]
struct Note {
    id: String,
}

/// Keeps what librdkafka warns about.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl ClientContext for Warnings {
    fn log(&self, _: RDKafkaLogLevel, _: &str, message: &str) {
        self.0.lock().expect("a lock").push(message.to_owned());
    }
}

impl ConsumerContext for Warnings {}

/// librdkafka hands out its warnings while a consumer is polled.
fn warnings(properties: ClientProperties) -> Vec<String> {
    let (consumer, warnings) = consumer(properties);
    for _ in 0..20 {
        let _ = consumer.poll(Duration::from_millis(10));
    }
    let warnings = warnings.0.lock().expect("a lock");
    warnings.iter().filter(|text| text.contains("producer property")).cloned().collect()
}

fn consumer(properties: ClientProperties) -> (BaseConsumer<Warnings>, Warnings) {
    let mut config = ClientConfig::new();
    config.extend(properties);
    config.set("group.id", "test").set("auto.offset.reset", "earliest");
    let warnings = Warnings::default();
    (config.create_with_context(warnings.clone()).expect("a consumer"), warnings)
}

#[test]
fn a_consumer_has_all_of_it_but_what_is_for_producers() {
    let mut config = KafkaConfig::<Topics>::new("127.0.0.1:1");
    config.properties.insert("linger.ms".to_owned(), "7".to_owned());
    config.properties.insert("socket.timeout.ms".to_owned(), "4000".to_owned());
    let properties = config.client_properties().expect("valid");
    assert_eq!(properties.get("bootstrap.servers"), Some("127.0.0.1:1"));
    assert_eq!(properties.get("client.id"), Some("catalog-service"));
    assert_eq!(properties.get("socket.timeout.ms"), Some("4000"));
    assert_eq!(properties.get("linger.ms"), None);
    assert_eq!(warnings(properties), Vec::<String>::new());

    // The whole would have warned.
    let all = config.producer_properties().expect("valid");
    assert_eq!(all.get("linger.ms"), Some("7"));
    assert_eq!(all.get("acks"), Some("all"));
    assert_ne!(warnings(all), Vec::<String>::new());
}

#[test]
fn secrets_are_given_and_never_shown() {
    let mut config = KafkaConfig::<Topics>::default();
    config.properties.insert("sasl.password".to_owned(), "hunter2".to_owned());
    let properties = config.producer_properties().expect("valid");
    assert_eq!(properties.get("sasl.password"), Some("hunter2"));
    let shown = format!("{properties:?} {properties:#?}");
    assert!(!shown.contains("hunter2") && shown.contains("sasl.password"), "{shown}");
}

#[test]
fn what_the_service_refuses_is_refused_here() {
    let mut config = KafkaConfig::<Topics>::default();
    config.properties.insert("acks".to_owned(), "0".to_owned());
    let error = config.client_properties().expect_err("locked").to_string();
    assert!(error.contains("acks") && error.contains("cannot be set here"), "{error}");
    let mut config = KafkaConfig::<Topics>::default();
    "no spaces ".clone_into(&mut config.topic_prefix);
    let error = config.client_properties().expect_err("no topic's name").to_string();
    assert!(error.contains("invalid topic name `no spaces int.product-update.event`"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_topic_has_the_prefix_for_the_service_and_for_consumers() {
    let kafka = EmbeddedKafka::builder().topic("staging.notes", 1).start().await.expect("a Kafka");
    let mut config = kafka.config::<NoteTopics>();
    "notes".clone_into(&mut config.note_topic);
    "staging.".clone_into(&mut config.topic_prefix);
    let service = KafkaEventService::new(&config).expect("a service");
    service.ensure_topics(TopicPolicy::Check).await.expect("the topic is there");
    let event = NoteEvent::new_created(&Note { id: "1".to_owned() }, Uuid::new_v4());
    service.publish(event).await.expect("published");

    assert_eq!(config.prefixed_topics().note_topic, "staging.notes");
    let (consumer, _) = consumer(config.client_properties().expect("valid"));
    consumer.subscribe(&[&config.prefixed_topics().note_topic]).expect("subscribed");
    let mut polls = (0..100).filter_map(|_| consumer.poll(Duration::from_millis(100)));
    let record = polls.next().expect("in time").expect("a record");
    assert_eq!((record.topic(), record.key()), ("staging.notes", Some(b"1".as_slice())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_names_topics_that_are_there_and_each_once() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let mut config = kafka.config::<Topics>();
    let service = KafkaEventService::new(&config).expect("a service");
    let plan = TopicPlan::new(1, 1).topic("prodct_topic", |topic| topic.partitions(2));
    let error = service.ensure_topics(TopicPolicy::CreateWith(plan)).await.expect_err("no such topic");
    assert!(error.to_string().contains("`prodct_topic`, which is no topic; use one of `"), "{error}");

    config.order_topic = config.product_topic.clone();
    let service = KafkaEventService::new(&config).expect("a service");
    let plan = TopicPlan::new(1, 1).topic("order_topic", |topic| topic.partitions(2));
    let error = service.ensure_topics(TopicPolicy::CreateWith(plan)).await.expect_err("two plans");
    assert!(error.to_string().contains("say the same for both"), "{error}");
}
