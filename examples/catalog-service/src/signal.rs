//! When the process is to end.

/// Waits for Ctrl-C, or for SIGTERM, which Kubernetes and Docker send.
///
/// A process that cannot wait for signals ends at once, instead of never.
#[cfg(unix)]
pub async fn stop() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(error) => tracing::error!(%error, "cannot wait for SIGTERM"),
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub async fn stop() {
    let _ = tokio::signal::ctrl_c().await;
}
