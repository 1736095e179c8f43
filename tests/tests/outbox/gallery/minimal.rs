//! The smallest entity, private to its module. One of its events has a cause.

use entity_events::{EntityEvents, TopicFor};
use uuid::Uuid;

use super::{GalleryEvents, GalleryTopics, boxed};

include!("../../../../macros/snapshots/minimal.in.rs");

impl TopicFor<Order> for GalleryTopics {
    fn topic(&self) -> &str {
        &self.minimal
    }
}

pub(super) fn events() -> GalleryEvents {
    let (order, request) = (Order { id: Uuid::new_v4() }, Uuid::new_v4());
    let created = OrderEvent::new_created(&order, request);
    let mut deleted = OrderEvent::new_deleted(&order, request);
    deleted.metadata.causation_id = Some(created.event_id);
    boxed([created, OrderEvent::new_updated(&order, &order, request), deleted])
}
