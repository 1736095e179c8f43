//! `OAUTHBEARER`: the service fetches tokens in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use entity_events::kafka::TopicPolicy;
use entity_events::{ErrorKind, Publish};
use entity_events_tests::domain::KafkaEventService;
use entity_events_tests::kafka::{Kafka, Listener};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{sleep, timeout};

use crate::logins::{config, oauth, product_event, token};

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_renewed_before_expiry_without_delaying_deliveries() {
    let kafka = Kafka::shared();
    let config = config(kafka, "tokens", Listener::Oauth, oauth(kafka)).await;
    let (asked, given) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(1)));
    let service = KafkaEventService::builder(&config)
        .oauth_token({
            let (asked, given) = (Arc::clone(&asked), Arc::clone(&given));
            move || {
                let (asked, given) = (Arc::clone(&asked), Arc::clone(&given));
                async move {
                    asked.add_permits(1);
                    given.acquire().await?.forget();
                    Ok(token(Duration::from_secs(10)))
                }
            }
        })
        .build()
        .expect("a service");
    let wait = |semaphore: Arc<Semaphore>| async move {
        timeout(PATIENCE, semaphore.acquire()).await.expect("in time").expect("open").forget();
    };
    wait(Arc::clone(&asked)).await;
    service.publish(product_event()).await.expect("published with the first token");

    // The second token is requested, and withheld until this is delivered.
    wait(Arc::clone(&asked)).await;
    let delivered = timeout(PATIENCE, service.publish(product_event())).await;
    delivered.expect("a delivery does not wait for a token").expect("published");

    // Longer than the lifetime of the first token, on sessions that end every five seconds.
    given.add_permits(100);
    for _ in 0..30 {
        service.publish(product_event()).await.expect("published");
        sleep(Duration::from_millis(500)).await;
    }
    assert!(asked.available_permits() > 0, "the second token was renewed as well");
    service.ensure_topics(TopicPolicy::Check).await.expect("the topics are there");
    let missing = TopicPolicy::Create { partitions: 1, replicas: 1 };
    service.ensure_topics(missing).await.expect("nothing has to be created");
    assert_eq!(kafka.count(&config.product_topic), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_topics_with_oauthbearer_is_refused() {
    let kafka = Kafka::shared();
    let mut config = config(kafka, "tokens-create", Listener::Oauth, oauth(kafka)).await;
    config.product_topic = "tokens-create.missing".to_owned();
    let builder = KafkaEventService::builder(&config).oauth_token(|| async { Ok(token(PATIENCE)) });
    let service = builder.build().expect("a service");
    let create = TopicPolicy::Create { partitions: 1, replicas: 1 };
    let error = service.ensure_topics(create).await.expect_err("creating is not supported").to_string();
    assert!(error.contains("cannot be created with `OAUTHBEARER`"), "{error}");
    let error = service.ensure_topics(TopicPolicy::Check).await.expect_err("it is missing").to_string();
    assert!(error.contains("topic `tokens-create.missing` does not exist"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_time_out_while_the_first_token_is_pending() {
    let kafka = Kafka::shared();
    let mut config = config(kafka, "tokens-never", Listener::Oauth, oauth(kafka)).await;
    config.producer.delivery_timeout_ms = 1_000;
    let never = Arc::new(Notify::new());
    let service = KafkaEventService::builder(&config)
        .oauth_token(move || {
            let never = Arc::clone(&never);
            async move {
                never.notified().await;
                Ok(token(PATIENCE))
            }
        })
        .build()
        .expect("a service");
    // Far less than the half minute that a fetch may take.
    let refused = timeout(Duration::from_secs(15), service.publish(product_event())).await;
    let error = refused.expect("the outcome does not wait for the token").expect_err("no login");
    assert_eq!(error.kind(), ErrorKind::Retriable, "{error}");
    let closed = timeout(Duration::from_secs(15), service.close(Duration::from_secs(1))).await;
    assert_eq!(closed.expect("nor does closing").lost.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_token_fetch_is_reported_and_retried() {
    let kafka = Kafka::shared();
    let config = config(kafka, "tokens-again", Listener::Oauth, oauth(kafka)).await;
    let tries = Arc::new(AtomicUsize::new(0));
    let service = KafkaEventService::builder(&config)
        .oauth_token(move || {
            let tries = Arc::clone(&tries);
            async move {
                match tries.fetch_add(1, SeqCst) {
                    0 => Err("the token server is down for maintenance".into()),
                    1 => panic!("a bug in the callback"),
                    _ => Ok(token(PATIENCE)),
                }
            }
        })
        .build()
        .expect("a service");
    for part in ["is down for maintenance", "`oauth_token` panicked"] {
        let seen = async {
            while !service.health().reason.is_some_and(|reason| reason.contains(part)) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("{part} in {:?}", service.health()));
        assert!(!service.health().ready);
    }
    service.publish(product_event()).await.expect("published with the third try");
    assert_eq!(service.health().reason, None);
}
