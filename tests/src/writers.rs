//! A service that changes entities and writes their events in the same transactions, and the truth to compare Kafka with.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::{self, Executor, PgPool, Row};
use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events::testing::ConsumedRecord;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use uuid::Uuid;

use crate::load::{Counter, CounterEvent, CounterTopics};

/// The change of an entity, beside its event: what is here was committed.
const TABLES: &str = "CREATE TABLE counter (id bigint PRIMARY KEY, number bigint NOT NULL); \
     CREATE TABLE history (event_id uuid PRIMARY KEY, counter bigint NOT NULL, number bigint NOT NULL)";

/// Tasks that change counters, each change with its event, and roll back every fifth.
#[derive(Debug)]
pub struct Writers {
    over: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Writers {
    /// Creates the tables of the change.
    ///
    /// # Panics
    ///
    /// If that fails.
    pub async fn prepare(pool: &PgPool) {
        pool.execute(TABLES).await.expect("the tables");
    }

    /// Starts `tasks` writers, each of which pauses for about `pause` between two transactions.
    #[must_use]
    pub fn start(
        pool: &PgPool,
        config: &KafkaConfig<CounterTopics>,
        tasks: usize,
        counters: u64,
        pause: Duration,
    ) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let tasks = (0..tasks).map(|_| {
            let writer = Writer {
                pool: pool.clone(),
                outbox: PgOutbox::new(pool.clone(), config),
                counters,
                pause,
                over: Arc::clone(&over),
            };
            tokio::spawn(writer.run())
        });
        Self { over: Arc::clone(&over), tasks: tasks.collect() }
    }

    /// Ends the writers after their transactions.
    ///
    /// # Panics
    ///
    /// If one has panicked.
    pub async fn stop(self) {
        self.over.store(true, SeqCst);
        for task in self.tasks {
            task.await.expect("the writer did not panic");
        }
    }
}

struct Writer {
    pool: PgPool,
    outbox: PgOutbox<CounterTopics>,
    counters: u64,
    pause: Duration,
    over: Arc<AtomicBool>,
}

impl Writer {
    async fn run(self) {
        let mut round = 0;
        while !self.over.load(SeqCst) {
            round += 1;
            // The database may be away: whatever failed was not committed, or is in the history.
            if self.change(round).await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
            sleep(self.pause.mul_f64(f64::from(random(200)) / 100.0)).await;
        }
    }

    async fn change(&self, round: u32) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let counter = u64::from(random(u32::MAX)) % self.counters;
        let id = i64::try_from(counter)?;
        let mut tx = self.pool.begin().await?;
        // Locks the entity until the commit: so the numbers of its events follow the commits.
        let number: i64 = sqlx::query_scalar(
            "INSERT INTO counter VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET number = counter.number + 1 RETURNING number",
        )
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
        let entity = Counter {
            id: usize::try_from(counter)?,
            number: number.unsigned_abs(),
            padding: "x".repeat(200),
        };
        let event = CounterEvent::new_created(&entity, Uuid::new_v4());
        sqlx::query("INSERT INTO history VALUES ($1, $2, $3)")
            .bind(event.event_id)
            .bind(id)
            .bind(number)
            .execute(&mut *tx)
            .await?;
        let collected = self.outbox.collect();
        if round.is_multiple_of(2) {
            self.outbox.in_transaction(&mut tx).publish(event).await?;
        } else {
            collected.publish(event).await?;
            collected.write(&mut tx).await?;
        }
        // Others draw numbers, and commit them, in between.
        if round.is_multiple_of(3) {
            sleep(Duration::from_millis(u64::from(random(5)))).await;
        }
        if random(5) == 0 {
            tx.rollback().await?;
        } else if round.is_multiple_of(2) {
            tx.commit().await?;
            self.outbox.wake();
        } else {
            self.outbox.commit(tx, self.outbox.collect()).await?;
        }
        Ok(())
    }
}

/// A random number below `limit`.
fn random(limit: u32) -> u32 {
    let (high, _) = Uuid::new_v4().as_u64_pair();
    u32::try_from(high % u64::from(limit.max(1))).unwrap_or_default()
}

/// Waits until the table of the outbox is empty.
///
/// # Panics
///
/// If it is not in time.
pub async fn wait_until_empty(pool: &PgPool, limit: Duration) {
    let deadline = Instant::now() + limit;
    loop {
        let left = sqlx::query_scalar("SELECT count(*) FROM outbox_event").fetch_one(pool).await;
        if matches!(left, Ok(0_i64)) {
            return;
        }
        assert!(Instant::now() < deadline, "{left:?} rows are left after {limit:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until a relay is ready.
///
/// # Panics
///
/// If it is not in time.
pub async fn wait_until_ready(relay: &OutboxRelay, limit: Duration) {
    let deadline = Instant::now() + limit;
    while !relay.health().ready {
        assert!(Instant::now() < deadline, "{:?} after {limit:?}", relay.health());
        sleep(Duration::from_millis(20)).await;
    }
}

/// What arrived, compared with what was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// Events that were committed.
    pub committed: usize,
    /// Records beyond the first of an event.
    pub duplicates: usize,
}

/// Compares the records of a topic with the history: every committed event has arrived, none that was rolled back, and those of a
/// counter in order.
///
/// # Panics
///
/// If not; the message says which.
pub async fn compare(pool: &PgPool, records: &[ConsumedRecord]) -> Arrived {
    let query = sqlx::query("SELECT event_id, counter, number FROM history ORDER BY counter, number");
    let rows = query.fetch_all(pool).await.expect("the history");
    let mut committed: HashMap<Uuid, (i64, i64)> = HashMap::new();
    let mut expected: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        let (id, counter, number): (Uuid, i64, i64) = (row.get(0), row.get(1), row.get(2));
        committed.insert(id, (counter, number));
        expected.entry(counter).or_default().push(number);
    }
    let (mut seen, mut arrived) = (HashSet::new(), BTreeMap::<i64, Vec<i64>>::new());
    let mut partitions = HashMap::new();
    for record in records {
        let partition = *partitions.entry(&record.key).or_insert(record.partition);
        assert_eq!(partition, record.partition, "one key, one partition: {:?}", record.key);
        let id: Uuid = record.header("ce_id").expect("an id").parse().expect("a UUID");
        let (counter, number) =
            *committed.get(&id).unwrap_or_else(|| panic!("{id} was rolled back, and arrived"));
        if seen.insert(id) {
            arrived.entry(counter).or_default().push(number);
        }
    }
    for (counter, numbers) in &expected {
        let came = arrived.get(counter).cloned().unwrap_or_default();
        let lost: Vec<_> = numbers.iter().filter(|number| !came.contains(number)).collect();
        assert!(lost.is_empty(), "counter {counter} lacks {lost:?} of {}", numbers.len());
        assert_eq!(&came, numbers, "the order of counter {counter}");
    }
    Arrived { committed: committed.len(), duplicates: records.len() - seen.len() }
}
