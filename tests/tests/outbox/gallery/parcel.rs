//! `delete = "tombstone"`, and headers with unusual names and values.

use entity_events::{EntityEvents, Event, TopicFor};
use uuid::Uuid;

use super::{GalleryEvents, GalleryTopics, boxed};

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "parcel-service", delete = "tombstone", type_prefix = "org.example")]
struct Parcel {
    #[event(key, rename = "from", header = "x.depot-")]
    depot: String,
    #[event(key, header = "1")]
    number: u64,
    /// A column of the table has this name.
    #[event(header = "topic")]
    subject: Option<String>,
    /// Longer than a name in PostgreSQL, and so are two that begin alike.
    #[event(header = "x-a-header-that-is-longer-than-sixty-three-bytes-which-is-postgresqls-limit-1")]
    long: Option<String>,
    #[event(header = "x-a-header-that-is-longer-than-sixty-three-bytes-which-is-postgresqls-limit-2")]
    longer: Option<String>,
}

impl TopicFor<Parcel> for GalleryTopics {
    fn topic(&self) -> &str {
        &self.parcel
    }
}

pub(super) const HEADERS: &[&str] = <ParcelEvent as Event>::HEADERS;

pub(super) fn events() -> GalleryEvents {
    let mut events = Vec::new();
    let values =
        [(None, Some("1")), (Some("2"), None), (Some(""), Some("ä'; DROP TABLE x; -- $$")), (None, None)];
    for (number, (long, longer)) in (0..).zip(values) {
        let subject = long.map(|_| "#topic,1".to_owned());
        let [long, longer] = [long, longer].map(|value| value.map(str::to_owned));
        let parcel = Parcel { depot: "north".to_owned(), number, subject, long, longer };
        let request = Uuid::new_v4();
        events
            .extend([ParcelEvent::new_created(&parcel, request), ParcelEvent::new_deleted(&parcel, request)]);
    }
    boxed(events)
}
