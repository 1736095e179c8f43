//! Topics are created as planned.

use entity_events::kafka::{TopicPlan, TopicPolicy};
use entity_events_tests::domain::{KafkaConfig, KafkaEventService};
use entity_events_tests::kafka::Kafka;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;

#[tokio::test(flavor = "multi_thread")]
async fn each_topic_has_its_own_partitions_and_configuration() {
    let kafka = Kafka::shared();
    let mut config = KafkaConfig::new(kafka.bootstrap_servers());
    "plan.".clone_into(&mut config.topic_prefix);
    let service = KafkaEventService::new(&config).expect("a service");
    let plan = TopicPlan::new(3, 1)
        .topic("product_topic", |topic| topic.partitions(5).config("cleanup.policy", "compact"))
        .config("max.message.bytes", "4000");
    service.ensure_topics(TopicPolicy::CreateWith(plan.clone())).await.expect("created");
    service.ensure_topics(TopicPolicy::CreateWith(plan)).await.expect("they are there");

    let mut client = ClientConfig::new();
    client.extend(config.client_properties().expect("valid"));
    let admin: AdminClient<DefaultClientContext> = client.create().expect("an admin client");
    let topics = config.prefixed_topics();
    for (topic, partitions, cleanup) in
        [(&topics.product_topic, 5, "compact"), (&topics.order_topic, 3, "delete")]
    {
        let metadata = admin.inner().fetch_metadata(Some(topic), std::time::Duration::from_secs(30));
        assert_eq!(metadata.expect("an answer").topics()[0].partitions().len(), partitions, "{topic}");
        let described =
            admin.describe_configs(&[ResourceSpecifier::Topic(topic)], &AdminOptions::new()).await;
        let described = described.expect("an answer").remove(0).expect("a topic");
        let value = |name: &str| described.get(name).and_then(|entry| entry.value.clone());
        assert_eq!(value("cleanup.policy").as_deref(), Some(cleanup), "{topic}");
        assert_eq!(value("max.message.bytes").as_deref(), Some("4000"), "{topic}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kafka_refuses_is_named_with_its_topic() {
    let kafka = Kafka::shared();
    let mut config = KafkaConfig::new(kafka.bootstrap_servers());
    "refused.".clone_into(&mut config.topic_prefix);
    let service = KafkaEventService::new(&config).expect("a service");
    let plan = TopicPlan::new(3, 1).topic("order_topic", |topic| topic.replicas(7));
    let error = service.ensure_topics(TopicPolicy::CreateWith(plan)).await.expect_err("too many").to_string();
    assert!(
        error.contains(&format!("`refused.{}` with 3 partitions and 7 replicas", config.order_topic)),
        "{error}"
    );
    assert!(!error.contains(&config.product_topic), "{error}");
}
