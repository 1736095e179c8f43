//! Each program in `ui` contains a mistake, and its `.stderr` is what the compiler prints.

#[test]
fn mistakes_fail_with_the_expected_errors() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
