//! What a person needs to know of a failed check.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde_json::Value;

use super::advice;
use super::comparison::{Found, Policy, Subject};
use super::folder::Folder;
use crate::schema::compat::{self, Direction, Rule};
use crate::schema::document::EntityDocument;

/// What is wrong, collected over all events.
#[derive(Debug, Default)]
pub(super) struct Report {
    groups: Vec<Group>,
    /// Compatible changes that are not recorded: what changed, and of which events.
    changes: Vec<(String, Vec<&'static str>)>,
    /// Whatever else: files that cannot be used.
    pub(super) problems: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// A change that breaks something, with the events that have it in common.
#[derive(Debug)]
struct Group {
    rule: Rule,
    directions: Vec<Direction>,
    path: String,
    field: Option<String>,
    old: String,
    new: String,
    events: Vec<&'static str>,
    /// `old_data` has the same.
    is_in_old_data: bool,
    files: Vec<String>,
    hint: Option<String>,
}

impl Report {
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.changes.is_empty() && self.problems.is_empty()
    }

    /// Adds what a change of an event type breaks.
    pub(super) fn add_break(&mut self, subject: &Subject<'_>, found: &Found, folder: &Folder) {
        let is = &found.is;
        let in_data = is.path.strip_prefix("old_").filter(|path| path.starts_with("data."));
        let path = in_data.unwrap_or(&is.path).to_owned();
        let file = format!("{}, version {}", folder.shown(found.file.to_string()), found.version);
        let field = rust_field(subject.entity, &path);
        let known = self.groups.iter_mut().find(|group| {
            group.rule == is.rule
                && (&group.path, &group.field, &group.old, &group.new) == (&path, &field, &is.old, &is.new)
        });
        let group = if let Some(group) = known {
            group
        } else {
            self.groups.push(Group {
                rule: is.rule,
                directions: Vec::new(),
                path,
                field,
                old: is.old.clone(),
                new: is.new.clone(),
                events: Vec::new(),
                is_in_old_data: false,
                files: Vec::new(),
                hint: None,
            });
            let Some(group) = self.groups.last_mut() else { return };
            group
        };
        group.is_in_old_data |= in_data.is_some();
        push_new(&mut group.directions, is.direction);
        push_new(&mut group.events, subject.event.name);
        push_new(&mut group.files, file);
    }

    /// Adds an event type that the code no longer has.
    pub(super) fn add_removal(&mut self, event: String, file: String) {
        self.groups.push(Group {
            rule: Rule::EventTypeRemoved,
            directions: vec![Direction::Backward],
            path: event,
            field: None,
            old: file,
            new: "no such event type".to_owned(),
            events: Vec::new(),
            is_in_old_data: false,
            files: Vec::new(),
            hint: None,
        });
    }

    /// Adds a compatible change that is not recorded.
    pub(super) fn add_change(&mut self, event: &'static str, text: String) {
        match self.changes.iter_mut().find(|(known, _)| *known == text) {
            Some((_, events)) => events.push(event),
            None => self.changes.push((text, vec![event])),
        }
    }

    /// A field that is gone and one that is new, of one type, may be one field.
    fn find_renames(&mut self) {
        let mut hints = Vec::new();
        for (index, added) in self.groups.iter().enumerate() {
            let gone = self.groups.iter().find(|gone| {
                (added.rule, gone.rule) == (Rule::RequiredFieldAdded, Rule::RequiredFieldRemoved)
                    && added.new == gone.old
                    && parent(&added.path) == parent(&gone.path)
            });
            if let Some(gone) = gone {
                let name = gone.path.rsplit('.').next().unwrap_or(&gone.path);
                hints.push((
                    index,
                    format!(
                        "`{name}` is gone: if it was renamed, `#[event(rename = \"{name}\")]` keeps its name on the wire, and \
                         breaks nobody"
                    ),
                ));
            }
        }
        for (index, hint) in hints {
            self.groups[index].hint = Some(hint);
        }
    }

    /// Returns the whole text.
    pub(super) fn text(mut self, policy: Policy, is_ci: bool) -> String {
        self.find_renames();
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = self.write(&mut text, policy, is_ci);
        text.truncate(text.trim_end().len());
        text
    }

    fn write(&self, f: &mut String, policy: Policy, is_ci: bool) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "error: {problem}\n")?;
        }
        for group in &self.groups {
            writeln!(f, "{group}")?;
        }
        for (change, events) in &self.changes {
            writeln!(f, "changed, compatible: {}\n{change}", events.join(", "))?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}\n")?;
        }
        let level = format!("{}{}", policy.compatibility, if policy.is_strict { ", strict" } else { "" });
        match self.groups.len() {
            0 => {}
            1 => writeln!(f, "1 breaking change under {level}")?,
            count => writeln!(f, "{count} breaking changes under {level}")?,
        }
        if !self.groups.is_empty() {
            writeln!(
                f,
                "a change that has to break takes a new major version on a new topic: \
                 `#[event(version = \"2.0\", topic = \"…\")]`"
            )?;
        }
        let place = if is_ci { " on your machine, without `CI`," } else { "" };
        match (self.groups.is_empty(), self.changes.is_empty()) {
            (true, true) => Ok(()),
            (false, _) => {
                writeln!(
                    f,
                    "if nobody is affected, accept with `UPDATE_SCHEMAS=1 cargo test`{place} and commit the files"
                )
            }
            (true, false) => {
                writeln!(f, "record it with `UPDATE_SCHEMAS=1 cargo test`{place} and commit the files")
            }
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() { "the whole value" } else { &self.path };
        writeln!(f, "error[{:?}]: {}: `{place}`", self.rule, self.rule)?;
        if let Some(field) = &self.field {
            writeln!(f, "  field:   {field}")?;
        }
        if !self.events.is_empty() {
            let also = if self.is_in_old_data { ", also in `old_data`" } else { "" };
            writeln!(f, "  events:  {}{also}", self.events.join(", "))?;
        }
        writeln!(f, "  before:  {}", self.old)?;
        writeln!(f, "  now:     {}", self.new)?;
        for (index, direction) in self.directions.iter().enumerate() {
            let label = if index == 0 { "breaks:" } else { "" };
            writeln!(f, "  {label:8} {}", advice::affected(self.rule, *direction))?;
        }
        let is_nested = self.path.strip_prefix("data.").is_some_and(|path| path.contains(['.', '[']));
        writeln!(f, "  do:      {}", advice::remedy(self.rule, is_nested))?;
        if let Some(hint) = &self.hint {
            writeln!(f, "           {hint}")?;
        }
        for (index, file) in self.files.iter().enumerate() {
            let label = if index == 0 { "against:" } else { "" };
            writeln!(f, "  {label:8} {file}")?;
        }
        Ok(())
    }
}

/// Describes the difference of two schemas, field by field.
pub(super) fn difference(old: &Value, new: &Value) -> String {
    let (old, new) = (own_fields(old), own_fields(new));
    let mut lines = Vec::new();
    for (path, text) in &new {
        match old.get(path) {
            None => lines.push(format!("  added:   `{path}`: {text}\n")),
            Some(before) if before != text => lines.push(format!("  changed: `{path}`: {before} → {text}\n")),
            Some(_) => {}
        }
    }
    lines.extend(
        old.iter()
            .filter(|(path, _)| !new.contains_key(*path))
            .map(|(path, text)| format!("  removed: `{path}`: {text}\n")),
    );
    lines.concat()
}

/// Returns the fields without those of `old_data`, which are those of `data`.
fn own_fields(schema: &Value) -> BTreeMap<String, String> {
    let mut fields = compat::fields(schema);
    fields.retain(|path, _| !path.starts_with("old_data."));
    fields
}

/// Returns the field in Rust that a path leads through.
fn rust_field(entity: &EntityDocument, path: &str) -> Option<String> {
    let name = path.strip_prefix("data.")?;
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let name = &name[..end];
    let field = entity.fields.iter().find(|field| field.json == name || field.aliases.contains(&name));
    Some(match field {
        Some(field) => format!("`{}::{}: {}`", entity.entity, field.rust, field.ty),
        None => format!("`{}` no longer has it", entity.entity),
    })
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
