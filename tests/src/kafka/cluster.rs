//! Brokers as processes: started, killed, paused, and stopped when the test ends.

use std::env;
use std::fmt::Display;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::LazyLock;

use tokio::sync::{Mutex, MutexGuard};
use tokio::task::block_in_place;

use super::listener::Listener;
use crate::ports::Ports;

/// A cluster of real brokers.
///
/// With three brokers, topics have three replicas and `min.insync.replicas=2`.
#[derive(Debug)]
pub struct Kafka {
    bootstrap_servers: String,
    brokers: usize,
    dir: PathBuf,
    ports: Ports,
    supervisor: Child,
}

impl Kafka {
    /// Starts 1 or 3 brokers, numbered from 1, and returns when they form a cluster.
    ///
    /// # Panics
    ///
    /// If they do not start; the reason is in the message and on standard error.
    #[must_use]
    pub fn start(brokers: usize) -> Self {
        let ports = Ports::claim();
        let dir = env::temp_dir().join(format!("entity-events-kafka-{}-{}", ports.base(), process::id()));
        // Its own process group: Ctrl-C at a terminal kills the group of the tests, and the supervisor has to outlive it to
        // stop the brokers.
        let mut supervisor = script(&dir, &ports)
            .args(["run", &brokers.to_string()])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("no real Kafka to test on: tests/kafka/kafka could not be run");
        let mut bootstrap_servers = String::new();
        let read = supervisor.stdout.take().map(|out| BufReader::new(out).read_line(&mut bootstrap_servers));
        assert!(
            matches!(read, Some(Ok(1..))),
            "no real Kafka to test on: `tests/kafka/kafka run {brokers}` failed; see the reason above"
        );
        bootstrap_servers.truncate(bootstrap_servers.trim_end().len());
        let kafka = Self { bootstrap_servers, brokers, dir, ports, supervisor };
        kafka.wait_for_brokers(brokers);
        kafka
    }

    /// Three brokers that the tests of one binary share and do not break.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Kafka> = LazyLock::new(|| Kafka::start(3));
        &SHARED
    }

    /// Three brokers that a test may break, one test at a time; restored after the previous test.
    ///
    /// # Panics
    ///
    /// If they do not start.
    pub async fn breakable() -> MutexGuard<'static, Self> {
        static BREAKABLE: LazyLock<Mutex<Kafka>> = LazyLock::new(|| Mutex::new(Kafka::start(3)));
        let kafka = block_in_place(|| &*BREAKABLE).lock().await;
        block_in_place(|| kafka.restore());
        kafka
    }

    /// The addresses of all brokers.
    #[must_use]
    pub fn bootstrap_servers(&self) -> &str {
        &self.bootstrap_servers
    }

    /// The number of brokers, whether up or down.
    #[must_use]
    pub fn brokers(&self) -> usize {
        self.brokers
    }

    /// Crashes a broker (`kill -9`). Returns when it no longer listens.
    pub fn kill(&self, broker: usize) {
        self.change("kill", broker);
    }

    /// Starts a killed broker again, with its data. Returns when it listens.
    pub fn up(&self, broker: usize) {
        self.change("up", broker);
    }

    /// Makes a broker unresponsive: it accepts connections and never answers (`SIGSTOP`).
    pub fn pause(&self, broker: usize) {
        self.change("pause", broker);
    }

    /// Ends a [`pause`](Self::pause).
    pub fn resume(&self, broker: usize) {
        self.change("resume", broker);
    }

    /// Fills a broker's disk: its writes fail. Returns when it has shut down for that; [`up`](Self::up) starts it with space
    /// again.
    pub fn fill(&self, broker: usize) {
        self.change("fill", broker);
    }

    /// Resumes and restarts all brokers. Returns when all are up.
    ///
    /// # Panics
    ///
    /// If they do not come back.
    pub fn restore(&self) {
        let status = self.script().arg("restore").status();
        assert!(status.is_ok_and(|status| status.success()), "`kafka restore` failed, see above");
        self.wait_for_brokers(self.brokers);
    }

    /// The warnings and errors that a broker has logged.
    #[must_use]
    pub fn log(&self, broker: usize) -> String {
        fs::read_to_string(self.dir.join(format!("{broker}.log"))).unwrap_or_default()
    }

    /// The addresses of a listener that requires a login or TLS.
    #[must_use]
    pub fn servers(&self, listener: Listener) -> String {
        let address =
            |broker| format!("localhost:{}", usize::from(self.ports.base() + listener.offset()) + broker);
        (1..=self.brokers).map(address).collect::<Vec<_>>().join(",")
    }

    /// The path of a PEM file with keys or certificates, made by the script.
    #[must_use]
    pub fn pem(&self, name: &str) -> String {
        self.dir.join("tls").join(name).display().to_string()
    }

    /// For each broker, the port where it listens for a proxy, and the port that it advertises for it.
    pub(super) fn proxied(&self) -> impl Iterator<Item = (u16, u16)> {
        let base = self.ports.base();
        (1..).take(self.brokers).map(move |broker| (base + 30 + broker, base + 35 + broker))
    }

    /// The script, for this cluster.
    pub(super) fn script(&self) -> Command {
        script(&self.dir, &self.ports)
    }

    /// Takes the right to write to a topic from the user of the [`Listener`]s.
    ///
    /// # Panics
    ///
    /// If Kafka refuses.
    pub fn deny(&self, topic: &str) {
        self.change("deny", topic);
    }

    /// Returns it.
    ///
    /// # Panics
    ///
    /// If Kafka refuses.
    pub fn allow(&self, topic: &str) {
        self.change("allow", topic);
    }

    fn change(&self, what: &str, of: impl Display) {
        let status = self.script().args([what, &of.to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "`kafka {what} {of}` failed, see above");
    }
}

/// Closing the pipe makes the supervisor kill the brokers and remove their data.
impl Drop for Kafka {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

fn script(dir: &Path, ports: &Ports) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kafka/kafka"));
    command.env("KAFKA_DIR", dir).env("KAFKA_BASE_PORT", ports.base().to_string());
    command
}
