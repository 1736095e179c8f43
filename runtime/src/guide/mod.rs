//! The guide: from the first event to a service in production.
//!
//! | chapter | answers |
//! | --- | --- |
//! | [`first_event`] | what is generated, what goes to Kafka, what `publish` and `emit` promise |
//! | [`several_entities`] | where everything goes in a layered service, a third entity, your own error type |
//! | [`choosing_a_lane`] | direct, with a fallback, or through the outbox: what each loses, and when |
//! | [`testing`] | the domain without Kafka, and a whole service on a Kafka within the process |
//! | [`configuration`] | every key with its default, environment variables, topics |
//! | [`changing_an_event`] | which change breaks whom, a test that says no, a catalog |
//! | [`running_it`] | start, shutdown, probes, alerts, lost events |
//! | [`tracing_and_metrics`] | spans, trace context, metrics |
//! | [`consuming`] | reading the events in Rust and elsewhere, duplicates, tombstones, newer publishers |
//! | [`guarantees`] | what is promised and what is not, each with its test |
//! | [`from_the_template`] | from the hand-copied producer to the derive, as a diff |
//! | [`compared`] | other libraries, and where they are better |
//!
//! The chapters can be read in any order. Each code block is compiled, and most are run, with the tests of this crate.
// The chapters speak of everything, also in a build with fewer features.
#![cfg_attr(
    not(all(feature = "outbox-postgres", feature = "schema", feature = "testing")),
    allow(rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links)
)]

#[doc = include_str!("first_event.md")]
pub mod first_event {}

#[doc = include_str!("several_entities.md")]
pub mod several_entities {}

#[doc = include_str!("choosing_a_lane.md")]
pub mod choosing_a_lane {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("configuration.md")]
#[doc = include_str!("configuration_keys.md")]
pub mod configuration {}

#[doc = include_str!("changing_an_event.md")]
pub mod changing_an_event {}

#[doc = include_str!("running_it.md")]
pub mod running_it {}

#[doc = include_str!("tracing_and_metrics.md")]
pub mod tracing_and_metrics {}

#[doc = include_str!("consuming.md")]
pub mod consuming {}

#[doc = include_str!("guarantees.md")]
pub mod guarantees {}

#[doc = include_str!("from_the_template.md")]
pub mod from_the_template {}

#[doc = include_str!("compared.md")]
pub mod compared {}
