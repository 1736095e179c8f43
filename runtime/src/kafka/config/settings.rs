//! How the producer batches, waits and retries.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::values::{self, Setting, named_values};

/// Declares the settings once: field, type, default, librdkafka's name.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $default:expr, $property:literal;)*) => {
        /// The producer's settings. The keys are Kafka's names with `_` for `.`.
        ///
        /// `acks` is always `all` and idempotence is always on: that an event counts as published only when
        /// every in-sync replica has it, once and in order, is not a setting here.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct ProducerSettings {
            $(
                $(#[$doc])*
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
            /// The librdkafka properties that these settings become.
            #[must_use]
            pub fn properties(&self) -> Vec<(&'static str, String)> {
                let mut properties = LOCKED.map(|(name, value)| (name, value.to_owned())).to_vec();
                $(properties.push(($property, self.$field.to_string()));)*
                // Ours alone: librdkafka leaves the wait for a full queue to the caller.
                properties.retain(|(name, _)| *name != "max.block.ms");
                properties
            }
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

/// What no configuration changes.
const LOCKED: [(&str, &str); 2] = [("acks", "all"), ("enable.idempotence", "true")];

type Override = Box<dyn FnOnce(&mut ProducerSettings)>;

settings! {
    /// How often a record is sent again after an error that may pass; at least 1. Time bounds it too:
    /// [`delivery_timeout_ms`](Self::delivery_timeout_ms).
    retries: u32 = 3, "retries";
    /// How many requests may be under way to one broker: 1 to 5. Idempotence keeps the order with all of them.
    max_in_flight_requests_per_connection: u32 = 1, "max.in.flight.requests.per.connection";
    /// The size of a batch in bytes. Keep it below the topics' `max.message.bytes`: Kafka refuses a batch as a whole. A record
    /// that is larger makes a batch of its own.
    batch_size: u32 = 16_384, "batch.size";
    /// How long a batch waits for more records, in milliseconds. Every awaited single publish pays it.
    linger_ms: u32 = 5, "linger.ms";
    /// How batches are compressed.
    compression_type: Compression = Compression::Lz4, "compression.type";
    /// How long a broker may wait for its replicas, in milliseconds. Not a limit for `publish`.
    request_timeout_ms: u32 = 30_000, "request.timeout.ms";
    /// How long an accepted event may take until it is delivered or given up, retries included, in milliseconds.
    delivery_timeout_ms: u32 = 120_000, "delivery.timeout.ms";
    /// How long each event of a `publish` waits for room in a full queue, and `ensure_topics` for an answer, in milliseconds.
    max_block_ms: u32 = 10_000, "max.block.ms";
    /// Which partition a key goes to. Changing it on a topic with records moves keys to other partitions.
    partitioner: Partitioner = Partitioner::Murmur2Random, "partitioner";
    /// How many events may wait for delivery. Each takes some 1.5 KiB of memory where its JSON has 480 bytes: librdkafka
    /// keeps every header by itself.
    queue_buffering_max_messages: u32 = 100_000, "queue.buffering.max.messages";
    /// How many kibibytes of keys, values and headers may wait for delivery: 64 MiB.
    queue_buffering_max_kbytes: u32 = 65_536, "queue.buffering.max.kbytes";
    /// The largest record in bytes. Keep it equal to the topics' `max.message.bytes`.
    message_max_bytes: u32 = 1_000_000, "message.max.bytes";
    /// Whether publishing may create a missing topic where the broker allows it, with the broker's defaults.
    allow_auto_create_topics: bool = false, "allow.auto.create.topics";
    /// Whether idle connections are kept alive through load balancers that drop them.
    socket_keepalive_enable: bool = true, "socket.keepalive.enable";
}

impl ProducerSettings {
    /// For many events: large batches that wait 50 ms to fill, five requests at once.
    ///
    /// Gives 113,000 events/s by `publish_all` where the defaults give 18,000 (480 bytes each, three brokers with three
    /// replicas, all on two cores). Costs the caller of an awaited single publish those 50 ms, where the defaults cost 8 ms.
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

    /// For an answer soon: nothing waits for a batch to fill.
    ///
    /// Gives an awaited single publish in 1 ms (median, one broker on the same machine) where the defaults take 6 ms. Costs
    /// more, smaller requests for the same events.
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

    /// The settings that a preset of this name stands for.
    fn preset(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::default()),
            "throughput" => Some(Self::throughput()),
            "low_latency" => Some(Self::low_latency()),
            _ => None,
        }
    }
}

/// librdkafka's own number: retries are then bounded by time alone.
const UNLIMITED: u32 = 2_147_483_647;

/// The key that sets a librdkafka property, such as `producer.linger_ms` for `linger.ms`.
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
            "`producer.{key}` is always `{only}`: an event counts as published when every in-sync replica has it, \
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
    /// As they are.
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
    /// Which partition a key goes to.
    Partitioner, "`murmur2_random`, `murmur2`, `consistent_random`, `consistent`, `fnv1a_random` or `fnv1a`";
    /// Where Java, ksqlDB and Kafka Connect put it.
    Murmur2Random = "murmur2_random",
    /// The same for every key; records without a key all go to one partition.
    Murmur2 = "murmur2",
    /// librdkafka's own default, by CRC32.
    ConsistentRandom = "consistent_random",
    /// CRC32; records without a key all go to one partition.
    Consistent = "consistent",
    /// Where Sarama (Go) puts it.
    Fnv1aRandom = "fnv1a_random",
    /// FNV-1a; records without a key all go to one partition.
    Fnv1a = "fnv1a",
}
