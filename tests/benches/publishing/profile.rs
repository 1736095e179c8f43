//! One contender alone, for a profiler: handing in events while nothing is delivered.
//!
//! ```text
//! cargo bench -p entity-events-tests --bench publishing --no-run
//! PROFILE=emit EVENTS=6000 valgrind --tool=callgrind --toggle-collect='*profiled*' target/release/deps/publishing-…
//! ```

use entity_events::Publish;
use entity_events::kafka::{KafkaConfig, KafkaEventService};
use futures_util::FutureExt;

use crate::contenders::{ByHand, Load, NoteEvent, NoteTopics};

pub(crate) fn run(contender: &str, config: &KafkaConfig<NoteTopics>, count: usize) {
    let events: Vec<_> = (0..count).map(|index| Load::of(count).note(index)).collect();
    if contender == "emit" {
        let service = KafkaEventService::new(config).expect("a service");
        profiled_emit(&service, events);
    } else {
        profiled_by_hand(&mut ByHand::new(config), events);
    }
    // Nothing will be delivered.
    std::process::exit(0);
}

#[inline(never)]
fn profiled_emit(service: &KafkaEventService<NoteTopics>, events: Vec<NoteEvent>) {
    for event in events {
        service.emit(event).now_or_never().expect("emit never waits");
    }
}

#[inline(never)]
fn profiled_by_hand(by_hand: &mut ByHand, events: Vec<NoteEvent>) {
    for event in events {
        by_hand.send(&event);
    }
}
