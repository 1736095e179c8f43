//! Compare, then write; nothing is written if anything is wrong.

use std::io;
use std::path::{Path, PathBuf};

use super::comparison::{Found, Policy, State, Subject};
use super::file::{Recorded, SchemaFile};
use super::folder::Folder;
use super::mode::Mode;
use super::name::FileName;
use super::outcome::{CheckError, Outcome};
use super::report::{self, Report};
use crate::schema::compat::{Break, Direction};
use crate::schema::document::EntityDocument;

/// Checks the events against the files in the folder, which is relative to `base`.
pub(super) fn run(
    entities: &[EntityDocument],
    base: &Path,
    folder: &Path,
    policy: Policy,
    mode: Mode,
) -> Result<Outcome, CheckError> {
    let folder = Folder::read(base, folder).map_err(|error| {
        let message = format!("error: the folder `{}` cannot be read: {error}", folder.display());
        CheckError::new(message).with_source(error)
    })?;
    let mut check = Check { folder, policy, mode, report: Report::default(), breaks: Vec::new() };
    let subjects = check.subjects(entities);
    let plan: Vec<_> = subjects.iter().filter_map(|subject| check.plan(subject)).collect();
    let removed = check.removed(&subjects);
    check.finish(plan, &removed)
}

struct Check {
    folder: Folder,
    policy: Policy,
    mode: Mode,
    report: Report,
    breaks: Vec<Break>,
}

/// A file to write.
struct Write {
    name: FileName,
    content: Recorded,
    /// The current content, to be kept as a former one.
    former: Option<Recorded>,
    accepted: Vec<String>,
}

impl Check {
    fn subjects<'d>(&mut self, entities: &'d [EntityDocument]) -> Vec<Subject<'d>> {
        let mut subjects: Vec<Subject<'_>> = Vec::new();
        for entity in entities {
            for event in &entity.events {
                match Subject::new(entity, event) {
                    Err(problem) if self.report.problems.contains(&problem) => {}
                    Err(problem) => self.report.problems.push(problem),
                    Ok(subject) => match subjects.iter().find(|other| other.name.is_event_of(&subject.name)) {
                        None => subjects.push(subject),
                        Some(other) => self.report.problems.push(format!(
                            "`{}` of `{}::{}` and `{}` of `{}::{}` share {}; give one of the entities another `feature`",
                            other.event.name,
                            other.entity.module,
                            other.entity.entity,
                            event.name,
                            entity.module,
                            entity.entity,
                            self.folder.shown(subject.name.to_string()),
                        )),
                    },
                }
            }
        }
        subjects
    }

    /// Finds out what is to be reported of an event type, and what to be written.
    fn plan(&mut self, subject: &Subject<'_>) -> Option<Write> {
        let newer: Vec<&SchemaFile> = subject.newer(&self.folder).collect();
        for file in &newer {
            self.report.problems.push(format!(
                "{} is of version {}, which is newer than `{}` in the code, {}; update the code, or delete the file if \
                 that version was never released",
                self.folder.shown(file.name.to_string()),
                file.recorded.version,
                subject.entity.entity,
                subject.entity.version,
            ));
        }
        if !newer.is_empty() {
            return None;
        }
        let current = self.folder.file(&subject.name);
        let accepted_before = current.map(|file| file.recorded.accepted.clone()).unwrap_or_default();
        let state = subject.state(&self.folder);
        let found = subject.breaks(&self.folder, self.policy);
        let new: Vec<&Found> = found.iter().filter(|found| !accepted_before.contains(&found.key())).collect();

        if self.mode == Mode::Update {
            let mut accepted: Vec<String> = found.iter().map(Found::key).collect();
            accepted.sort();
            accepted.dedup();
            if state == State::Unchanged && new.is_empty() {
                return None;
            }
            return Some(Write {
                name: subject.name.clone(),
                content: Recorded { accepted, ..subject.now.clone() },
                former: current.filter(|_| state == State::Changed).map(|file| file.recorded.clone()),
                accepted: new
                    .iter()
                    .map(|found| format!("{}: {}", subject.event.name, found.key()))
                    .collect(),
            });
        }

        let changed = Some(&subject.name).filter(|_| state != State::Unchanged);
        let involved = new.iter().map(|found| &found.file).chain(changed);
        for note in involved.filter_map(|name| self.folder.note_edit(name)) {
            if !self.report.notes.contains(&note) {
                self.report.notes.push(note);
            }
        }
        for found in &new {
            self.report.add_break(subject, found, &self.folder);
        }
        self.breaks.extend(new.iter().map(|found| found.is.clone()));
        match (state, self.mode) {
            (State::Unchanged, _) => None,
            (State::New, Mode::Ci) => {
                self.report.problems.push(format!(
                    "{} is not committed; run `cargo test` on your machine and commit it",
                    self.folder.shown(subject.name.to_string()),
                ));
                None
            }
            (State::New, _) => Some(Write {
                name: subject.name.clone(),
                content: subject.now.clone(),
                former: None,
                accepted: Vec::new(),
            }),
            (State::Reworded | State::Changed, _) => {
                if let (true, Some(current)) = (new.is_empty(), current) {
                    let text = changes(&current.recorded, &subject.now);
                    self.report.add_change(subject.event.name, text);
                }
                None
            }
        }
    }

    /// Returns the event types of which only files are left.
    fn removed(&mut self, subjects: &[Subject<'_>]) -> Vec<FileName> {
        let is_left = |name: &FileName| {
            name.former.is_none() && !subjects.iter().any(|subject| subject.name.is_event_of(name))
        };
        let removed: Vec<FileName> =
            self.folder.files.iter().map(|file| &file.name).filter(|name| is_left(name)).cloned().collect();
        if self.mode == Mode::Update {
            return removed;
        }
        let directions = self.policy.compatibility.directions();
        for name in removed {
            let file = self.folder.shown(name.to_string());
            if directions.contains(&Direction::Backward) {
                let event =
                    self.folder.file(&name).and_then(|file| file.recorded.reader.get("title")?.as_str());
                let event = event.map_or_else(|| format!("{}.{}", name.feature, name.kind), str::to_owned);
                self.report.add_removal(event, file);
            } else {
                self.report.problems.push(format!(
                    "{file} is of an event type that is no longer in the code; accept with `UPDATE_SCHEMAS=1 cargo test`, \
                     which keeps it as a former one"
                ));
            }
        }
        Vec::new()
    }

    fn finish(mut self, plan: Vec<Write>, removed: &[FileName]) -> Result<Outcome, CheckError> {
        self.report.problems.splice(0..0, std::mem::take(&mut self.folder.problems));
        if !self.report.is_empty() {
            self.report.notes.extend(self.folder.notes);
            let message = self.report.text(self.policy, self.mode == Mode::Ci);
            return Err(CheckError { message, breaks: self.breaks, source: None });
        }
        let mut outcome = Outcome { notes: std::mem::take(&mut self.folder.notes), ..Outcome::default() };
        for write in plan {
            self.write(&write, &mut outcome.written).map_err(|error| self.not_written(&write.name, error))?;
            outcome.accepted.extend(write.accepted);
        }
        for name in removed {
            let path = self.folder.retire(name).map_err(|error| self.not_written(name, error))?;
            outcome.accepted.push(format!("the removal of {}", self.folder.shown(name.to_string())));
            outcome.written.push(path);
        }
        Ok(outcome)
    }

    fn write(&self, write: &Write, written: &mut Vec<PathBuf>) -> io::Result<()> {
        if let Some(former) = &write.former {
            written.push(self.folder.write(&self.folder.next_former(&write.name), former)?);
        }
        written.push(self.folder.write(&write.name, &write.content)?);
        Ok(())
    }

    fn not_written(&self, name: &FileName, error: io::Error) -> CheckError {
        let message = format!(
            "error: {} cannot be written: {error}; make {} writable, or run with `CI=true`, which only compares",
            self.folder.shown(name.to_string()),
            self.folder.path().display(),
        );
        CheckError::new(message).with_source(error)
    }
}

/// Describes a compatible change.
fn changes(old: &Recorded, new: &Recorded) -> String {
    let mut text = report::difference(&old.reader, &new.reader);
    if old.version != new.version {
        text.extend(["  version: ", &old.version, " → ", &new.version, "\n"]);
    }
    if old.topic != new.topic {
        text.extend([
            "  topic:   ",
            &old.topic,
            " → ",
            &new.topic,
            ", and readers of the former get no more events\n",
        ]);
    }
    if text.is_empty() {
        let is_reworded = old.has_same_rules(new);
        text.push_str(if is_reworded {
            "  in descriptions only\n"
        } else {
            "  in what is written, or in details\n"
        });
    }
    text
}
