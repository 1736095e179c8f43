//! What was written: reads the macros' input, judges nothing but its form, and keeps every span.

mod entity;
mod item;
mod key;
mod list;
mod parts;
mod service;
mod value;

pub use entity::{Entity, Field, Shape};
pub use key::{EntityKeys, FieldKeys, Key, Keys};
pub use list::{Extra, List};
pub use service::{Member, Service};
