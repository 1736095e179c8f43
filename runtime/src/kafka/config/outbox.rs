//! How the outbox's relay works.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::error::ConfigError;
use super::values::{self, named_values};

/// Declares the settings once: field, type, default.
macro_rules! settings {
    ($($(#[doc = $doc:literal])* $field:ident: $type:ty = $default:expr;)*) => {
        /// The settings of an [`OutboxRelay`](crate::outbox::OutboxRelay): the keys `outbox.*`.
        ///
        /// The relay has a Kafka producer of its own. It takes `compression_type`, `partitioner`, `message_max_bytes`,
        /// `request_timeout_ms`, `allow_auto_create_topics` and `socket_keepalive_enable` from `producer.*`, and batches by
        /// itself: what is committed while a request is on its way goes with the next.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct OutboxSettings {
            $(
                $(#[doc = $doc])*
                ///
                #[doc = concat!("Default: `", stringify!($default), "`.")]
                pub $field: $type,
            )*
        }

        impl Default for OutboxSettings {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        /// The keys with their defaults.
        #[cfg(test)]
        pub(super) fn keys() -> Vec<super::keys::Key> {
            let settings = OutboxSettings::default();
            vec![$(super::keys::Key {
                name: stringify!($field),
                doc: concat!($($doc),*).to_owned(),
                expected: <$type as values::Setting>::EXPECTED,
                default: Some(settings.$field.to_string()),
            }),*]
        }

        impl OutboxSettings {
            fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match key {
                    $(stringify!($field) => {
                        self.$field = values::value(map, concat!("outbox.", stringify!($field)))?;
                    })*
                    _ => {
                        let known = [$(stringify!($field)),*];
                        return Err(A::Error::custom(values::unknown_key("outbox.", key, &known)));
                    }
                }
                Ok(())
            }
        }
    };
}

settings! {
    /// How long a relay that has died or lost its database keeps the others from taking over, in milliseconds. At least half as
    /// long again as [`delivery_timeout_ms`](Self::delivery_timeout_ms), so that no record of a relay is written after its lease.
    /// Has no effect with SQLite.
    lease_ms: u32 = 15_000;
    /// How long a record may take to be delivered before the relay sends it again, in milliseconds: the `delivery.timeout.ms` of
    /// its own producer.
    delivery_timeout_ms: u32 = 9_000;
    /// How often the relay looks for events that nothing has announced, in milliseconds: those that were committed by a process
    /// without a relay, or without a call of `wake`. At least 1.
    poll_interval_ms: u32 = 50;
    /// How many rows are read at once: 1 to 100000.
    batch_size: u32 = 2_000;
    /// How many rows the relay holds in memory at most; at least [`batch_size`](Self::batch_size). The backlog stays in the table.
    max_rows: u32 = 40_000;
    /// How many kibibytes of keys, values and headers it holds at most, with an excess of one batch.
    max_kbytes: u32 = 32_768;
    /// How many records of one key may be on their way at once; at least 1. With more than 1, an event that Kafka refuses is
    /// overtaken by those after it.
    max_in_flight_per_key: u32 = 1;
    /// What to do with an event that Kafka refuses for itself, such as one that is too large.
    on_permanent: OnPermanent = OnPermanent::BlockKey;
}

named_values! {
    /// What a relay does with an event that Kafka refuses for itself, and will always refuse.
    OnPermanent, "`block_key` or `park`";
    /// Keep it, and those of its key after it, until an operator decides. Other keys go on.
    BlockKey = "block_key",
    /// Move it to the table `outbox_dead`, and go on with those after it.
    Park = "park",
}

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
            settings.read(&key, &mut map)?;
        }
        Ok(settings)
    }
}
