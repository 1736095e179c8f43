//! The producer's health, from memory: no probe calls the broker.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::errors::{classify, has_lost_track};
use super::refusals::remedy;
use crate::error::ErrorKind;
use crate::guard::log;

/// The state of a service for health probes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// Whether the producer can ever publish again; if `false`, restart the service.
    pub live: bool,
    /// Whether publishing is possible as far as the client knows. Stays `true` while brokers are unavailable, which
    /// resolves itself, and while a broken producer is replaced: events are queued meanwhile.
    pub ready: bool,
    /// What is wrong, if anything is; also set while brokers are unavailable.
    pub reason: Option<String>,
}

/// How long the same refusal or time-out is not logged again. If one broker refuses while others deliver, it would be
/// logged many times a minute.
const LOG_INTERVAL: Duration = Duration::from_secs(600);

/// librdkafka's last error. A delivery clears it.
#[derive(Debug, Default)]
pub(in crate::kafka) struct Condition {
    has_problem: AtomicBool,
    problem: Mutex<Option<Problem>>,
    /// Problems that may come and go many times, and when they were logged.
    logged: Mutex<HashMap<String, Instant>>,
}

#[derive(Debug, Clone)]
struct Problem {
    class: Class,
    code: Code,
    reason: String,
    /// Whether it was logged.
    logged: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Brokers are unavailable; resolves itself.
    Unavailable,
    /// The configuration has to change, here or at the broker.
    Operator,
    /// The producer is broken and being replaced.
    Broken,
    /// It broke too often.
    Dead,
}

impl Class {
    fn of(code: Code, remedy: Option<&str>) -> Self {
        match remedy {
            Some(_) => Self::Operator,
            None if classify(code).0 == ErrorKind::Fatal || has_lost_track(code) => Self::Broken,
            None => Self::Unavailable,
        }
    }
}

impl Condition {
    /// Records an error of librdkafka. Logs it once while it lasts, however often it is repeated, and a refusal at most once
    /// in [`LOG_INTERVAL`].
    pub(in crate::kafka) fn on_error(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        let remedy = remedy(code, reason);
        let reason = match remedy {
            Some(remedy) => format!("{}: {remedy}", without_state(reason)),
            None => without_state(reason).to_owned(),
        };
        self.note(Class::of(code, remedy), code, &reason);
    }

    /// Records that an event timed out, unless librdkafka reports an error, which is more precise: to librdkafka, a broker
    /// that accepts connections and never responds is up. Logged at most once in [`LOG_INTERVAL`]: one partition may be
    /// without a leader while others accept events.
    pub(in crate::kafka) fn timed_out(&self, servers: &str) {
        if !self.has_problem.load(Ordering::Acquire) {
            let reason = format!(
                "no answer in time from `{servers}`; check that Kafka listens there, that `security.protocol` matches the \
                 listener, and that every partition of the topic has a leader"
            );
            self.note(Class::Unavailable, Code::MessageTimedOut, &reason);
        }
    }

    /// Records an error whose cause was found.
    #[cfg(feature = "ssl")]
    pub(in crate::kafka) fn refused(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        self.note(Class::Operator, code, reason);
    }

    fn note(&self, class: Class, code: Code, reason: &str) {
        let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        let known = problem.as_ref().map(|known| (known.class, known.code));
        if known.is_some_and(|(known, _)| known > class) {
            return;
        }
        let mut logged = problem.as_ref().is_some_and(|known| known.logged);
        let is_new = known.is_none_or(|(known, _)| known < class);
        if is_new {
            let may_flap = class == Class::Operator || code == Code::MessageTimedOut;
            logged = !may_flap || !self.was_logged(reason);
        } else if code == Code::AllBrokersDown {
            // The error of the last broker that was tried is more specific.
            return;
        }
        *problem = Some(Problem { class, code, reason: reason.to_owned(), logged });
        self.has_problem.store(true, Ordering::Release);
        // A log layer may call `health`.
        drop(problem);
        if is_new && logged {
            log(|| match class {
                Class::Unavailable => tracing::warn!(%code, %reason, "Kafka is unavailable; retrying"),
                Class::Operator => tracing::error!(%code, %reason, "Kafka cannot be used; retrying"),
                Class::Broken | Class::Dead => {
                    tracing::error!(%code, %reason, "the Kafka producer is broken; replacing it");
                }
            });
        }
    }

    /// Returns whether this was logged recently, and notes that it is now.
    fn was_logged(&self, reason: &str) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.retain(|_, at| at.elapsed() < LOG_INTERVAL);
        if logged.contains_key(reason) {
            return true;
        }
        logged.insert(reason.to_owned(), Instant::now());
        false
    }

    /// Records that the lane has ended: for good, unless it was closed.
    pub(in crate::kafka) fn ended(&self, code: Code) {
        if code == Code::Fatal {
            let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
            let last = problem.take().map(|known| known.reason).unwrap_or_default();
            let reason = format!("the Kafka producer broke too often to be replaced; last error: {last}");
            *problem = Some(Problem { class: Class::Dead, code, reason: reason.clone(), logged: true });
            self.has_problem.store(true, Ordering::Release);
            drop(problem);
            log(|| tracing::error!(reason, "no more events will be published"));
        }
    }

    /// Records a delivery, which clears every problem but the end of the lane.
    pub(in crate::kafka) fn delivered(&self) {
        if self.has_problem.load(Ordering::Acquire) {
            let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(over) = problem.take_if(|known| known.class < Class::Dead) {
                self.has_problem.store(false, Ordering::Release);
                drop(problem);
                if over.logged {
                    log(|| tracing::info!("Kafka is available again"));
                }
            }
        }
    }

    /// Returns the current problem as the end of a sentence.
    pub(in crate::kafka) fn last_error(&self) -> String {
        let problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        problem.as_ref().map(|known| format!(" (last error: {})", known.reason)).unwrap_or_default()
    }

    pub(in crate::kafka) fn health(&self, closed: bool) -> Health {
        let problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let class = problem.as_ref().map(|known| known.class);
        let reason = problem.map(|known| known.reason);
        Health {
            live: class != Some(Class::Dead),
            ready: !closed && !matches!(class, Some(Class::Operator | Class::Dead)),
            reason: if closed { Some("the service is closed".to_owned()) } else { reason },
        }
    }
}

/// Strips the milliseconds and counts that librdkafka appends, so that the same problem has the same text.
fn without_state(reason: &str) -> &str {
    reason.rsplit_once(" (after ").map_or(reason, |(reason, _)| reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(condition: &Condition, code: Code, reason: &str) -> Option<Class> {
        condition.on_error(&KafkaError::Global(code), reason);
        condition.problem.lock().expect("no panic").as_ref().map(|known| known.class)
    }

    #[test]
    fn a_broker_that_refuses_while_others_deliver_is_logged_once() {
        let condition = Condition::default();
        for ms in 0..100 {
            let reason = format!("ssl://b:1/1: SSL handshake failed (after {ms}ms in state SSL_HANDSHAKE)");
            assert_eq!(record(&condition, Code::SSL, &reason), Some(Class::Operator));
            condition.delivered();
        }
        assert_eq!(condition.logged.lock().expect("no panic").len(), 1);
    }

    #[test]
    fn reasons_omit_the_timings_of_librdkafka() {
        let condition = Condition::default();
        let reason = "b:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused";
        let _class = record(
            &condition,
            Code::BrokerTransportFailure,
            &format!("{reason} (after 0ms in state CONNECT)"),
        );
        let known = condition.problem.lock().expect("no panic").clone();
        assert_eq!(known.expect("an error").reason, reason);
    }

    #[test]
    fn time_outs_while_others_deliver_are_logged_once() {
        let condition = Condition::default();
        let logged = [(); 3].map(|()| {
            condition.timed_out("b:1");
            let logged = condition.problem.lock().expect("no panic").as_ref().map(|known| known.logged);
            condition.delivered();
            logged
        });
        assert_eq!(logged, [Some(true), Some(false), Some(false)]);
    }

    #[test]
    fn tls_refusals_are_distinguished_from_unavailable_brokers_by_text() {
        let class = |reason| record(&Condition::default(), Code::BrokerTransportFailure, reason);
        let refused = [
            "ssl://b:1/1: error:0A000086:SSL routines::certificate verify failed",
            "ssl://b:1/1: Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert number 42",
        ];
        assert_eq!(refused.map(class), [Some(Class::Operator); 2]);
        let unavailable = [
            "ssl://b:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)",
            "ssl://b:1/1: error:0A000126:SSL routines::unexpected eof while reading",
        ];
        assert_eq!(unavailable.map(class), [Some(Class::Unavailable); 2]);
    }
}
