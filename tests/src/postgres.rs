//! A real PostgreSQL that a test starts, breaks and inspects.
//!
//! The script `tests/postgres/postgres` starts it; it needs Debian's package `postgresql`. If it does not start, the test fails and
//! says why; it is never skipped. It ends with the test process, however that ends.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use entity_events::outbox::PgOutbox;
use entity_events::outbox::sqlx::postgres::PgPoolOptions;
use entity_events::outbox::sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::block_in_place;

use crate::domain::Topics;
use crate::ports::Ports;

/// A server with `fsync` on.
#[derive(Debug)]
pub struct Postgres {
    url: String,
    dir: PathBuf,
    ports: Ports,
    databases: AtomicUsize,
    supervisor: Child,
}

impl Postgres {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// If it does not start; the reason is in the message and on standard error.
    #[must_use]
    pub fn start() -> Self {
        let ports = Ports::claim();
        let dir =
            std::env::temp_dir().join(format!("entity-events-postgres-{}-{}", ports.base(), process::id()));
        // Its own process group: Ctrl-C at a terminal kills the group of the tests, and the supervisor has to outlive it.
        let mut supervisor = script(&dir, &ports)
            .arg("run")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("no real PostgreSQL to test on: tests/postgres/postgres could not be run");
        let mut url = String::new();
        let read = supervisor.stdout.take().map(|out| BufReader::new(out).read_line(&mut url));
        assert!(
            matches!(read, Some(Ok(1..))),
            "no real PostgreSQL to test on: `tests/postgres/postgres run` failed; see the reason above"
        );
        url.truncate(url.trim_end().len());
        Self { url, dir, ports, databases: AtomicUsize::new(0), supervisor }
    }

    /// A server that the tests of one binary share and do not break.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Postgres> = LazyLock::new(Postgres::start);
        &SHARED
    }

    /// A server that a test may break, one test at a time.
    pub async fn breakable() -> MutexGuard<'static, Self> {
        static BREAKABLE: LazyLock<Mutex<Postgres>> = LazyLock::new(|| Mutex::new(Postgres::start()));
        block_in_place(|| &*BREAKABLE).lock().await
    }

    /// The URL of the server, without a database.
    ///
    /// # Panics
    ///
    /// Never: every URL has a database.
    #[must_use]
    pub fn server_url(&self) -> &str {
        self.url.strip_suffix("/postgres").expect("the URL's database")
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    ///
    /// If it cannot be created.
    pub async fn empty_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, SeqCst));
        let mut connection = PgConnection::connect(&self.url).await.expect("the server answers");
        let create = format!("CREATE DATABASE {name}");
        connection.execute(AssertSqlSafe(create)).await.expect("a database");
        format!("{}/{name}", self.server_url())
    }

    /// The URL of a new database with the tables of the outbox.
    ///
    /// # Panics
    ///
    /// If it cannot be created.
    pub async fn database(&self) -> String {
        let url = self.empty_database().await;
        let mut connection = PgConnection::connect(&url).await.expect("the database answers");
        connection.execute(PgOutbox::<Topics>::SCHEMA).await.expect("the tables");
        url
    }

    /// A pool on a new database with the tables of the outbox.
    ///
    /// # Panics
    ///
    /// If it cannot be created.
    pub async fn pool(&self) -> PgPool {
        let url = self.database().await;
        PgPoolOptions::new().max_connections(40).connect(&url).await.expect("a pool")
    }

    /// Crashes the server (`kill -9`). Returns when it has ended.
    pub fn kill(&self) {
        self.change("kill");
    }

    /// Starts the server again. Returns when it answers.
    pub fn up(&self) {
        self.change("up");
    }

    /// Makes the server unresponsive (`SIGSTOP`).
    pub fn pause(&self) {
        self.change("pause");
    }

    /// Ends a [`pause`](Self::pause).
    pub fn resume(&self) {
        self.change("resume");
    }

    fn change(&self, what: &str) {
        let status = script(&self.dir, &self.ports).arg(what).status();
        assert!(status.is_ok_and(|status| status.success()), "`postgres {what}` failed, see above");
    }
}

/// Closing the pipe makes the supervisor stop the server and remove its data.
impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

fn script(dir: &Path, ports: &Ports) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/postgres/postgres"));
    command.env("PG_DIR", dir).env("PG_PORT", (ports.base() + 1).to_string());
    command
}
