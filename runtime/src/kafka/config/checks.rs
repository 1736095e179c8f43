//! Settings that are missing, contradict each other, or are not built in.

use std::fs::File;

use super::error::ConfigError;
use super::keys::key_of;
use super::layers::Layers;
use super::security::{SaslMechanism, SecuritySettings};
use super::settings::Partitioner;
use super::values::Setting as _;

impl SecuritySettings {
    /// Refuses settings that have no effect, are missing, or are not built in.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let protocol = self.protocol;
        if protocol.has_tls() && !cfg!(feature = "ssl") {
            let problem =
                format!("`{protocol}` needs TLS; enable the cargo feature `ssl` of `entity-events`");
            return Err(ConfigError::new("security.protocol", problem));
        }
        if protocol.has_sasl() && self.sasl_mechanism.is_none() {
            let problem = format!("missing, but `{protocol}` needs a login; use {}", SaslMechanism::EXPECTED);
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
                    "`{mechanism}` needs the cargo feature `{feature}` of `entity-events`; enable it, or use `PLAIN`"
                );
                return Err(ConfigError::new("security.sasl_mechanism", problem));
            }
        }
        for (property, _) in self.properties() {
            let (protocols, wanted, has) = match property.split_once('.') {
                Some(("sasl", _)) => ("SASL_PLAINTEXT` or `SASL_SSL", "a login", protocol.has_sasl()),
                Some(("ssl", _)) => ("SSL` or `SASL_SSL", "TLS", protocol.has_tls()),
                _ => continue,
            };
            let used = self.sasl_mechanism.is_none_or(SaslMechanism::has_password)
                || !matches!(property, "sasl.username" | "sasl.password");
            if !used {
                let key = key_of(property);
                let problem = "has no effect with this `security.sasl_mechanism`; remove it";
                return Err(ConfigError::new(key, problem));
            }
            if !has {
                let key = key_of(property);
                let problem = format!(
                    "has no effect with `security.protocol` set to `{protocol}`, without {wanted}; use `{protocols}` there, or remove this"
                );
                return Err(ConfigError::new(key, problem));
            }
        }
        Ok(())
    }
}

/// Refuses incomplete credentials: librdkafka would not name the key, or would connect without them.
pub(super) fn check_complete(layers: &Layers) -> Result<(), ConfigError> {
    let has = |name: &str| layers.get(name).is_some_and(|value| !value.is_empty());
    let missing = |property: &str, problem: String| Err(ConfigError::new(layers.key(property), problem));
    let mechanism = layers.get("sasl.mechanism").and_then(SaslMechanism::parse);
    if let Some(mechanism) = mechanism.filter(|mechanism| mechanism.has_password()) {
        for part in ["sasl.username", "sasl.password"] {
            if !has(part) {
                return missing(part, format!("missing; `{mechanism}` needs a user and a password"));
            }
        }
    }
    for property in ["ssl.ca.location", "ssl.certificate.location", "ssl.key.location"] {
        // With `probe`, librdkafka searches the usual locations of authorities.
        if let Some(path) = layers.get(property).filter(|path| *path != "probe")
            && let Err(error) = File::open(path)
        {
            return missing(property, format!("cannot read `{path}`: {error}"));
        }
    }
    let certificate = ["ssl.certificate.location", "ssl.certificate.pem"].into_iter().any(has);
    let key = ["ssl.key.location", "ssl.key.pem"].into_iter().any(has);
    match (certificate, key) {
        (true, false) => {
            missing("ssl.key.location", "missing; a client certificate needs its private key".to_owned())
        }
        (false, true) => missing(
            "ssl.certificate.location",
            "missing; a client's private key needs its certificate".to_owned(),
        ),
        _ => Ok(()),
    }
}

pub(super) fn check_addresses(servers: &str) -> Result<(), ConfigError> {
    let wrong = |why: String| {
        Err(ConfigError::new(
            "bootstrap_servers",
            format!("{why}; use `host:port`, several separated by commas"),
        ))
    };
    if servers.trim().is_empty() {
        return wrong("must not be empty".to_owned());
    }
    for server in servers.split(',').map(str::trim) {
        if server.contains("://") {
            return wrong(format!("`{server}` is a URL"));
        }
        let Some((host, port)) = server.rsplit_once(':') else {
            return wrong(format!("`{server}` has no port"));
        };
        let in_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_valid = match in_brackets {
            Some(ipv6) => ipv6.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.' | '%')),
            None => host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')),
        };
        if host.is_empty() || !is_valid {
            return wrong(format!("`{server}` has an invalid host"));
        }
        if !port.parse::<u16>().is_ok_and(|port| port > 0) {
            return wrong(format!("`{server}` has an invalid port (expected 1 to 65535)"));
        }
    }
    Ok(())
}

/// Refuses waits without a limit, and a delivery timeout that ends before a batch is sent.
pub(super) fn check_times(
    layers: &Layers,
    value: impl Fn(&str) -> Option<String>,
) -> Result<(), ConfigError> {
    let number = |name: &str| value(name).and_then(|value| value.parse::<f64>().ok());
    let wrong = |name: &str, problem: &str| Err(ConfigError::new(layers.key(name), problem));
    let (delivery, linger) = (number("delivery.timeout.ms"), number("linger.ms"));
    if delivery.is_some_and(|ms| ms <= 0.0) {
        let problem = "0 would wait forever; use a time in milliseconds, such as 120000";
        return wrong("delivery.timeout.ms", problem);
    }
    if let (Some(delivery), Some(linger)) = (delivery, linger)
        && delivery <= linger
    {
        let other = layers.key("linger.ms");
        let problem =
            format!("{delivery} ms is not longer than `{other}` ({linger} ms); raise it, or lower `{other}`");
        return wrong("delivery.timeout.ms", &problem);
    }
    let in_flight = "max.in.flight.requests.per.connection";
    if number(in_flight).is_some_and(|requests| !(1.0..=5.0).contains(&requests)) {
        let problem = "idempotence supports only 1 to 5 requests in flight; use a number from 1 to 5";
        return wrong(in_flight, problem);
    }
    if number("retries").is_some_and(|retries| retries < 1.0) {
        return wrong("retries", "idempotence needs retries; use at least 1");
    }
    Ok(())
}

/// Refuses a queue without a limit, and a partitioner that ignores the key.
pub(super) fn check_records(
    layers: &Layers,
    value: impl Fn(&str) -> Option<String>,
) -> Result<(), ConfigError> {
    let name = "queue.buffering.max.messages";
    if value(name).and_then(|value| value.parse::<usize>().ok()).unwrap_or_default() == 0 {
        let problem = "0 would be a queue without a limit; use a number from 1 to 2147483647";
        return Err(ConfigError::new(layers.key(name), problem));
    }
    if let Some(partitioner) = value("partitioner")
        && Partitioner::parse(&partitioner).is_none()
    {
        let problem =
            format!("`{partitioner}` does not keep a key on its partition; use {}", Partitioner::EXPECTED);
        return Err(ConfigError::new(layers.key("partitioner"), problem));
    }
    Ok(())
}
