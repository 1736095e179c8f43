//! What each version of an entity's events changed.

use super::super::super::document::EntityDocument;
use super::super::changes::{Change, Kind};
use super::super::history::Versions;
use super::super::words;
use super::html::Html;

/// A change, and the events that have it.
struct Shared<'a> {
    change: Change,
    events: Vec<&'a str>,
}

/// The newest version first; nothing if there is only one.
pub(super) fn list(html: &mut Html, entity: &EntityDocument, versions: &[Versions]) {
    let by_version = shared(entity, versions);
    // An event that is new has no changes.
    let old = versions.iter().filter(|versions| !versions.changes().is_empty()).count();
    if by_version.is_empty() {
        return;
    }
    html.leaf("h3", &[], "What changed");
    html.element("dl", &[("class", "changes")], |html| {
        for (version, changes) in &by_version {
            html.leaf("dt", &[], version);
            html.element("dd", &[], |html| {
                html.element("ul", &[], |html| changes.iter().for_each(|shared| item(html, shared, old)));
            });
        }
    });
}

fn item(html: &mut Html, Shared { change, events }: &Shared<'_>, old: usize) {
    html.element("li", &[("class", change.kind.word())], |html| {
        html.leaf("code", &[], change.path.strip_prefix("data.").unwrap_or(&change.path));
        html.text(" ");
        html.text(&change.text);
        if !events.is_empty() && events.len() < old {
            html.leaf("small", &[], &format!(" in {}", words::and(events)));
        }
    });
}

/// What is the same for several events is said once.
fn shared<'a>(entity: &'a EntityDocument, versions: &[Versions]) -> Vec<(String, Vec<Shared<'a>>)> {
    let mut by_version: Vec<(String, Vec<Shared<'a>>)> = Vec::new();
    for (event, versions) in entity.events.iter().zip(versions) {
        for (version, changes) in versions.changes() {
            let at = by_version.iter().position(|(other, _)| other == version).unwrap_or(by_version.len());
            if at == by_version.len() {
                by_version.push((version.to_owned(), Vec::new()));
            }
            let Some((_, known)) = by_version.get_mut(at) else { continue };
            for change in changes {
                match known.iter_mut().find(|other| other.change == change) {
                    Some(shared) => shared.events.push(event.name),
                    None => known.push(Shared { change, events: vec![event.name] }),
                }
            }
        }
    }
    for (event, first) in
        entity.events.iter().zip(versions).filter_map(|(event, of)| Some((event, of.first()?)))
    {
        if let Some((_, changes)) = by_version.iter_mut().find(|(version, _)| version == first) {
            let change =
                Change { kind: Kind::Added, path: event.name.to_owned(), text: "is a new event".to_owned() };
            changes.insert(0, Shared { change, events: Vec::new() });
        }
    }
    by_version
}
