//! What a person may do to the folder.

use std::fs;

use serde_json::{Value, json};

use super::super::mode::Mode;
use super::scratch::Scratch;
use super::{optional_text, product, text};

const FILE: &str = "product.created.v1.json";

/// The message of a check that fails and leaves every file as it was, in each mode.
fn refused(scratch: &Scratch) -> String {
    let entity = product("1.0", &[text("id")]);
    let before = scratch.files();
    let messages: Vec<String> = [Mode::Update, Mode::Ci, Mode::Local]
        .into_iter()
        .map(|mode| scratch.check(&entity, mode).expect_err("a message").to_string())
        .collect();
    assert_eq!(scratch.files(), before);
    messages[2].clone()
}

#[track_caller]
fn assert_says(message: &str, expected: &str) {
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn an_empty_folder_is_a_first_run() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("")).unwrap();
    assert_eq!(scratch.check(&product("1.0", &[text("id")]), Mode::Local).unwrap().written().len(), 2);
}

#[test]
fn what_is_no_json_is_left_alone() {
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    scratch.write(FILE, "{ \"title\": ");
    assert_says(
        &refused(&scratch),
        "error: `schemas/product.created.v1.json` is not valid JSON: EOF while parsing a value at line 1 column 11; restore it \
         from version control",
    );
    scratch.write(FILE, "<<<<<<< HEAD\n");
    assert_says(
        &refused(&scratch),
        "error: `schemas/product.created.v1.json` has a merge conflict; take one side of it, then run `UPDATE_SCHEMAS=1",
    );
    scratch.write(FILE, "[]");
    assert_says(
        &refused(&scratch),
        "error: `schemas/product.created.v1.json` is not a schema: expected an object;",
    );
    scratch.write(FILE, "{}");
    assert_says(&refused(&scratch), "error: `schemas/product.created.v1.json` has no `x-writer`; restore it");
    scratch.write(FILE, r#"{"x-writer": true, "x-version": 1}"#);
    assert_says(
        &refused(&scratch),
        "error: `schemas/product.created.v1.json` has an `x-version` that is not a string",
    );
    scratch.write(FILE, r#"{"x-writer": true, "x-version": "1.0", "x-accepted": "all"}"#);
    assert_says(
        &refused(&scratch),
        "error: `schemas/product.created.v1.json` has an `x-accepted` that is not a list",
    );
    fs::write(scratch.path(FILE), [0xff, 0xfe]).unwrap();
    let error = scratch.check(&product("1.0", &[text("id")]), Mode::Update).unwrap_err();
    assert_says(&error.to_string(), "error: `schemas/product.created.v1.json` is not UTF-8");
}

#[test]
fn unknown_files_are_named() {
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    scratch.write(".gitkeep", "");
    scratch.write("README.md", "Schemas.");
    let outcome = scratch.check(&product("1.0", &[text("id")]), Mode::Ci).unwrap();
    assert_eq!(outcome.notes(), ["`schemas/README.md` is not a schema file and was ignored"]);
    scratch.write("products.json", "{}");
    assert_says(
        &refused(&scratch),
        "error: `schemas/products.json` is not named like a schema file, `<feature>.<kind>.v<major>.json`; rename it, or move it",
    );
}

#[test]
fn a_newer_version_is_not_overwritten() {
    let scratch = Scratch::with(&product("1.2", &[text("id")]));
    let message = refused(&scratch);
    assert_says(
        &message,
        "error: `schemas/product.created.v1.json` is of version 1.2, which is newer than `Product` in the code, 1.0; update the \
         code, or delete the file if that version was never released",
    );
    let scratch = Scratch::with(&product("2.0", &[text("id")]));
    assert_says(
        &refused(&scratch),
        "error: `schemas/product.created.v2.json` is of version 2.0, which is newer",
    );
}

#[test]
fn an_edited_file_is_named_and_compared() {
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    let mut content: Value = serde_json::from_str(&scratch.files()[FILE]).unwrap();
    for view in ["", "/x-writer"] {
        let id = content.pointer_mut(&format!("{view}/definitions/ProductEventData/properties/id")).unwrap();
        *id = json!({ "type": "integer" });
    }
    scratch.write(FILE, &content.to_string());
    let error = scratch.check(&product("1.0", &[text("id")]), Mode::Local).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("error[FieldTypeChanged]: type changed: `data.id`"), "{message}");
    assert!(
        message.contains("note: `schemas/product.created.v1.json` was edited or merged by hand: its `x-digest` does not match"),
        "{message}"
    );
    // Another layout of the same content is no edit.
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    let content: Value = serde_json::from_str(&scratch.files()[FILE]).unwrap();
    scratch.write(FILE, &content.to_string());
    assert_eq!(scratch.check(&product("1.0", &[text("id")]), Mode::Ci).unwrap().notes(), [""; 0]);
}

/// Root may write into a folder that is read-only, so this is a file in its place.
#[test]
fn a_folder_that_cannot_be_written() {
    let scratch = Scratch::new();
    fs::write(scratch.package.join("schemas"), "").unwrap();
    let error = scratch.check(&product("1.0", &[text("id")]), Mode::Local).unwrap_err();
    assert_says(&error.to_string(), "error: the folder `schemas` cannot be read: ");
    assert!(std::error::Error::source(&error).is_some());

    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    // A folder in the place of the file that is to be written.
    fs::create_dir(scratch.path("product.created.v1.1.json")).unwrap();
    let error =
        scratch.check(&product("1.0", &[text("id"), optional_text("note")]), Mode::Update).unwrap_err();
    assert_says(&error.to_string(), "error: `schemas/product.created.v1.1.json` cannot be read: ");
    fs::remove_dir(scratch.path("product.created.v1.1.json")).unwrap();

    let scratch = Scratch::new();
    fs::write(scratch.package.join("file"), "").unwrap();
    let nested = super::super::run::run(
        &[product("1.0", &[text("id")])],
        &scratch.package,
        std::path::Path::new("file/schemas"),
        super::super::comparison::Policy::default(),
        Mode::Local,
    );
    assert_says(&nested.unwrap_err().to_string(), "error: the folder `file/schemas` cannot be read: ");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::new();
    let folder = scratch.path("");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(folder.join(".probe"), "").is_ok();
    let result = scratch.check(&product("1.0", &[text("id")]), Mode::Local);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    // Root writes all the same.
    if !is_root {
        let message = result.unwrap_err().to_string();
        assert_says(&message, "error: `schemas/product.created.v1.json` cannot be written: ");
        assert!(message.contains("or run with `CI=true`, which only compares"), "{message}");
        assert_eq!(scratch.names(), [""; 0]);
    }
}

#[test]
fn versions_and_names_that_do_not_work() {
    let scratch = Scratch::new();
    let error = scratch.check(&product("beta", &[text("id")]), Mode::Local).unwrap_err();
    assert_says(
        &error.to_string(),
        "error: the version `beta` of `Product` does not start with a number; write it like `1.0`",
    );
    let twice = [product("1.0", &[text("id")]), product("1.0", &[text("id")])];
    let error =
        scratch.check_with(&twice, super::super::comparison::Policy::default(), Mode::Local).unwrap_err();
    assert_says(
        &error.to_string(),
        "error: `ProductCreated` of `catalog::product::Product` and `ProductCreated` of `catalog::product::Product` share \
         `schemas/product.created.v1.json`; give one of the entities another `feature`",
    );
    assert_eq!(scratch.names(), [""; 0]);
}
