//! The code in the README is current.

#[test]
fn the_readme_contains_the_quickstart() {
    let readme = include_str!("../../README.md");
    let quickstart = include_str!("../../examples/quickstart/src/main.rs");
    assert!(readme.contains(quickstart.trim_end()), "copy examples/quickstart/src/main.rs into the README");
}
