//! What was written: reads the macros' input, judges nothing but its form and which keys go together, and keeps every
//! span.

mod entity;
mod item;
mod key;
mod list;
mod parts;
mod relations;
mod service;
mod value;

pub use entity::{Entity, Field};
pub use key::{EntityKeys, FieldKeys};
pub use list::List;
pub use service::{Member, Service};
