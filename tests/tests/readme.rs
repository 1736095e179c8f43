//! The README shows what is true.

#[test]
fn the_readme_shows_the_quickstart_as_it_is() {
    let readme = include_str!("../../README.md");
    let quickstart = include_str!("../../examples/quickstart/src/main.rs");
    assert!(readme.contains(quickstart.trim_end()), "copy examples/quickstart/src/main.rs into the README");
}
