//! How topics are created.

use std::collections::BTreeMap;

use rdkafka::admin::{NewTopic, TopicReplication};

/// The partitions, replicas and configuration of new topics, for [`TopicPolicy::CreateWith`](super::TopicPolicy::CreateWith).
///
/// ```
/// use entity_events::kafka::{TopicPlan, TopicPolicy};
///
/// let plan = TopicPlan::new(12, 3)
///     .config("retention.ms", "604800000")
///     // The field of the topic in the configuration.
///     .topic("product_topic", |topic| topic.partitions(24).config("cleanup.policy", "compact"));
/// let policy = TopicPolicy::CreateWith(plan);
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPlan {
    all: TopicSpec,
    /// By the field of the topic.
    own: BTreeMap<String, TopicSpec>,
}

impl TopicPlan {
    /// Every topic with this many partitions and replicas. Adding partitions later remaps keys and breaks their order.
    #[must_use]
    pub fn new(partitions: i32, replicas: i32) -> Self {
        Self { all: TopicSpec { partitions, replicas, config: BTreeMap::new() }, own: BTreeMap::new() }
    }

    /// A property of every topic that has not its own value yet, by
    /// [Kafka's name](https://kafka.apache.org/documentation/#topicconfigs).
    #[must_use]
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        for own in self.own.values_mut() {
            own.config.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self.all.config.insert(name, value);
        self
    }

    /// What is different for one topic, by its field in the configuration, such as `product_topic`.
    #[must_use]
    pub fn topic(mut self, field: impl Into<String>, change: impl FnOnce(TopicSpec) -> TopicSpec) -> Self {
        let field = field.into();
        let before = self.own.remove(&field).unwrap_or_else(|| self.all.clone());
        self.own.insert(field, change(before));
        self
    }

    pub(super) fn of(&self, field: &str) -> &TopicSpec {
        self.own.get(field).unwrap_or(&self.all)
    }

    /// The fields of topics that have their own.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.own.keys().map(String::as_str)
    }
}

/// The partitions, replicas and configuration of one new topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSpec {
    pub(super) partitions: i32,
    pub(super) replicas: i32,
    pub(super) config: BTreeMap<String, String>,
}

impl TopicSpec {
    /// The number of partitions. Adding partitions later remaps keys and breaks their order.
    #[must_use]
    pub fn partitions(self, partitions: i32) -> Self {
        Self { partitions, ..self }
    }

    /// The number of replicas of each partition.
    #[must_use]
    pub fn replicas(self, replicas: i32) -> Self {
        Self { replicas, ..self }
    }

    /// A property of the topic, by [Kafka's name](https://kafka.apache.org/documentation/#topicconfigs), such as
    /// `cleanup.policy` = `compact` for an entity with tombstones.
    #[must_use]
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.insert(name.into(), value.into());
        self
    }

    pub(super) fn of<'a>(&'a self, topic: &'a str) -> NewTopic<'a> {
        let new = NewTopic::new(topic, self.partitions, TopicReplication::Fixed(self.replicas));
        self.config.iter().fold(new, |new, (name, value)| new.set(name, value))
    }
}
