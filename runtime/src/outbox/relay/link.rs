//! A database connection that is made again when it is lost.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::super::failure;
use super::control::Control;
use super::store::Store;

/// The first and the longest wait before connecting again.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How long a statement may take, and connecting: a server that does not answer is treated as one that is away.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(super) struct Link<'a, S: Store> {
    store: &'a S,
    control: &'a Control,
    /// For what it is used.
    purpose: &'static str,
    connection: Option<S::Connection>,
    wait: Duration,
    timeout: Duration,
    /// Whether a connection was lost since [`was_lost`](Self::was_lost) was called.
    lost: bool,
}

impl<'a, S: Store> Link<'a, S> {
    pub(super) fn new(store: &'a S, control: &'a Control, purpose: &'static str) -> Self {
        Self { store, control, purpose, connection: None, wait: FIRST_WAIT, timeout: TIMEOUT, lost: false }
    }

    pub(super) fn within(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Runs a statement for another purpose than the link's.
    pub(super) async fn run_for<R>(
        &mut self,
        purpose: &'static str,
        statement: impl AsyncFnOnce(&mut S::Connection) -> Result<R, sqlx::Error>,
    ) -> Option<R> {
        let usual = std::mem::replace(&mut self.purpose, purpose);
        let result = self.run(statement).await;
        self.purpose = usual;
        result
    }

    /// Runs a statement. On failure, notes why and waits a little; `None`, and the caller tries again if it still wants to.
    pub(super) async fn run<R>(
        &mut self,
        statement: impl AsyncFnOnce(&mut S::Connection) -> Result<R, sqlx::Error>,
    ) -> Option<R> {
        let store = self.store;
        let connection = &mut self.connection;
        let run = async {
            if connection.is_none() {
                *connection = Some(store.connect().await?);
            }
            match connection {
                Some(connection) => statement(connection).await,
                None => Err(sqlx::Error::PoolClosed),
            }
        };
        let result = match timeout(self.timeout, run).await {
            Ok(result) => result.map_err(|error| failure::text(&error)),
            Err(_) => Err(format!("no answer within {:?}", self.timeout)),
        };
        match result {
            Ok(result) => {
                self.wait = FIRST_WAIT;
                self.control.set_database(S::NAME, self.purpose, None);
                Some(result)
            }
            Err(error) => {
                self.control.set_database(S::NAME, self.purpose, Some(error));
                self.connection = None;
                self.lost = true;
                sleep(self.wait).await;
                self.wait = (self.wait * 2).min(LONGEST_WAIT);
                None
            }
        }
    }

    /// Whether a statement has failed since this was called last.
    pub(super) fn was_lost(&mut self) -> bool {
        std::mem::take(&mut self.lost)
    }

    pub(super) async fn close(self) {
        if let Some(connection) = self.connection {
            let _ = timeout(FIRST_WAIT, S::close(connection)).await;
        }
    }
}
