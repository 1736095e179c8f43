//! An event type as it is now, compared with what is recorded of it.

use super::file::{Recorded, SchemaFile};
use super::folder::Folder;
use super::name::FileName;
use super::version::Version;
use crate::schema::compat::{self, Break, Compatibility, Direction, Settings};
use crate::schema::document::{EntityDocument, EventDocument};

/// How strict a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Policy {
    pub(super) compatibility: Compatibility,
    /// With the verdicts of a registry, on the published schemas alone.
    pub(super) is_strict: bool,
}

/// An event type, as it is now.
#[derive(Debug)]
pub(super) struct Subject<'d> {
    pub(super) entity: &'d EntityDocument,
    pub(super) event: &'d EventDocument,
    pub(super) name: FileName,
    version: Version,
    pub(super) now: Recorded,
}

/// What became of an event type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is recorded of this version.
    New,
    Unchanged,
    /// Other descriptions, in the main; records and readers are as before.
    Reworded,
    Changed,
}

/// A break, and the file that it was found in.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) is: Break,
    pub(super) file: FileName,
    pub(super) version: String,
}

impl<'d> Subject<'d> {
    /// # Errors
    ///
    /// The version has no number.
    pub(super) fn new(entity: &'d EntityDocument, event: &'d EventDocument) -> Result<Self, String> {
        let version = Version::parse(entity.version).ok_or_else(|| {
            format!(
                "the version `{}` of `{}` does not start with a number; write it like `1.0`",
                entity.version, entity.entity
            )
        })?;
        let name = FileName::new(entity, event, version.major());
        Ok(Self { entity, event, name, version, now: Recorded::of(entity, event) })
    }

    /// Returns the files that are newer than the code.
    pub(super) fn newer<'f>(&self, folder: &'f Folder) -> impl Iterator<Item = &'f SchemaFile> {
        self.files(folder).filter(|file| {
            let recorded = Version::parse(&file.recorded.version);
            file.name.major > self.name.major
                || file.name.major == self.name.major
                    && recorded.is_some_and(|recorded| recorded.is_newer_than(&self.version))
        })
    }

    pub(super) fn state(&self, folder: &Folder) -> State {
        match folder.file(&self.name) {
            None => State::New,
            Some(file) if file.recorded.is_same(&self.now) => State::Unchanged,
            Some(file) if file.recorded.has_same_rules(&self.now) => State::Reworded,
            Some(_) => State::Changed,
        }
    }

    /// Returns what the change breaks, with what was accepted.
    pub(super) fn breaks(&self, folder: &Folder, policy: Policy) -> Vec<Found> {
        let mut found = Vec::new();
        for file in self.earlier(folder, policy.compatibility) {
            // What a version does not read of its own records is not new.
            if file.recorded.is_same(&self.now) {
                continue;
            }
            for direction in policy.compatibility.directions() {
                let breaks = between(*direction, &file.recorded, &self.now, policy.is_strict);
                found.extend(breaks.into_iter().map(|is| Found {
                    is,
                    file: file.name.clone(),
                    version: file.recorded.version.clone(),
                }));
            }
        }
        found
    }

    /// Returns the files to compare with: those of this major version, and of others only if they go to the same topic,
    /// where a reader meets both.
    fn earlier<'f>(&self, folder: &'f Folder, compatibility: Compatibility) -> Vec<&'f SchemaFile> {
        let mut files: Vec<_> = self
            .files(folder)
            .filter(|file| {
                file.name.major == self.name.major
                    || file.name.major < self.name.major && file.recorded.topic == self.now.topic
            })
            .collect();
        // The last one first: the current file of a version is newer than its former ones.
        files.sort_by_key(|file| (file.name.major, file.name.former.unwrap_or(u64::MAX)));
        files.reverse();
        if !compatibility.is_transitive() {
            files.truncate(1);
        }
        files
    }

    fn files<'f>(&self, folder: &'f Folder) -> impl Iterator<Item = &'f SchemaFile> {
        folder.files.iter().filter(|file| file.name.is_event_of(&self.name))
    }
}

fn between(direction: Direction, old: &Recorded, new: &Recorded, is_strict: bool) -> Vec<Break> {
    let compare = |written: &Recorded, read: &Recorded| {
        if is_strict {
            compat::breaks(direction, &written.reader, &read.reader, Settings::REGISTRY)
        } else {
            compat::breaks(direction, &written.writer, &read.reader, Settings::RUST)
        }
    };
    let mut breaks = match direction {
        Direction::Backward => compare(old, new),
        Direction::Forward => compare(new, old),
    };
    if !breaks.is_empty() {
        // What the old version did not read of its own records is not new.
        let own = compare(old, old);
        breaks.retain(|is| !own.iter().any(|own| (own.rule, &own.path) == (is.rule, &is.path)));
    }
    breaks
}

impl Found {
    /// Returns how an accepted break is recorded: this one, and no other of the same field.
    pub(super) fn key(&self) -> String {
        let Break { rule, direction, path, old, new } = &self.is;
        format!("{direction} {rule:?} {path}: {old} → {new}")
    }
}
