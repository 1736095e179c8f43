//! Checks that a service kept its promises for every event of a run.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Instant;

use entity_events::testing::ConsumedRecord;
use entity_events::{ErrorKind, Event};
use uuid::Uuid;

use crate::load::{CounterEvent, Run};

/// The outcome of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Events passed to calls.
    pub sent: usize,
    /// Acknowledged.
    pub delivered: usize,
    /// Lost, whatever the reason.
    pub lost: usize,
    /// Lost with an unknown outcome.
    pub unknown: usize,
    /// Of those, how many are in the topic after all.
    pub unknown_but_there: usize,
    /// Records that repeat the id of an earlier one.
    pub duplicates: usize,
    /// Refused: only the caller got the error.
    pub refused: usize,
    /// How often the producer was replaced.
    pub rebuilt: u64,
}

impl Run {
    /// Compares the records of the topic with what the service reported.
    ///
    /// # Panics
    ///
    /// If the service broke a promise.
    #[must_use]
    pub fn judge(&self, records: &[ConsumedRecord]) -> Verdict {
        self.judge_since(None, records)
    }

    /// The same for a topic that was recreated: events sent before `made` may have been deleted with the old one.
    ///
    /// # Panics
    ///
    /// If the service broke a promise.
    #[must_use]
    pub fn judge_since(&self, made: Option<Instant>, records: &[ConsumedRecord]) -> Verdict {
        let events: Vec<CounterEvent> =
            records.iter().map(|record| record.json().expect("a counter's event")).collect();
        let arrived: HashSet<Uuid> = events.iter().map(Event::id).collect();
        let lost: HashMap<Uuid, ErrorKind> = self.on_lost.iter().map(|lost| (lost.id, lost.kind)).collect();
        let refused = self.refused(&lost);
        self.assert_adds_up(&lost, &refused);

        let delivered =
            self.sent.iter().filter(|sent| !lost.contains_key(&sent.id) && !refused.contains(&sent.id));
        let missing: Vec<_> = delivered
            .filter(|sent| made.is_none_or(|made| sent.at > made) && !arrived.contains(&sent.id))
            .collect();
        assert!(
            missing.is_empty(),
            "{} reported as delivered, but missing, such as {:?}",
            missing.len(),
            missing[0]
        );
        let (unknown, unwritten): (Vec<_>, Vec<_>) =
            lost.iter().partition(|(_, kind)| **kind == ErrorKind::Unknown);
        let there = |id: &&Uuid| arrived.contains(*id);
        let wrong = unwritten.iter().map(|(id, _)| *id).chain(&refused).find(there);
        assert_eq!(wrong.map(|id| self.why(id)), None, "reported as not written, but in the topic");
        // librdkafka renumbers queued records after an unknown outcome, and a new producer has its own numbers: the broker
        // cannot recognize what was tried before.
        let duplicates = events.len() - arrived.len();
        let allowed = !unknown.is_empty() || self.stats.rebuilt > 0;
        assert!(duplicates == 0 || allowed, "{duplicates} duplicates, although every outcome was known");
        assert_in_order(&events);

        Verdict {
            sent: self.sent.len(),
            delivered: self.sent.len() - lost.len() - refused.len(),
            lost: lost.len(),
            unknown: unknown.len(),
            unknown_but_there: unknown.iter().map(|(id, _)| *id).filter(there).count(),
            duplicates,
            refused: refused.len(),
            rebuilt: self.stats.rebuilt,
        }
    }

    /// The counts, the close report, `on_lost` and the answers to awaited calls agree.
    fn assert_adds_up(&self, lost: &HashMap<Uuid, ErrorKind>, refused: &HashSet<Uuid>) {
        let (stats, report) = (self.stats, &self.report);
        assert_eq!(lost.len(), self.on_lost.len(), "each event is lost once");
        assert_eq!(stats.queued, 0, "nothing is left after closing");
        assert_eq!(stats.accepted, stats.delivered + stats.lost, "accepted = delivered + lost");
        assert_eq!(
            stats.accepted,
            (self.sent.len() - refused.len()) as u64,
            "every event that was not refused is accepted"
        );
        assert_eq!(stats.lost, lost.len() as u64, "`on_lost` got every lost event");
        assert_eq!(report.delivered, stats.delivered);
        let listed: HashSet<Uuid> = report.lost.iter().map(|lost| lost.id).collect();
        assert!(listed.iter().all(|id| lost.contains_key(id)), "`close` lists only what `on_lost` got");
        assert_eq!(listed.len() as u64 + report.lost_unlisted, stats.lost);
        let confirmed = self.answers.iter().filter(|(_, answer)| answer.is_ok()).flat_map(|(ids, _)| ids);
        let wrong = confirmed.filter(|id| lost.contains_key(id)).count();
        assert_eq!(wrong, 0, "`Ok` for a lost event");
    }

    /// Events that were never accepted: an answer lists them, and `on_lost` did not get them.
    fn refused(&self, lost: &HashMap<Uuid, ErrorKind>) -> HashSet<Uuid> {
        let errors = self.answers.iter().filter_map(|(_, answer)| answer.as_ref().err());
        let unpublished = errors.flat_map(|error| error.unpublished().to_vec());
        unpublished.filter(|id| !lost.contains_key(id)).collect()
    }

    fn why(&self, id: &Uuid) -> String {
        let lost = self.on_lost.iter().find(|lost| lost.id == *id).map(|lost| lost.error.to_string());
        lost.unwrap_or_else(|| "refused".to_owned())
    }
}

/// The numbers of each counter increase, for a consumer that skips known ids.
fn assert_in_order(events: &[CounterEvent]) {
    let mut known: HashSet<Uuid> = HashSet::new();
    let mut newest: HashMap<usize, u64> = HashMap::new();
    for event in events.iter().filter(|event| known.insert(event.id())) {
        let before = newest.insert(event.data.id, event.data.number).unwrap_or_default();
        assert!(
            before < event.data.number,
            "counter {} fell from {before} to {}",
            event.data.id,
            event.data.number
        );
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sent, delivered, lost, unknown, unknown_but_there, duplicates, refused, rebuilt } = self;
        write!(
            f,
            "{sent} sent, {delivered} delivered, {lost} lost ({unknown} of unknown outcome, of which {unknown_but_there} \
             were written), {refused} refused; {duplicates} duplicates, {rebuilt} producers replaced"
        )
    }
}
