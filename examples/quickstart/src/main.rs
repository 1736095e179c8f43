//! Two entities, published to Kafka and read back.
//!
//! `cargo run -p quickstart` brings its own Kafka; `cargo run -p quickstart -- --bootstrap-servers HOST:PORT` uses yours.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use entity_events::kafka::{KafkaConfig, KafkaEventService, TopicPolicy};
use entity_events::testing::{EmbeddedKafka, TopicReader};
use entity_events::{EntityEvents, PublishError, Uuid, event_producer, topics};

// The domain: entities and their events, without Kafka.

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "quickstart", extra(category_name: String))]
struct Product {
    id: Uuid, // the partition key
    name: String,
    price_cents: u64,
    #[event(skip)]
    category_id: u32, // events carry the category's name instead
}

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "quickstart")]
struct Order {
    id: Uuid,
    #[event(header = "x-product-id")]
    product_id: Uuid,
    #[event(user_id)]
    customer: String,
    quantity: u32,
}

#[event_producer(Product, Order)]
trait EventProducer {}

async fn a_day_at_the_shop(events: Arc<dyn EventProducer>) -> Result<(), PublishError> {
    let request = Uuid::new_v4(); // the correlation id: joins everything that one request causes
    let kitchen = |product: &Product| format!("Kitchen ({})", product.category_id);

    let lamp = Product { id: Uuid::new_v4(), name: "Lamp".into(), price_cents: 1_250, category_id: 7 };
    let order = Order { id: Uuid::new_v4(), product_id: lamp.id, customer: "ada".into(), quantity: 1 };
    let cheaper = Product { price_cents: 990, ..lamp.clone() };
    let two = Order { quantity: 2, ..order.clone() };

    // Waits until every in-sync replica has the event.
    events.publish_product_event(ProductEvent::new_created(&lamp, kitchen(&lamp), request)).await?;
    events.publish_order_event(OrderEvent::new_created(&order, request)).await?;

    // Never waits for Kafka and never fails the operation.
    let (old, new) = (kitchen(&lamp), kitchen(&cheaper));
    events.emit_product_event(ProductEvent::new_updated(&lamp, &cheaper, old, new, request)).await;
    events.emit_product_event(ProductEvent::new_deleted(&cheaper, kitchen(&cheaper), request)).await;

    // Many at once, in order.
    let rest = vec![OrderEvent::new_updated(&order, &two, request), OrderEvent::new_deleted(&two, request)];
    events.publish_order_events(rest).await
}

// Configuration and infrastructure: one struct has the topics of all entities.

#[topics(Product, Order)]
struct Topics;

async fn run(bootstrap_servers: Option<String>) -> Result<(), Box<dyn Error>> {
    let embedded = EmbeddedKafka::builder().brokers(3).start().await?;
    let mut config: KafkaConfig<Topics> = embedded.config();
    if let Some(servers) = bootstrap_servers {
        config = KafkaConfig::new(servers);
        config.producer.max_block_ms = 5_000;
    }
    let service = Arc::new(KafkaEventService::new(&config)?);
    service.ensure_topics(TopicPolicy::Create { partitions: 3, replicas: 1 }).await?;
    let topics = [config.product_topic.as_str(), config.order_topic.as_str()];
    let reader = TopicReader::from_end(&config.bootstrap_servers, &topics).await?;

    a_day_at_the_shop(service.clone()).await?;
    let report = service.close(Duration::from_secs(10)).await;

    let (_, records) = reader.read(6, Duration::from_secs(10)).await?;
    for record in records {
        let key = record.key.as_deref().unwrap_or("none");
        println!("\n{}, partition {}, offset {}, key {key}", record.topic, record.partition, record.offset);
        record.headers.iter().for_each(|(name, value)| println!("  {name}: {value}"));
        println!("  {}", record.text());
    }
    println!("\n{} events delivered, {} lost", report.delivered, report.lost.len());
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let bootstrap_servers = match arguments.as_slice() {
        [] => None,
        [flag, servers] if flag == "--bootstrap-servers" => Some(servers.clone()),
        _ => {
            eprintln!("usage: quickstart [--bootstrap-servers HOST:PORT]");
            return ExitCode::from(2);
        }
    };
    match run(bootstrap_servers).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}
