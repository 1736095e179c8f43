//! The events stay compatible with every version before them, which are in `schemas`.

use catalog_service::config::Topics;

#[test]
fn events_stay_compatible() {
    entity_events::schema::check::<Topics>("schemas");
}
