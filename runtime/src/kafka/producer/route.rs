//! Chooses a record's path: through the gate if the line is empty, or through the line.

use super::gate::{Door, Gate};
use super::line::{Cause, Limits, Line, NotJoined, Patience, Weigh};

/// The gate and the line, which only together keep the order.
#[derive(Debug)]
pub(super) struct Route<C, P> {
    pub(super) gate: Gate<C>,
    pub(super) line: Line<P>,
}

/// Why a client does not accept a record.
#[derive(Debug)]
pub(super) enum Reason<E> {
    /// Its queue is full.
    Full,
    /// It is broken: the record goes to the next client.
    Broken,
    /// It will never accept this record.
    Other(E),
}

/// Why a record was refused.
#[derive(Debug)]
pub(super) enum Refusal<E> {
    Full,
    /// There will be no further client.
    Ended,
    /// The records in line are being given up.
    Over,
    Other(E),
}

impl<C, P: Weigh> Route<C, P> {
    pub(super) fn new(limits: Limits) -> Self {
        Self { gate: Gate::shut(), line: Line::new(limits) }
    }

    /// Sends a record with the client, or packs it for the line. Never waits.
    pub(super) fn send<R, E>(
        &self,
        mut record: R,
        patience: Patience,
        by_client: impl Fn(&C, R) -> Result<(), (Reason<E>, R)>,
        pack: impl Fn(R) -> P,
        unpack: impl Fn(P) -> R,
    ) -> Result<(), (Refusal<E>, R)> {
        loop {
            let door = self.gate.read();
            let (cause, back) = match &*door {
                // Checked while holding the gate: the last client's records were in line before the gate was reopened.
                Door::Open(_) if !self.line.is_empty() => (Cause::Behind, record),
                Door::Open(client) => match by_client(client, record) {
                    Ok(()) => return Ok(()),
                    Err((Reason::Full, back)) => (Cause::Full, back),
                    Err((Reason::Broken, back)) => (Cause::Shut, back),
                    Err((Reason::Other(error), back)) => return Err((Refusal::Other(error), back)),
                },
                Door::Shut => (Cause::Shut, record),
                Door::Ended => return Err((Refusal::Ended, record)),
            };
            drop(door);
            record = back;
            match self.line.join(pack(record), patience, cause) {
                Ok(()) => return Ok(()),
                Err(NotJoined::Empty(back)) => record = unpack(back),
                Err(NotJoined::Full(back)) => return Err((Refusal::Full, unpack(back))),
                Err(NotJoined::Over(back)) => return Err((Refusal::Over, unpack(back))),
            }
        }
    }
}
