//! The whole service: HTTP in, records out. On SQLite and the embedded Kafka; with the cargo feature `real-kafka` on PostgreSQL and
//! three real brokers.

mod support;

use std::collections::HashSet;
use std::time::Duration;

use catalog_service::domain::order::{OrderEvent, OrderEventType};
use catalog_service::domain::product::{ProductEvent, ProductEventType};
use catalog_service::service::Service;
use entity_events::testing::{ConsumedRecord, TopicReader};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use self::support::http::{Client, id};
use self::support::world::World;

/// Long enough for brokers that start; a test that waits so long fails.
const PATIENCE: Duration = Duration::from_secs(90);

/// Reads the first records, those of one key in their order, without those that arrive twice: a broker that hangs may have
/// written what it did not acknowledge.
async fn records(service: &Service, n: usize) -> Vec<ConsumedRecord> {
    let config = service.brokers().config();
    let topics = config.prefixed_topics();
    let names = [topics.product_topic.as_str(), topics.order_topic.as_str()];
    let mut reader = loop {
        // The topics of a new service are still being created.
        match TopicReader::from_start(&config.bootstrap_servers, &names).await {
            Ok(reader) => break reader,
            Err(error) => eprintln!("{error}"),
        }
    };
    let (mut seen, mut records) = (HashSet::new(), Vec::new());
    while records.len() < n {
        let (next, read) = reader.read(1, PATIENCE).await.expect("a record");
        reader = next;
        records
            .extend(read.into_iter().filter(|record| seen.insert(record.header("ce_id").map(str::to_owned))));
    }
    records
}

fn of_key<'a>(records: &'a [ConsumedRecord], key: &str) -> Vec<&'a ConsumedRecord> {
    records.iter().filter(|record| record.key.as_deref() == Some(key)).collect()
}

fn types<'a>(records: &[&'a ConsumedRecord]) -> Vec<&'a str> {
    records.iter().filter_map(|record| record.header("ce_type")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_over_http_arrives_as_events() {
    let world = World::new().await;
    let service = world.start().await;
    let client = Client::of(&service);

    let request = Uuid::new_v4().to_string();
    let lamp = json!({"name": "Lamp", "price_cents": 1_250, "note": "the last ones"});
    let post = client.request(Method::POST, "/products").header("x-correlation-id", &request).json(&lamp);
    let response = post.send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["x-correlation-id"], request.as_str());
    let location = response.headers()["location"].to_str().expect("text").to_owned();
    let lamp: Value = response.json().await.expect("JSON");
    let lamp_id = id(&lamp);
    assert_eq!(location, format!("/products/{lamp_id}"));
    assert_eq!(client.get(&location).await, lamp);

    let cheaper = client.put(&location, json!({"name": "Lamp", "price_cents": 990, "note": null})).await;
    assert_eq!(client.get("/products").await, json!([cheaper]));
    let order =
        client.post("/orders", json!({"product_id": lamp_id, "customer": "ada", "quantity": 2})).await;
    let order_id = id(&order);
    client.put(&format!("/orders/{order_id}"), json!({"quantity": 3})).await;
    assert_eq!(client.get("/orders").await[0]["quantity"], 3);
    client.delete(&format!("/orders/{order_id}")).await;
    client.delete(&location).await;
    assert_eq!(client.get("/products").await, json!([]));

    let records = records(&service, 6).await;
    let of_lamp = of_key(&records, lamp_id);
    assert_eq!(types(&of_lamp), ["ProductCreated", "ProductPriceChanged", "ProductDeleted"]);
    assert_eq!(of_lamp[0].header("ce_correlationid"), Some(request.as_str()));
    assert!(!of_lamp[0].text().contains("the last ones"), "the note is nobody else's business");
    let changed: ProductEvent = of_lamp[1].json().expect("an event");
    assert_eq!(changed.event_type, ProductEventType::PriceChanged);
    assert_eq!((changed.old_data.map(|old| old.price), changed.data.price), (Some(1_250), 990));
    let of_order = of_key(&records, order_id);
    assert_eq!(types(&of_order), ["OrderCreated", "OrderUpdated", "OrderDeleted"]);
    assert_eq!(of_order[0].header("x-product-id"), Some(lamp_id));
    let created: OrderEvent = of_order[0].json().expect("an event");
    assert_eq!((created.event_type, created.data.product_name.as_str()), (OrderEventType::Created, "Lamp"));
    assert_eq!(created.metadata.user_id.as_deref(), Some("ada"));

    let report = service.close().await;
    assert_eq!((report.delivered, report.unacknowledged, report.lease_returned), (6, 0, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_brokers_are_away_requests_succeed_and_events_wait_in_order() {
    let world = World::new().await;
    let service = world.start().await;
    let client = Client::of(&service);
    let lamp = client.post("/products", json!({"name": "Lamp", "price_cents": 1})).await;
    assert_eq!(records(&service, 1).await.len(), 1);
    world.brokers_down(&service);

    let path = format!("/products/{}", id(&lamp));
    for cents in 2..=20 {
        client.put(&path, json!({"name": "Lamp", "price_cents": cents})).await;
    }
    assert_eq!(client.get("/health/ready").await["ok"], true, "events wait, and requests are served");
    assert_eq!(client.get("/health/live").await["ok"], true);
    world.brokers_up(&service);

    let records = records(&service, 20).await;
    let prices: Vec<_> =
        records.iter().map(|record| record.json::<ProductEvent>().expect("an event").data.price).collect();
    assert_eq!(prices, (1..=20).collect::<Vec<_>>());
    assert_eq!(service.close().await.delivered, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_ends_without_brokers_leaves_its_events_to_the_next() {
    let world = World::new().await;
    let service = world.start().await;
    let client = Client::of(&service);
    // Its topics are there.
    client.post("/products", json!({"name": "Lamp", "price_cents": 1})).await;
    assert_eq!(records(&service, 1).await.len(), 1);
    world.brokers_down(&service);
    let kettle = client.post("/products", json!({"name": "Kettle", "price_cents": 2})).await;
    let path = format!("/products/{}", id(&kettle));
    client.put(&path, json!({"name": "Kettle", "price_cents": 3})).await;

    // A browser looks on: it does not hold up the end.
    let stream = client.request(Method::GET, "/live").send().await.expect("a stream");
    assert_eq!(stream.status(), StatusCode::OK);
    let report = timeout(Duration::from_secs(30), service.close()).await.expect("an end within 30 seconds");
    // The lamp, unless its acknowledgement was still on its way.
    let delivered = report.delivered;
    let rest = timeout(PATIENCE, stream.text()).await.expect("the stream has ended");
    assert!(rest.is_ok_and(|text| text.contains("event: history")));

    let service = world.start().await;
    world.brokers_up(&service);
    // An embedded Kafka has forgotten what it had.
    let forgotten = if service.brokers().are_embedded() { delivered } else { 0 };
    let n = usize::try_from(3 - forgotten).expect("a few");
    let all = records(&service, n).await;
    assert_eq!(types(&of_key(&all, id(&kettle))), ["ProductCreated", "ProductPriceChanged"]);
    let client = Client::of(&service);
    assert_eq!(client.get(&path).await["price_cents"], 3);
    assert_eq!(delivered + service.close().await.delivered, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_changes_nothing_and_says_what_to_do() {
    let world = World::new().await;
    let service = world.start().await;
    let client = Client::of(&service);
    let lamp = client.post("/products", json!({"name": "Lamp", "price_cents": 1})).await;
    let order = json!({"product_id": id(&lamp), "customer": "ada", "quantity": 1});
    client.post("/orders", order.clone()).await;
    let path = format!("/products/{}", id(&lamp));
    let missing = format!("/products/{}", Uuid::nil());
    let body = json!({"name": "Lamp", "price_cents": 1});
    let no_product = json!({"product_id": Uuid::nil(), "customer": "ada", "quantity": 1});
    let none = Value::Null;
    let cases = [
        (Method::DELETE, path.as_str(), &none, StatusCode::CONFLICT, "has orders; delete them first"),
        (Method::DELETE, &missing, &none, StatusCode::NOT_FOUND, "list them with GET `/products`"),
        (Method::GET, &missing, &none, StatusCode::NOT_FOUND, "there is no product"),
        (Method::PUT, &missing, &body, StatusCode::NOT_FOUND, "there is no product"),
        (Method::GET, "/products/7", &none, StatusCode::BAD_REQUEST, "is not a UUID"),
        (
            Method::POST,
            "/products",
            &json!({"name": "", "price_cents": 1}),
            StatusCode::UNPROCESSABLE_ENTITY,
            "give it a text",
        ),
        (
            Method::POST,
            "/products",
            &json!({"name": "Lamp"}),
            StatusCode::UNPROCESSABLE_ENTITY,
            "missing field `price_cents`",
        ),
        (
            Method::POST,
            "/products",
            &json!({"name": "Lamp", "price": 1}),
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown field `price`",
        ),
        (
            Method::POST,
            "/products",
            &json!({"name": "x".repeat(20_000), "price_cents": 1}),
            StatusCode::PAYLOAD_TOO_LARGE,
            "limit",
        ),
        (Method::POST, "/orders", &no_product, StatusCode::CONFLICT, "create it first"),
        (Method::PATCH, "/products", &none, StatusCode::METHOD_NOT_ALLOWED, "GET or POST"),
        (Method::GET, "/nothing", &none, StatusCode::NOT_FOUND, "there is nothing here"),
    ];
    for (method, path, body, status, text) in cases {
        let problem = client.send(method.clone(), path, body.clone(), status).await;
        assert_eq!(problem["status"], status.as_u16(), "{method} {path}");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(text), "{method} {path}: {detail}");
    }
    let no_json = client.request(Method::POST, "/products").body("{").send().await.expect("an answer");
    assert_eq!(no_json.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(no_json.headers()["content-type"], "application/problem+json");
    assert!(no_json.headers().contains_key("x-correlation-id"));

    assert_eq!(types(&records(&service, 2).await.iter().collect::<Vec<_>>()).len(), 2);
    assert_eq!(service.close().await.delivered, 2, "the two that were not refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_metrics_and_pages_are_there() {
    let world = World::new().await;
    let service = world.start().await;
    let client = Client::of(&service);
    client.post("/products", json!({"name": "Lamp", "price_cents": 1})).await;
    assert_eq!(records(&service, 1).await.len(), 1);
    let text = async |path: &str| {
        let response = client.request(Method::GET, path).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.expect("a body")
    };
    assert_eq!(client.get("/health/ready").await, json!({"ok": true}));
    let metrics = text("/metrics").await;
    let series =
        "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_route=\"/products\"";
    assert!(metrics.contains(series), "{metrics}");
    assert!(!metrics.contains("http_route=\"/products/0"), "no ids in labels");
    let catalog = text("/events").await;
    assert!(catalog.contains("ProductPriceChanged") && catalog.contains("x-product-id"));
    let page = client.request(Method::GET, "/").send().await.expect("an answer");
    let policy = page.headers()["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for file in ["/page/style.css", "/page/script.js", "/page/icon.svg"] {
        assert!(!text(file).await.is_empty());
    }
    let up =
        client.request(Method::PUT, "/brokers").json(&json!({"up": true})).send().await.expect("an answer");
    let expected =
        if service.brokers().are_embedded() { StatusCode::NO_CONTENT } else { StatusCode::CONFLICT };
    assert_eq!(up.status(), expected, "only brokers within the process can be taken away");
    assert_eq!(service.close().await.delivered, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_one_product_at_once_are_events_in_the_order_of_their_commits() {
    let world = World::new().await;
    let service = world.start().await;
    let client = Client::of(&service);
    let lamp = client.post("/products", json!({"name": "Lamp", "price_cents": 1})).await;
    let path = format!("/products/{}", id(&lamp));
    let changes = (2..=21).map(|cents| client.put(&path, json!({"name": "Lamp", "price_cents": cents})));
    futures_util::future::join_all(changes).await;
    let records = records(&service, 21).await;
    let events: Vec<ProductEvent> = records.iter().map(|record| record.json().expect("an event")).collect();
    for pair in events.windows(2) {
        let old = pair[1].old_data.as_ref().expect("the state before");
        assert_eq!(old.price, pair[0].data.price, "each starts where the one before it ended");
    }
    let last = events.last().expect("21").data.price;
    assert_eq!(client.get(&path).await["price_cents"], last);
    assert_eq!(service.close().await.delivered, 21);
}
