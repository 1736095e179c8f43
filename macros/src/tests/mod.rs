//! Tests of the whole pipeline, without running the compiler.

mod fuzz;
mod places;
mod snapshot;
