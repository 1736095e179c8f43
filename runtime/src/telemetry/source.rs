//! A producer and its brokers, as telemetry names them.

use std::sync::OnceLock;

use rdkafka::ClientConfig;

use super::context::TraceContext;
use super::message::Message;
use super::span::{MessageSpan, Operation};

/// What the telemetry of one producer shares.
#[derive(Debug)]
pub(crate) struct Source {
    client_id: String,
    /// The one broker of `bootstrap_servers`; of several none is named.
    server: Option<(String, Option<u16>)>,
    /// Looked up once, when a broker has answered.
    cluster_id: OnceLock<String>,
    shows_keys: bool,
}

impl Source {
    /// Creates it from the properties of a producer.
    pub(crate) fn of(config: &ClientConfig, shows_keys: bool) -> Self {
        let property = |name| config.get(name).unwrap_or_default();
        Self::new(property("client.id"), property("bootstrap.servers"), shows_keys)
    }

    pub(crate) fn new(client_id: &str, bootstrap_servers: &str, shows_keys: bool) -> Self {
        Self {
            client_id: client_id.to_owned(),
            server: only_server(bootstrap_servers),
            cluster_id: OnceLock::new(),
            shows_keys,
        }
    }

    /// Begins the span of a caller's message, and returns the trace context that the message carries.
    pub(crate) fn begin(
        &self,
        operation: Operation,
        message: &Message<'_>,
    ) -> (MessageSpan, Option<TraceContext>) {
        MessageSpan::begin(operation, self, message)
    }

    /// Begins the span of a message that a relay sends. `header` returns the value of a header.
    pub(crate) fn relayed<'a>(
        &self,
        topic: &str,
        key: &str,
        tombstone: bool,
        header: impl Fn(&str) -> Option<&'a str>,
    ) -> MessageSpan {
        MessageSpan::relayed(self, topic, key, tombstone, header)
    }

    /// Notes the id of the cluster, unless it is known.
    pub(crate) fn learn_cluster_id(&self, look_up: impl FnOnce() -> Option<String>) {
        if self.cluster_id.get().is_none()
            && let Some(id) = look_up()
        {
            let _ = self.cluster_id.set(id);
        }
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn address(&self) -> Option<&str> {
        self.server.as_ref().map(|(address, _)| address.as_str())
    }

    pub(super) fn port(&self) -> Option<u16> {
        self.server.as_ref().and_then(|(_, port)| *port)
    }

    pub(super) fn cluster_id(&self) -> Option<&str> {
        self.cluster_id.get().map(String::as_str)
    }

    /// The partition key, if telemetry may contain it.
    pub(super) fn key_to_show<'a>(&self, key: &'a str) -> Option<&'a str> {
        self.shows_keys.then_some(key)
    }
}

/// Reads `[PROTOCOL://]host[:port]`, if there is only one. An address of IP version 6 with a port has brackets.
fn only_server(servers: &str) -> Option<(String, Option<u16>)> {
    let server = servers.trim().trim_end_matches(',');
    if server.is_empty() || server.contains(',') {
        return None;
    }
    let server = server.split_once("://").map_or(server, |(_, server)| server);
    let (address, port) = match server.rsplit_once(':') {
        Some((address, port)) if !address.contains(':') || address.ends_with(']') => {
            (address, port.parse().ok())
        }
        _ => (server, None),
    };
    Some((address.trim_start_matches('[').trim_end_matches(']').to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::only_server;

    #[test]
    fn one_server_is_named_and_several_are_not() {
        let server = |address: &str, port| Some((address.to_owned(), port));
        assert_eq!(only_server("kafka:9092"), server("kafka", Some(9092)));
        assert_eq!(only_server("SASL_SSL://kafka:9093,"), server("kafka", Some(9093)));
        assert_eq!(only_server("kafka"), server("kafka", None));
        assert_eq!(only_server("[::1]:9092"), server("::1", Some(9092)));
        assert_eq!(only_server("::1"), server("::1", None));
        assert_eq!(only_server("a:9092,b:9092"), None);
        assert_eq!(only_server(" "), None);
    }
}
