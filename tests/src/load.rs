//! A service under load, and everything that it was given.

use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use entity_events::kafka::{CloseReport, KafkaConfig, KafkaEventService, LostEvent, PublishStats};
use entity_events::{EntityEvents, Event, Publish, PublishError};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{interval, timeout};
use uuid::Uuid;

use crate::samples::incompressible;

/// What is published: each counter counts its own events.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "load")]
pub struct Counter {
    /// Which counter: the key.
    pub id: usize,
    /// How many events it has had, this one included.
    pub number: u64,
    /// Makes some events large.
    pub padding: String,
}

/// A prime, so that the events of each counter come through each kind of call.
const COUNTERS: usize = 97;

/// Every tick, ten events are emitted, two published, and eight published together: 1,000 events a second.
const TICK: Duration = Duration::from_millis(20);

/// For outcomes, and for closing: longer than the default `delivery.timeout.ms`.
const PATIENCE: Duration = Duration::from_secs(150);

/// A service under load, until it is stopped.
#[derive(Debug)]
pub struct Load {
    over: Arc<AtomicBool>,
    publishing: JoinHandle<Run>,
}

/// A call's event.
#[derive(Debug)]
pub struct Sent {
    /// The event's id.
    pub id: Uuid,
    /// Its counter.
    pub key: usize,
    /// Its place among the events of this counter.
    pub number: u64,
    /// When the call began.
    pub at: Instant,
    /// Whether it is one of the large ones.
    pub large: bool,
}

/// Everything that a service was given, and everything that it said about it.
#[derive(Debug)]
pub struct Run {
    /// In the order of the calls.
    pub sent: Vec<Sent>,
    /// What awaited calls answered for these events.
    pub answers: Vec<Answer>,
    /// What `on_lost` was told.
    pub on_lost: Vec<LostEvent>,
    /// The counts after closing.
    pub stats: PublishStats,
    /// What `close` said.
    pub report: CloseReport,
}

type Answer = (Vec<Uuid>, Result<(), PublishError>);

impl Load {
    /// Puts a new service under load.
    ///
    /// # Panics
    ///
    /// Where the configuration makes no service.
    #[must_use]
    pub fn start(config: &KafkaConfig<CounterTopics>) -> Self {
        Self::with_large_ones(config, usize::MAX)
    }

    /// The same; of so many events each, one has more than 50 KB, however it is compressed.
    ///
    /// # Panics
    ///
    /// Where the configuration makes no service.
    #[must_use]
    pub fn with_large_ones(config: &KafkaConfig<CounterTopics>, every: usize) -> Self {
        let over = Arc::<AtomicBool>::default();
        let on_lost: Arc<Mutex<Vec<LostEvent>>> = Arc::default();
        let service = KafkaEventService::builder(config).on_lost({
            let on_lost = Arc::clone(&on_lost);
            move |lost| on_lost.lock().expect("no panic").push(lost.clone())
        });
        let mut calls = Calls {
            service: Arc::new(service.build().expect("a service")),
            sent: Vec::new(),
            numbers: vec![0; COUNTERS],
            large: (every, incompressible(100_000)),
            answers: Vec::new(),
            under_way: JoinSet::new(),
        };
        let publishing = tokio::spawn({
            let over = Arc::clone(&over);
            async move {
                let mut clock = interval(TICK);
                while !over.load(SeqCst) {
                    clock.tick().await;
                    calls.make().await;
                }
                calls.close(&on_lost).await
            }
        });
        Self { over, publishing }
    }

    /// Makes no further calls, waits for those under way, and closes the service.
    ///
    /// # Panics
    ///
    /// Where calls do not end.
    pub async fn stop(self) -> Run {
        self.over.store(true, SeqCst);
        self.publishing.await.expect("every call ends")
    }
}

struct Calls {
    service: Arc<KafkaEventService<CounterTopics>>,
    sent: Vec<Sent>,
    numbers: Vec<u64>,
    /// One of how many, and its padding.
    large: (usize, String),
    answers: Vec<Answer>,
    under_way: JoinSet<Answer>,
}

impl Calls {
    async fn make(&mut self) {
        for _ in 0..10 {
            let event = self.next();
            self.service.emit(event).await;
        }
        for _ in 0..2 {
            let (service, event) = (Arc::clone(&self.service), self.next());
            self.begin(vec![event.id()], async move { service.publish(event).await }).await;
        }
        let events: Vec<_> = (0..8).map(|_| self.next()).collect();
        let (service, ids) = (Arc::clone(&self.service), events.iter().map(Event::id).collect());
        self.begin(ids, async move { service.publish_all(events).await }).await;
    }

    fn next(&mut self) -> CounterEvent {
        let key = self.sent.len() % COUNTERS;
        let number = &mut self.numbers[key];
        *number += 1;
        let (every, padding) = &self.large;
        let large = self.sent.len() % every == every / 2;
        let padding = if large { padding.clone() } else { String::new() };
        let event = CounterEvent::new_created(&Counter { id: key, number: *number, padding }, Uuid::new_v4());
        self.sent.push(Sent { id: event.id(), key, number: *number, at: Instant::now(), large });
        event
    }

    /// Begins a call and leaves it under way: the order is that in which the futures are first polled.
    async fn begin<F>(&mut self, ids: Vec<Uuid>, call: F)
    where
        F: Future<Output = Result<(), PublishError>> + Send + 'static,
    {
        let mut call = Box::pin(async move { (ids, call.await) });
        match poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await {
            Poll::Ready(answer) => self.answers.push(answer),
            Poll::Pending => {
                self.under_way.spawn(call);
            }
        }
    }

    async fn close(mut self, on_lost: &Mutex<Vec<LostEvent>>) -> Run {
        let answers = timeout(PATIENCE, self.under_way.join_all()).await.expect("every call ends");
        self.answers.extend(answers);
        let report = self.service.close(PATIENCE).await;
        let stats = self.service.stats();
        let on_lost = std::mem::take(&mut *on_lost.lock().expect("no panic"));
        Run { sent: self.sent, answers: self.answers, on_lost, stats, report }
    }
}
