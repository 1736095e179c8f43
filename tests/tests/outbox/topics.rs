//! A topic that cannot be written to waits, is named, and holds up no other.

use std::time::{Duration, Instant};

use entity_events::kafka::{SaslMechanism, SecurityProtocol};
use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events_tests::domain::{
    OrderEvent, OrderEventProducer, ProductEvent, ProductEventProducer, Topics,
};
use entity_events_tests::kafka::{Kafka, Listener};
use entity_events_tests::postgres::Postgres;
use entity_events_tests::samples::{lamp, order_of};
use entity_events_tests::writers::{wait_until_empty, wait_until_ready};
use tokio::task::block_in_place;
use tokio::time::sleep;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_topic_holds_up_no_other_and_is_written_once_it_is_there() {
    let kafka = Kafka::shared();
    let mut config = kafka.config("topics", 3).await;
    config.product_topic = "topics.missing".to_owned();
    // A window that the rows of the missing topic fill many times over.
    (config.outbox.max_rows, config.outbox.batch_size) = (200, 50);
    config.properties.insert("topic.metadata.propagation.max.ms".to_owned(), "500".to_owned());
    let pool = Postgres::shared().pool().await;
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    let commit = async |n: usize| {
        let request = Uuid::new_v4();
        let collected = outbox.collect();
        for quantity in 0..n {
            let lamp = lamp();
            let product = ProductEvent::new_created(&lamp, "Kitchen".to_owned(), request);
            collected.publish_product_event(product).await.expect("accepted");
            if quantity % 10 == 0 {
                let order = OrderEvent::new_created(&order_of(&lamp, 1), request);
                collected.publish_order_event(order).await.expect("accepted");
            }
        }
        outbox.commit(pool.begin().await.expect("a transaction"), collected).await.expect("committed");
    };
    commit(1_000).await;
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let orders = async |n: usize| {
        let deadline = Instant::now() + PATIENCE;
        while kafka.count(&config.order_topic) < n {
            assert!(Instant::now() < deadline, "{} of {n} orders", kafka.count(&config.order_topic));
            sleep(Duration::from_millis(100)).await;
        }
    };
    orders(100).await;
    commit(100).await;
    orders(110).await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let health = relay.health();
        if !health.ready && health.reason.as_ref().is_some_and(|reason| reason.contains("`topics.missing`")) {
            break;
        }
        assert!(Instant::now() < deadline, "{health:?}");
        sleep(Duration::from_millis(50)).await;
    }
    kafka.create_topic("topics.missing", 3, &[]).await;
    wait_until_empty(&pool, PATIENCE).await;
    assert_eq!(kafka.count("topics.missing"), 1_100);
    wait_until_ready(&relay, PATIENCE).await;
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_without_the_right_to_write_waits_until_it_is_granted() {
    let kafka = Kafka::shared();
    let mut config = kafka.config("topics.right", 3).await;
    block_in_place(|| kafka.deny(&config.product_topic));
    config.bootstrap_servers = kafka.servers(Listener::Plain);
    config.security.protocol = SecurityProtocol::SaslPlaintext;
    config.security.sasl_mechanism = Some(SaslMechanism::Plain);
    config.security.sasl_username = Some("app".to_owned());
    config.security.sasl_password = Some("app-secret".to_owned());
    let pool = Postgres::shared().pool().await;
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let collected = outbox.collect();
    for _ in 0..10 {
        let lamp = lamp();
        let product = ProductEvent::new_created(&lamp, "Kitchen".to_owned(), Uuid::new_v4());
        collected.publish_product_event(product).await.expect("accepted");
        let order = OrderEvent::new_created(&order_of(&lamp, 1), Uuid::new_v4());
        collected.publish_order_event(order).await.expect("accepted");
    }
    outbox.commit(pool.begin().await.expect("a transaction"), collected).await.expect("committed");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let health = relay.health();
        let reason = health.reason.clone().unwrap_or_default();
        if !health.ready && reason.contains(&config.product_topic) && reason.contains("uthoriz") {
            break;
        }
        assert!(Instant::now() < deadline, "{health:?}");
        sleep(Duration::from_millis(50)).await;
    }
    while kafka.count(&config.order_topic) < 10 {
        assert!(Instant::now() < deadline, "{} of 10 orders", kafka.count(&config.order_topic));
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(kafka.count(&config.product_topic), 0);
    block_in_place(|| kafka.allow(&config.product_topic));
    wait_until_empty(&pool, PATIENCE).await;
    assert_eq!(kafka.count(&config.product_topic), 10);
    wait_until_ready(&relay, PATIENCE).await;
    let _ = relay.close(PATIENCE).await;
}
