//! Every key of the derive at once, `delete = "event_then_tombstone"` among them.

#![allow(dead_code, reason = "a snapshot is not written for this test")]

use entity_events::{EntityEvents, Event, PublishError, TopicFor};
use uuid::Uuid;

use super::{GalleryEvents, GalleryTopics, boxed};

include!("../../../../macros/snapshots/every_key.in.rs");

impl TopicFor<Item> for GalleryTopics {
    fn topic(&self) -> &str {
        &self.every_key
    }
}

#[derive(Debug)]
pub(crate) struct ItemError(String);

impl ItemError {
    fn external_error(message: String) -> Self {
        Self(message)
    }
}

impl From<PublishError> for ItemError {
    fn from(error: PublishError) -> Self {
        Self(error.to_string())
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Amount(u64);

impl Amount {
    fn value(&self) -> u64 {
        self.0
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Kind(&'static str);

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.0.to_owned()
    }
}

pub(super) const HEADERS: &[&str] = <ItemEvent as Event>::HEADERS;

pub(super) fn events() -> GalleryEvents {
    let mut events = Vec::new();
    // With and without an owner, which is a header; several keys.
    for (number, owner) in [(1, Some(5)), (2, None), (3, Some(u64::MAX))] {
        let item = Item {
            shop: "Nörd: \"1\"".to_owned(),
            number,
            owner,
            amount: Amount(1),
            kind: Kind("chair"),
            api_key: "k".to_owned(),
            category_id: 9,
        };
        let sold = Item { owner: owner.map(|_| 6), amount: Amount(0), ..item.clone() };
        let (request, chairs, none) = (Uuid::new_v4(), || "Chairs, \"red\" \\ ☀".to_owned(), String::new);
        events.extend([
            ItemEvent::new_created(&item, chairs(), request),
            ItemEvent::new_updated(&item, &sold, chairs(), none(), request),
            ItemEvent::new_priced(&sold, &item, none(), " 1.0 ".to_owned(), request),
            ItemEvent::new_sold_out(&sold, "null".to_owned(), request),
            ItemEvent::new_deleted(&sold, chairs(), request),
        ]);
    }
    boxed(events)
}
