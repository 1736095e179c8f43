//! The index: by service and topic, with every event.

use super::super::super::document::{EntityDocument, EventDocument};
use super::super::{Catalog, sources};
use super::event;
use super::html::Html;

/// The entities of each topic of a service, in the order of the catalog.
pub(super) fn topics(entities: &[EntityDocument]) -> Vec<(&'static str, &str, Vec<&EntityDocument>)> {
    let mut topics: Vec<(&'static str, &str, Vec<&EntityDocument>)> = Vec::new();
    for source in sources(entities) {
        for entity in entities.iter().filter(|entity| entity.source == source) {
            let known =
                topics.iter_mut().find(|(other, topic, _)| *other == source && *topic == entity.topic);
            match known {
                Some((_, _, of_topic)) => of_topic.push(entity),
                None => topics.push((source, &entity.topic, vec![entity])),
            }
        }
    }
    topics
}

/// Beside the page, where there is space.
pub(super) fn side(html: &mut Html, catalog: &Catalog) {
    for source in sources(&catalog.entities) {
        html.leaf("h2", &[], source);
        html.element("ul", &[], |html| {
            for entity in catalog.entities.iter().filter(|entity| entity.source == source) {
                html.element("li", &[("data-entity", entity.feature)], |html| {
                    html.leaf("a", &[("href", &format!("#{}", entity.feature))], entity.entity);
                    html.element("ul", &[], |html| {
                        entity.events.iter().for_each(|event| item(html, entity, event));
                    });
                });
            }
        });
        html.line();
    }
    html.leaf("h2", &[], "All events");
    html.element("ul", &[], |html| {
        html.element("li", &[], |html| html.leaf("a", &[("href", "#page-envelope")], "Envelope and headers"));
    });
}

/// Within the page, by topic; all the index that a phone has.
pub(super) fn overview(html: &mut Html, catalog: &Catalog) {
    html.element("section", &[("class", "overview"), ("aria-labelledby", "page-index")], |html| {
        html.leaf("h2", &[("id", "page-index"), ("class", "unseen")], "Index");
        for (source, topic, entities) in topics(&catalog.entities) {
            html.element("div", &[("class", "topic")], |html| {
                html.element("h3", &[], |html| {
                    html.leaf("code", &[], topic);
                    html.leaf("small", &[], source);
                });
                for entity in entities {
                    html.element("div", &[("data-entity", entity.feature)], |html| {
                        html.leaf(
                            "a",
                            &[("class", "to"), ("href", &format!("#{}", entity.feature))],
                            entity.entity,
                        );
                        html.element("ul", &[], |html| {
                            entity.events.iter().for_each(|event| item(html, entity, event));
                        });
                    });
                }
            });
            html.line();
        }
    });
}

fn item(html: &mut Html, entity: &EntityDocument, event: &EventDocument) {
    html.element("li", &[("class", event::kind(entity, event))], |html| {
        html.leaf("a", &[("href", &format!("#{}", event.name))], event.name);
    });
}
