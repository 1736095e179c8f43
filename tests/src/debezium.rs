//! A real Debezium that reads the outbox of a database.
//!
//! The script `tests/debezium/debezium` starts it; it needs Java 17 and Maven. If it does not start, the test fails and says why;
//! it is never skipped. It ends with the test process, however that ends.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::kafka::Kafka;
use crate::ports::Ports;

/// What the log says each time the connector begins to read the database's log.
const READS: &str = "Processing messages";

const PATIENCE: Duration = Duration::from_mins(2);

/// Kafka Connect with one connector.
#[derive(Debug)]
pub struct Debezium {
    database: String,
    dir: PathBuf,
    ports: Ports,
    supervisor: Child,
}

impl Debezium {
    /// Starts a connector that reads the database at a URL of [`Postgres`](crate::postgres::Postgres), and returns when it reads the
    /// log.
    ///
    /// # Panics
    ///
    /// If it does not start; the reason is in the message and on standard error.
    #[must_use]
    pub fn start(kafka: &Kafka, database: &str, connector: &BTreeMap<String, String>) -> Self {
        let ports = Ports::claim();
        let dir = env::temp_dir().join(format!("entity-events-debezium-{}-{}", ports.base(), process::id()));
        let properties = in_place(database, connector);
        let properties =
            properties.iter().fold(String::new(), |file, (name, value)| file + name + "=" + value + "\n");
        fs::write(file(&dir), properties).expect("the connector's file is written");
        // Its own process group: Ctrl-C at a terminal kills the group of the tests, and the supervisor has to outlive it.
        let mut supervisor = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/debezium/debezium"))
            .args(["run", kafka.bootstrap_servers()])
            .arg(file(&dir))
            .env("DEBEZIUM_DIR", &dir)
            .env("DEBEZIUM_PORT", (ports.base() + 1).to_string())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("no real Debezium to test with: tests/debezium/debezium could not be run");
        let mut started = String::new();
        let read = supervisor.stdout.take().map(|out| BufReader::new(out).read_line(&mut started));
        assert!(
            matches!(read, Some(Ok(1..))),
            "no real Debezium to test with: `tests/debezium/debezium run` failed; see the reason above"
        );
        Self { database: database.to_owned(), dir, ports, supervisor }
    }

    /// Updates the connector, as an operator does, and returns when it reads the log again.
    ///
    /// # Panics
    ///
    /// If Kafka Connect refuses it, or it does not read the log within two minutes.
    pub fn update(&self, connector: &BTreeMap<String, String>) {
        let before = self.log().matches(READS).count();
        let properties = in_place(&self.database, connector);
        let body = serde_json::to_string(&properties).expect("JSON");
        let mut connection =
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.ports.base() + 1)).expect("Kafka Connect listens");
        let name = &properties["name"];
        let request = format!(
            "PUT /connectors/{name}/config HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).expect("Kafka Connect reads");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("Kafka Connect answers");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let start = Instant::now();
        while self.log().matches(READS).count() == before {
            assert!(start.elapsed() < PATIENCE, "it does not read the log again: {}", self.log());
            sleep(Duration::from_millis(100));
        }
    }

    /// What it has logged: mostly warnings and errors.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }
}

/// Closing the pipe makes the supervisor stop it and remove its data.
impl Drop for Debezium {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
        let _ = fs::remove_file(file(&self.dir));
    }
}

/// The connector's configuration, beside the script's folder.
fn file(dir: &Path) -> PathBuf {
    dir.with_extension("properties")
}

/// The connector with what depends on the place.
fn in_place(database: &str, connector: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let address = database.strip_prefix("postgres://postgres@").and_then(|rest| rest.split_once('/'));
    let ((host, port), name) =
        address.and_then(|(at, name)| Some((at.split_once(':')?, name))).expect("a URL of our server");
    let place = [
        ("name", name),
        ("topic.prefix", name),
        ("database.hostname", host),
        ("database.port", port),
        ("database.user", "postgres"),
        ("database.dbname", name),
        ("slot.name", name),
    ];
    let place = place.map(|(property, value)| (property.to_owned(), value.to_owned()));
    connector.clone().into_iter().chain(place).collect()
}
