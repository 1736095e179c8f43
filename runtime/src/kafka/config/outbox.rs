//! How the outbox's relay works.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::error::ConfigError;
use super::values::{self, named_values};

/// The settings of an [`OutboxRelay`](crate::outbox::OutboxRelay): the keys `outbox.*`.
///
/// The relay has a Kafka producer of its own. It takes `compression_type`, `partitioner`, `message_max_bytes`,
/// `request_timeout_ms`, `allow_auto_create_topics` and `socket_keepalive_enable` from `producer.*`, and batches by itself: what
/// is committed while a request is on its way goes with the next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutboxSettings {
    /// How long a relay that has died or lost its database keeps the others from taking over, in milliseconds. At least half as
    /// long again as [`delivery_timeout_ms`](Self::delivery_timeout_ms), so that no record of a relay is written after its lease.
    /// Has no effect with SQLite.
    ///
    /// Default: `15000`.
    pub lease_ms: u32,
    /// How long a record may take to be delivered before the relay sends it again, in milliseconds: the `delivery.timeout.ms` of
    /// its own producer.
    ///
    /// Default: `9000`.
    pub delivery_timeout_ms: u32,
    /// How often the relay looks for events that nothing has announced, in milliseconds: those that were committed by a process
    /// without a relay, or without a call of `wake`. At least 1.
    ///
    /// Default: `50`.
    pub poll_interval_ms: u32,
    /// How many rows are read at once: 1 to 100000.
    ///
    /// Default: `2000`.
    pub batch_size: u32,
    /// How many rows the relay holds in memory at most; at least [`batch_size`](Self::batch_size). The backlog stays in the table.
    ///
    /// Default: `40000`.
    pub max_rows: u32,
    /// How many kibibytes of keys, values and headers it holds at most, with an excess of one batch.
    ///
    /// Default: `32768`.
    pub max_kbytes: u32,
    /// How many records of one key may be on their way at once; at least 1. With more than 1, an event that Kafka refuses is
    /// overtaken by those after it.
    ///
    /// Default: `1`.
    pub max_in_flight_per_key: u32,
    /// What to do with an event that Kafka refuses for itself, such as one that is too large.
    ///
    /// Default: `block_key`.
    pub on_permanent: OnPermanent,
}

named_values! {
    /// What a relay does with an event that Kafka refuses for itself, and will always refuse.
    OnPermanent, "`block_key` or `park`";
    /// Keep it, and those of its key after it, until an operator decides. Other keys go on.
    BlockKey = "block_key",
    /// Move it to the table `outbox_dead`, and go on with those after it.
    Park = "park",
}

impl Default for OutboxSettings {
    fn default() -> Self {
        Self {
            lease_ms: 15_000,
            delivery_timeout_ms: 9_000,
            poll_interval_ms: 50,
            batch_size: 2_000,
            max_rows: 40_000,
            max_kbytes: 32_768,
            max_in_flight_per_key: 1,
            on_permanent: OnPermanent::BlockKey,
        }
    }
}

const KEYS: [&str; 8] = [
    "lease_ms",
    "delivery_timeout_ms",
    "poll_interval_ms",
    "batch_size",
    "max_rows",
    "max_kbytes",
    "max_in_flight_per_key",
    "on_permanent",
];

impl OutboxSettings {
    /// Refuses settings that cannot work together.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key: &str, problem: String| Err(ConfigError::new(format!("outbox.{key}"), problem));
        for (key, value) in [
            ("delivery_timeout_ms", self.delivery_timeout_ms),
            ("poll_interval_ms", self.poll_interval_ms),
            ("batch_size", self.batch_size),
            ("max_kbytes", self.max_kbytes),
            ("max_in_flight_per_key", self.max_in_flight_per_key),
        ] {
            if value == 0 {
                return wrong(key, "must not be 0; use at least 1".to_owned());
            }
        }
        let least = u64::from(self.delivery_timeout_ms) * 3 / 2;
        if u64::from(self.lease_ms) < least {
            let problem = format!(
                "{} ms is too short for `outbox.delivery_timeout_ms` ({} ms), whose records could be written after it; use at least \
                 {least}, or lower `outbox.delivery_timeout_ms`",
                self.lease_ms, self.delivery_timeout_ms
            );
            return wrong("lease_ms", problem);
        }
        if self.batch_size > 100_000 {
            return wrong(
                "batch_size",
                format!("{} is too much to read at once; use at most 100000", self.batch_size),
            );
        }
        if self.max_rows < self.batch_size {
            let problem = format!(
                "{} is less than `outbox.batch_size` ({}); raise it, or lower `outbox.batch_size`",
                self.max_rows, self.batch_size
            );
            return wrong("max_rows", problem);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for OutboxSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SettingsVisitor)
    }
}

struct SettingsVisitor;

impl<'de> Visitor<'de> for SettingsVisitor {
    type Value = OutboxSettings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of outbox settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OutboxSettings, A::Error> {
        let mut settings = OutboxSettings::default();
        while let Some(key) = map.next_key::<String>()? {
            let full = format!("outbox.{key}");
            match key.as_str() {
                "lease_ms" => settings.lease_ms = values::value(&mut map, &full)?,
                "delivery_timeout_ms" => settings.delivery_timeout_ms = values::value(&mut map, &full)?,
                "poll_interval_ms" => settings.poll_interval_ms = values::value(&mut map, &full)?,
                "batch_size" => settings.batch_size = values::value(&mut map, &full)?,
                "max_rows" => settings.max_rows = values::value(&mut map, &full)?,
                "max_kbytes" => settings.max_kbytes = values::value(&mut map, &full)?,
                "max_in_flight_per_key" => settings.max_in_flight_per_key = values::value(&mut map, &full)?,
                "on_permanent" => settings.on_permanent = values::value(&mut map, &full)?,
                key => return Err(A::Error::custom(values::unknown_key("outbox.", key, &KEYS))),
            }
        }
        Ok(settings)
    }
}
