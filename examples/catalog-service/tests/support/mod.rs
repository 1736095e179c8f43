//! What the tests share.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

pub mod http;
pub mod memory;
