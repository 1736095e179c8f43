//! A change and its event in one transaction. The process is killed before the event is delivered; the next start delivers it.
//!
//! `cargo run -p outbox` needs nothing installed: it brings its own SQLite and its own Kafka.

use std::error::Error;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};
use entity_events::outbox::sqlx::{query, query_scalar, raw_sql};
use entity_events::outbox::{OutboxRelay, SqliteOutbox};
use entity_events::testing::{EmbeddedKafka, TopicReader};
use entity_events::{EntityEvents, PublishError, Uuid};

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

// The domain: it knows neither the database nor Kafka.

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "shop")]
struct Product {
    id: Uuid, // the partition key
    name: String,
    price_cents: i64,
}

async fn announce(product: &Product, events: &dyn ProductEventProducer) -> Result<(), PublishError> {
    events.publish_product_event(ProductEvent::new_created(product, Uuid::new_v4())).await
}

// Infrastructure: the product's row and its event are one commit.

async fn create(product: &Product, pool: &SqlitePool, outbox: &SqliteOutbox<ProductTopics>) -> Result {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    query("INSERT INTO product (id, name, price_cents) VALUES (?, ?, ?)")
        .bind(product.id.to_string())
        .bind(&product.name)
        .bind(product.price_cents)
        .execute(&mut *tx)
        .await?;
    let events = outbox.collect();
    announce(product, &events).await?;
    Ok(outbox.commit(tx, events).await?)
}

async fn open(database: &Path) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new().filename(database).create_if_missing(true);
    let pool = SqlitePool::connect_with(options.journal_mode(SqliteJournalMode::Wal)).await?;
    raw_sql("CREATE TABLE IF NOT EXISTS product (id TEXT PRIMARY KEY, name TEXT, price_cents INTEGER)")
        .execute(&pool)
        .await?;
    raw_sql(SqliteOutbox::<ProductTopics>::SCHEMA).execute(&pool).await?;
    Ok(pool)
}

/// The first start: commits, and is killed.
async fn first_start(database: &Path) -> Result {
    let pool = open(database).await?;
    let outbox = SqliteOutbox::new(pool.clone(), &KafkaConfig::default());
    let lamp = Product { id: Uuid::new_v4(), name: "Lamp".into(), price_cents: 1_250 };
    create(&lamp, &pool, &outbox).await?;
    println!("committed");
    stdout().flush()?;
    std::future::pending().await
}

/// The next start: its relay finds what the first has left.
async fn next_start(database: &Path) -> Result {
    let topics = ProductTopics::default();
    let kafka = EmbeddedKafka::builder().topic(&topics.product_topic, 3).start().await?;
    let config: KafkaConfig<ProductTopics> = kafka.config();
    let pool = open(database).await?;
    let outbox = SqliteOutbox::new(pool.clone(), &config);
    outbox.check().await?;
    let rows: i64 = query_scalar("SELECT count(*) FROM outbox_event").fetch_one(&pool).await?;
    println!("next start: {rows} event waits in the table");

    let relay = OutboxRelay::builder(&outbox, &config).start().await?;
    let reader = TopicReader::from_start(&config.bootstrap_servers, &[config.product_topic.as_str()]).await?;
    let (_, records) = reader.read(1, Duration::from_secs(10)).await?;
    for record in records {
        println!("delivered to {}: {}", record.topic, record.text());
    }
    let report = relay.close(Duration::from_secs(10)).await;
    println!("{} delivered, {} unacknowledged", report.delivered, report.unacknowledged);
    Ok(())
}

#[tokio::main]
async fn main() -> Result {
    if let Some(database) = env::args_os().nth(1) {
        return first_start(Path::new(&database)).await;
    }
    let folder = env::temp_dir().join(format!("entity-events-outbox-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let database = folder.join("shop.db");

    let mut first = Command::new(env::current_exe()?).arg(&database).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(first.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    first.kill()?; // `kill -9`: nothing in the process can do anything about it
    first.wait()?;
    println!("first start: {}, and killed before anything was sent", line.trim());

    let done = next_start(&database).await;
    fs::remove_dir_all(&folder)?;
    done
}
