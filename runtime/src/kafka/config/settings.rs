//! How the producer batches, waits and retries.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::values::{self, Setting, named_values};

/// Declares the settings once: field, type, default, librdkafka's name.
macro_rules! settings {
    ($($(#[doc = $doc:literal])* $field:ident: $type:ty = $default:expr, $property:literal;)*) => {
        /// The producer's settings. The keys are Kafka's names with `_` for `.`.
        ///
        /// `acks` is always `all` and idempotence is always on: an event counts as published only if every in-sync replica
        /// has it, once and in order.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct ProducerSettings {
            $(
                $(#[doc = $doc])*
                ///
                #[doc = concat!("Default: `", stringify!($default), "`.")]
                pub $field: $type,
            )*
        }

        impl Default for ProducerSettings {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        const FIELDS: &[(&str, &str)] = &[$((stringify!($field), $property)),*];

        impl ProducerSettings {
            /// Returns these settings as librdkafka properties.
            #[must_use]
            pub fn properties(&self) -> Vec<(&'static str, String)> {
                let mut properties = LOCKED.map(|(name, value)| (name, value.to_owned())).to_vec();
                $(properties.push(($property, self.$field.to_string()));)*
                // Not a librdkafka property: waiting for a full queue is left to the caller.
                properties.retain(|(name, _)| *name != "max.block.ms");
                properties
            }
        }

        /// The keys with these settings as their values.
        #[cfg(all(test, any(feature = "outbox-postgres", feature = "outbox-sqlite")))]
        pub(super) fn keys(settings: &ProducerSettings) -> Vec<super::keys::Key> {
            vec![$(super::keys::Key {
                name: stringify!($field),
                doc: concat!($($doc),*).to_owned(),
                expected: <$type as Setting>::EXPECTED,
                default: Some(settings.$field.to_string()),
            }),*]
        }

        fn read_override<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Override, A::Error> {
            match key {
                $(stringify!($field) => {
                    let value: $type = values::value(map, concat!("producer.", stringify!($field)))?;
                    Ok(Box::new(move |settings| settings.$field = value))
                })*
                _ => {
                    let known: Vec<_> = FIELDS.iter().map(|(field, _)| *field).chain(["preset"]).collect();
                    Err(A::Error::custom(values::unknown_key("producer.", key, &known)))
                }
            }
        }
    };
}

/// Properties that no configuration can change.
const LOCKED: [(&str, &str); 2] = [("acks", "all"), ("enable.idempotence", "true")];

type Override = Box<dyn FnOnce(&mut ProducerSettings)>;

settings! {
    /// How often a record is retried after a transient error; at least 1. Also limited by
    /// [`delivery_timeout_ms`](Self::delivery_timeout_ms).
    retries: u32 = 3, "retries";
    /// The maximum number of requests in flight to one broker: 1 to 5. Idempotence keeps the order with any of them.
    max_in_flight_requests_per_connection: u32 = 1, "max.in.flight.requests.per.connection";
    /// The maximum size of a batch in bytes. Keep it below the topics' `max.message.bytes`: Kafka refuses a batch as a whole.
    /// A larger record is sent in its own batch.
    batch_size: u32 = 16_384, "batch.size";
    /// How long a batch waits for more records, in milliseconds. It delays every awaited single publish.
    linger_ms: u32 = 5, "linger.ms";
    /// How batches are compressed.
    compression_type: Compression = Compression::Lz4, "compression.type";
    /// How long a broker may wait for its replicas, in milliseconds. Does not limit `publish`.
    request_timeout_ms: u32 = 30_000, "request.timeout.ms";
    /// How long an accepted event may take to be delivered before it is given up, including retries, in milliseconds.
    delivery_timeout_ms: u32 = 120_000, "delivery.timeout.ms";
    /// How long each event of a `publish` waits for space in a full queue, and `ensure_topics` for a response, in
    /// milliseconds.
    max_block_ms: u32 = 10_000, "max.block.ms";
    /// How keys are mapped to partitions. Changing it on a topic with records moves keys to other partitions.
    partitioner: Partitioner = Partitioner::Murmur2Random, "partitioner";
    /// The maximum number of queued events. An event with 480 bytes of JSON takes some 1.5 KiB of memory, because librdkafka
    /// stores every header separately.
    queue_buffering_max_messages: u32 = 100_000, "queue.buffering.max.messages";
    /// The maximum size of all queued keys, values and headers, in kibibytes. The default is 64 MiB.
    queue_buffering_max_kbytes: u32 = 65_536, "queue.buffering.max.kbytes";
    /// The maximum size of a record in bytes. Keep it equal to the topics' `max.message.bytes`.
    message_max_bytes: u32 = 1_000_000, "message.max.bytes";
    /// Whether publishing may create a missing topic with the broker's defaults, if the broker allows it.
    allow_auto_create_topics: bool = false, "allow.auto.create.topics";
    /// Whether to send TCP keepalives, for load balancers that drop idle connections.
    socket_keepalive_enable: bool = true, "socket.keepalive.enable";
}

impl ProducerSettings {
    /// Returns settings for many events: large batches that wait 50 ms to fill, five requests in flight.
    ///
    /// Reaches 113,000 events/s with `publish_all`, compared with 18,000 for the defaults (480 bytes each, three brokers with
    /// three replicas, all on two cores). An awaited single publish takes those 50 ms, compared with 8 ms for the defaults.
    #[must_use]
    pub fn throughput() -> Self {
        Self {
            retries: UNLIMITED,
            max_in_flight_requests_per_connection: 5,
            batch_size: 1_000_000,
            linger_ms: 50,
            ..Self::default()
        }
    }

    /// Returns settings for low latency: no record waits for a batch to fill.
    ///
    /// An awaited single publish takes 1 ms (median, one broker on the same machine), compared with 6 ms for the defaults, at
    /// the cost of more, smaller requests for the same events.
    #[must_use]
    pub fn low_latency() -> Self {
        Self {
            retries: UNLIMITED,
            max_in_flight_requests_per_connection: 5,
            batch_size: 1_000_000,
            linger_ms: 0,
            ..Self::default()
        }
    }

    /// Returns the settings of a preset by name.
    fn preset(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::default()),
            "throughput" => Some(Self::throughput()),
            "low_latency" => Some(Self::low_latency()),
            _ => None,
        }
    }
}

/// librdkafka's maximum: retries are then limited only by time.
const UNLIMITED: u32 = 2_147_483_647;

/// Returns the key that sets a librdkafka property, such as `producer.linger_ms` for `linger.ms`.
pub(super) fn key_of(property: &str) -> Option<String> {
    FIELDS.iter().find(|(_, name)| *name == property).map(|(field, _)| format!("producer.{field}"))
}

impl<'de> Deserialize<'de> for ProducerSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SettingsVisitor)
    }
}

struct SettingsVisitor;

impl<'de> Visitor<'de> for SettingsVisitor {
    type Value = ProducerSettings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of producer settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ProducerSettings, A::Error> {
        let mut preset = ProducerSettings::default();
        let mut overrides = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "preset" => preset = values::value(&mut map, "producer.preset")?,
                "acks" => {
                    locked(&values::value::<String, _>(&mut map, "producer.acks")?, &["all", "-1"], "acks")?;
                }
                "enable_idempotence" => {
                    let given = values::value::<bool, _>(&mut map, "producer.enable_idempotence")?;
                    locked(&given.to_string(), &["true"], "enable_idempotence")?;
                }
                key => overrides.push(read_override(key, &mut map)?),
            }
        }
        for set in overrides {
            set(&mut preset);
        }
        Ok(preset)
    }
}

fn locked<E: Error>(given: &str, allowed: &[&str], key: &str) -> Result<(), E> {
    match allowed.first() {
        Some(only) if !allowed.contains(&given) => Err(E::custom(format!(
            "`producer.{key}` is always `{only}`: an event counts as published only if every in-sync replica has it, \
             once; remove the key"
        ))),
        _ => Ok(()),
    }
}

impl Setting for ProducerSettings {
    const EXPECTED: &'static str = "`default`, `throughput` or `low_latency`";

    fn parse(text: &str) -> Option<Self> {
        Self::preset(text)
    }
}

named_values! {
    /// How batches are compressed.
    Compression, "`none`, `gzip`, `snappy`, `lz4` or `zstd`";
    /// No compression.
    None = "none",
    /// gzip.
    Gzip = "gzip",
    /// Snappy.
    Snappy = "snappy",
    /// LZ4.
    Lz4 = "lz4",
    /// Zstandard; needs the cargo feature `zstd`.
    Zstd = "zstd",
}

named_values! {
    /// How keys are mapped to partitions.
    Partitioner, "`murmur2_random`, `murmur2`, `consistent_random`, `consistent`, `fnv1a_random` or `fnv1a`";
    /// Murmur2, as in Java, ksqlDB and Kafka Connect.
    Murmur2Random = "murmur2_random",
    /// Murmur2; records without a key all go to one partition.
    Murmur2 = "murmur2",
    /// CRC32, librdkafka's own default.
    ConsistentRandom = "consistent_random",
    /// CRC32; records without a key all go to one partition.
    Consistent = "consistent",
    /// FNV-1a, as in Sarama (Go).
    Fnv1aRandom = "fnv1a_random",
    /// FNV-1a; records without a key all go to one partition.
    Fnv1a = "fnv1a",
}
