//! How the client proves who it is, and the broker.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::errors::ConfigError;
use super::read;
use super::settings::named_values;

named_values! {
    /// What a connection is wrapped in.
    #[derive(Default)]
    SecurityProtocol, "`PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`";
    /// Nothing.
    #[default]
    Plaintext = "PLAINTEXT",
    /// TLS; needs the cargo feature `ssl`.
    Ssl = "SSL",
    /// A user who logs in, in the clear.
    SaslPlaintext = "SASL_PLAINTEXT",
    /// A user who logs in, within TLS; needs the cargo feature `ssl`.
    SaslSsl = "SASL_SSL",
}

impl SecurityProtocol {
    fn has_sasl(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }

    fn has_tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }
}

named_values! {
    /// How a user logs in.
    SaslMechanism, "`PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512`, `OAUTHBEARER` or `GSSAPI`";
    /// User name and password as they are.
    Plain = "PLAIN",
    /// A challenge by SHA-256; needs the cargo feature `ssl`.
    ScramSha256 = "SCRAM-SHA-256",
    /// A challenge by SHA-512; needs the cargo feature `ssl`.
    ScramSha512 = "SCRAM-SHA-512",
    /// Tokens that the service's builder is given a way to; needs the cargo feature `ssl`.
    Oauthbearer = "OAUTHBEARER",
    /// Kerberos; needs the cargo feature `gssapi`.
    Gssapi = "GSSAPI",
}

impl SaslMechanism {
    fn has_password(self) -> bool {
        matches!(self, Self::Plain | Self::ScramSha256 | Self::ScramSha512)
    }
}

impl read::Setting for Option<SaslMechanism> {
    const EXPECTED: &'static str = <SaslMechanism as read::Setting>::EXPECTED;

    fn parse(text: &str) -> Option<Self> {
        SaslMechanism::parse(text).map(Some)
    }
}
use read::Setting as _;

/// Declares the fields once: name, type, default, librdkafka's name, whether it is a secret.
macro_rules! security {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $property:literal, $secret:literal;)*) => {
        /// Who the client is, and whom it trusts. Secrets never show in `Debug`.
        #[derive(Clone, PartialEq, Eq, Default)]
        pub struct SecuritySettings {
            /// What connections are wrapped in.
            pub protocol: SecurityProtocol,
            $($(#[$doc])* pub $field: Option<$type>,)*
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

        impl SecuritySettings {
            /// The librdkafka properties that these settings become.
            pub(super) fn properties(&self) -> Vec<(&'static str, String)> {
                let mut properties = vec![("security.protocol", self.protocol.to_string())];
                $(if let Some(value) = &self.$field {
                    properties.push(($property, value.to_string()));
                })*
                properties
            }

            fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match key {
                    "protocol" => self.protocol = read::value(map, "security.protocol")?,
                    $(stringify!($field) => {
                        self.$field = read::value(map, concat!("security.", stringify!($field)))?;
                    })*
                    _ => {
                        let known: Vec<_> = FIELDS.iter().map(|(field, _)| *field).collect();
                        return Err(A::Error::custom(read::unknown_key("security.", key, &known)));
                    }
                }
                Ok(())
            }
        }
    };
}

security! {
    /// How the user logs in.
    sasl_mechanism: SaslMechanism = "sasl.mechanism", false;
    /// The user.
    sasl_username: String = "sasl.username", false;
    /// The user's password.
    sasl_password: String = "sasl.password", true;
    /// The file with the certificates of the authorities to trust, in PEM.
    ssl_ca_location: String = "ssl.ca.location", false;
    /// These certificates themselves, in PEM.
    ssl_ca_pem: String = "ssl.ca.pem", false;
    /// The file with the client's certificate, in PEM.
    ssl_certificate_location: String = "ssl.certificate.location", false;
    /// The client's certificate itself, in PEM.
    ssl_certificate_pem: String = "ssl.certificate.pem", false;
    /// The file with the client's private key, in PEM.
    ssl_key_location: String = "ssl.key.location", false;
    /// The client's private key itself, in PEM.
    ssl_key_pem: String = "ssl.key.pem", true;
    /// What the private key is encrypted with.
    ssl_key_password: String = "ssl.key.password", true;
}

/// Refuses a login or a client's certificate of which one half is missing: the broker would do so without end.
pub(super) fn check_complete(layers: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let has = |name: &&str| layers.get(*name).is_some_and(|value| !value.is_empty());
    let missing = |property: &str, problem: String| {
        Err(ConfigError::new(key_of(property).unwrap_or_default(), problem))
    };
    let mechanism = layers.get("sasl.mechanism").and_then(|name| SaslMechanism::parse(name));
    if let Some(mechanism) = mechanism.filter(|mechanism| mechanism.has_password()) {
        for part in ["sasl.username", "sasl.password"] {
            if !has(&part) {
                return missing(part, format!("`{mechanism}` needs a user and a password; set it"));
            }
        }
    }
    let certificate = ["ssl.certificate.location", "ssl.certificate.pem"].iter().any(|name| has(name));
    let key = ["ssl.key.location", "ssl.key.pem"].iter().any(|name| has(name));
    match (certificate, key) {
        (true, false) => {
            missing("ssl.key.location", "a client's certificate needs its private key; set it".to_owned())
        }
        (false, true) => missing(
            "ssl.certificate.location",
            "a client's private key needs its certificate; set it".to_owned(),
        ),
        _ => Ok(()),
    }
}

/// The key that sets a librdkafka property, such as `security.sasl_username` for `sasl.username`.
pub(super) fn key_of(property: &str) -> Option<String> {
    FIELDS.iter().find(|(_, name)| *name == property).map(|(field, _)| format!("security.{field}"))
}

impl SecuritySettings {
    /// Refuses what would have no effect, what is missing, and what this build cannot do.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let protocol = self.protocol;
        if protocol.has_tls() && !cfg!(feature = "ssl") {
            let problem = format!("`{protocol}` needs TLS; add the cargo feature `ssl` of `entity-events`");
            return Err(ConfigError::new("security.protocol", problem));
        }
        if protocol.has_sasl() && self.sasl_mechanism.is_none() {
            let problem = format!("`{protocol}` needs a login; set it to {}", SaslMechanism::EXPECTED);
            return Err(ConfigError::new("security.sasl_mechanism", problem));
        }
        if let Some(mechanism) = self.sasl_mechanism {
            let (feature, built_in) = match mechanism {
                SaslMechanism::Plain => ("kafka", true),
                SaslMechanism::Gssapi => ("gssapi", cfg!(feature = "gssapi")),
                _ => ("ssl", cfg!(feature = "ssl")),
            };
            if !built_in {
                let problem = format!(
                    "`{mechanism}` needs the cargo feature `{feature}` of `entity-events`; add it, or choose `PLAIN`"
                );
                return Err(ConfigError::new("security.sasl_mechanism", problem));
            }
        }
        for (property, _) in self.properties() {
            let (part, wanted, has) = match property.split_once('.') {
                Some(("sasl", _)) => ("SASL_PLAINTEXT` or `SASL_SSL", "a login", protocol.has_sasl()),
                Some(("ssl", _)) => ("SSL` or `SASL_SSL", "TLS", protocol.has_tls()),
                _ => continue,
            };
            let used = self.sasl_mechanism.is_none_or(SaslMechanism::has_password)
                || !matches!(property, "sasl.username" | "sasl.password");
            if !used {
                let key = key_of(property).unwrap_or_default();
                let problem = "it has no effect with this `security.sasl_mechanism`; remove it";
                return Err(ConfigError::new(key, problem));
            }
            if !has {
                let key = key_of(property).unwrap_or_default();
                let problem = format!(
                    "it has no effect: `security.protocol` is `{protocol}`, without {wanted}; set that to `{part}`, or remove it"
                );
                return Err(ConfigError::new(key, problem));
            }
        }
        Ok(())
    }
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
