//! The schemas of former versions, as they were committed.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde_json::Value;

use super::super::document::{EntityDocument, EventDocument};
use super::changes::{self, Change, Outline};

/// The committed schemas by the event type that they describe, the oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    events: BTreeMap<String, Vec<Past>>,
}

/// A committed schema.
#[derive(Debug, Clone)]
struct Past {
    /// The version in the file's name: the former schemas `v1.1` and `v1.2`, then `v1`, which is the last one of the version.
    number: (u32, u32),
    /// The version of the event, such as `1.0`.
    version: String,
    outline: Outline,
}

/// The versions of an event, the oldest first; the last one is that of the code.
#[derive(Debug)]
pub(super) struct Versions {
    versions: Vec<(String, Outline)>,
}

impl History {
    /// Reads each `<feature>.<kind>.v<major>[.<n>].json` of a folder; other files are left alone.
    pub(super) fn read(folder: &Path) -> Result<Self, (std::path::PathBuf, io::Error)> {
        let mut history = Self::default();
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| (path, error)
        };
        for entry in fs::read_dir(folder).map_err(failed(folder))? {
            let path = entry.map_err(failed(folder))?.path();
            let Some(number) = path.file_name().and_then(|name| number(name.to_str()?)) else { continue };
            let text = fs::read_to_string(&path).map_err(failed(&path))?;
            let schema: Value = serde_json::from_str(&text).map_err(|error| failed(&path)(error.into()))?;
            let title = schema.get("title").and_then(Value::as_str).map(ToOwned::to_owned);
            let title = title.ok_or_else(|| failed(&path)(io::Error::other("the schema has no `title`")))?;
            let version = schema.get("x-version").and_then(Value::as_str);
            let version = version.map_or_else(|| number.0.to_string(), ToOwned::to_owned);
            history.events.entry(title).or_default().push(Past {
                number,
                version,
                outline: Outline::new(&schema),
            });
        }
        history.events.values_mut().for_each(|past| past.sort_by_key(|past| past.number));
        Ok(history)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The versions of an event up to the one of the code.
    pub(super) fn versions(&self, entity: &EntityDocument, event: &EventDocument) -> Versions {
        let mut versions: Vec<(String, Outline)> = Vec::new();
        let past = self.events.get(event.name).map(Vec::as_slice).unwrap_or_default();
        let past = past.iter().map(|past| (past.version.as_str(), past.outline.clone()));
        for (version, outline) in past.chain([(entity.version, Outline::new(&event.reader))]) {
            // Docs and the writer's side are no versions that a consumer sees.
            if versions.last().is_some_and(|(_, last)| changes::between(last, &outline).is_empty()) {
                continue;
            }
            let same = versions.iter().filter(|(name, _)| base(name) == version).count();
            let name = if same == 0 { version.to_owned() } else { format!("{version} ({})", same + 1) };
            versions.push((name, outline));
        }
        Versions { versions }
    }
}

impl Versions {
    /// The first version.
    pub(super) fn first(&self) -> Option<&str> {
        self.versions.first().map(|(name, _)| name.as_str())
    }

    /// The version since which a field has been there without a break.
    pub(super) fn since(&self, path: &str) -> Option<&str> {
        let since = self.versions.iter().rev().take_while(|(_, outline)| outline.has(path)).last()?;
        Some(&since.0)
    }

    /// What each version changed, the newest first.
    pub(super) fn changes(&self) -> Vec<(&str, Vec<Change>)> {
        let pairs = self.versions.iter().zip(self.versions.iter().skip(1));
        let changes = pairs.map(|((_, old), (name, new))| (name.as_str(), changes::between(old, new)));
        let mut changes: Vec<_> = changes.collect();
        changes.reverse();
        changes
    }
}

/// The version of `1.0 (2)`.
fn base(name: &str) -> &str {
    name.split_once(" (").map_or(name, |(base, _)| base)
}

/// The version in the name of a file, such as `product.created.v1.2.json`; the last one of version 1 is in `product.created.v1.json`.
fn number(name: &str) -> Option<(u32, u32)> {
    let (_, version) = name.strip_suffix(".json")?.rsplit_once(".v")?;
    match version.split_once('.') {
        Some((major, former)) => Some((major.parse().ok()?, former.parse().ok()?)),
        None => Some((version.parse().ok()?, u32::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_files() {
        assert_eq!(number("product.created.v1.json"), Some((1, u32::MAX)));
        assert_eq!(number("product.price_changed.v12.3.json"), Some((12, 3)));
        for other in [
            "README.md",
            "product.created.json",
            "product.created.v1.yaml",
            "product.created.v1.2.3.json",
            "product.created.vx.json",
        ] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
