//! The check as a user calls it, in a process of its own: the environment, the folder, standard error, and the panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use entity_events::EntityEvents;

/// A product.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", schema)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What there is to say.
    pub note: Option<String>,
}

/// The test that a user has, with the files that are committed in `schemas`. The other tests run it with a folder of their own.
#[test]
fn events_stay_compatible() {
    entity_events::schema::check::<ProductTopics>("schemas");
}

/// A package's folder, which is removed at the end.
struct Package(PathBuf);

impl Package {
    fn new(name: &str) -> Self {
        let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&package);
        fs::create_dir_all(&package).expect("a folder");
        Self(package)
    }

    fn check(&self, environment: &[(&str, &str)]) -> Output {
        Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "events_stay_compatible"])
            .env_remove("CI")
            .env_remove("UPDATE_SCHEMAS")
            .env("CARGO_MANIFEST_DIR", &self.0)
            .envs(environment.iter().copied())
            .output()
            .expect("the test runs")
    }

    fn file(&self) -> PathBuf {
        self.0.join("schemas/product.created.v1.json")
    }
}

impl Drop for Package {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_first_run_says_what_it_wrote() {
    let package = Package::new("first");
    let output = package.check(&[]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let names = "product.created.v1.json, product.updated.v1.json, product.deleted.v1.json";
    assert!(said.contains(&format!("schemas: wrote {names} to ")), "{said}");
    assert!(package.file().exists());
    let output = package.check(&[("CI", "true")]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn ci_fails_without_the_files() {
    let package = Package::new("ci");
    let output = package.check(&[("CI", "1"), ("UPDATE_SCHEMAS", "1")]);
    assert!(!output.status.success());
    assert!(stdout(&output).contains("`schemas/product.created.v1.json` is not committed"), "{output:?}");
    assert!(!package.0.join("schemas").exists());
}

#[test]
fn a_break_fails_until_it_is_accepted() {
    let package = Package::new("break");
    assert!(package.check(&[]).status.success());
    // As if the name had been an `i64` before.
    let text = fs::read_to_string(package.file()).expect("the file");
    let mut content: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for view in ["", "/x-writer"] {
        let name = format!("{view}/definitions/ProductEventData/properties/name/type");
        *content.pointer_mut(&name).expect("the field") = "integer".into();
    }
    fs::write(package.file(), content.to_string()).expect("the file");

    let output = package.check(&[]);
    assert!(!output.status.success());
    for line in [
        "error[FieldTypeChanged]: type changed: `data.name`",
        "  field:   `Product::name: String`",
        "  before:  integer",
        "  now:     string",
        "  against: `schemas/product.created.v1.json`, version 1.0",
        "note: `schemas/product.created.v1.json` was edited or merged by hand",
    ] {
        assert!(stdout(&output).contains(line), "{line}: {}", stdout(&output));
    }
    let output = package.check(&[("UPDATE_SCHEMAS", "1")]);
    assert!(output.status.success(), "{output:?}");
    assert!(package.0.join("schemas/product.created.v1.1.json").exists());
    assert!(package.check(&[("CI", "true")]).status.success());
}
