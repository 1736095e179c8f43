//! How the producer is, from memory: no probe calls the broker.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::errors::{classify, has_lost_track};
use super::refusals::remedy;
use crate::error::ErrorKind;
use crate::kafka::guard::log;

/// The state of a service for its probes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// Whether the producer can ever publish again; `false` calls for a restart.
    pub live: bool,
    /// Whether publishing is possible as far as this side can tell. Stays `true` while brokers are away, which
    /// passes without us, and while a broken producer is replaced: the queue holds what is published meanwhile.
    pub ready: bool,
    /// What is wrong, where something is; also while brokers are away.
    pub reason: Option<String>,
}

/// How long a refusal that has been logged, or a time-out, is not logged again. One broker may refuse while others
/// deliver, and then it would be, many times a minute.
const TOLD: Duration = Duration::from_secs(600);

/// What librdkafka last complained about. A delivery takes the complaint back.
#[derive(Debug, Default)]
pub(in crate::kafka) struct Condition {
    troubled: AtomicBool,
    trouble: Mutex<Option<Trouble>>,
    /// What may come and go many times, and when it was logged.
    told: Mutex<HashMap<String, Instant>>,
}

#[derive(Debug, Clone)]
struct Trouble {
    class: Class,
    code: Code,
    reason: String,
    /// Whether it was logged.
    told: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Brokers are away; passes by itself.
    Away,
    /// Somebody has to change the configuration, here or at the broker.
    Operator,
    /// The producer is broken, and is being replaced.
    Broken,
    /// It broke too often.
    Dead,
}

impl Class {
    fn of(code: Code, remedy: Option<&str>) -> Self {
        match remedy {
            Some(_) => Self::Operator,
            None if classify(code).0 == ErrorKind::Fatal || has_lost_track(code) => Self::Broken,
            None => Self::Away,
        }
    }
}

impl Condition {
    /// librdkafka complains. Logged once for as long as the complaint stands, however often it is repeated, and a refusal at
    /// most once in [`TOLD`].
    pub(in crate::kafka) fn complaint(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        let remedy = remedy(code, reason);
        let reason = match remedy {
            Some(remedy) => format!("{}: {remedy}", without_state(reason)),
            None => without_state(reason).to_owned(),
        };
        self.note(Class::of(code, remedy), code, &reason);
    }

    /// An event's time is over. A broker that accepts connections and never answers is up for librdkafka, which has
    /// nothing to complain about then; where it has, it knows better. Logged at most once in [`TOLD`]: one partition may be
    /// without a leader while others take events.
    pub(in crate::kafka) fn timed_out(&self, servers: &str) {
        if !self.troubled.load(Ordering::Acquire) {
            let reason = format!(
                "no answer in time from `{servers}`; see whether Kafka listens there, whether `security.protocol` is that of the \
                 listener, and whether every partition of the topic has a leader"
            );
            self.note(Class::Away, Code::MessageTimedOut, &reason);
        }
    }

    /// A complaint of which the cause was found.
    #[cfg(feature = "ssl")]
    pub(in crate::kafka) fn refused(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        self.note(Class::Operator, code, reason);
    }

    fn note(&self, class: Class, code: Code, reason: &str) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let known = trouble.as_ref().map(|known| (known.class, known.code));
        if known.is_some_and(|(known, _)| known > class) {
            return;
        }
        let mut told = trouble.as_ref().is_some_and(|known| known.told);
        let news = known.is_none_or(|(known, _)| known < class);
        if news {
            let may_flap = class == Class::Operator || code == Code::MessageTimedOut;
            told = !may_flap || !self.was_told(reason);
        } else if code == Code::AllBrokersDown {
            // The complaint of the one broker that was tried last says more.
            return;
        }
        *trouble = Some(Trouble { class, code, reason: reason.to_owned(), told });
        self.troubled.store(true, Ordering::Release);
        // A log layer may ask for the health.
        drop(trouble);
        if news && told {
            log(|| match class {
                Class::Away => tracing::warn!(%code, %reason, "Kafka is away; trying again"),
                Class::Operator => tracing::error!(%code, %reason, "Kafka cannot be used; trying again"),
                Class::Broken | Class::Dead => {
                    tracing::error!(%code, %reason, "the Kafka producer is broken; replacing it");
                }
            });
        }
    }

    /// Whether this was logged lately; after this it was.
    fn was_told(&self, reason: &str) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| at.elapsed() < TOLD);
        if told.contains_key(reason) {
            return true;
        }
        told.insert(reason.to_owned(), Instant::now());
        false
    }

    /// The lane has ended: for good, unless it was closed.
    pub(in crate::kafka) fn ended(&self, code: Code) {
        if code == Code::Fatal {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            let last = trouble.take().map(|known| known.reason).unwrap_or_default();
            let reason =
                format!("the Kafka producer broke too often to be replaced; the last reason: {last}");
            *trouble = Some(Trouble { class: Class::Dead, code, reason: reason.clone(), told: true });
            self.troubled.store(true, Ordering::Release);
            drop(trouble);
            log(|| tracing::error!(reason, "no event will be published any more"));
        }
    }

    /// A delivery: whatever passes by itself has passed.
    pub(in crate::kafka) fn delivered(&self) {
        if self.troubled.load(Ordering::Acquire) {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(over) = trouble.take_if(|known| known.class < Class::Dead) {
                self.troubled.store(false, Ordering::Release);
                drop(trouble);
                if over.told {
                    log(|| tracing::info!("Kafka is back"));
                }
            }
        }
    }

    /// What is wrong, as the end of a sentence.
    pub(in crate::kafka) fn last_seen(&self) -> String {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.as_ref().map(|known| format!(" (last seen: {})", known.reason)).unwrap_or_default()
    }

    pub(in crate::kafka) fn health(&self, closed: bool) -> Health {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let class = trouble.as_ref().map(|known| known.class);
        let reason = trouble.map(|known| known.reason);
        Health {
            live: class != Some(Class::Dead),
            ready: !closed && !matches!(class, Some(Class::Operator | Class::Dead)),
            reason: if closed { Some("the service is closed".to_owned()) } else { reason },
        }
    }
}

/// A complaint without the milliseconds and counts that librdkafka puts behind it: the same trouble reads the same.
fn without_state(reason: &str) -> &str {
    reason.rsplit_once(" (after ").map_or(reason, |(reason, _)| reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complain(condition: &Condition, code: Code, reason: &str) -> Option<Class> {
        condition.complaint(&KafkaError::Global(code), reason);
        condition.trouble.lock().expect("no panic").as_ref().map(|known| known.class)
    }

    #[test]
    fn a_broker_that_refuses_while_others_deliver_is_logged_once() {
        let condition = Condition::default();
        for ms in 0..100 {
            let reason = format!("ssl://b:1/1: SSL handshake failed (after {ms}ms in state SSL_HANDSHAKE)");
            assert_eq!(complain(&condition, Code::SSL, &reason), Some(Class::Operator));
            condition.delivered();
        }
        assert_eq!(condition.told.lock().expect("no panic").len(), 1);
    }

    #[test]
    fn a_reason_is_without_the_milliseconds_of_librdkafka() {
        let condition = Condition::default();
        let reason = "b:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused";
        let _class = complain(
            &condition,
            Code::BrokerTransportFailure,
            &format!("{reason} (after 0ms in state CONNECT)"),
        );
        let known = condition.trouble.lock().expect("no panic").clone();
        assert_eq!(known.expect("a complaint").reason, reason);
    }

    #[test]
    fn events_that_time_out_while_others_are_delivered_are_logged_once() {
        let condition = Condition::default();
        let told = [(); 3].map(|()| {
            condition.timed_out("b:1");
            let told = condition.trouble.lock().expect("no panic").as_ref().map(|known| known.told);
            condition.delivered();
            told
        });
        assert_eq!(told, [Some(true), Some(false), Some(false)]);
    }

    #[test]
    fn what_tls_refuses_is_told_from_a_broker_that_is_away_by_the_words() {
        let class = |reason| complain(&Condition::default(), Code::BrokerTransportFailure, reason);
        let refused = [
            "ssl://b:1/1: error:0A000086:SSL routines::certificate verify failed",
            "ssl://b:1/1: Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert number 42",
        ];
        assert_eq!(refused.map(class), [Some(Class::Operator); 2]);
        let away = [
            "ssl://b:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)",
            "ssl://b:1/1: error:0A000126:SSL routines::unexpected eof while reading",
        ];
        assert_eq!(away.map(class), [Some(Class::Away); 2]);
    }
}
