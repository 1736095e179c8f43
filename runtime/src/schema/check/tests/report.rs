//! The whole texts, as files to read. `UPDATE_GOLDEN=1` writes them.

use std::path::Path;

use serde_json::json;

use super::super::comparison::Policy;
use super::super::mode::Mode;
use super::scratch::Scratch;
use super::{Field, field, optional_text, product, text};
use crate::schema::compat::Compatibility;

#[track_caller]
fn assert_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/check/tests/golden").join(name);
    let text = format!("{text}\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).expect("a golden file");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "{} differs; see it with `UPDATE_GOLDEN=1`:\n\n{text}", path.display());
}

/// The report of a change.
fn report(old: &[Field], new: &[Field], policy: Policy) -> String {
    let scratch = Scratch::with(&product("1.0", old));
    let entity = product("1.1", new);
    scratch.check_with(std::slice::from_ref(&entity), policy, Mode::Local).expect_err("a report").to_string()
}

fn price(kind: &str) -> Field {
    field(
        "price",
        "Money",
        json!({ "type": "object", "properties": { "amount": { "type": kind } }, "required": ["amount"] }),
    )
}

#[test]
fn a_required_field_is_added() {
    assert_golden(
        "required_field_added.txt",
        &report(&[text("id")], &[text("id"), text("category_name")], Policy::default()),
    );
}

#[test]
fn a_field_is_renamed() {
    assert_golden(
        "renamed.txt",
        &report(&[text("id"), text("name")], &[text("id"), text("title")], Policy::default()),
    );
}

#[test]
fn many_changes() {
    let colors = |colors: &[&str]| field("color", "Color", json!({ "type": "string", "enum": colors }));
    let old = [text("id"), price("string"), colors(&["red"]), text("note")];
    let new = [text("id"), price("number"), colors(&["red", "blue"]), optional_text("note")];
    assert_golden("many.txt", &report(&old, &new, Policy::default()));
}

#[test]
fn a_change_that_is_compatible() {
    assert_golden(
        "compatible.txt",
        &report(
            &[text("id"), optional_text("note")],
            &[text("id"), optional_text("size")],
            Policy::default(),
        ),
    );
}

#[test]
fn strict() {
    let policy = Policy { compatibility: Compatibility::Backward, is_strict: true };
    assert_golden("strict.txt", &report(&[text("id")], &[text("id"), optional_text("note")], policy));
}

#[test]
fn nothing_is_committed() {
    let scratch = Scratch::new();
    let error = scratch.check(&product("1.0", &[text("id")]), Mode::Ci).unwrap_err();
    assert_golden("not_committed.txt", &error.to_string());
}

#[test]
fn everything_at_once() {
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    scratch.write("products.json", "{}");
    scratch.write("notes.txt", "");
    let mut entity = product("1.1", &[text("id"), text("name")]);
    entity.events.pop();
    let error = scratch.check(&entity, Mode::Ci).unwrap_err();
    assert_golden("everything.txt", &error.to_string());
}
