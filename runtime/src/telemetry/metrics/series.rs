//! Handles to the time series of each topic.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Attempt;
use super::catalog::{LOST_MESSAGES, OPERATION_DURATION, RELAY_ATTEMPTS, RELAY_DURATION, SENT_MESSAGES};
use super::instrument::{Counter, Histogram};

/// How long handles are kept: then a recorder is found that was installed late.
pub(super) const KEPT: Duration = Duration::from_secs(5);

const TOPIC: &str = "messaging.destination.name";

/// As many as there are topics.
#[derive(Default)]
pub(super) struct Series(HashMap<String, TopicSeries>);

impl Series {
    pub(super) fn of(&mut self, topic: &str, now: Instant, record: impl FnOnce(&mut TopicSeries)) {
        match self.0.get_mut(topic) {
            Some(series) if now.duration_since(series.since) < KEPT => record(series),
            _ => {
                let mut series = TopicSeries::new(topic, now);
                record(&mut series);
                self.0.insert(topic.to_owned(), series);
            }
        }
    }
}

/// The handles of a topic, each looked up when it is needed first. There are as many as Kafka has errors.
pub(super) struct TopicSeries {
    topic: String,
    since: Instant,
    /// By `error.type`.
    sent: Vec<(Option<&'static str>, Histogram, Counter)>,
    lost: Option<Counter>,
    attempts: Vec<(Attempt, Counter)>,
    lag: Option<Histogram>,
}

impl TopicSeries {
    fn new(topic: &str, since: Instant) -> Self {
        let topic = topic.to_owned();
        Self { topic, since, sent: Vec::new(), lost: None, attempts: Vec::new(), lag: None }
    }

    pub(super) fn sent(&mut self, took: Duration, error_type: Option<&'static str>) {
        let index = self.sent.iter().position(|(of, ..)| *of == error_type).unwrap_or_else(|| {
            let (duration, messages) = sent(&self.topic, error_type);
            self.sent.push((error_type, duration, messages));
            self.sent.len() - 1
        });
        if let Some((_, duration, messages)) = self.sent.get(index) {
            duration.record(took.as_secs_f64());
            messages.add(1);
        }
    }

    pub(super) fn lost(&mut self) {
        let topic = &self.topic;
        self.lost.get_or_insert_with(|| Counter::new(&LOST_MESSAGES, &[(TOPIC, topic)])).add(1);
    }

    pub(super) fn attempted(&mut self, attempt: Attempt, lag: Option<Duration>) {
        let index = self.attempts.iter().position(|(of, _)| *of == attempt).unwrap_or_else(|| {
            let labels = [(TOPIC, self.topic.as_str()), ("outbox.result", attempt.name())];
            self.attempts.push((attempt, Counter::new(&RELAY_ATTEMPTS, &labels)));
            self.attempts.len() - 1
        });
        if let Some((_, attempts)) = self.attempts.get(index) {
            attempts.add(1);
        }
        if let Some(lag) = lag {
            let topic = &self.topic;
            let histogram =
                self.lag.get_or_insert_with(|| Histogram::new(&RELAY_DURATION, &[(TOPIC, topic)]));
            histogram.record(lag.as_secs_f64());
        }
    }
}

impl Attempt {
    fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Retry => "retry",
            Self::Failed => "failed",
        }
    }
}

fn sent(topic: &str, error_type: Option<&'static str>) -> (Histogram, Counter) {
    let mut labels =
        vec![("messaging.system", "kafka"), ("messaging.operation.name", "send"), (TOPIC, topic)];
    labels.extend(error_type.map(|error_type| ("error.type", error_type)));
    let messages = Counter::new(&SENT_MESSAGES, &labels);
    labels.push(("messaging.operation.type", "send"));
    (Histogram::new(&OPERATION_DURATION, &labels), messages)
}
