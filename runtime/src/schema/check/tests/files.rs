//! What is written, and when.

use serde_json::{Value, json};

use super::super::comparison::Policy;
use super::super::mode::Mode;
use super::scratch::Scratch;
use super::{field, optional_text, product, text};
use crate::schema::compat::{Compatibility, Rule};

#[test]
fn the_first_run_writes_and_says_so() {
    let scratch = Scratch::new();
    let entity = product("1.0", &[text("id")]);
    let outcome = scratch.check(&entity, Mode::Local).unwrap();
    assert_eq!(
        outcome.written(),
        [scratch.path("product.created.v1.json"), scratch.path("product.updated.v1.json")]
    );
    let folder = scratch.path("");
    let folder = folder.to_string_lossy();
    assert_eq!(
        outcome.to_string(),
        format!(
            "schemas: wrote product.created.v1.json, product.updated.v1.json to {}; commit them\n",
            folder.trim_end_matches('/')
        )
    );
    // The second one has nothing to do, in CI neither.
    for mode in [Mode::Local, Mode::Ci, Mode::Update] {
        let outcome = scratch.check(&entity, mode).unwrap();
        assert_eq!((outcome.written(), outcome.to_string().as_str()), (&[][..], ""));
    }
}

#[test]
fn a_file_holds_both_views() {
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    let text = &scratch.files()["product.created.v1.json"];
    assert!(text.ends_with("}\n") && text.starts_with("{\n  \"$schema\""), "{text}");
    let content: Value = serde_json::from_str(text).unwrap();
    assert_eq!(content["title"], "ProductCreated");
    assert_eq!(content["x-version"], "1.0");
    assert_eq!(content["x-topic"], "int.product-update.event");
    assert_eq!(content["x-writer"]["definitions"]["ProductEventData"]["additionalProperties"], false);
    assert_eq!(content["definitions"]["ProductEventData"]["additionalProperties"], Value::Null);
}

#[test]
fn ci_writes_nothing() {
    let scratch = Scratch::new();
    let error = scratch.check(&product("1.0", &[text("id")]), Mode::Ci).unwrap_err();
    assert!(error.to_string().contains("`schemas/product.created.v1.json` is not committed"), "{error}");
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn nothing_is_written_if_anything_fails() {
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    let mut entity = product("1.0", &[text("id"), text("name")]);
    entity.events[1].name = "ProductArchived";
    let before = scratch.files();
    scratch.check(&entity, Mode::Local).unwrap_err();
    scratch.check(&entity, Mode::Ci).unwrap_err();
    assert_eq!(scratch.files(), before);
}

#[test]
fn accepted_changes_keep_the_former_schemas() {
    let versions = [
        product("1.0", &[text("id")]),
        product("1.1", &[text("id"), optional_text("note")]),
        product("1.2", &[text("id"), optional_text("note"), optional_text("size")]),
    ];
    let scratch = Scratch::with(&versions[0]);
    for version in &versions[1..] {
        let error = scratch.check(version, Mode::Local).unwrap_err();
        assert!(error.breaks().is_empty() && error.to_string().contains("changed, compatible"), "{error}");
        let outcome = scratch.check(version, Mode::Update).unwrap();
        assert_eq!((outcome.written().len(), outcome.accepted.len()), (4, 0));
        scratch.check(version, Mode::Ci).unwrap();
    }
    let files = scratch.files();
    let version = |name: &str| {
        let content: Value = serde_json::from_str(&files[name]).unwrap();
        content["x-version"].as_str().map(str::to_owned).unwrap()
    };
    assert_eq!(version("product.created.v1.1.json"), "1.0");
    assert_eq!(version("product.created.v1.2.json"), "1.1");
    assert_eq!(version("product.created.v1.json"), "1.2");
    assert_eq!(files.len(), 6);
}

/// What the last version does not have, the one before may.
#[test]
fn transitive_levels_compare_with_former_schemas() {
    let scratch = Scratch::with(&product("1.0", &[text("id"), text("name")]));
    let level = |compatibility| Policy { compatibility, is_strict: false };
    let last = product("1.1", &[text("id")]);
    scratch.check(&last, Mode::Update).unwrap();
    let mut again =
        product("1.2", &[text("id"), field("name", "Option<i32>", json!({ "type": ["integer", "null"] }))]);
    again.fields[1].required = false;
    let rules = |compatibility| {
        let error =
            scratch.check_with(std::slice::from_ref(&again), level(compatibility), Mode::Local).unwrap_err();
        let mut rules: Vec<Rule> = error.breaks().iter().map(|is| is.rule).collect();
        rules.dedup();
        rules
    };
    assert_eq!(rules(Compatibility::Full), []);
    assert_eq!(rules(Compatibility::BackwardTransitive), [Rule::FieldTypeChanged]);
    assert_eq!(rules(Compatibility::Backward), []);
    assert_eq!(rules(Compatibility::None), []);
}

#[test]
fn an_accepted_break_is_recorded_and_not_reported_again() {
    let scratch = Scratch::with(&product("1.0", &[text("id"), text("name")]));
    let entity = product("1.1", &[text("id")]);
    assert_eq!(scratch.check(&entity, Mode::Local).unwrap_err().breaks().len(), 3);
    let outcome = scratch.check(&entity, Mode::Update).unwrap();
    assert!(
        outcome.to_string().contains("accepted ProductCreated: forward RequiredFieldRemoved data.name: "),
        "{outcome}"
    );
    let content: Value = serde_json::from_str(&scratch.files()["product.updated.v1.json"]).unwrap();
    assert_eq!(
        content["x-accepted"],
        json!([
            "forward RequiredFieldRemoved data.name: string, required → no such field",
            "forward RequiredFieldRemoved old_data.name: string, required → no such field",
        ])
    );
    scratch.check(&entity, Mode::Ci).unwrap();
    // It stays accepted, and another is not.
    let next = product("1.2", &[text("id"), optional_text("note")]);
    assert!(scratch.check(&next, Mode::Local).unwrap_err().breaks().is_empty());
    scratch.check(&next, Mode::Update).unwrap();
    let other = product("1.3", &[text("id"), optional_text("note"), text("size")]);
    let error = scratch.check(&other, Mode::Local).unwrap_err();
    assert!(error.breaks().iter().all(|is| is.rule == Rule::RequiredFieldAdded), "{error}");
    assert!(!error.breaks().is_empty());
}

#[test]
fn an_accepted_break_does_not_accept_the_next_one_of_its_field() {
    let status = |values: Value| field("status", "Status", json!({ "type": "string", "enum": values }));
    let scratch = Scratch::with(&product("1.0", &[text("id"), status(json!(["paid", "open"]))]));
    let returned = product("1.0", &[text("id"), status(json!(["paid", "open", "returned"]))]);
    scratch.check(&returned, Mode::Update).unwrap();
    scratch.check(&returned, Mode::Ci).unwrap();
    let refunded = product("1.0", &[text("id"), status(json!(["paid", "open", "returned", "refunded"]))]);
    let error = scratch.check(&refunded, Mode::Local).unwrap_err();
    assert!(error.breaks().iter().all(|is| is.rule == Rule::EnumValueAdded), "{error}");
    assert!(!error.breaks().is_empty(), "{error}");

    let number = product("1.0", &[text("id"), field("status", "u32", json!({ "type": "integer" }))]);
    scratch.check(&number, Mode::Update).unwrap();
    let flag = product("1.0", &[text("id"), field("status", "bool", json!({ "type": "boolean" }))]);
    assert!(!scratch.check(&flag, Mode::Ci).unwrap_err().breaks().is_empty());
}

#[test]
fn descriptions_leave_no_former_schema() {
    let mut entity = product("1.0", &[text("id")]);
    let scratch = Scratch::with(&entity);
    entity.events[0].reader["description"] = "A product was created.".into();
    let error = scratch.check(&entity, Mode::Local).unwrap_err();
    assert!(
        error.to_string().contains("changed, compatible: ProductCreated\n  in descriptions only\n"),
        "{error}"
    );
    scratch.check(&entity, Mode::Update).unwrap();
    assert_eq!(scratch.names(), ["product.created.v1.json", "product.updated.v1.json"]);
    scratch.check(&entity, Mode::Ci).unwrap();
}

#[test]
fn a_major_version_on_another_topic_starts_anew() {
    let scratch = Scratch::with(&product("1.0", &[text("id"), text("name")]));
    let mut entity = product("2.0", &[text("id"), text("title")]);
    let error = scratch.check(&entity, Mode::Local).unwrap_err();
    assert!(!error.breaks().is_empty(), "on the same topic: {error}");
    entity.topic = "int.product-update.v2.event".to_owned();
    scratch.check(&entity, Mode::Local).unwrap();
    assert_eq!(
        scratch.names(),
        [
            "product.created.v1.json",
            "product.created.v2.json",
            "product.updated.v1.json",
            "product.updated.v2.json"
        ]
    );
    scratch.check(&entity, Mode::Ci).unwrap();
}

#[test]
fn a_removed_event_type_is_kept_as_a_former_one() {
    let mut entity = product("1.0", &[text("id")]);
    let scratch = Scratch::with(&entity);
    let updated = entity.events.pop().unwrap();
    let error = scratch.check(&entity, Mode::Local).unwrap_err();
    assert!(
        error.to_string().contains("error[EventTypeRemoved]: event type removed: `ProductUpdated`"),
        "{error}"
    );
    scratch.check(&entity, Mode::Update).unwrap();
    assert_eq!(scratch.names(), ["product.created.v1.json", "product.updated.v1.1.json"]);
    scratch.check(&entity, Mode::Ci).unwrap();
    // If it comes back, it is compared.
    entity.events.push(updated);
    scratch.check(&entity, Mode::Local).unwrap();
    let changed = product("1.1", &[text("id"), text("name")]);
    assert!(!scratch.check(&changed, Mode::Local).unwrap_err().breaks().is_empty());
}

#[test]
fn strict_has_the_verdicts_of_a_registry() {
    let scratch = Scratch::with(&product("1.0", &[text("id")]));
    let entity = product("1.1", &[text("id"), optional_text("note")]);
    let strict = Policy { is_strict: true, ..Policy::default() };
    let error = scratch.check_with(std::slice::from_ref(&entity), strict, Mode::Local).unwrap_err();
    let rules: Vec<Rule> = error.breaks().iter().map(|is| is.rule).collect();
    assert_eq!(rules, [Rule::FieldAddedToOpen; 3]);
    assert!(scratch.check(&entity, Mode::Local).unwrap_err().breaks().is_empty());
}

#[test]
fn the_text_does_not_depend_on_the_order_of_keys() {
    let scratch = Scratch::with(&product("1.0", &[text("id"), text("name")]));
    let names: Vec<usize> = {
        let text = &scratch.files()["product.created.v1.json"];
        ["\"$schema\"", "\"definitions\"", "\"x-digest\"", "\"x-topic\"", "\"x-version\"", "\"x-writer\""]
            .map(|key| text.find(key).unwrap())
            .to_vec()
    };
    assert!(names.is_sorted(), "{names:?}");
}
