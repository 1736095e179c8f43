//! A propagator of one's own, on both lanes. (One test: a process has one propagator.)

use std::cell::RefCell;
use std::sync::Mutex;
use std::time::Duration;

use entity_events::Publish;
use entity_events::outbox::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};
use entity_events::outbox::sqlx::{Executor, raw_sql};
use entity_events::outbox::{OutboxRelay, SqliteOutbox};
use entity_events::telemetry::{AlreadySet, Propagator, TraceContext, set_propagator, trace_context_of};
use entity_events::testing::ConsumedRecord;
use entity_events_tests::tick::{Service, TOPIC, TickTopics, deletion, kafka, tick};
use tracing::Span;
use uuid::Uuid;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

thread_local! {
    static CURRENT: RefCell<Option<TraceContext>> = const { RefCell::new(None) };
}

/// The names of the spans that it was asked for, and the contexts that it was to link them to.
static ASKED: Mutex<Vec<Option<&'static str>>> = Mutex::new(Vec::new());
static LINKED: Mutex<Vec<TraceContext>> = Mutex::new(Vec::new());

struct OfThread;

impl Propagator for OfThread {
    fn inject(&self, span: &Span) -> Option<TraceContext> {
        ASKED.lock().expect("a lock").push(span.metadata().map(tracing::Metadata::name));
        let context = CURRENT.with_borrow(Clone::clone)?;
        assert!(context.is_sampled(), "panics");
        Some(context)
    }

    fn link(&self, _: &Span, context: &TraceContext) {
        LINKED.lock().expect("a lock").push(context.clone());
        panic!("no less linked");
    }
}

fn contexts(records: &[ConsumedRecord]) -> Vec<Option<TraceContext>> {
    let headers = |record: &ConsumedRecord| {
        trace_context_of(record.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())))
    };
    records.iter().map(headers).collect()
}

#[tokio::test(flavor = "current_thread")]
async fn records_carry_the_context_of_a_propagator() {
    set_propagator(OfThread).expect("the first");
    assert_eq!(set_propagator(OfThread), Err(AlreadySet));
    let (kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");

    // Nobody looks at spans.
    let context = TraceContext::new(PARENT, "a=1").expect("valid");
    service.publish(tick(1, 1)).await.expect("published");
    CURRENT.set(Some(context.clone()));
    service.publish(tick(1, 2)).await.expect("published");
    service.publish(deletion(1)).await.expect("published");
    CURRENT.set(TraceContext::new(&PARENT.replace("-01", "-00"), ""));
    service.publish(tick(1, 3)).await.expect("published, although the propagator panics");
    let records = kafka.consume(TOPIC, 5).await.expect("5 records");
    let carried = Some(context.clone());
    assert_eq!(contexts(&records), [None, carried.clone(), carried.clone(), carried.clone(), None]);
    assert_eq!(std::mem::take(&mut *ASKED.lock().expect("a lock")), [None; 5]);
    let _ = service.close(Duration::from_secs(5)).await;

    // Through the outbox, with spans. A relay has threads of its own.
    tracing_subscriber::fmt().with_writer(std::io::sink).init();
    CURRENT.set(Some(context.clone()));
    let file = std::env::temp_dir().join(format!("entity-events-propagator-{}.db", Uuid::new_v4()));
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let pool = SqlitePool::connect_with(options.journal_mode(SqliteJournalMode::Wal)).await.expect("a file");
    pool.execute(raw_sql(SqliteOutbox::<TickTopics>::SCHEMA)).await.expect("the tables");
    let outbox = SqliteOutbox::new(pool.clone(), &config);
    let events = outbox.collect();
    events.publish(tick(2, 1)).await.expect("collected");
    outbox.commit(pool.begin().await.expect("a transaction"), events).await.expect("committed");
    CURRENT.set(None);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let records = kafka.consume(TOPIC, 6).await.expect("6 records");
    let relayed: Vec<_> = records.into_iter().filter(|record| record.key.as_deref() == Some("2")).collect();
    assert_eq!(contexts(&relayed), [carried]);
    let _ = relay.close(Duration::from_secs(5)).await;
    assert_eq!(*ASKED.lock().expect("a lock"), [Some("create")], "the relay's span has no context to carry");
    assert_eq!(*LINKED.lock().expect("a lock"), [context]);
    pool.close().await;
    let _ = std::fs::remove_file(file);
}
