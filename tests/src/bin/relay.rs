//! A relay in its own process, so that a test can kill it.
//!
//! It reads its task as JSON from standard input, says `active` when it has the lease, and closes the relay when its input ends.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::time::Duration;

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::PgPool;
use entity_events::outbox::{OutboxRelay, PgOutbox, RelayRole};
use entity_events_tests::load::CounterTopics;
use serde::Deserialize;
use tokio::time::sleep;

#[derive(Deserialize)]
struct Task {
    database: String,
    config: KafkaConfig<CounterTopics>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    let task: Task = serde_json::from_str(&line)?;
    let pool = PgPool::connect(&task.database).await?;
    let outbox = PgOutbox::new(pool, &task.config);
    let relay = OutboxRelay::builder(&outbox, &task.config).start().await?;
    let input_ends = tokio::task::spawn_blocking(|| stdin().lines().count());
    let mut said = false;
    while !input_ends.is_finished() {
        if !said && relay.stats().role == RelayRole::Active {
            said = true;
            println!("active");
            stdout().flush()?;
        }
        sleep(Duration::from_millis(5)).await;
    }
    let report = relay.close(Duration::from_secs(10)).await;
    println!("{report:?}");
    Ok(())
}
