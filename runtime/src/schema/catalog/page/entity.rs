//! An entity with its data and its events.

use super::super::super::document::EntityDocument;
use super::super::Catalog;
use super::super::history::Versions;
use super::super::schema::Schema;
use super::super::words;
use super::html::Html;
use super::{changes, code, docs, event, fields, rust};
use crate::event::DeletePolicy;

pub(super) fn section(html: &mut Html, catalog: &Catalog, entity: &EntityDocument) {
    let versions: Vec<Versions> =
        entity.events.iter().map(|event| catalog.history.versions(entity, event)).collect();
    let title = format!("{}-title", entity.feature);
    html.element(
        "section",
        &[("class", "entity"), ("id", entity.feature), ("aria-labelledby", &title)],
        |html| {
            html.leaf("p", &[("class", "service")], entity.source);
            html.element("h2", &[("id", &title)], |html| {
                html.leaf("a", &[("href", &format!("#{}", entity.feature))], entity.entity);
                html.leaf("span", &[("class", "version")], entity.version);
            });
            html.element("div", &[("class", "docs")], |html| docs::docs(html, &entity.docs));
            html.line();
            html.element("dl", &[("class", "facts")], |html| facts(html, catalog, entity, &versions));
            html.line();
            html.leaf("h3", &[], "Data");
            data(html, catalog, entity, &versions);
            html.line();
            html.leaf("h3", &[], "Events");
            for (index, event) in entity.events.iter().enumerate() {
                event::details(html, entity, event, index == 0);
                html.line();
            }
            html.leaf("h3", &[], "Read it in Rust");
            html.element("figure", &[("class", "snippet")], |html| code::rust(html, &rust::snippet(entity)));
            html.line();
            changes::list(html, entity, &versions);
        },
    );
}

fn facts(html: &mut Html, catalog: &Catalog, entity: &EntityDocument, versions: &[Versions]) {
    fact(html, "Topic", |html| html.leaf("code", &[], &entity.topic));
    fact(html, "Key", |html| docs::inline(html, &words::key(entity)));
    fact(html, "Deletion", |html| html.text(deletion(entity.delete)));
    if let Some(since) = versions.first().and_then(Versions::first).filter(|_| !catalog.history.is_empty()) {
        fact(html, "Since", |html| {
            html.text("version ");
            html.text(since);
            html.text(", and so are fields that say no other");
        });
    }
}

fn fact(html: &mut Html, name: &str, value: impl FnOnce(&mut Html)) {
    html.element("div", &[], |html| {
        html.leaf("dt", &[], name);
        html.element("dd", &[], value);
    });
}

fn deletion(policy: DeletePolicy) -> &'static str {
    match policy {
        DeletePolicy::Event => "one record, the event",
        DeletePolicy::Tombstone => "one record without a value: a tombstone",
        DeletePolicy::EventThenTombstone => "the event, then a tombstone",
    }
}

/// The fields of `data`, which all events of the entity share, then the types within.
fn data(html: &mut Html, catalog: &Catalog, entity: &EntityDocument, versions: &[Versions]) {
    let Some(event) = entity.events.first() else { return };
    let schema = Schema::new(&event.reader, entity);
    let known = versions.first().filter(|_| !catalog.history.is_empty());
    if let Some((_, data)) = schema.data() {
        fields::list(html, &fields::of_data(entity, schema, data, known), entity);
    }
    for (name, definition) in schema.nested() {
        html.line();
        html.element("h4", &[("id", &fields::anchor(entity, name))], |html| html.leaf("code", &[], name));
        fields::definition(html, entity, schema, definition);
    }
}
