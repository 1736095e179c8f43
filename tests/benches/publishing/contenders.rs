//! The ways to publish that are compared. Each writes the same records with the same settings.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Event, Publish};
use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders};
use rdkafka::producer::{
    BaseRecord, FutureProducer, FutureRecord, Producer, ProducerContext, ThreadedProducer,
};
use uuid::Uuid;

use crate::table::Measured;

/// An entity whose events have 500 bytes.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "bench")]
pub(crate) struct Note {
    id: u32,
    text: String,
}

impl NoteEvent {
    pub(crate) fn bytes(&self) -> usize {
        serde_json::to_vec(self).expect("JSON").len()
    }
}

/// What is published: number of events, number of entities, size, and number of concurrent callers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) events: usize,
    pub(crate) keys: usize,
    /// Bytes of text, in addition to about 260 bytes of envelope.
    pub(crate) text: usize,
    pub(crate) callers: usize,
}

impl Load {
    /// 500 bytes per event, 500 entities, one caller.
    pub(crate) fn of(events: usize) -> Self {
        Self { events, keys: 500, text: 223, callers: 1 }
    }

    pub(crate) fn note(&self, index: usize) -> NoteEvent {
        let id = u32::try_from(index % self.keys).expect("small") + 100;
        NoteEvent::new_created(&Note { id, text: "x".repeat(self.text) }, Uuid::nil())
    }

    /// The events of each caller; no two callers share an entity.
    fn shares(&self) -> Vec<Vec<NoteEvent>> {
        let share = |caller| (caller..self.events).step_by(self.callers).map(|index| self.note(index));
        (0..self.callers).map(|caller| share(caller).collect()).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// By hand: `FutureProducer::send(..).await`, one after the other.
    AwaitedSend,
    /// `publish`, one after the other.
    Publish,
    /// By hand: `FutureProducer::send_result`, all futures awaited at the end.
    FutureProducer,
    /// By hand: `ThreadedProducer`, a counting delivery callback, one buffer.
    ThreadedProducer,
    PublishAll,
    Emit,
}

impl Contender {
    pub(crate) const PIPELINED: [Self; 4] =
        [Self::FutureProducer, Self::ThreadedProducer, Self::PublishAll, Self::Emit];
    pub(crate) const AWAITED: [Self; 2] = [Self::AwaitedSend, Self::Publish];
    pub(crate) const SWEPT: [Self; 3] = [Self::ThreadedProducer, Self::PublishAll, Self::Emit];

    pub(crate) fn is_by_hand(self) -> bool {
        matches!(self, Self::AwaitedSend | Self::FutureProducer | Self::ThreadedProducer)
    }

    /// Measures each contender once, with its own warm producer; each round begins with another one.
    pub(crate) async fn measure(
        contenders: &[Self],
        round: usize,
        config: &KafkaConfig<NoteTopics>,
        load: Load,
    ) -> Vec<Measured> {
        let mut measured = Vec::new();
        let first = round % contenders.len();
        for contender in contenders[first..].iter().chain(&contenders[..first]) {
            measured.push(match contender {
                Self::AwaitedSend | Self::FutureProducer => by_future(*contender, config, load).await,
                Self::ThreadedProducer => by_callback(config, load).await,
                Self::Publish | Self::PublishAll | Self::Emit => by_service(*contender, config, load).await,
            });
        }
        measured.rotate_right(first);
        measured
    }
}

async fn by_service(contender: Contender, config: &KafkaConfig<NoteTopics>, load: Load) -> Measured {
    let service = Arc::new(KafkaEventService::new(config).expect("a service"));
    service.publish(load.note(0)).await.expect("a warm producer");
    let shares = load.shares();
    let start = Start::now();
    let calls = shares.into_iter().map(|events| {
        let service = Arc::clone(&service);
        async move {
            match contender {
                Contender::PublishAll => service.publish_all(events).await.expect("delivered"),
                Contender::Publish => {
                    for event in events {
                        service.publish(event).await.expect("delivered");
                    }
                }
                _ => {
                    for event in events {
                        service.emit(event).await;
                    }
                }
            }
        }
    });
    all(calls.collect()).await;
    service.flush(Duration::from_mins(2)).await.expect("delivered");
    let measured = start.stop(load.events);
    assert_eq!(service.close(Duration::from_mins(1)).await.delivered, load.events as u64 + 1);
    measured
}

/// A single caller stays on this thread, where its events were made: freeing them on another thread costs more.
async fn all<F: Future<Output = ()> + Send + 'static>(mut calls: Vec<F>) {
    match calls.len() {
        1 => calls.remove(0).await,
        _ => {
            for call in calls.into_iter().map(tokio::spawn).collect::<Vec<_>>() {
                call.await.expect("a caller");
            }
        }
    }
}

async fn by_future(contender: Contender, config: &KafkaConfig<NoteTopics>, load: Load) -> Measured {
    let producer: FutureProducer = client_config(config).create().expect("a producer");
    send_awaiting(&producer, &config.note_topic, &load.note(0)).await;
    let events: Vec<_> = load.shares().concat();
    let start = Start::now();
    if contender == Contender::AwaitedSend {
        for event in events {
            send_awaiting(&producer, &config.note_topic, &event).await;
        }
    } else {
        let mut deliveries = Vec::with_capacity(load.events);
        for event in events {
            let (key, json) = (event.data.id.to_string(), serde_json::to_string(&event).expect("JSON"));
            let record =
                FutureRecord::to(&config.note_topic).key(&key).payload(&json).headers(headers(&event, &key));
            deliveries.push(producer.send_result(record).expect("the queue has space"));
        }
        for delivery in deliveries {
            delivery.await.expect("a producer").expect("delivered");
        }
    }
    start.stop(load.events)
}

pub(crate) async fn send_awaiting(producer: &FutureProducer, topic: &str, event: &NoteEvent) {
    let (key, json) = (event.data.id.to_string(), serde_json::to_string(event).expect("JSON"));
    let record = FutureRecord::to(topic).key(&key).payload(&json).headers(headers(event, &key));
    producer.send(record, Duration::from_secs(10)).await.expect("delivered");
}

#[derive(Default)]
struct Count(AtomicUsize);

#[derive(Default, Clone)]
struct Counting(Arc<Count>);

impl ClientContext for Counting {}

impl ProducerContext for Counting {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.0.0.fetch_add(usize::from(result.is_ok()), Ordering::SeqCst);
    }
}

async fn by_callback(config: &KafkaConfig<NoteTopics>, load: Load) -> Measured {
    let mut by_hand = ByHand::new(config);
    by_hand.send(&load.note(0));
    tokio::task::block_in_place(|| by_hand.producer.flush(Duration::from_mins(1)).expect("delivered"));
    let shares = load.shares();
    let start = Start::now();
    let calls = shares.into_iter().map(|events| {
        let mut by_hand = by_hand.clone();
        async move {
            for event in events {
                by_hand.send(&event);
            }
        }
    });
    all(calls.collect()).await;
    while by_hand.counting.0.0.load(Ordering::SeqCst) <= load.events {
        assert!(start.wall.elapsed() < Duration::from_mins(5), "not every event was delivered");
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    start.stop(load.events)
}

/// The fastest hand-written way: no future, one buffer.
#[derive(Clone)]
pub(crate) struct ByHand {
    producer: Arc<ThreadedProducer<Counting>>,
    counting: Counting,
    topic: String,
    json: Vec<u8>,
    key: String,
}

impl ByHand {
    pub(crate) fn new(config: &KafkaConfig<NoteTopics>) -> Self {
        let counting = Counting::default();
        let producer = client_config(config).create_with_context(counting.clone()).expect("a producer");
        Self {
            producer: Arc::new(producer),
            counting,
            topic: config.note_topic.clone(),
            json: Vec::new(),
            key: String::new(),
        }
    }

    pub(crate) fn send(&mut self, event: &NoteEvent) {
        let Self { producer, topic, json, key, .. } = self;
        json.clear();
        key.clear();
        serde_json::to_writer(&mut *json, event).expect("JSON");
        write!(key, "{}", event.data.id).expect("a key");
        let mut record = BaseRecord::to(topic).key(&*key).payload(&*json).headers(headers(event, key));
        while let Err((error, back)) = producer.send(record) {
            assert!(matches!(error, KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull)), "{error}");
            std::thread::yield_now();
            record = back;
        }
    }
}

pub(crate) fn client_config(config: &KafkaConfig<NoteTopics>) -> ClientConfig {
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", &config.bootstrap_servers).set("client.id", "by-hand");
    for (name, value) in config.producer.properties() {
        client.set(name, value);
    }
    client
}

/// The `CloudEvents` headers, written by hand.
fn headers(event: &NoteEvent, key: &str) -> OwnedHeaders {
    let (id, time) =
        (event.event_id.to_string(), event.timestamp.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
    let correlation = event.metadata.correlation_id.to_string();
    [
        ("content-type", "application/json"),
        ("ce_specversion", "1.0"),
        ("ce_id", &id),
        ("ce_source", "/bench"),
        ("ce_type", event.event_type()),
        ("ce_time", &time),
        ("ce_subject", key),
        ("ce_correlationid", &correlation),
        ("ce_version", NoteEvent::VERSION),
    ]
    .into_iter()
    .fold(OwnedHeaders::new_with_capacity(9), |headers, (key, value)| {
        headers.insert(Header { key, value: Some(value) })
    })
}

/// Wall clock and processor time of the whole process.
struct Start {
    wall: Instant,
    cpu: Duration,
}

impl Start {
    fn now() -> Self {
        Self { wall: Instant::now(), cpu: cpu() }
    }

    fn stop(self, count: usize) -> Measured {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
        Measured { wall: each(self.wall.elapsed()), cpu: each(cpu().saturating_sub(self.cpu)) }
    }
}

/// The processor time of this process, from `/proc`; zero if there is none. Clock ticks are 10 ms.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
