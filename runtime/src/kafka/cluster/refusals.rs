//! Errors that last until the configuration or the broker is changed: librdkafka's texts, and the remedies.

use rdkafka::error::RDKafkaErrorCode as Code;

/// librdkafka's text for a broker's certificate that is not accepted.
pub(super) const UNTRUSTED: &str = "certificate verify failed";

/// librdkafka has one code for all TLS errors, and often uses that of a lost connection: only the text distinguishes them.
const BY_TEXT: &[(&str, &str)] = &[
    (
        UNTRUSTED,
        "the broker's certificate has expired, is for another host, or is not signed by an authority in \
         `security.ssl_ca_location`; renew it, connect to a host in the certificate, or add its authority",
    ),
    (
        "SSL alert number",
        "the client certificate is missing, or the broker does not accept it; set `security.ssl_certificate_location` to a \
         valid one, signed by an authority that the broker trusts",
    ),
    (
        "SASL Handshake not supported",
        "this listener does not support SASL; correct `security.protocol`, or the port in `bootstrap_servers`",
    ),
    ("OAUTHBEARER token", "fix the `oauth_token` callback of the service's builder"),
    ("upported SASL mechanism", "set `security.sasl_mechanism` to one that the broker supports"),
];

/// Returns the remedy for an error of librdkafka; `None` if it may resolve itself.
pub(super) fn remedy(code: Code, reason: &str) -> Option<&'static str> {
    if let Some((_, remedy)) = BY_TEXT.iter().find(|(text, _)| reason.contains(text)) {
        return Some(remedy);
    }
    match code {
        Code::Authentication | Code::SaslAuthenticationFailed | Code::UnsupportedSASLMechanism => Some(
            "correct `security.sasl_username` and `security.sasl_password`, or the token of `oauth_token`",
        ),
        Code::SSL => Some("correct `security`, or the broker's listener"),
        Code::TopicAuthorizationFailed | Code::ClusterAuthorizationFailed => {
            Some("grant the user permission to write to the topics")
        }
        _ => None,
    }
}
