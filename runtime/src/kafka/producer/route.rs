//! Which way a record takes: through the gate while nobody waits, or by the line.

use super::gate::{Door, Gate};
use super::line::{Cause, Limits, Line, NotJoined, Patience, Weigh};

/// The gate and the line, which only together keep the order.
#[derive(Debug)]
pub(super) struct Route<C, P> {
    pub(super) gate: Gate<C>,
    pub(super) line: Line<P>,
}

/// Why a client does not take a record.
#[derive(Debug)]
pub(super) enum Reason<E> {
    /// There is no room in its queue.
    Full,
    /// It is broken: the next client will take it.
    Broken,
    /// It will never take this record.
    Other(E),
}

/// Why a record goes no way at all.
#[derive(Debug)]
pub(super) enum Refusal<E> {
    Full,
    /// There will be no further client.
    Ended,
    /// What is in line is being given up.
    Over,
    Other(E),
}

impl<C, P: Weigh> Route<C, P> {
    pub(super) fn new(limits: Limits) -> Self {
        Self { gate: Gate::shut(), line: Line::new(limits) }
    }

    /// Sends a record by the client, or packs it for the line. Never waits.
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
                // Looked at within the gate: what the last client gave back was in line before the gate was opened again.
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
