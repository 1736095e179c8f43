//! Whether the topics exist.

use std::collections::BTreeSet;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::metadata::{Metadata, MetadataTopic};

use super::producer::{Client, Shared};
use super::thread::on_thread;

/// Who sees to it that the topics exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TopicPolicy {
    /// Check only; a missing topic is an error.
    Check,
    /// The service: missing topics are created. Those that exist stay as they are.
    Create {
        /// How many partitions a new topic gets. Adding partitions later remaps keys and breaks their order.
        partitions: i32,
        /// The number of brokers that keep each partition.
        replicas: i32,
    },
    /// Topics are managed elsewhere; nothing is checked.
    External,
}

/// Topics that do not exist, or whose existence could not be found out.
///
/// [`source`](std::error::Error::source) is what the client library said, for logs; its type may change in any release.
#[derive(Debug)]
pub struct TopicError {
    problem: String,
    source: Option<KafkaError>,
}

impl TopicError {
    fn new(problem: String, source: Option<KafkaError>) -> Self {
        Self { problem, source }
    }
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for TopicError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

/// What a look at the topics needs to know.
pub(super) struct Topology {
    /// Looks by the service's own producer: rdkafka's admin client never hears what librdkafka complains about, nor of its
    /// wish for a token.
    pub(super) client: Option<Client>,
    pub(super) shared: Arc<Shared>,
    pub(super) config: ClientConfig,
    pub(super) topics: BTreeSet<String>,
    pub(super) limit: Duration,
}

impl Topology {
    pub(super) async fn ensure(self, policy: TopicPolicy) -> Result<(), TopicError> {
        if policy == TopicPolicy::External {
            return Ok(());
        }
        // librdkafka answers metadata requests, and lets go of an admin client, only to threads that can wait.
        let looked = on_thread(move || {
            let missing = self.missing()?;
            match policy {
                _ if missing.is_empty() => Ok(()),
                TopicPolicy::Create { partitions, replicas } => {
                    block_on(self.create(&missing, partitions, replicas))
                }
                TopicPolicy::Check | TopicPolicy::External => Err(self.are_missing(&missing)),
            }
        });
        looked.await.unwrap_or_else(|error| {
            Err(TopicError::new(format!("the topics were not looked at: {error}"), None))
        })
    }

    fn admin(&self) -> Result<AdminClient<DefaultClientContext>, TopicError> {
        if self.shared.tokens.is_some() {
            let problem = format!(
                "topics at `{}` cannot be created with `OAUTHBEARER`, whose tokens only the producer gets; create them \
                 otherwise",
                self.servers()
            );
            return Err(TopicError::new(problem, None));
        }
        self.config.create().map_err(|error| {
            TopicError::new(format!("no admin client for `{}`: {error}", self.servers()), Some(error))
        })
    }

    fn metadata(&self, topic: &str, limit: Duration) -> Result<Metadata, KafkaError> {
        match &self.client {
            Some(client) => client.metadata(topic, limit),
            None => Err(KafkaError::MetadataFetch(Code::BrokerNotAvailable)),
        }
    }

    fn servers(&self) -> &str {
        &self.shared.cluster.servers
    }

    fn missing(&self) -> Result<Vec<&str>, TopicError> {
        let deadline = Instant::now() + self.limit;
        let mut missing = Vec::new();
        for topic in &self.topics {
            let left = deadline.saturating_duration_since(Instant::now());
            let metadata = self.metadata(topic, left).map_err(|error| {
                let last_seen = self.shared.cluster.condition.last_seen();
                let problem =
                    format!("no answer from `{}` within {:?}{last_seen}", self.servers(), self.limit);
                TopicError::new(problem, Some(error))
            })?;
            let found = metadata.topics().iter().find(|found| found.name() == topic);
            match found.and_then(MetadataTopic::error).map(Code::from) {
                // Where a leader is being elected, the topic is there.
                None | Some(Code::LeaderNotAvailable) => {}
                Some(Code::UnknownTopicOrPartition | Code::UnknownTopic) => missing.push(topic.as_str()),
                Some(code) => {
                    return Err(TopicError::new(
                        format!("topic `{topic}` at `{}`: {code}", self.servers()),
                        None,
                    ));
                }
            }
        }
        Ok(missing)
    }

    fn are_missing(&self, missing: &[&str]) -> TopicError {
        let names = missing.join("`, `");
        let problem = match missing {
            [_] => format!("topic `{names}` does not exist at `{}`; create it", self.servers()),
            _ => format!("topics `{names}` do not exist at `{}`; create them", self.servers()),
        };
        let problem = format!("{problem}, or call `ensure_topics` with `TopicPolicy::Create`");
        TopicError::new(problem, None)
    }

    async fn create(&self, missing: &[&str], partitions: i32, replicas: i32) -> Result<(), TopicError> {
        let admin = self.admin()?;
        let failed = |problem: String, error| Err(TopicError::new(problem, error));
        let new: Vec<_> = missing
            .iter()
            .map(|topic| NewTopic::new(topic, partitions, TopicReplication::Fixed(replicas)))
            .collect();
        let options =
            AdminOptions::new().request_timeout(Some(self.limit)).operation_timeout(Some(self.limit));
        match admin.create_topics(&new, &options).await {
            Err(error) => {
                failed(format!("no topics were created at `{}`: {error}", self.servers()), Some(error))
            }
            Ok(results) => {
                // Somebody else may have been quicker.
                let refused = |(topic, code): &(String, Code)| {
                    (*code != Code::TopicAlreadyExists).then(|| format!("`{topic}`: {code}"))
                };
                let refused: Vec<_> =
                    results.into_iter().filter_map(Result::err).filter_map(|e| refused(&e)).collect();
                if refused.is_empty() {
                    return Ok(());
                }
                let what = format!("with {partitions} partitions and {replicas} replicas");
                failed(
                    format!("topics were not created at `{}` {what}: {}", self.servers(), refused.join(", ")),
                    None,
                )
            }
        }
    }
}

/// Waits for a future on a thread that may block, within a runtime or without one.
fn block_on<R>(future: impl Future<Output = R>) -> R {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => return result,
            Poll::Pending => thread::park(),
        }
    }
}
