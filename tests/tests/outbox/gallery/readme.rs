//! The entity of the README.

#![allow(dead_code, unreachable_pub, reason = "a snapshot is not written for this test")]

use entity_events::{EntityEvents, TopicFor};
use entity_events_tests::domain::{self, Amount, CategoryId, Description, ProductError, ProductId, UserId};
use entity_events_tests::samples;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{GalleryEvents, GalleryTopics, boxed};

include!("../../../../macros/snapshots/readme.in.rs");

impl TopicFor<Product> for GalleryTopics {
    fn topic(&self) -> &str {
        &self.readme
    }
}

pub(super) fn events() -> GalleryEvents {
    let domain::Product { id, user_id, amount, description, category_id } = samples::lamp();
    let lamp = Product { id, user_id, amount, description, category_id };
    let dimmable =
        Product { description: Description("A \"dimmable\" lamp:\n☀".to_owned()), ..lamp.clone() };
    let (request, kitchen) = (Uuid::new_v4(), || "Kitchen".to_owned());
    boxed([
        ProductEvent::new_created(&lamp, kitchen(), request),
        ProductEvent::new_updated(&lamp, &dimmable, kitchen(), String::new(), request),
        ProductEvent::new_deleted(&dimmable, kitchen(), request),
    ])
}
