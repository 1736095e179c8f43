//! What is asked for, and cannot be had.

use std::fs::File;

use super::{SaslMechanism, SecuritySettings, key_of};
use crate::kafka::errors::ConfigError;
use crate::kafka::layers::Layers;
use crate::kafka::read::Setting as _;

impl SecuritySettings {
    /// Refuses what would have no effect, what is missing, and what this build cannot do.
    pub(in crate::kafka) fn check(&self) -> Result<(), ConfigError> {
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

/// Refuses a login of which a part is missing: librdkafka would not name the key, or would log in without it.
pub(in crate::kafka) fn check_complete(layers: &Layers) -> Result<(), ConfigError> {
    let has = |name: &str| layers.get(name).is_some_and(|value| !value.is_empty());
    let missing = |property: &str, problem: String| Err(ConfigError::new(layers.key(property), problem));
    let mechanism = layers.get("sasl.mechanism").and_then(SaslMechanism::parse);
    if let Some(mechanism) = mechanism.filter(|mechanism| mechanism.has_password()) {
        for part in ["sasl.username", "sasl.password"] {
            if !has(part) {
                return missing(part, format!("`{mechanism}` needs a user and a password; set it"));
            }
        }
    }
    for property in ["ssl.ca.location", "ssl.certificate.location", "ssl.key.location"] {
        // `probe` has librdkafka look where systems keep authorities.
        if let Some(path) = layers.get(property).filter(|path| *path != "probe")
            && let Err(error) = File::open(path)
        {
            return missing(property, format!("`{path}` cannot be read: {error}"));
        }
    }
    let certificate = ["ssl.certificate.location", "ssl.certificate.pem"].into_iter().any(has);
    let key = ["ssl.key.location", "ssl.key.pem"].into_iter().any(has);
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
