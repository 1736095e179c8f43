//! What a test logs, as text.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;

/// Limit for a log line, on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// The lines that were logged.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Collects what this thread logs from now on, at WARN and above, until the guard is dropped.
    #[must_use]
    pub fn of_this_thread() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::WARN)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// All lines.
    ///
    /// # Panics
    ///
    /// If a thread panicked while it logged.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("a lock")).into_owned()
    }

    /// Waits for a line: some outcomes are counted before they are logged.
    ///
    /// # Panics
    ///
    /// If there is none in time.
    pub async fn line_with(&self, parts: &[&str]) {
        let start = Instant::now();
        while !self.text().lines().any(|line| parts.iter().all(|part| line.contains(part))) {
            assert!(start.elapsed() < PATIENCE, "no line with {parts:?} in\n{}", self.text());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
