//! The listeners that require a login or TLS.

/// A listener of every broker, in addition to the plaintext one. The user is `app`, the password `app-secret`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// `SASL_SSL` with `SCRAM-SHA-512`.
    Scram,
    /// `SASL_PLAINTEXT` with `PLAIN`.
    Plain,
    /// `SASL_SSL` with `OAUTHBEARER`: takes unsigned tokens, and a new one every 5 seconds.
    Oauth,
    /// `SSL` that requires a client certificate.
    Mutual,
    /// `SSL` with a certificate that has expired.
    Expired,
    /// `SSL` with the certificate of `elsewhere.example`.
    Elsewhere,
}

impl Listener {
    /// Its port for broker 0, relative to the base, as `tests/kafka/kafka` documents it.
    pub(super) fn offset(self) -> u16 {
        match self {
            Self::Scram => 10,
            Self::Plain => 40,
            Self::Oauth => 50,
            Self::Mutual => 60,
            Self::Expired => 70,
            Self::Elsewhere => 74,
        }
    }
}
