//! The configuration for clients of one's own: consumers and administration.

use std::collections::BTreeMap;
use std::fmt;

use super::KafkaConfig;
use super::error::ConfigError;
use super::properties::client_config;
use super::secret::is_secret;
use crate::topics::Topics;

/// What [librdkafka's list](https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md) marks with `P`: a
/// consumer warns about each.
const PRODUCER_ONLY: [&str; 27] = [
    "acks",
    "batch.num.messages",
    "batch.size",
    "compression.codec",
    "compression.level",
    "compression.type",
    "delivery.report.only.error",
    "delivery.timeout.ms",
    "enable.gapless.guarantee",
    "enable.idempotence",
    "linger.ms",
    "message.send.max.retries",
    "message.timeout.ms",
    "partitioner",
    "produce.offset.report",
    "queue.buffering.backpressure.threshold",
    "queue.buffering.max.kbytes",
    "queue.buffering.max.messages",
    "queue.buffering.max.ms",
    "queuing.strategy",
    "request.required.acks",
    "request.timeout.ms",
    "retries",
    "sticky.partitioning.linger.ms",
    "transaction.timeout.ms",
    "transactional.id",
    "msg_order_cmp",
];

/// Properties of librdkafka as names and values, secrets included: for a client of one's own, with an rdkafka of any version.
///
/// Its `Debug` shows no secret.
///
/// ```
/// # use entity_events::{EntityEvents, kafka::{ConfigError, KafkaConfig}};
/// # #[derive(Debug, Clone, EntityEvents)]
/// # struct Product { id: u64 }
/// # fn main() -> Result<(), ConfigError> {
/// let config = KafkaConfig::<ProductTopics>::new("broker-1:9092,broker-2:9092");
/// // let mut consumer = rdkafka::ClientConfig::new();
/// for (name, value) in config.client_properties()? {
///     // consumer.set(name, value);
/// #   let _ = (name, value);
/// }
/// // consumer.set("group.id", "billing");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ClientProperties(BTreeMap<String, String>);

impl ClientProperties {
    /// The value of a property, by librdkafka's name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl IntoIterator for ClientProperties {
    type Item = (String, String);
    type IntoIter = std::collections::btree_map::IntoIter<String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for ClientProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.iter().map(|(name, value)| (name, if is_secret(name) { "<hidden>" } else { value }));
        f.debug_map().entries(shown).finish()
    }
}

impl<T: Topics> KafkaConfig<T> {
    /// What a consumer or an admin client shares with the service: addresses, client id, security, and those of
    /// [`properties`](Self::properties) that are not for producers alone.
    ///
    /// # Errors
    ///
    /// What the service's constructor would refuse.
    pub fn client_properties(&self) -> Result<ClientProperties, ConfigError> {
        let mut properties = self.producer_properties()?;
        properties.0.retain(|name, _| !PRODUCER_ONLY.contains(&name.as_str()));
        Ok(properties)
    }

    /// The whole configuration of the service's producer.
    ///
    /// # Errors
    ///
    /// What the service's constructor would refuse.
    pub fn producer_properties(&self) -> Result<ClientProperties, ConfigError> {
        let client = client_config(self)?.client;
        // The map hides secrets; asking for one does not.
        let names = client.config_map().into_keys().map(str::to_owned);
        let property = |name: String| client.get(&name).map(str::to_owned).map(|value| (name, value));
        Ok(ClientProperties(names.filter_map(property).collect()))
    }
}
