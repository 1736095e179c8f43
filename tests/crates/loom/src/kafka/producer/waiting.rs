//! Callers that wait for an outcome, or for queue space.

use loom::future::block_on;
use loom::thread;
use uuid::Uuid;

use super::entry::{Entry, Name};
use super::ledger::Ledger;
use super::model;
use super::sync::Arc;
use super::ticket::Ticket;
use crate::telemetry::Place;

const NAME: Name = Name { id: Uuid::nil(), event_type: "TickCreated", feature: "tick" };

#[test]
fn a_caller_is_woken_by_the_outcome() {
    model(|| {
        let ledger = Arc::new(Ledger::new(None, true));
        let ticket = Arc::new(Ticket::awaited(&ledger));
        let (entry, _) = Entry::accept(&ticket, NAME, 0, Default::default()).expect("open");
        let engine = thread::spawn(move || drop(entry));
        let mut failures = block_on(ticket.settled());
        assert_eq!(failures.places(), [0]);
        assert!(failures.error.is_some());
        assert_eq!(ledger.stats().lost, 1, "counted before the caller is woken");
        engine.join().expect("no panic");
    });
}

#[test]
fn a_caller_is_woken_when_its_record_leaves_the_line() {
    model(|| {
        let ledger = Arc::new(Ledger::new(None, true));
        let ticket = Arc::new(Ticket::awaited(&ledger));
        let (entry, _) = Entry::accept(&ticket, NAME, 0, Default::default()).expect("open");
        let wait = entry.in_line();
        let engine = thread::spawn(move || {
            drop(wait);
            entry.delivered("t", Place, |_, _| {});
        });
        block_on(ticket.left_line());
        assert!(block_on(ticket.settled()).error.is_none());
        engine.join().expect("no panic");
    });
}
