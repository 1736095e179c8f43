//! Addresses where no Kafka answers.

use std::net::{Ipv4Addr, TcpListener};

/// Completes connections and never answers, for as long as it exists: the kernel accepts for a listener that never does.
#[derive(Debug)]
pub struct BlackHole(TcpListener);

impl BlackHole {
    /// Listens at a free port.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn open() -> Self {
        Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"))
    }

    /// Its `host:port`.
    ///
    /// # Panics
    ///
    /// Never: a bound socket has an address.
    #[must_use]
    pub fn address(&self) -> String {
        self.0.local_addr().expect("an address").to_string()
    }
}

/// A `host:port` that refuses connections.
#[must_use]
pub fn refusing() -> String {
    BlackHole::open().address()
}
