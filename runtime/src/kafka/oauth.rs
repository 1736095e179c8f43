//! Tokens for `OAUTHBEARER`, fetched by the user's callback.
//!
//! librdkafka requests a token on the thread that also serves the delivery reports, and expects it as the return value. So
//! the callback runs on the tokio runtime, and the thread continues its other work meanwhile.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{TryRecvError, sync_channel};
use std::time::{Duration, SystemTime};

use rdkafka::ClientConfig;
use rdkafka::client::OAuthToken;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::config::ConfigError;

/// How long fetching a token may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(30);

type BoxError = Box<dyn Error + Send + Sync>;
pub(crate) type Fetching = Pin<Box<dyn Future<Output = Result<OauthToken, BoxError>> + Send>>;

/// A token to log in with by `OAUTHBEARER`.
///
/// SASL extensions (KIP-342) are not sent; they may be added in a later release.
#[derive(Clone, PartialEq, Eq)]
pub struct OauthToken {
    token: String,
    principal: String,
    expires_at: SystemTime,
}

impl fmt::Debug for OauthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OauthToken")
            .field("token", &"<hidden>")
            .field("principal", &self.principal)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl OauthToken {
    /// Creates a token, usually a JWT, of visible ASCII characters. The next one is requested after four fifths of the time
    /// until `expires_at`.
    pub fn new(token: impl Into<String>, expires_at: SystemTime) -> Self {
        Self { token: token.into(), principal: String::new(), expires_at }
    }

    /// Sets the principal that librdkafka shows in its debug log (default: empty). Brokers read the token itself.
    #[must_use]
    pub fn principal(mut self, name: impl Into<String>) -> Self {
        self.principal = name.into();
        self
    }

    /// Converts to librdkafka's form. Validates the token here, because librdkafka's errors would show it.
    fn into_native(self) -> Result<OAuthToken, BoxError> {
        if self.token.is_empty() || !self.token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("invalid token: expected one or more visible ASCII characters".into());
        }
        if self.principal.contains('\0') {
            return Err("invalid principal of the token: it contains a NUL".into());
        }
        let expires_at = self.expires_at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        if self.expires_at <= SystemTime::now() {
            return Err(
                format!("the token has already expired, at Unix time {}", expires_at.as_secs()).into()
            );
        }
        // librdkafka converts it to microseconds, which must fit into 64 bits; no token expires that far ahead.
        let lifetime_ms = i64::try_from(expires_at.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 1_000);
        Ok(OAuthToken { token: self.token, principal_name: self.principal, lifetime_ms })
    }
}

pub(crate) type FetchToken = Arc<dyn Fn() -> Fetching + Send + Sync>;

/// The callback that fetches tokens, and the runtime that it runs on.
pub(super) struct TokenSource {
    fetch: FetchToken,
    runtime: Handle,
}

impl TokenSource {
    /// Returns the token source of this configuration, if it needs one.
    pub(super) fn of(config: &ClientConfig, fetch: Option<FetchToken>) -> Result<Option<Self>, ConfigError> {
        let wrong = |problem| Err(ConfigError::new("security.sasl_mechanism", problem));
        let is = |name, value| config.get(name).is_some_and(|given| given == value);
        let wanted = is("sasl.mechanism", "OAUTHBEARER") && !is("sasl.oauthbearer.method", "oidc");
        match (wanted, fetch, Handle::try_current()) {
            (false, None, _) => Ok(None),
            (false, Some(_), _) => wrong(
                "`oauth_token` has no effect without `OAUTHBEARER`, or if librdkafka fetches tokens itself; \
                 use `OAUTHBEARER`, or remove `oauth_token` from the builder",
            ),
            (true, None, _) => wrong(
                "`OAUTHBEARER` needs tokens; build the service with `KafkaEventService::builder` and set `oauth_token`",
            ),
            (true, Some(_), Err(_)) => {
                wrong("`oauth_token` needs a tokio runtime to run on; build the service within one")
            }
            (true, Some(fetch), Ok(runtime)) => Ok(Some(Self { fetch, runtime })),
        }
    }

    /// Fetches a token. Until it arrives, the calling thread runs `meanwhile` repeatedly, and aborts once that returns
    /// `false`.
    pub(super) fn token(&self, meanwhile: impl Fn() -> bool) -> Result<OAuthToken, BoxError> {
        let (sender, receiver) = sync_channel(1);
        let fetch = Arc::clone(&self.fetch);
        let fetching = self.runtime.spawn(async move {
            let fetched = timeout(FETCH_TIMEOUT, async move { fetch().await }).await;
            let _ = sender.send(fetched.unwrap_or_else(|_| {
                Err(format!("`oauth_token` returned no token within {FETCH_TIMEOUT:?}").into())
            }));
        });
        loop {
            match receiver.try_recv() {
                Ok(fetched) => return fetched.and_then(OauthToken::into_native),
                Err(TryRecvError::Disconnected) => {
                    return Err("`oauth_token` panicked, or its tokio runtime has shut down".into());
                }
                Err(TryRecvError::Empty) if meanwhile() => {}
                Err(TryRecvError::Empty) => {
                    fetching.abort();
                    return Err("the producer that requested the token is gone".into());
                }
            }
        }
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}
