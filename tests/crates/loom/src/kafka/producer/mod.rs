#[path = "../../../../../../runtime/src/kafka/producer/entry.rs"]
mod entry;
#[path = "../../../../../../runtime/src/kafka/producer/gate.rs"]
mod gate;
#[path = "../../../../../../runtime/src/kafka/producer/ledger.rs"]
mod ledger;
#[path = "../../../../../../runtime/src/kafka/producer/line.rs"]
mod line;
#[path = "../../../../../../runtime/src/kafka/producer/report.rs"]
mod report;
#[path = "../../../../../../runtime/src/kafka/producer/route.rs"]
mod route;
#[path = "../../../../../../runtime/src/kafka/producer/ticket.rs"]
mod ticket;

mod accounts;
mod order;
mod waiting;

mod sync {
    pub(super) use loom::sync::atomic::{AtomicU64, AtomicUsize};
    pub(super) use loom::sync::{Arc, Mutex, RwLock};
}

/// Runs a model with up to three preemptions: more take minutes, and every bug found so far needed two.
fn model(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(run);
}

/// No callback.
mod losses {
    use super::report::LostEvent;
    use super::sync::Arc;

    #[derive(Debug)]
    pub(super) struct Losses;

    impl Losses {
        #[expect(clippy::unused_self, reason = "it replaces a method that uses a queue")]
        pub(super) fn hand_over(&self, _: &Arc<LostEvent>) -> bool {
            true
        }
    }
}
