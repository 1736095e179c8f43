//! Threads for blocking work.

use std::io;
use std::thread;

use tokio::sync::oneshot;

/// Runs blocking work on a separate thread: tokio's blocking threads may all be busy, a runtime that shuts down would wait
/// for them, and there may be no runtime.
pub(crate) async fn on_thread<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> io::Result<R> {
    let (done, result) = oneshot::channel();
    let run = move || drop(done.send(work()));
    thread::Builder::new().name("entity-events wait".to_owned()).spawn(run)?;
    result.await.map_err(|_| io::Error::other("the thread panicked"))
}
