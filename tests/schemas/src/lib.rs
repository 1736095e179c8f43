//! Random schemas, as schemars makes them of Rust types, and random changes of them.

mod emit;
mod types;

pub use self::emit::{View, schema};
pub use self::types::{Field, Form, Type, Variant};
