//! The page for people.

mod changes;
mod code;
mod docs;
mod entity;
mod envelope;
mod event;
mod fields;
mod html;
mod index;
mod rust;

use super::Catalog;

use self::html::Html;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Only our own script runs, and nothing is loaded, should the escaping ever miss something. The hash is that of `script.js`; if it
/// is not, the browser does not run the script and says which hash to write here.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                      script-src 'sha256-+qfafExAswT/prSQQnRWkaRvnHxIzJI2EWa1oHQBcZk='";

/// Three bars, as in a list of records.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' \
                    height='16' rx='4' fill='%233549c8'/%3E%3Cpath d='M4 5h8M4 8h8M4 11h5' stroke='white' stroke-width='1.5' \
                    stroke-linecap='round'/%3E%3C/svg%3E";

/// The whole file.
pub(super) fn html(catalog: &Catalog) -> String {
    let mut html = Html::default();
    html.asset("<!doctype html>\n");
    html.element("html", &[("lang", "en")], |html| {
        html.element("head", &[], |html| head(html, catalog));
        html.line();
        html.element("body", &[], |html| body(html, catalog));
    });
    html.line();
    html.finish()
}

fn head(html: &mut Html, catalog: &Catalog) {
    html.open("meta", &[("charset", "utf-8")]);
    html.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
    html.open("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    html.open("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    html.open("meta", &[("name", "generator"), ("content", "entity-events")]);
    html.leaf("title", &[], &format!("{} · Events", catalog.title));
    html.open("link", &[("rel", "icon"), ("href", ICON)]);
    html.line();
    html.element("style", &[], |html| html.asset(STYLE));
}

fn body(html: &mut Html, catalog: &Catalog) {
    html.leaf("a", &[("class", "skip"), ("href", "#page-main")], "Skip to the events");
    html.line();
    html.element("header", &[("class", "bar")], |html| bar(html, catalog));
    html.line();
    html.element("div", &[("class", "layout")], |html| {
        html.element("nav", &[("class", "side"), ("aria-label", "Events")], |html| {
            index::side(html, catalog);
        });
        html.line();
        html.element("main", &[("id", "page-main"), ("tabindex", "-1")], |html| {
            intro(html, catalog);
            index::overview(html, catalog);
            html.leaf(
                "p",
                &[("class", "nothing"), ("id", "page-nothing"), ("hidden", "")],
                "No event matches.",
            );
            for entity in &catalog.entities {
                html.line();
                entity::section(html, catalog, entity);
            }
            html.line();
            envelope::section(html, catalog);
            html.line();
            html.element("footer", &[], |html| {
                html.text("Made from the code by ");
                html.leaf("code", &[], "entity-events");
                html.text(". The same events for tools: AsyncAPI 3.0.");
            });
        });
    });
    html.line();
    html.element("script", &[], |html| html.asset(SCRIPT));
}

fn bar(html: &mut Html, catalog: &Catalog) {
    html.element("a", &[("class", "brand"), ("href", "#page-main")], |html| {
        html.leaf("span", &[("class", "name")], &catalog.title);
        html.leaf("span", &[("class", "version")], &catalog.version);
    });
    // Shown by the script, since it does nothing without it.
    html.element("search", &[("hidden", ""), ("id", "page-search")], |html| {
        html.leaf("label", &[("for", "page-query"), ("class", "unseen")], "Search events, fields and topics");
        html.open(
            "input",
            &[
                ("id", "page-query"),
                ("type", "search"),
                ("placeholder", "Search events, fields, topics"),
                ("autocomplete", "off"),
                ("spellcheck", "false"),
                ("aria-keyshortcuts", "/"),
            ],
        );
        html.leaf("kbd", &[("aria-hidden", "true")], "/");
        html.leaf("p", &[("id", "page-found"), ("role", "status")], "");
    });
}

fn intro(html: &mut Html, catalog: &Catalog) {
    html.element("div", &[("class", "intro")], |html| {
        html.leaf("h1", &[], &catalog.title);
        html.element("div", &[("class", "docs")], |html| docs::docs(html, &catalog.summary()));
        html.element("p", &[("class", "counts")], |html| {
            let events = catalog.entities.iter().map(|entity| entity.events.len()).sum();
            let topics = index::topics(&catalog.entities).len();
            for (count, one, many) in [
                (events, "event", "events"),
                (catalog.entities.len(), "entity", "entities"),
                (topics, "topic", "topics"),
                (super::sources(&catalog.entities).len(), "service", "services"),
            ] {
                html.element("span", &[], |html| {
                    html.leaf("strong", &[], &count.to_string());
                    html.text(" ");
                    html.text(if count == 1 { one } else { many });
                });
            }
            if let Some((protocol, host)) = &catalog.server {
                html.element("span", &[], |html| {
                    html.text(if *protocol == "kafka-secure" {
                        "on Kafka with TLS at "
                    } else {
                        "on Kafka at "
                    });
                    html.leaf("code", &[], host);
                });
            }
        });
    });
}
