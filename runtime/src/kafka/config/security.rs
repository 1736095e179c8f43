//! How client and broker authenticate each other.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::values::{self, Setting, named_values};

named_values! {
    /// How connections are encrypted and authenticated.
    #[derive(Default)]
    SecurityProtocol, "`PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`";
    /// No TLS, no login.
    #[default]
    Plaintext = "PLAINTEXT",
    /// TLS; needs the cargo feature `ssl`.
    Ssl = "SSL",
    /// A login without TLS.
    SaslPlaintext = "SASL_PLAINTEXT",
    /// A login over TLS; needs the cargo feature `ssl`.
    SaslSsl = "SASL_SSL",
}

impl SecurityProtocol {
    pub(super) fn has_sasl(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }

    pub(super) fn has_tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }
}

named_values! {
    /// How the client logs in.
    SaslMechanism, "`PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512`, `OAUTHBEARER` or `GSSAPI`";
    /// User name and password in plain text.
    Plain = "PLAIN",
    /// A challenge with SHA-256; needs the cargo feature `ssl`.
    ScramSha256 = "SCRAM-SHA-256",
    /// A challenge with SHA-512; needs the cargo feature `ssl`.
    ScramSha512 = "SCRAM-SHA-512",
    /// Tokens fetched by the builder's `oauth_token` callback; needs the cargo feature `ssl`.
    Oauthbearer = "OAUTHBEARER",
    /// Kerberos; needs the cargo feature `gssapi`.
    Gssapi = "GSSAPI",
}

impl SaslMechanism {
    pub(super) fn has_password(self) -> bool {
        matches!(self, Self::Plain | Self::ScramSha256 | Self::ScramSha512)
    }
}

impl Setting for Option<SaslMechanism> {
    const EXPECTED: &'static str = <SaslMechanism as Setting>::EXPECTED;

    fn parse(text: &str) -> Option<Self> {
        SaslMechanism::parse(text).map(Some)
    }
}

/// Declares the fields once: name, type, default, librdkafka's name, whether it is a secret.
macro_rules! security {
    ($($(#[doc = $doc:literal])* $field:ident: $type:ty = $property:literal, $secret:literal;)*) => {
        /// The client's credentials, and the authorities it trusts. `Debug`, logs and errors never show secrets.
        ///
        /// The keys are Kafka's names with `_` for `.`, in tables or in environment variables such as
        /// `SERVICE__KAFKA_CONFIG__SECURITY__SASL_PASSWORD`. TLS, `SCRAM` and `OAUTHBEARER` need the cargo feature `ssl`, which
        /// builds against OpenSSL and its headers (`ssl-vendored` brings its own).
        ///
        /// User name and password with `SCRAM`, over TLS; likewise `SCRAM-SHA-256`, and `PLAIN`, which sends the password to
        /// the broker:
        ///
        /// ```toml
        /// security.protocol = "SASL_SSL"
        /// security.sasl_mechanism = "SCRAM-SHA-512"
        /// security.sasl_username = "catalog"
        /// security.sasl_password = "…"
        /// security.ssl_ca_location = "/etc/kafka/ca.pem"   # default: the system's authorities
        /// ```
        ///
        /// `PLAIN` without TLS, in a trusted network; needs no cargo feature:
        ///
        /// ```toml
        /// security.protocol = "SASL_PLAINTEXT"
        /// security.sasl_mechanism = "PLAIN"
        /// security.sasl_username = "catalog"
        /// security.sasl_password = "…"
        /// ```
        ///
        /// Mutual TLS, with files or their contents (`ssl_ca_pem`, `ssl_certificate_pem`, `ssl_key_pem`):
        ///
        /// ```toml
        /// security.protocol = "SSL"
        /// security.ssl_ca_location = "/etc/kafka/ca.pem"
        /// security.ssl_certificate_location = "/etc/kafka/catalog.crt"
        /// security.ssl_key_location = "/etc/kafka/catalog.key"
        /// security.ssl_key_password = "…"                  # if the key is encrypted
        /// ```
        ///
        /// librdkafka reads the files once, when the service is built: renewed certificates need a restart.
        ///
        /// Tokens; needs the builder's [`oauth_token`](crate::kafka::KafkaEventServiceBuilder::oauth_token) callback to fetch
        /// them:
        ///
        /// ```toml
        /// security.protocol = "SASL_SSL"
        /// security.sasl_mechanism = "OAUTHBEARER"
        /// ```
        ///
        /// Kerberos; needs the cargo feature `gssapi`, and its settings in `properties`:
        ///
        /// ```toml
        /// security.protocol = "SASL_SSL"
        /// security.sasl_mechanism = "GSSAPI"
        /// properties."sasl.kerberos.principal" = "catalog@EXAMPLE.COM"
        /// properties."sasl.kerberos.keytab" = "/etc/kafka/catalog.keytab"
        /// ```
        ///
        /// Any other librdkafka property belongs in `properties`, such as `ssl.endpoint.identification.algorithm`.
        ///
        /// Refused logins and certificates are reported by [`health`](crate::kafka::KafkaEventService::health), and once in
        /// the log, with the broker and the remedy; the client keeps trying. To find out what is wrong with a broker's
        /// certificate, a separate connection inspects it, at most once a minute per broker.
        #[derive(Clone, PartialEq, Eq, Default)]
        #[non_exhaustive]
        pub struct SecuritySettings {
            /// How connections are encrypted and authenticated.
            pub protocol: SecurityProtocol,
            $($(#[doc = $doc])* pub $field: Option<$type>,)*
        }

        impl fmt::Debug for SecuritySettings {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut out = f.debug_struct("SecuritySettings");
                out.field("protocol", &self.protocol);
                $(match &self.$field {
                    Some(_) if $secret => out.field(stringify!($field), &"<hidden>"),
                    value => out.field(stringify!($field), value),
                };)*
                out.finish()
            }
        }

        const FIELDS: &[(&str, &str)] = &[("protocol", "security.protocol"), $((stringify!($field), $property)),*];

        /// The keys, of which only `protocol` has a default.
        #[cfg(all(test, any(feature = "outbox-postgres", feature = "outbox-sqlite")))]
        pub(super) fn keys() -> Vec<super::keys::Key> {
            let protocol = super::keys::Key {
                name: "protocol",
                doc: "How connections are encrypted and authenticated.".to_owned(),
                expected: SecurityProtocol::EXPECTED,
                default: Some(SecurityProtocol::default().to_string()),
            };
            let others = [$(super::keys::Key {
                name: stringify!($field),
                doc: concat!($($doc),*).to_owned(),
                expected: <$type as Setting>::EXPECTED,
                default: None,
            }),*];
            std::iter::once(protocol).chain(others).collect()
        }

        impl SecuritySettings {
            /// Returns these settings as librdkafka properties.
            pub(super) fn properties(&self) -> Vec<(&'static str, String)> {
                let mut properties = vec![("security.protocol", self.protocol.to_string())];
                $(if let Some(value) = &self.$field {
                    properties.push(($property, value.to_string()));
                })*
                properties
            }

            fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match key {
                    "protocol" => self.protocol = values::value(map, "security.protocol")?,
                    $(stringify!($field) => {
                        self.$field = values::value(map, concat!("security.", stringify!($field)))?;
                    })*
                    _ => {
                        let known: Vec<_> = FIELDS.iter().map(|(field, _)| *field).collect();
                        return Err(A::Error::custom(values::unknown_key("security.", key, &known)));
                    }
                }
                Ok(())
            }
        }
    };
}

security! {
    /// The login mechanism.
    sasl_mechanism: SaslMechanism = "sasl.mechanism", false;
    /// The user name.
    sasl_username: String = "sasl.username", false;
    /// The password.
    sasl_password: String = "sasl.password", true;
    /// The file with the trusted authorities' certificates, in PEM.
    ssl_ca_location: String = "ssl.ca.location", false;
    /// The trusted authorities' certificates, in PEM.
    ssl_ca_pem: String = "ssl.ca.pem", false;
    /// The file with the client certificate, in PEM.
    ssl_certificate_location: String = "ssl.certificate.location", false;
    /// The client certificate, in PEM.
    ssl_certificate_pem: String = "ssl.certificate.pem", false;
    /// The file with the client's private key, in PEM.
    ssl_key_location: String = "ssl.key.location", false;
    /// The client's private key, in PEM.
    ssl_key_pem: String = "ssl.key.pem", true;
    /// The password of the encrypted private key.
    ssl_key_password: String = "ssl.key.password", true;
}

/// Returns the key that sets a librdkafka property, such as `security.sasl_username` for `sasl.username`.
pub(super) fn key_of(property: &str) -> Option<String> {
    FIELDS.iter().find(|(_, name)| *name == property).map(|(field, _)| format!("security.{field}"))
}

impl<'de> Deserialize<'de> for SecuritySettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SecurityVisitor)
    }
}

struct SecurityVisitor;

impl<'de> Visitor<'de> for SecurityVisitor {
    type Value = SecuritySettings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of security settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecuritySettings, A::Error> {
        let mut settings = SecuritySettings::default();
        while let Some(key) = map.next_key::<String>()? {
            settings.read(&key, &mut map)?;
        }
        Ok(settings)
    }
}
