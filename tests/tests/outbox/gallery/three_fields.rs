//! Three fields, and a domain error.

#![allow(dead_code, unreachable_pub, reason = "a snapshot is not written for this test")]

use entity_events::{EntityEvents, TopicFor};
use entity_events_tests::domain::{ProductError, ProductId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{GalleryEvents, GalleryTopics, boxed};

include!("../../../../macros/snapshots/three_fields.in.rs");

impl TopicFor<Product> for GalleryTopics {
    fn topic(&self) -> &str {
        &self.three_fields
    }
}

pub(super) fn events() -> GalleryEvents {
    let events = ["lamp", "Lampe für Öl, 5 €", ""].map(|name| {
        let id = ProductId(Uuid::new_v4());
        let product = Product { id, name: name.to_owned(), price: Decimal::new(12_50, 2) };
        let dearer = Product { price: Decimal::new(12_60, 2), ..product.clone() };
        let request = Uuid::new_v4();
        [
            ProductEvent::new_created(&product, request),
            ProductEvent::new_updated(&product, &dearer, request),
            ProductEvent::new_deleted(&dearer, request),
        ]
    });
    boxed(events.into_iter().flatten())
}
