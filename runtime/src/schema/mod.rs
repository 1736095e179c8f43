//! JSON Schemas of events, a compatibility check for `cargo test`, AsyncAPI, and a catalog.

mod check;
#[doc(hidden)]
pub mod compat;
pub(crate) mod document;

pub use self::check::{Check, CheckError, Outcome, check};
pub use self::compat::{Break, Compatibility, Direction, Rule};
