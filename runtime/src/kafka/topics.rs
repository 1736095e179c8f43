//! Checking and creating topics.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::metadata::{Metadata, MetadataTopic};

use super::producer::{Client, Shared};
use super::thread::on_thread;
use super::topic_plan::{TopicPlan, TopicSpec};

/// How to ensure that the topics exist.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TopicPolicy {
    /// Check only; a missing topic is an error.
    Check,
    /// Create missing topics. Existing ones are left unchanged.
    Create {
        /// The number of partitions of a new topic. Adding partitions later remaps keys and breaks their order.
        partitions: i32,
        /// The number of replicas of each partition.
        replicas: i32,
    },
    /// Create missing topics, each with its own partitions, replicas and configuration. Existing ones are left unchanged.
    CreateWith(TopicPlan),
    /// Topics are managed elsewhere; nothing is checked.
    External,
}

/// The error returned if topics do not exist, or if that could not be determined.
///
/// [`source`](std::error::Error::source) is the client library's error, for logs; its type may change in any release.
pub struct TopicError {
    problem: String,
    source: Option<KafkaError>,
}

impl TopicError {
    fn new(problem: String, source: Option<KafkaError>) -> Self {
        Self { problem, source }
    }
}

/// Readable, because a `main` that returns an error prints its `Debug`.
impl fmt::Debug for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TopicError: {}", self.problem)
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

/// Checks and creates the topics of a service.
pub(super) struct Topology {
    /// The service's own producer, used for checks: rdkafka's admin client does not get librdkafka's errors and token
    /// requests.
    pub(super) client: Option<Client>,
    pub(super) shared: Arc<Shared>,
    pub(super) config: ClientConfig,
    /// Each with its fields in the configuration: entities may share a topic.
    pub(super) topics: BTreeMap<String, Vec<&'static str>>,
    pub(super) limit: Duration,
}

impl Topology {
    pub(super) async fn ensure(self, policy: TopicPolicy) -> Result<(), TopicError> {
        let plan = match policy {
            TopicPolicy::External => return Ok(()),
            TopicPolicy::Check => None,
            TopicPolicy::Create { partitions, replicas } => Some(TopicPlan::new(partitions, replicas)),
            TopicPolicy::CreateWith(plan) => Some(plan),
        };
        if let Some(plan) = &plan {
            self.check(plan)?;
        }
        // Metadata requests, and dropping an admin client, block the thread.
        let result = on_thread(move || {
            let missing = self.missing()?;
            match plan {
                _ if missing.is_empty() => Ok(()),
                Some(plan) => block_on(self.create(&missing, &plan)),
                None => Err(self.are_missing(&missing)),
            }
        });
        result.await.unwrap_or_else(|error| {
            Err(TopicError::new(format!("failed to check the topics: {error}"), None))
        })
    }

    /// A plan names fields that are there, and one plan for each topic.
    fn check(&self, plan: &TopicPlan) -> Result<(), TopicError> {
        let known: Vec<_> = self.topics.values().flatten().copied().collect();
        if let Some(unknown) = plan.fields().find(|field| !known.contains(field)) {
            let problem =
                format!("the plan names `{unknown}`, which is no topic; use one of `{}`", known.join("`, `"));
            return Err(TopicError::new(problem, None));
        }
        for (topic, fields) in &self.topics {
            let different = |pair: &&[&str]| plan.of(pair[0]) != plan.of(pair[1]);
            if let Some([one, other]) = fields.windows(2).find(different) {
                let problem = format!(
                    "`{one}` and `{other}` are both topic `{topic}`, and the plan differs; say the same for both"
                );
                return Err(TopicError::new(problem, None));
            }
        }
        Ok(())
    }

    fn admin(&self) -> Result<AdminClient<DefaultClientContext>, TopicError> {
        if self.shared.tokens.is_some() {
            let problem = format!(
                "topics at `{}` cannot be created with `OAUTHBEARER`, whose tokens only the producer gets; create them \
                 by other means",
                self.servers()
            );
            return Err(TopicError::new(problem, None));
        }
        self.config.create().map_err(|error| {
            TopicError::new(
                format!("failed to create an admin client for `{}`: {error}", self.servers()),
                Some(error),
            )
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
        for topic in self.topics.keys() {
            let left = deadline.saturating_duration_since(Instant::now());
            let metadata = self.metadata(topic, left).map_err(|error| {
                let last_error = self.shared.cluster.condition.last_error();
                let problem =
                    format!(
                        "no answer from `{}` within {:?}{last_error}; start Kafka there, or correct `bootstrap_servers`",
                        self.servers(),
                        self.limit
                    );
                TopicError::new(problem, Some(error))
            })?;
            let found = metadata.topics().iter().find(|found| found.name() == topic);
            match found.and_then(MetadataTopic::error).map(Code::from) {
                // The topic exists, but its leader is still being elected.
                None | Some(Code::LeaderNotAvailable) => {}
                Some(Code::UnknownTopicOrPartition | Code::UnknownTopic) => missing.push(topic.as_str()),
                Some(code) => {
                    return Err(TopicError::new(
                        format!("failed to check topic `{topic}` at `{}`: {code}", self.servers()),
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

    async fn create(&self, missing: &[&str], plan: &TopicPlan) -> Result<(), TopicError> {
        let admin = self.admin()?;
        let failed = |problem: String, error| Err(TopicError::new(problem, error));
        let spec =
            |topic: &str| plan.of(self.topics.get(topic).and_then(|fields| fields.first()).unwrap_or(&""));
        let new: Vec<_> = missing.iter().map(|topic| spec(topic).of(topic)).collect();
        let options =
            AdminOptions::new().request_timeout(Some(self.limit)).operation_timeout(Some(self.limit));
        match admin.create_topics(&new, &options).await {
            Err(error) => {
                let hint = match error.rdkafka_error_code() {
                    Some(Code::OperationTimedOut) => {
                        "; an embedded Kafka creates none: name them with `EmbeddedKafka::builder().topic(..)`"
                    }
                    _ => "",
                };
                failed(format!("failed to create topics at `{}`: {error}{hint}", self.servers()), Some(error))
            }
            Ok(results) => {
                // Another process may have created it meanwhile.
                let refused = |(topic, code): &(String, Code)| {
                    let TopicSpec { partitions, replicas, .. } = spec(topic);
                    (*code != Code::TopicAlreadyExists).then(|| {
                        format!("`{topic}` with {partitions} partitions and {replicas} replicas: {code}")
                    })
                };
                let refused: Vec<_> =
                    results.into_iter().filter_map(Result::err).filter_map(|e| refused(&e)).collect();
                if refused.is_empty() {
                    return Ok(());
                }
                failed(
                    format!("failed to create topics at `{}`: {}", self.servers(), refused.join(", ")),
                    None,
                )
            }
        }
    }
}

/// Blocks the current thread on a future, inside or outside a runtime.
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
