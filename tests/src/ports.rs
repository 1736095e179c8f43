//! Ports reserved for one cluster or database.

use std::net::{Ipv4Addr, TcpListener};

/// The number of ports for each, including the base.
const SPAN: u16 = 80;

/// A run of free ports on loopback.
///
/// Several test processes may start clusters at once. Each claims its ports by listening on the base port for as long as
/// the cluster lives; the kernel releases it with the process.
#[derive(Debug)]
pub(crate) struct Ports {
    base: u16,
    _claim: TcpListener,
}

impl Ports {
    /// Claims a run of ports below the ephemeral ones.
    pub(crate) fn claim() -> Self {
        let bind = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
        (20_000..32_000)
            .step_by(SPAN.into())
            .find_map(|base| {
                let claim = bind(base)?;
                (1..SPAN).all(|offset| bind(base + offset).is_some()).then_some(Self { base, _claim: claim })
            })
            .expect("no run of 80 free ports on loopback between 20000 and 32000")
    }

    pub(crate) fn base(&self) -> u16 {
        self.base
    }
}
