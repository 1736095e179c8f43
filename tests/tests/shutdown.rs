//! The guide's shutdown of an HTTP service ends in time although Kafka never answers.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Uuid};
use entity_events_tests::nowhere::BlackHole;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

#[derive(Debug, Clone, EntityEvents)]
struct Order {
    id: u32,
}

const GRACE: Duration = Duration::from_secs(1);
const CLOSE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_awaits_a_publish_does_not_outlast_the_shutdown() {
    let black_hole = BlackHole::open();
    let config = KafkaConfig::<OrderTopics>::new(black_hole.address());
    let service = Arc::new(KafkaEventService::new(&config).expect("a service"));
    let events: Arc<dyn OrderEventProducer> = service.clone();
    let create = move || async move {
        let event = OrderEvent::new_created(&Order { id: 1 }, Uuid::nil());
        match events.publish_order_event(event).await {
            Ok(()) => StatusCode::CREATED,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    };
    let app = Router::new().route("/orders", post(create));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let graceful = async { drop(stopped.await) };
    let server = tokio::spawn(axum::serve(listener, app).with_graceful_shutdown(graceful).into_future());

    let mut client = TcpStream::connect(address).await.expect("a connection");
    client.write_all(b"POST /orders HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("a request");
    while service.stats().queued == 0 {
        assert!(!server.is_finished(), "the server ended");
        sleep(Duration::from_millis(10)).await;
    }

    let start = Instant::now();
    drop(stop);
    assert!(timeout(GRACE, server).await.is_err(), "the handler waits for Kafka");
    let report = service.close(CLOSE).await;
    assert_eq!((report.delivered, report.lost.len()), (0, 1));
    let mut answer = [0; 64];
    let length = client.read(&mut answer).await.expect("an answer");
    assert!(answer[..length].starts_with(b"HTTP/1.1 503"), "{}", String::from_utf8_lossy(&answer[..length]));
    // By default an event may take two minutes.
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
