//! A service in its own process (`src/bin/watched-service.rs`), and its complete output.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

/// Limit for the whole process.
const PATIENCE: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) shown: String,
    pub(crate) log: String,
}

impl Watched {
    pub(crate) async fn run(task: Value) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_watched-service"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the service starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(task.to_string().as_bytes()).await.expect("the service takes its task");
        drop(input);
        let ended = timeout(PATIENCE, child.wait_with_output()).await.expect("the service ends");
        let output = ended.expect("the output of the service");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self { shown: text(output.stdout), log: text(output.stderr) }
    }

    /// The reason that `health()` gives.
    pub(crate) fn health(&self) -> &str {
        let mut lines = self.shown.lines().filter_map(|line| line.strip_prefix("health: "));
        lines.next().unwrap_or_else(|| panic!("no health in {self:?}"))
    }

    /// The log's warnings and errors, except those about lost events.
    pub(crate) fn alarms(&self) -> Vec<&str> {
        let alarm = |line: &&str| line.contains(" WARN ") || line.contains(" ERROR ");
        self.log.lines().filter(alarm).filter(|line| !line.contains("event lost")).collect()
    }
}
