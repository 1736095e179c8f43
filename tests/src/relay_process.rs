//! A relay in its own process, killed, paused and ended by a test.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::json;

/// The process of `src/bin/relay.rs`. Killed when it is dropped.
#[derive(Debug)]
pub struct RelayProcess {
    child: Child,
    output: Option<BufReader<ChildStdout>>,
}

impl RelayProcess {
    /// Starts a relay. `program` is the path of the binary.
    ///
    /// # Panics
    ///
    /// If it does not start.
    #[must_use]
    pub fn start(
        program: &Path,
        database: &str,
        bootstrap_servers: &str,
        topic: &str,
        outbox: &serde_json::Value,
    ) -> Self {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let config =
            json!({ "bootstrap_servers": bootstrap_servers, "counter_topic": topic, "outbox": outbox });
        let task = json!({ "database": database, "config": config });
        let input = child.stdin.as_mut().expect("an input");
        writeln!(input, "{task}").expect("it reads its task");
        let output = child.stdout.take().map(BufReader::new);
        Self { child, output }
    }

    /// Waits until it has the lease.
    ///
    /// # Panics
    ///
    /// If it ends before that.
    pub fn wait_until_active(&mut self) {
        let mut line = String::new();
        let output = self.output.as_mut().expect("an output");
        output.read_line(&mut line).expect("it writes");
        assert_eq!(line.trim(), "active");
    }

    /// Sends a signal, such as `STOP`.
    ///
    /// # Panics
    ///
    /// If it cannot be sent.
    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(kill.is_ok_and(|status| status.success()), "`kill -{name}` failed");
    }

    /// The time that it has used the processor.
    ///
    /// # Panics
    ///
    /// If Linux does not tell.
    #[must_use]
    pub fn processor_time(&self) -> Duration {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a line about the process");
        // Behind the name in parentheses: see `man 5 proc_pid_stat`, fields 14 and 15, in hundredths of a second.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
        let hundredths: u64 = fields.map(|field| field.parse::<u64>().expect("a number")).sum();
        Duration::from_millis(hundredths * 10)
    }

    /// Kills it (`kill -9`), and waits until it is gone.
    pub fn kill(mut self) {
        self.end();
    }

    /// Closes its relay, and waits until it has ended.
    pub fn close(mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        self.end();
    }
}
