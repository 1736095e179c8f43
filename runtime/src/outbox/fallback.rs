//! The outbox as a service's fallback: takes what Kafka does not take.

use std::future::Future;
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions, Connection};
use tokio::runtime::{self, Runtime};
use tokio::time::timeout;

use super::backend::Backend;
use super::handle::Outbox;
use super::row::OutboxRow;
use crate::error::ErrorKind;
use crate::kafka::{FallbackKey, FallbackRecord, FallbackTable, Table, TableError, fallback_sealed};
use crate::topics::Topics;

/// How long an unchanged left edge of the table stands for the whole: no relay is working, and looking costs a scan.
const UNCHANGED: Duration = Duration::from_secs(5);

impl<DB: Backend, T: Topics> FallbackTable for Outbox<DB, T> {}

impl<DB: Backend, T: Topics> fallback_sealed::Fallback for Outbox<DB, T> {
    fn table(&self) -> Box<dyn Table> {
        Box::new(OutboxTable { outbox: self.clone(), runtime: None, connection: None, edge: None })
    }
}

/// A connection that neither the pool nor the runtime of the service can take away.
struct OutboxTable<DB: Backend, T: Topics> {
    outbox: Outbox<DB, T>,
    runtime: Option<Runtime>,
    /// `None` after a failure.
    connection: Option<DB::Connection>,
    /// The oldest row at the last look, and when that was.
    edge: Option<(i64, Instant)>,
}

impl<DB: Backend, T: Topics> Table for OutboxTable<DB, T> {
    fn insert(&mut self, records: &[&FallbackRecord], limit: Duration) -> Result<(), TableError> {
        let encoder = self.outbox.encoder();
        let shows_key = encoder.logs_keys();
        let table = encoder.table().map(str::to_owned);
        let rows: Vec<_> = records.iter().map(|record| OutboxRow::of_fallback(record, shows_key)).collect();
        self.run(limit, async |connection| DB::insert(connection, &rows, table.as_deref()).await)?;
        self.outbox.wake();
        Ok(())
    }

    fn waiting(&mut self, keys: &[FallbackKey], limit: Duration) -> Result<Vec<FallbackKey>, TableError> {
        let now = Instant::now();
        let Some(oldest) = self.run(limit, async |connection| DB::oldest(connection).await)? else {
            return Ok(Vec::new());
        };
        if let Some((edge, looked)) = self.edge
            && edge == oldest
            && now < looked + UNCHANGED
        {
            return Ok(keys.to_vec());
        }
        let (topics, names) = keys.iter().map(|key| (key.topic.as_str(), key.key.as_str())).unzip();
        let found =
            self.run(limit, async |connection| DB::keys_with_rows(connection, topics, names).await)?;
        self.edge = Some((oldest, now));
        Ok(found.into_iter().map(|(topic, key)| FallbackKey { topic, key }).collect())
    }

    fn keys(&mut self, most: usize, limit: Duration) -> Result<Vec<FallbackKey>, TableError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let found = self.run(limit, async |connection| DB::keys(connection, most).await)?;
        Ok(found.into_iter().map(|(topic, key)| FallbackKey { topic, key }).collect())
    }

    fn is_empty(&mut self, limit: Duration) -> Result<bool, TableError> {
        Ok(self.run(limit, async |connection| DB::oldest(connection).await)?.is_none())
    }
}

impl<DB: Backend, T: Topics> OutboxTable<DB, T> {
    /// Runs a statement on the connection, which is dropped if the statement fails.
    fn run<R>(
        &mut self,
        limit: Duration,
        statement: impl AsyncFnOnce(&mut DB::Connection) -> Result<R, sqlx::Error>,
    ) -> Result<R, TableError> {
        let runtime = match self.runtime.take() {
            Some(runtime) => runtime,
            None => runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| unavailable(format!("no runtime: {error}")))?,
        };
        let connection = self.connection.take();
        // The pool's options may change, for example with a token that expires.
        let options = self.outbox.pool().connect_options();
        let mut sent = false;
        let result = runtime.block_on(within(limit, async {
            let mut connection = match connection {
                Some(connection) => connection,
                None => options.connect().await?,
            };
            sent = true;
            let result = statement(&mut connection).await?;
            Ok((result, connection))
        }));
        self.runtime = Some(runtime);
        match result {
            Ok((result, connection)) => {
                self.connection = Some(connection);
                Ok(result)
            }
            Err(error) => Err(refused::<DB>(error, limit, sent)),
        }
    }
}

async fn within<R>(
    limit: Duration,
    work: impl Future<Output = Result<R, sqlx::Error>>,
) -> Result<R, Option<sqlx::Error>> {
    timeout(limit, work).await.map_err(|_| None)?.map_err(Some)
}

fn refused<DB: Backend>(error: Option<sqlx::Error>, limit: Duration, sent: bool) -> TableError {
    let Some(error) = error else {
        let text = format!("the database did not answer within {limit:?}");
        return TableError { uncertain: sent, ..unavailable(text) };
    };
    let permanent = DB::classify(&error).0 == ErrorKind::Permanent;
    // An answer says that nothing was committed.
    let uncertain = sent && error.as_database_error().is_none() && !permanent;
    let remedy = if permanent { "; `Outbox::check` says what to change" } else { "" };
    TableError { text: format!("{error}{remedy}"), permanent, uncertain }
}

fn unavailable(text: String) -> TableError {
    TableError { text, permanent: false, uncertain: false }
}

impl<DB: Backend, T: Topics> Drop for OutboxTable<DB, T> {
    fn drop(&mut self) {
        if let (Some(runtime), Some(connection)) = (self.runtime.take(), self.connection.take()) {
            let _ = runtime.block_on(within(Duration::from_secs(1), connection.close()));
        }
    }
}
