//! A whole service around `entity-events`: products and orders over HTTP, and their events on Kafka.
//!
//! | where | what |
//! | --- | --- |
//! | [`domain`] | the entities and what can be done with them; it knows nobody |
//! | [`infrastructure`] | the domain's repositories in PostgreSQL and SQLite, and Kafka |
//! | [`api`] | HTTP: the operations, probes, metrics, the catalog of events, and a page that shows them arrive |
//! | [`service`] | starts and stops all of it |
//! | [`config`], [`telemetry`] | settings; logs, traces and metrics |
//! | [`consumer`] | another service: one that reads the events |

pub mod api;
pub mod config;
pub mod consumer;
pub mod domain;
pub mod infrastructure;
pub mod output;
pub mod service;
pub mod signal;
pub mod telemetry;
