//! What the tests share.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

pub mod http;
pub mod memory;
#[cfg(not(feature = "real-kafka"))]
#[path = "embedded.rs"]
pub mod world;
#[cfg(feature = "real-kafka")]
#[path = "real.rs"]
pub mod world;
