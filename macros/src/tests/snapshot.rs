//! The expansions in `macros/snapshots`: `*.in.rs` is the input, and the file beside it the output.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p entity-events-macros` rewrites them.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use crate::expand;

#[test]
fn minimal() {
    compare("minimal");
}

#[test]
fn three_fields() {
    let code = code(&compare("three_fields"));
    let lines = code.lines().count();
    assert!(
        lines <= 290,
        "{lines} lines for three fields; shorten the output, or raise the limit for a reason:\n{code}"
    );
}

#[test]
fn readme() {
    compare("readme");
}

#[test]
fn every_key() {
    compare("every_key");
}

#[test]
fn schema() {
    compare("schema");
}

#[test]
fn mistake() {
    compare("mistake");
}

#[test]
fn service() {
    compare("service");
}

/// Expands each item of the input and returns the pretty-printed output.
fn compare(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let input = fs::read_to_string(folder.join(format!("{name}.in.rs"))).unwrap();
    let output: TokenStream = syn::parse_file(&input).unwrap().items.into_iter().map(expanded).collect();
    let printed = prettyplease::unparse(&syn::parse2(output).unwrap());
    let file = folder.join(format!("{name}.rs"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&file, &printed).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(printed == expected, "{} is out of date; the output is:\n{printed}", file.display());
    printed
}

/// The code as written by hand: formatted like this project, with short paths, and without docs and attributes.
fn code(printed: &str) -> String {
    let code = prettyplease::unparse(&syn::parse2(by_hand(printed.parse().unwrap())).unwrap());
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../rustfmt.toml");
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--config-path", config]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut rustfmt = rustfmt.spawn().unwrap();
    rustfmt.stdin.take().unwrap().write_all(code.as_bytes()).unwrap();
    let output = rustfmt.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn by_hand(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if hash.as_char() == '#' => drop(tokens.next()),
            TokenTree::Punct(colon) if colon.as_char() == ':' && colon.spacing() == Spacing::Joint => {
                let second = tokens.next().unwrap();
                let before_name = matches!(tokens.peek(), Some(TokenTree::Ident(_)));
                if !before_name || ends_type(&kept) {
                    kept.extend([colon.into(), second]);
                } else if matches!(kept.last(), Some(TokenTree::Ident(module)) if is_module(module)) {
                    kept.pop();
                }
            }
            TokenTree::Group(group) => {
                kept.push(Group::new(group.delimiter(), by_hand(group.stream())).into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// Whether the word is part of a path, and not a keyword before one.
fn is_module(word: &Ident) -> bool {
    syn::parse_str::<Ident>(&word.to_string()).is_ok()
}

/// Whether the tokens end with a type, so that a following `::` names a member of it.
fn ends_type(tokens: &[TokenTree]) -> bool {
    match tokens {
        [.., TokenTree::Ident(name)] => name.to_string().starts_with(char::is_uppercase),
        [.., TokenTree::Punct(arrow), TokenTree::Punct(_)] if ['-', '='].contains(&arrow.as_char()) => false,
        [.., TokenTree::Punct(close)] => close.as_char() == '>',
        _ => false,
    }
}

/// Removes the macro's attribute and calls the macro, as the compiler does.
fn expanded(item: Item) -> TokenStream {
    match item {
        Item::Struct(mut item) => {
            if let Some(arguments) = arguments(&mut item.attrs, "topics") {
                return expand::topics(arguments, &item.into_token_stream());
            }
            arguments(&mut item.attrs, "derive");
            expand::entity_events(item.into())
        }
        Item::Trait(mut item) => {
            let arguments = arguments(&mut item.attrs, "event_producer").unwrap_or_default();
            expand::event_producer(arguments, &item.into_token_stream())
        }
        other => other.into_token_stream(),
    }
}

fn arguments(attributes: &mut Vec<Attribute>, name: &str) -> Option<TokenStream> {
    let index = attributes.iter().position(|attribute| attribute.path().is_ident(name))?;
    match attributes.remove(index).meta {
        Meta::List(list) => Some(list.tokens),
        Meta::Path(_) | Meta::NameValue(_) => None,
    }
}
