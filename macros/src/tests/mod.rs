//! Tests of the whole pipeline, without a compiler around it.

mod fuzz;
mod places;
mod snapshot;
