//! What the service is about: products, and orders of them. It knows neither HTTP nor a database nor Kafka.
//!
//! Each entity has its folder: `model` (the entity and its values), `error`, `repository` (what it needs of a database) and
//! `operations` (what can be done with it). What both need of the outside is in [`interfaces`].

pub mod correlation;
pub mod interfaces;
pub mod order;
pub mod product;
mod text;
pub mod value;
