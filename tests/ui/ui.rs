//! Each program beside this file holds a mistake, and its `.stderr` is what the user reads; each in `tests/pass` is
//! right, and runs.
//!
//! The texts are those of the compiler in `rust-toolchain.toml`; `TRYBUILD=overwrite cargo test -p entity-events-ui`
//! writes them anew.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("*/*.rs");
}

#[test]
fn right_uses_compile_and_run() {
    trybuild::TestCases::new().pass("../pass/*.rs");
}
