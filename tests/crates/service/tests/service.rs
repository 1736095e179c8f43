//! A domain crate without Kafka and a service crate with it.

use std::process::Command;

use entity_events::kafka::KafkaConfig;
use entity_events_service::Topics;

#[test]
fn the_topics_are_those_of_the_domain_entities() {
    let config = KafkaConfig::<Topics>::default();
    assert_eq!(config.product_topic, "int.product-update.event");
    assert_eq!(config.order_topic, "int.order-update.event");
    assert_eq!(config.client_id, "catalog-service");
}

#[test]
fn the_domain_crate_does_not_depend_on_kafka() {
    let tree = |package| {
        let arguments =
            ["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--package", package];
        let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(tree("entity-events-service").contains("rdkafka"));
    let domain = tree("entity-events-domain");
    assert!(domain.contains("entity-events-macros"));
    assert!(!domain.contains("rdkafka") && !domain.contains("tokio"), "{domain}");
}
