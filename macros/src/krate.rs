//! Where the runtime crate is, seen from the user's crate.

use proc_macro2::Span;
use syn::{Ident, Path, parse_quote};

/// The path that the user gave, or the name under which cargo handed the runtime to the compiler.
pub fn path(given: Option<&Path>) -> Path {
    given.cloned().unwrap_or_else(|| {
        let library = || Ident::new(LIBRARY, Span::call_site());
        let name = extern_name(std::env::args()).unwrap_or_else(library);
        parse_quote!(::#name)
    })
}

const LIBRARY: &str = "entity_events";

/// Finds `events` in `--extern events=/target/debug/deps/libentity_events-1a2b.rmeta`.
///
/// A macro runs inside the compiler, whose command line knows a renamed dependency whatever way it was renamed:
/// in a `[target]` table, inherited from a workspace, or by a build tool that is not cargo.
fn extern_name(arguments: impl Iterator<Item = String>) -> Option<Ident> {
    let names = arguments.filter_map(|argument| {
        let (name, file) = argument.strip_prefix("--extern=").unwrap_or(&argument).split_once('=')?;
        // Options such as `priv` come before a colon.
        let name = name.rsplit(':').next()?;
        if is_runtime(file) { syn::parse_str(name).ok() } else { None }
    });
    // The plain name wins.
    names.max_by_key(|name| name == LIBRARY)
}

fn is_runtime(file: &str) -> bool {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.strip_prefix("lib").unwrap_or(stem).split('-').next() == Some(LIBRARY)
}

#[cfg(test)]
mod tests {
    use super::extern_name;

    fn found(arguments: &[&str]) -> Option<String> {
        extern_name(arguments.iter().map(ToString::to_string)).map(|name| name.to_string())
    }

    #[test]
    fn a_renamed_dependency_is_found() {
        let serde = "serde=/t/libserde-1.rmeta";
        let renamed = "events=/t/libentity_events-9f.rlib";
        assert_eq!(found(&["rustc", "--extern", serde, "--extern", renamed]).as_deref(), Some("events"));
        assert_eq!(found(&["--extern=priv:events=C:\\t\\entity_events-9f.rlib"]).as_deref(), Some("events"));
    }

    #[test]
    fn the_plain_name_wins_and_the_macros_are_not_the_runtime() {
        let plain = "entity_events=/t/libentity_events-1.rmeta";
        assert_eq!(
            found(&["--extern", plain, "--extern", "events=/t/libentity_events-2.rmeta"]).as_deref(),
            Some("entity_events")
        );
        assert_eq!(found(&["--extern", "m=/t/libentity_events_macros-1.so"]), None);
        assert_eq!(found(&[]), None);
    }
}
