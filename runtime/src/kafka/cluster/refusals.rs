//! Connections that fail until somebody changes something: how librdkafka words them, and what to do.

use rdkafka::error::RDKafkaErrorCode as Code;

/// A broker's certificate is not accepted.
pub(super) const UNTRUSTED: &str = "certificate verify failed";

/// librdkafka has one code for all of TLS, and gives that of a lost connection as often: its words tell them apart.
const BY_WORDS: &[(&str, &str)] = &[
    (
        UNTRUSTED,
        "the broker's certificate has expired, is for another host than the address names, or is signed by none of the \
         authorities in `security.ssl_ca_location`; renew it, connect to a name that it holds, or give its authority",
    ),
    (
        "SSL alert number",
        "the broker does not accept the client's certificate, or that there is none; give a valid one in \
         `security.ssl_certificate_location`, signed by an authority that the broker trusts",
    ),
    (
        "SASL Handshake not supported",
        "this listener has no SASL; correct `security.protocol`, or the port in `bootstrap_servers`",
    ),
    ("OAUTHBEARER token", "fix the `oauth_token` that the service's builder was given"),
    ("upported SASL mechanism", "set `security.sasl_mechanism` to one that the broker supports"),
];

/// What to do about a complaint of librdkafka; `None` where it may pass by itself.
pub(super) fn remedy(code: Code, reason: &str) -> Option<&'static str> {
    if let Some((_, remedy)) = BY_WORDS.iter().find(|(words, _)| reason.contains(words)) {
        return Some(remedy);
    }
    match code {
        Code::Authentication | Code::SaslAuthenticationFailed | Code::UnsupportedSASLMechanism => Some(
            "correct `security.sasl_username` and `security.sasl_password`, or the token of `oauth_token`",
        ),
        Code::SSL => Some("correct `security`, or the broker's listener"),
        Code::TopicAuthorizationFailed | Code::ClusterAuthorizationFailed => {
            Some("ask for the user's right to write to the topics")
        }
        _ => None,
    }
}
