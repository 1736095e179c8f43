//! What the README and the guide say of the repository is true.

use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = repository().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn chapter(name: &str) -> String {
    read(&format!("runtime/src/guide/{name}.md"))
}

/// The chapters in the order of the index.
fn chapters() -> Vec<String> {
    let index = read("runtime/src/guide/mod.rs");
    let modules = index.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(" {}"));
    modules.map(str::to_owned).collect()
}

#[test]
fn the_guide_contains_the_quickstart() {
    let quickstart = read("examples/quickstart/src/main.rs");
    let has = chapter("several_entities").contains(quickstart.trim_end());
    assert!(has, "copy examples/quickstart/src/main.rs into runtime/src/guide/several_entities.md");
}

#[test]
fn the_readme_and_the_index_list_every_chapter() {
    let (readme, index, front) =
        (read("README.md"), read("runtime/src/guide/mod.rs"), read("runtime/src/lib.rs"));
    let chapters = chapters();
    assert!(chapters.len() >= 12, "{chapters:?}");
    for chapter in chapters {
        assert!(index.contains(&format!("//! | [`{chapter}`] |")), "`{chapter}` is not in the index");
        assert!(
            readme.contains(&format!("][guide::{chapter}]: ")),
            "`{chapter}` is not in the README's list"
        );
        let link = format!(
            "\n[guide::{chapter}]: https://docs.rs/entity-events/latest/entity_events/guide/{chapter}/index.html\n"
        );
        assert!(readme.contains(&link), "the README has no link to `{chapter}`");
        assert!(
            front.contains(&format!("//! [guide::{chapter}]: guide::{chapter}\n")),
            "`{chapter}`: lib.rs"
        );
    }
}

#[test]
fn each_chapter_leads_to_the_next() {
    for pair in chapters().windows(2) {
        let link = format!("](crate::guide::{})", pair[1]);
        let next =
            chapter(&pair[0]).lines().filter(|line| line.starts_with("Next: ")).any(|l| l.contains(&link));
        assert!(next, "`{}` does not end with a link to `{}`", pair[0], pair[1]);
    }
}

#[test]
fn the_readme_stays_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 130, "{lines} lines; the guide has room");
}

/// `promises::a_test` is the function `a_test` in `tests/tests/promises.rs`.
#[test]
fn each_guarantee_names_tests_that_exist() {
    let text = chapter("guarantees");
    let promised = text.split("## What is not promised").next().unwrap_or_default();
    let mut named = 0;
    for promise in promised.split("\n**").skip(1) {
        let mut proofs = 0;
        for name in promise.split('`').skip(1).step_by(2).filter(|name| is_test(name)) {
            let (file, function) = name.rsplit_once("::").expect("a path");
            let path = format!("tests/tests/{}.rs", file.replace("::", "/"));
            assert!(has_test(&read(&path), function), "{path} has no test `{function}`");
            proofs += 1;
        }
        assert!(proofs > 0, "no test proves this:\n{promise}");
        named += proofs;
    }
    assert!(named > 50, "only {named} tests were found in the text");
}

/// Words in lower case, joined by `::`.
fn is_test(name: &str) -> bool {
    name.contains("::")
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_:".contains(c))
}

/// The function is there, and an attribute above it makes it a test.
fn has_test(source: &str, function: &str) -> bool {
    let declaration = format!("fn {function}(");
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(index, line)| {
        let is_it = line.strip_prefix("async ").unwrap_or(line).starts_with(&declaration);
        let above = lines[..index].iter().rev().take_while(|line| line.starts_with("#["));
        is_it && above.into_iter().any(|line| line.starts_with("#[test") || line.starts_with("#[tokio::test"))
    })
}
