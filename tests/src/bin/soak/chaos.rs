//! Random calls, cancellations, breaks, closes and drops, with callbacks and a log layer that panic. One short-lived service
//! after the other, each on its own embedded Kafka, each checked by an oracle.
//!
//! Every event passed to a call is in the topic, reported as lost, or listed in the caller's error; events reported as not
//! written are not there; each key is in the order of the calls; the counts add up; and nothing hangs.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::ops::Range;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use entity_events::kafka::{CloseReport, LostEvent};
use entity_events::testing::{ConsumedRecord, EmbeddedKafka, ProduceError, TopicReader};
use entity_events::{ErrorKind, Publish, PublishError};
use entity_events_tests::tick::{Config, Service, TOPIC, TickEvent, TickEventType, deletion, tick};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use tokio::time::{sleep, timeout};
use tracing::Subscriber;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use uuid::Uuid;

/// Limit for every wait.
const PATIENCE: Duration = Duration::from_secs(90);

const WORKERS: u32 = 6;

/// How many in a thousand log events panic.
static PANICS: AtomicU32 = AtomicU32::new(0);

struct Failing;

const FAILURE: &str = "the log is full";

impl<S: Subscriber> Layer<S> for Failing {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        // The embedded Kafka is a test double, and not under test.
        let tested = std::thread::current().name() != Some("embedded Kafka");
        if tested && below(1_000) < PANICS.load(SeqCst) {
            std::panic::panic_any(FAILURE);
        }
    }
}

#[derive(Debug, Default)]
struct Total {
    services: u64,
    calls: usize,
    delivered: u64,
    lost: u64,
    rebuilt: u64,
    twice: usize,
}

pub(crate) async fn run(minutes: u64) {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&FAILURE) {
            print(panic);
            // A worker's panic would otherwise look like a call that was never made.
            std::process::exit(1);
        }
    }));
    tracing_subscriber::registry().with(Failing).init();
    let start = Instant::now();
    let mut total = Total::default();
    while start.elapsed() < Duration::from_secs(minutes * 60) {
        let life = timeout(PATIENCE * 2, live(&mut total)).await;
        life.unwrap_or_else(|_| panic!("service {} hangs", total.services));
        total.services += 1;
    }
    println!("{:?}: {total:?}", start.elapsed());
}

/// A random number below `limit`.
fn below(limit: u32) -> u32 {
    u32::try_from(Uuid::new_v4().as_u128() % u128::from(limit)).unwrap_or_default()
}

fn one_in(n: u32) -> bool {
    below(n) == 0
}

fn millis(range: Range<u32>) -> Duration {
    Duration::from_millis((range.start + below(range.end - range.start)).into())
}

/// A call and its result; `None` if it was cancelled, or an emit.
struct Call {
    events: Vec<(Uuid, bool)>,
    answer: Option<Result<(), PublishError>>,
}

type Calls = Arc<Mutex<Vec<Call>>>;
type Publishing = Pin<Box<dyn Future<Output = Result<(), PublishError>> + Send>>;

async fn live(total: &mut Total) {
    let kafka = EmbeddedKafka::builder().topic(TOPIC, 1).start().await.expect("a Kafka");
    let mut config: Config = kafka.config();
    config.producer.queue_buffering_max_messages = [3, 50, 2_000][below(3) as usize];
    config.producer.delivery_timeout_ms = [700, 3_000, 20_000][below(3) as usize];
    config.producer.max_block_ms = [50, 500, 3_000][below(3) as usize];
    config.producer.retries = [1, 3, 1_000_000][below(3) as usize];
    let (called, on_lost) = (Arc::<AtomicUsize>::default(), below(4));
    let builder = Service::builder(&config).on_lost({
        let called = Arc::clone(&called);
        move |_: &LostEvent| {
            called.fetch_add(1, SeqCst);
            match on_lost {
                0 if one_in(3) => std::panic::panic_any(FAILURE),
                1 if one_in(20) => std::thread::sleep(millis(0..10)),
                _ => {}
            }
        }
    });
    PANICS.store([0, 5, 100, 1_000][below(4) as usize], SeqCst);
    let service = Arc::new(builder.build().expect("a service"));
    let (calls, over) = (Calls::default(), Arc::<AtomicBool>::default());
    let workers: Vec<_> = (0..WORKERS)
        .map(|key| tokio::spawn(work(Arc::clone(&service), Arc::clone(&calls), Arc::clone(&over), key)))
        .collect();
    for _ in 0..below(8) {
        sleep(millis(0..300)).await;
        trouble(&kafka).await;
    }
    sleep(millis(0..300)).await;
    // Sometimes the workers go on while the service closes.
    let late = one_in(2);
    over.store(!late, SeqCst);
    let report = timeout(PATIENCE, service.close(millis(0..3_000))).await.expect("a report");
    over.store(true, SeqCst);
    for worker in workers {
        timeout(PATIENCE, worker).await.expect("calls end").expect("no panic");
    }
    let stats = service.stats();
    PANICS.store(0, SeqCst);
    let calls = std::mem::take(&mut *calls.lock().expect("no panic"));
    kafka.latency(1, 0).expect("broker 1");
    kafka.broker_up(1).expect("broker 1");
    let records = read_all(&kafka).await;
    let (stats, report) = if late {
        // Events emitted after the report are lost, too: take the report again.
        let start = Instant::now();
        while called.load(SeqCst) as u64 + service.stats().unreported < service.stats().lost {
            assert!(start.elapsed() < PATIENCE, "`on_lost` gets each loss");
            sleep(Duration::from_millis(5)).await;
        }
        (service.stats(), service.close(Duration::ZERO).await)
    } else {
        (stats, report)
    };
    assert_eq!((report.unresolved, stats.queued, report.lost_unlisted), (0, 0, 0), "{stats:?}");
    assert_eq!(called.load(SeqCst) as u64 + stats.unreported, stats.lost, "`on_lost` gets each loss once");
    assert_eq!(report.delivered, stats.delivered);
    assert_eq!(report.lost.len() as u64, stats.lost);
    total.twice += judge(&calls, &report, &records);
    total.calls += calls.len();
    total.delivered += stats.delivered;
    total.lost += stats.lost;
    total.rebuilt += stats.rebuilt;
    if one_in(2) {
        // Dropped before everything else in the scope.
        drop(service);
    }
}

/// Makes random kinds of calls, on one key.
async fn work(service: Arc<Service>, calls: Calls, over: Arc<AtomicBool>, key: u32) {
    let mut number = 0;
    let mut forgotten: Vec<Publishing> = Vec::new();
    while !over.load(SeqCst) && number < 600 {
        let mut next = || {
            number += 1;
            if one_in(20) { deletion(key) } else { tick(key, number) }
        };
        let mut call = Call { events: Vec::new(), answer: None };
        let remember = |call: &mut Call, event: &TickEvent| {
            call.events.push((event.event_id, event.event_type == TickEventType::Deleted));
        };
        match below(6) {
            0 | 1 => {
                let event = next();
                remember(&mut call, &event);
                service.emit(event).await;
            }
            2 => {
                let event = next();
                remember(&mut call, &event);
                call.answer = timeout(millis(1..200), service.publish(event)).await.ok();
            }
            3 => {
                let event = next();
                remember(&mut call, &event);
                call.answer = Some(service.publish(event).await);
            }
            4 => {
                let events: Vec<_> = (0..=below(30)).map(|_| next()).collect();
                for event in &events {
                    remember(&mut call, event);
                }
                call.answer = Some(service.publish_all(events).await);
            }
            _ => {
                // Polled once, and forgotten until the end.
                let event = next();
                remember(&mut call, &event);
                let service = Arc::clone(&service);
                let mut publish = Box::pin(async move { service.publish(event).await });
                let polled = poll_fn(|context| Poll::Ready(publish.as_mut().poll(context))).await;
                match polled {
                    Poll::Ready(answer) => call.answer = Some(answer),
                    Poll::Pending => forgotten.push(publish),
                }
            }
        }
        calls.lock().expect("no panic").push(call);
        if one_in(10) {
            sleep(millis(0..5)).await;
        }
    }
}

async fn trouble(kafka: &EmbeddedKafka) {
    let times = 1 + below(3) as usize;
    let fail = |code| kafka.fail_next_produce(code, times).expect("a Kafka");
    match below(8) {
        0 | 1 => fail(ProduceError::OutOfOrderSequenceNumber),
        2 => fail(ProduceError::InvalidProducerEpoch),
        3 => fail(ProduceError::NotEnoughReplicas),
        4 => fail(ProduceError::InvalidTopic),
        5 => fail(ProduceError::ConnectionLost),
        6 => kafka.latency(1, below(400).into()).expect("broker 1"),
        _ => {
            kafka.broker_down(1).expect("broker 1");
            sleep(millis(10..800)).await;
            kafka.broker_up(1).expect("broker 1");
        }
    }
}

async fn read_all(kafka: &EmbeddedKafka) -> Vec<ConsumedRecord> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", kafka.bootstrap_servers()).set("group.id", "chaos");
    let watermarks = tokio::task::spawn_blocking(move || {
        let consumer: BaseConsumer = config.create().expect("a consumer");
        consumer.fetch_watermarks(TOPIC, 0, PATIENCE).expect("the end of the topic")
    });
    let (low, high) = watermarks.await.expect("no panic");
    assert_eq!(low, 0, "the embedded Kafka has dropped records");
    let reader = TopicReader::from_start(kafka.bootstrap_servers(), &[TOPIC]).await.expect("a reader");
    let (_, records) = reader.read(usize::try_from(high).expect("a count"), PATIENCE).await.expect("records");
    records
}

/// Compares the topic with the answers and the report; returns the number of duplicates.
fn judge(calls: &[Call], report: &CloseReport, records: &[ConsumedRecord]) -> usize {
    let values: Vec<TickEvent> = records
        .iter()
        .filter(|record| record.value.is_some())
        .map(|record| record.json().expect("a tick"))
        .collect();
    let there: HashSet<Uuid> = values.iter().map(|event| event.event_id).collect();
    let mut lost: HashMap<Uuid, Vec<&LostEvent>> = HashMap::new();
    for event in &report.lost {
        lost.entry(event.id).or_default().push(event);
    }
    let known: HashSet<Uuid> = calls.iter().flat_map(|call| call.events.iter().map(|(id, _)| *id)).collect();
    let strange = lost.keys().chain(&there).find(|id| !known.contains(id));
    assert_eq!(strange, None, "an event that nobody published");

    for call in calls {
        let unpublished: HashSet<Uuid> = match &call.answer {
            Some(Err(error)) => error.unpublished().iter().copied().collect(),
            _ => HashSet::new(),
        };
        let order: Vec<Uuid> =
            call.events.iter().map(|(id, _)| *id).filter(|id| unpublished.contains(id)).collect();
        if let Some(Err(error)) = &call.answer {
            assert_eq!(error.unpublished(), order, "each once, in the order of the call");
        }
        for (id, _) in &call.events {
            let lost = lost.get(id).map_or(&[][..], Vec::as_slice);
            let is_there = there.contains(id);
            let listed = unpublished.contains(id);
            match &call.answer {
                Some(Ok(())) => {
                    assert!(is_there && lost.is_empty(), "{id}: Ok, there: {is_there}, lost: {lost:?}");
                }
                Some(Err(_)) if !listed => {
                    assert!(is_there && lost.is_empty(), "{id}: not listed, {is_there}, {lost:?}");
                }
                Some(Err(error)) if lost.is_empty() => {
                    assert!(!is_there, "{id}: {error}, but there, and not lost");
                }
                _ => assert!(is_there || !lost.is_empty(), "{id}: neither there nor lost"),
            }
            // Permanent kinds are left out: the embedded Kafka may have written an earlier try of an event that it then refuses.
            let known = |kind| kind == ErrorKind::Retriable || kind == ErrorKind::Fatal;
            let unwritten = lost.iter().find(|lost| known(lost.kind) && !lost.tombstone);
            assert!(unwritten.is_none() || !is_there, "{id}: not written, but there: {unwritten:?}");
            assert!(lost.len() <= 2, "{id}: lost {} times", lost.len());
        }
    }

    let (mut newest, mut seen) = (HashMap::<u32, u64>::new(), HashSet::new());
    for event in values.iter().filter(|event| seen.insert(event.event_id) && event.data.number > 0) {
        let before = newest.insert(event.data.id, event.data.number).unwrap_or_default();
        assert!(
            before < event.data.number,
            "key {} fell from {before} to {}",
            event.data.id,
            event.data.number
        );
    }
    // The embedded Kafka ignores sequence numbers: it writes a record again that it wrote before it cut the connection.
    values.len() - there.len()
}
