//! The ledger and its entries.

use loom::thread;
use uuid::Uuid;

use super::entry::{Entry, Name};
use super::ledger::Ledger;
use super::model;
use super::sync::Arc;
use super::ticket::Ticket;
use crate::telemetry::{MessageSpan, Place};

const NAME: Name = Name { id: Uuid::nil(), event_type: "TickCreated", feature: "tick" };

#[test]
fn close_sees_every_entry_accepted_before_it() {
    model(|| {
        let ledger = Arc::new(Ledger::new(None, true));
        let caller = thread::spawn({
            let ticket = Arc::new(Ticket::unawaited(&ledger));
            move || match Entry::accept(&ticket, NAME, 0, Default::default()) {
                Ok((entry, _)) => {
                    entry.delivered("t", Place, |_, _| {});
                    1
                }
                Err(_) => 0,
            }
        });
        ledger.close();
        let settled = ledger.stats();
        let accepted = caller.join().expect("no panic");
        assert_eq!(ledger.stats().delivered, accepted);
        if settled.queued == 0 {
            assert_eq!(settled.delivered, accepted, "nothing is delivered after a complete report");
        }
    });
}

#[test]
fn a_dropped_entry_is_lost_and_a_delivered_one_is_not() {
    model(|| {
        let ledger = Arc::new(Ledger::new(None, true));
        let ticket = Arc::new(Ticket::unawaited(&ledger));
        let (event, tombstone) =
            Entry::accept(&ticket, NAME, 0, (MessageSpan::default(), Some(MessageSpan::default())))
                .expect("open");
        let dropping = thread::spawn(move || drop(tombstone));
        event.delivered("t", Place, |_, _| {});
        dropping.join().expect("no panic");
        let stats = ledger.stats();
        assert_eq!((stats.accepted, stats.delivered, stats.lost, stats.queued), (2, 1, 1, 0));
        assert_eq!(ledger.report().lost.len(), 1);
    });
}
