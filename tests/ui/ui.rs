//! Each program in a folder beside this file contains a mistake, and its `.stderr` is what the compiler prints; each in
//! `tests/pass` compiles and runs.
//!
//! The `.stderr` files belong to the compiler in `rust-toolchain.toml`; `TRYBUILD=overwrite cargo test -p entity-events-ui`
//! rewrites them.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn mistakes_fail_with_the_expected_errors() {
    trybuild::TestCases::new().compile_fail("*/*.rs");
}

#[test]
fn valid_programs_compile_and_run() {
    trybuild::TestCases::new().pass("../pass/*.rs");
}

/// Programs with several mistakes, and how many errors each has.
const SEVERAL_MISTAKES: [(&str, usize); 4] = [
    ("several/topic_extra_and_type", 3),
    ("several/two_entities", 3),
    ("several/two_keys_and_a_field", 4),
    ("topics/one_bad_entity_of_two", 2),
];

#[test]
fn each_mistake_is_exactly_one_error() {
    let goldens = goldens();
    assert!(goldens.len() >= 150);
    for (path, text) in goldens {
        let is = |name: &&str| path.ends_with(format!("{name}.stderr"));
        let mistakes =
            SEVERAL_MISTAKES.iter().find(|(name, _)| is(name)).map_or(1, |(_, mistakes)| *mistakes);
        let errors = text.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, mistakes, "{}", path.display());
        assert!(!text.lines().any(|line| line.starts_with("warning")), "{}", path.display());
    }
}

#[test]
fn messages_say_what_is_wrong_and_what_to_do() {
    let mut messages = 0;
    for (path, text) in goldens() {
        for message in text.lines().filter_map(|line| line.strip_prefix("error: ")) {
            if message.starts_with("cannot find ") {
                continue;
            }
            messages += 1;
            let (wrong, remedy) = message
                .split_once("; ")
                .or_else(|| message.split_once(", such as "))
                .unwrap_or((message, ""));
            assert!(!remedy.is_empty(), "{}: no remedy in {message}", path.display());
            assert!(!wrong.starts_with(char::is_uppercase), "{message}");
            assert!(!message.ends_with('.'), "{message}");
        }
    }
    assert!(messages >= 120, "{messages}");
}

/// The expected compiler output for each program.
fn goldens() -> Vec<(PathBuf, String)> {
    let folders = fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.filter(|path| path.is_dir()).flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|file| file.unwrap().path());
    let goldens = paths.filter(|path| path.extension().is_some_and(|extension| extension == "stderr"));
    goldens.map(|path: PathBuf| (path.clone(), fs::read_to_string::<&Path>(&path).unwrap())).collect()
}
