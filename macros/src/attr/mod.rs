//! What was written: reads the macros' input, judges nothing but its form, and keeps every span.

mod entity;
mod item;
mod key;
mod list;
mod service;
mod value;

pub use entity::{Entity, EntityKeys, Field, FieldKeys, Shape};
pub use list::Extra;
pub use service::{Member, Service};
