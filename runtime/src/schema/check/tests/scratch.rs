//! A folder of a test's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::comparison::Policy;
use super::super::mode::Mode;
use super::super::run::run;
use super::super::{CheckError, Outcome};
use crate::schema::document::EntityDocument;

/// A package's folder, which is removed at the end.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) package: PathBuf,
}

impl Scratch {
    pub(super) fn new() -> Self {
        let package = std::env::temp_dir().join(format!("entity-events-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&package).expect("a folder");
        Self { package }
    }

    /// A package in which these events are recorded.
    pub(super) fn with(entity: &EntityDocument) -> Self {
        let scratch = Self::new();
        scratch.check(entity, Mode::Local).expect("a first run");
        scratch
    }

    pub(super) fn check(&self, entity: &EntityDocument, mode: Mode) -> Result<Outcome, CheckError> {
        self.check_with(std::slice::from_ref(entity), Policy::default(), mode)
    }

    pub(super) fn check_with(
        &self,
        entities: &[EntityDocument],
        policy: Policy,
        mode: Mode,
    ) -> Result<Outcome, CheckError> {
        run(entities, &self.package, Path::new("schemas"), policy, mode)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.package.join("schemas").join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.package.join("schemas")).expect("the folder");
        fs::write(self.path(name), text).expect("a file");
    }

    /// Every file with its text.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        let Ok(entries) = fs::read_dir(self.package.join("schemas")) else { return BTreeMap::new() };
        entries
            .map(|entry| {
                let entry = entry.expect("an entry");
                let text = fs::read_to_string(entry.path()).expect("a file");
                (entry.file_name().to_string_lossy().into_owned(), text)
            })
            .collect()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind if that fails.
        let _ = fs::remove_dir_all(&self.package);
    }
}
