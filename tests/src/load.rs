//! A service under load, and a record of every call and outcome.

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

/// The entity that is published: each counter counts its own events.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "load")]
pub struct Counter {
    /// The counter, which is the key.
    pub id: usize,
    /// The number of its events, including this one.
    pub number: u64,
    /// Padding that makes some events large.
    pub padding: String,
}

/// A prime, so that the events of each counter go through each kind of call.
const COUNTERS: usize = 97;

/// Every tick emits ten events, publishes two, and publishes eight together: 1,000 events a second.
const TICK: Duration = Duration::from_millis(20);

/// Limit for outcomes, and for closing: longer than the default `delivery.timeout.ms`.
const PATIENCE: Duration = Duration::from_secs(150);

/// A service under load, until it is stopped.
#[derive(Debug)]
pub struct Load {
    over: Arc<AtomicBool>,
    publishing: JoinHandle<Run>,
}

/// An event that was passed to a call.
#[derive(Debug)]
pub struct Sent {
    /// The event's id.
    pub id: Uuid,
    /// Its counter.
    pub key: usize,
    /// Its number among the events of this counter.
    pub number: u64,
    /// When the call began.
    pub at: Instant,
    /// Whether it is one of the large ones.
    pub large: bool,
}

/// Every event passed to a service, and everything that the service reported.
#[derive(Debug)]
pub struct Run {
    /// In the order of the calls.
    pub sent: Vec<Sent>,
    /// The results of the awaited calls.
    pub answers: Vec<Answer>,
    /// The events passed to `on_lost`.
    pub on_lost: Vec<LostEvent>,
    /// The counts after closing.
    pub stats: PublishStats,
    /// The report of `close`.
    pub report: CloseReport,
}

type Answer = (Vec<Uuid>, Result<(), PublishError>);

impl Load {
    /// Puts a new service under load.
    ///
    /// # Panics
    ///
    /// If the configuration is invalid.
    #[must_use]
    pub fn start(config: &KafkaConfig<CounterTopics>) -> Self {
        Self::with_large_ones(config, usize::MAX)
    }

    /// The same, but one in `every` events is larger than 50 KB even when compressed.
    ///
    /// # Panics
    ///
    /// If the configuration is invalid.
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

    /// Stops making calls, waits for those under way, and closes the service.
    ///
    /// # Panics
    ///
    /// If calls do not end.
    pub async fn stop(self) -> Run {
        self.over.store(true, SeqCst);
        self.publishing.await.expect("every call ends")
    }
}

struct Calls {
    service: Arc<KafkaEventService<CounterTopics>>,
    sent: Vec<Sent>,
    numbers: Vec<u64>,
    /// One in how many events is large, and the padding.
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

    /// Polls the call once and leaves it under way: events are in the order of the first polls.
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
