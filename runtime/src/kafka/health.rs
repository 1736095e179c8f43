//! How the producer is, from memory: no probe calls the broker.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::errors::classify;
use crate::error::ErrorKind;

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

/// What librdkafka last complained about. A delivery takes the complaint back.
#[derive(Debug, Default)]
pub(super) struct Condition {
    troubled: AtomicBool,
    trouble: Mutex<Option<Trouble>>,
}

#[derive(Debug, Clone)]
struct Trouble {
    class: Class,
    code: Code,
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Brokers are away; passes by itself.
    Away,
    /// Somebody has to change the configuration, here or at the broker.
    Operator,
    /// The producer is broken, and is being built anew.
    Broken,
    /// It broke too often.
    Dead,
}

impl Class {
    fn of(code: Code) -> Self {
        match code {
            Code::Authentication
            | Code::SaslAuthenticationFailed
            | Code::UnsupportedSASLMechanism
            | Code::SSL
            | Code::TopicAuthorizationFailed
            | Code::ClusterAuthorizationFailed => Self::Operator,
            _ if classify(code).0 == ErrorKind::Fatal => Self::Broken,
            _ => Self::Away,
        }
    }
}

impl Condition {
    /// librdkafka complains. Logged once for as long as the complaint stands, however often it is repeated.
    pub(super) fn complaint(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        let class = Class::of(code);
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let known = trouble.as_ref().map(|known| (known.class, known.code));
        if known.is_some_and(|(known, _)| known > class) {
            return;
        }
        if known.is_none_or(|(known, _)| known < class) {
            match class {
                Class::Away => tracing::warn!(%code, reason, "Kafka is away; trying again"),
                Class::Operator => {
                    tracing::error!(%code, reason, "Kafka refuses the client; correct the configuration");
                }
                Class::Broken | Class::Dead => {
                    tracing::error!(%code, reason, "the Kafka producer is broken; building another");
                }
            }
        } else if code == Code::AllBrokersDown {
            // The complaint of the one broker that was tried last says more.
            return;
        }
        *trouble = Some(Trouble { class, code, reason: reason.to_owned() });
        self.troubled.store(true, Ordering::Release);
    }

    /// The lane has ended: for good, unless it was closed.
    pub(super) fn ended(&self, code: Code) {
        if code == Code::Fatal {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            let last = trouble.take().map(|known| known.reason).unwrap_or_default();
            let reason =
                format!("the Kafka producer broke too often to be built anew; the last reason: {last}");
            tracing::error!(reason, "no event will be published any more");
            *trouble = Some(Trouble { class: Class::Dead, code, reason });
            self.troubled.store(true, Ordering::Release);
        }
    }

    /// A delivery: whatever passes by itself has passed.
    pub(super) fn delivered(&self) {
        if self.troubled.load(Ordering::Acquire) {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            if trouble.as_ref().is_some_and(|known| known.class < Class::Dead) {
                *trouble = None;
                self.troubled.store(false, Ordering::Release);
                tracing::info!("Kafka is back");
            }
        }
    }

    /// What is wrong, as the end of a sentence.
    pub(super) fn last_seen(&self) -> String {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.as_ref().map(|known| format!(" (last seen: {})", known.reason)).unwrap_or_default()
    }

    pub(super) fn health(&self, closed: bool) -> Health {
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
