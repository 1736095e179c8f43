//! A real PostgreSQL that the tests of one binary share.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{self, Child, Command, Stdio};
use std::sync::LazyLock;

use crate::ports::Ports;

/// A server that ends with the test process, however that ends: closing the pipe makes the script stop it.
#[derive(Debug)]
pub(crate) struct Server {
    url: String,
    _ports: Ports,
    _supervisor: Child,
}

impl Server {
    /// Returns the server, which the first call starts.
    ///
    /// # Panics
    ///
    /// If it does not start; the reason is on standard error.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Server> = LazyLock::new(Server::start);
        &SHARED
    }

    fn start() -> Self {
        let ports = Ports::claim();
        let dir =
            std::env::temp_dir().join(format!("entity-events-drivers-{}-{}", ports.base(), process::id()));
        // Its own process group: Ctrl-C at a terminal kills the group of the tests, and the supervisor has to outlive it.
        let mut supervisor = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../postgres/postgres"))
            .arg("run")
            .env("PG_DIR", dir)
            .env("PG_PORT", (ports.base() + 1).to_string())
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
        Self { url, _ports: ports, _supervisor: supervisor }
    }

    /// The URL of the database `name`.
    pub(crate) fn url(&self, name: &str) -> String {
        let server = self.url.strip_suffix("/postgres").expect("the URL's database");
        format!("{server}/{name}")
    }
}
