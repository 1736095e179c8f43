//! The whole service: what is started, in which order, and how it ends.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fmt, fs, io};

use axum::body::Bytes;
use entity_events::outbox::{OutboxError, OutboxRelay, RelayReport};
use entity_events::schema::Catalog;
use entity_events::testing::EmbeddedKafkaError;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use uuid::Uuid;

use crate::api::{self, App, Live};
use crate::config::{DatabaseUrl, Settings, Topics};
use crate::infrastructure::kafka::{Brokers, Feed, ensure_topics};
use crate::infrastructure::{self, OpenError, Store};
use crate::telemetry::{self, TelemetryError};

/// How long the database's connections may take to end.
const DATABASE_CLOSE: Duration = Duration::from_secs(2);

/// How often metrics that nobody has asked for are put together, so that they take no more memory.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// A service that runs.
pub struct Service {
    settings: Settings,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<io::Result<()>>,
    /// What ends by being aborted.
    background: JoinSet<()>,
    database: Arc<dyn Store>,
    relay: Arc<OutboxRelay>,
    brokers: Arc<Brokers>,
    /// The folder of a database that nobody has asked to keep.
    _folder: Option<TemporaryFolder>,
}

/// The error returned if the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The embedded Kafka does not start.
    #[error(transparent)]
    Kafka(#[from] EmbeddedKafkaError),
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The relay cannot start.
    #[error(transparent)]
    Relay(#[from] OutboxError),
    /// Metrics cannot be recorded.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// The events cannot be described.
    #[error("the events cannot be described: {0}")]
    Catalog(String),
    /// The folder of the database cannot be created.
    #[error("cannot create a folder for the database: {0}; set `DATABASE_URL`")]
    Folder(io::Error),
    /// The port cannot be listened on.
    #[error("cannot listen on port {port}: {source}; set `PORT` to another")]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
}

impl Service {
    /// Starts everything. Kafka may be away.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let metrics = telemetry::metrics()?;
        let brokers = Arc::new(Brokers::start(&settings).await?);
        let config = brokers.config();
        let folder = match settings.database_url {
            Some(_) => None,
            None => Some(TemporaryFolder::create().map_err(StartError::Folder)?),
        };
        let url = settings.database_url.clone().or_else(|| folder.as_ref().map(TemporaryFolder::database));
        let database = infrastructure::open(&url.unwrap_or_default(), config).await?;
        let relay = Arc::new(database.start_relay(config).await?);

        let (feed, live) = (Feed::default(), Live::default());
        let mut background = JoinSet::new();
        if !brokers.are_embedded() {
            background.spawn(ensure_topics(config.clone(), settings.topics));
        }
        background.spawn(read(feed.clone(), Arc::clone(&brokers)));
        background.spawn(live.clone().watch(Arc::clone(&database), Arc::clone(&relay), Arc::clone(&brokers)));
        let upkeep = metrics.clone();
        background.spawn(async move {
            loop {
                tokio::time::sleep(METRICS_UPKEEP).await;
                upkeep.run_upkeep();
            }
        });

        let port = settings.port;
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await;
        let listener = listener.map_err(|source| StartError::Listen { port, source })?;
        let address = listener.local_addr().map_err(|source| StartError::Listen { port, source })?;
        let (stop, mut stopping) = watch::channel(false);
        let app = App {
            database: Arc::clone(&database),
            relay: Arc::clone(&relay),
            brokers: Arc::clone(&brokers),
            feed,
            live,
            catalog: catalog(&config.bootstrap_servers)?,
            metrics,
            timeout: settings.request_timeout(),
            stopping: stopping.clone(),
        };
        let server = axum::serve(listener, api::router(app));
        let server = server.with_graceful_shutdown(async move {
            let _ = stopping.wait_for(|stopping| *stopping).await;
        });
        let server = tokio::spawn(server.into_future());
        Ok(Self { settings, address, stop, server, background, database, relay, brokers, _folder: folder })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The brokers that it talks to.
    #[must_use]
    pub fn brokers(&self) -> &Brokers {
        &self.brokers
    }

    /// Ends everything, in this order: no new requests, those that are being answered, the events that are on their way. What is not
    /// delivered by then is in the database, and the next start delivers it.
    ///
    /// With the default settings it takes at most 27 seconds, whatever Kafka and the database do.
    pub async fn close(mut self) -> RelayReport {
        self.stop.send_replace(true);
        if timeout(self.settings.drain(), &mut self.server).await.is_err() {
            tracing::warn!(after = ?self.settings.drain(), "requests that are still being answered are given up");
            self.server.abort();
        }
        let report = self.relay.close(self.settings.relay_close()).await;
        self.background.shutdown().await;
        if timeout(DATABASE_CLOSE, self.database.close()).await.is_err() {
            tracing::warn!(after = ?DATABASE_CLOSE, "the database's connections do not end");
        }
        report
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The page lives without a consumer; the service does, too.
async fn read(feed: Feed, brokers: Arc<Brokers>) {
    if let Err(error) = feed.read(brokers.config().clone()).await {
        tracing::error!(%error, "the page shows no events");
    }
}

fn catalog(servers: &str) -> Result<Bytes, StartError> {
    let catalog = Catalog::of::<Topics>().map_err(|error| StartError::Catalog(error.to_string()))?;
    let catalog = catalog.title("Catalog service").version(env!("CARGO_PKG_VERSION")).server(servers);
    Ok(catalog.to_html().into())
}

/// A folder that is removed in the end.
#[derive(Debug)]
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn create() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("catalog-service-{}", Uuid::new_v4()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn database(&self) -> DatabaseUrl {
        format!("sqlite:{}", self.0.join("catalog.db").display()).into()
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
