//! Tokens for `OAUTHBEARER`, fetched by the service's owner.
//!
//! librdkafka asks for a token on the thread that also brings the delivery reports, and wants it as the answer. So the
//! fetching runs on the tokio runtime, and until it is done the thread goes on with its other work.

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
type Fetching = Pin<Box<dyn Future<Output = Result<OauthToken, BoxError>> + Send>>;

/// What a user logs in with by `OAUTHBEARER`.
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
    /// A token, mostly a JWT: visible ASCII characters. The next one is asked for when four fifths of the time until
    /// `expires_at` have passed.
    pub fn new(token: impl Into<String>, expires_at: SystemTime) -> Self {
        Self { token: token.into(), principal: String::new(), expires_at }
    }

    /// Sets whom the token is for, as librdkafka names it in its debug log (default: empty). Brokers look into the token
    /// itself.
    #[must_use]
    pub fn principal(mut self, name: impl Into<String>) -> Self {
        self.principal = name.into();
        self
    }

    /// librdkafka's form. What is wrong with a token is said here: librdkafka would show the token with it.
    fn into_native(self) -> Result<OAuthToken, BoxError> {
        if self.token.is_empty() || !self.token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the token is empty or has characters other than visible ASCII ones".into());
        }
        if self.principal.contains('\0') {
            return Err("the token's principal has a NUL in it".into());
        }
        let expires_at = self.expires_at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        if self.expires_at <= SystemTime::now() {
            return Err(
                format!("the token has expired already, {} s after 1970", expires_at.as_secs()).into()
            );
        }
        // In microseconds it has to fit 64 bits within librdkafka; so far ahead, no token expires.
        let lifetime_ms = i64::try_from(expires_at.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 1_000);
        Ok(OAuthToken { token: self.token, principal_name: self.principal, lifetime_ms })
    }
}

pub(super) type FetchToken = Arc<dyn Fn() -> Fetching + Send + Sync>;

/// Where tokens come from, and where fetching them runs.
pub(super) struct TokenSource {
    fetch: FetchToken,
    runtime: Handle,
}

impl TokenSource {
    /// Where the tokens of this configuration come from, if it asks for any.
    pub(super) fn of(config: &ClientConfig, fetch: Option<FetchToken>) -> Result<Option<Self>, ConfigError> {
        let wrong = |problem| Err(ConfigError::new("security.sasl_mechanism", problem));
        let is = |name, value| config.get(name).is_some_and(|given| given == value);
        let wanted = is("sasl.mechanism", "OAUTHBEARER") && !is("sasl.oauthbearer.method", "oidc");
        match (wanted, fetch, Handle::try_current()) {
            (false, None, _) => Ok(None),
            (false, Some(_), _) => wrong(
                "`oauth_token` has no effect without `OAUTHBEARER`, or where librdkafka fetches tokens itself; \
                 set this to `OAUTHBEARER`, or remove `oauth_token` from the builder",
            ),
            (true, None, _) => wrong(
                "`OAUTHBEARER` needs tokens; make the service by `builder` and give it an `oauth_token`",
            ),
            (true, Some(_), Err(_)) => {
                wrong("`oauth_token` needs a tokio runtime to run on; build the service within one")
            }
            (true, Some(fetch), Ok(runtime)) => Ok(Some(Self { fetch, runtime })),
        }
    }

    /// Fetches a token. Until it is there, the calling thread does something else, a moment at a time, for as long as that
    /// says `true`.
    pub(super) fn token(&self, meanwhile: impl Fn() -> bool) -> Result<OAuthToken, BoxError> {
        let (sender, receiver) = sync_channel(1);
        let fetch = Arc::clone(&self.fetch);
        let fetching = self.runtime.spawn(async move {
            let fetched = timeout(FETCH_TIMEOUT, async move { fetch().await }).await;
            let _ = sender.send(fetched.unwrap_or_else(|_| {
                Err(format!("`oauth_token` gave no token within {FETCH_TIMEOUT:?}").into())
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
                    return Err("the producer that asked for a token is gone".into());
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
