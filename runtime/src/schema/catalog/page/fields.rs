//! Lists of fields: name, type, docs.

use super::super::super::document::{EntityDocument, FieldDocument};
use super::super::history::Versions;
use super::super::schema::{self, Property, Schema, Type, Word};
use super::docs;
use super::html::Html;

/// A field as it is shown.
pub(super) struct Row<'a> {
    name: &'a str,
    ty: Type,
    docs: String,
    required: bool,
    /// The version that the field came with, if that is not the first one.
    since: Option<&'a str>,
    field: Option<&'a FieldDocument>,
}

/// The fields of `data`, in the order of the entity; then those that the entity does not list, such as flattened ones.
pub(super) fn of_data<'a>(
    entity: &'a EntityDocument,
    schema: Schema<'a>,
    data: &'a serde_json::Value,
    versions: Option<&'a Versions>,
) -> Vec<Row<'a>> {
    schema
        .properties(data)
        .into_iter()
        .map(|property| {
            let field = entity.fields.iter().find(|field| field.json == property.name);
            let mut row = row(property);
            if let Some(field) = field {
                row.required = field.required;
                if !field.docs.is_empty() {
                    row.docs.clone_from(&field.docs);
                }
            }
            let since = versions.and_then(|versions| versions.since(&format!("data.{}", property.name)));
            let since = since.filter(|since| versions.and_then(Versions::first) != Some(*since));
            Row { since, field, ..row }
        })
        .collect()
}

fn row(property: Property<'_>) -> Row<'_> {
    Row {
        name: property.name,
        ty: schema::describe(property.schema),
        docs: schema::docs(property.schema),
        required: property.required,
        since: None,
        field: None,
    }
}

/// A type within `data`: an object's fields, or the values of an enum.
pub(super) fn definition(
    html: &mut Html,
    entity: &EntityDocument,
    schema: Schema<'_>,
    definition: &serde_json::Value,
) {
    html.element("div", &[("class", "docs")], |html| docs::docs(html, &schema::docs(definition)));
    let rows: Vec<_> = schema.properties(definition).into_iter().map(row).collect();
    if rows.is_empty() {
        let ty = schema::describe(definition);
        html.element("p", &[("class", "type")], |html| type_words(html, &ty, entity));
        values(html, &ty);
    } else {
        list(html, &rows, entity);
    }
}

pub(super) fn list(html: &mut Html, rows: &[Row<'_>], entity: &EntityDocument) {
    html.element("dl", &[("class", "fields")], |html| {
        for row in rows {
            html.element("div", &[], |html| {
                html.element("dt", &[], |html| {
                    html.leaf("code", &[], row.name);
                    row.field.into_iter().for_each(|field| badges(html, field));
                });
                html.element("dd", &[("class", "type")], |html| {
                    type_words(html, &row.ty, entity);
                    if !row.required {
                        html.leaf("em", &[], "optional");
                    }
                    if let Some(since) = row.since {
                        html.leaf("small", &[], &format!("since {since}"));
                    }
                    if let Some(rust) = row.field.map(rust).filter(|rust| *rust != row.ty.text()) {
                        html.leaf("code", &[], &rust);
                    }
                });
                html.element("dd", &[("class", "docs")], |html| {
                    docs::docs(html, &row.docs);
                    values(html, &row.ty);
                    if let Some([first, rest @ ..]) = row.field.map(|field| field.aliases) {
                        html.element("p", &[], |html| {
                            html.text("Formerly ");
                            html.leaf("code", &[], first);
                            for alias in rest {
                                html.text(", ");
                                html.leaf("code", &[], alias);
                            }
                            html.text(".");
                        });
                    }
                });
            });
            html.line();
        }
    });
}

/// The type in Rust, with the name if it has another there.
fn rust(field: &FieldDocument) -> String {
    if field.rust == field.json { field.ty.to_owned() } else { format!("{}: {}", field.rust, field.ty) }
}

fn badges(html: &mut Html, field: &FieldDocument) {
    if field.is_key {
        html.leaf("span", &[("class", "badge key")], "key");
    }
    if field.is_user {
        html.leaf("span", &[("class", "badge user")], "user");
    }
    if let Some(header) = field.header {
        html.leaf("span", &[("class", "badge")], &format!("header {header}"));
    }
}

fn type_words(html: &mut Html, ty: &Type, entity: &EntityDocument) {
    for word in &ty.words {
        match word {
            Word::Text(text) => html.text(text),
            Word::Definition(name) => {
                html.leaf("a", &[("href", &format!("#{}", anchor(entity, name)))], name);
            }
        }
    }
    if ty.nullable {
        html.text(" or null");
    }
    for limit in &ty.limits {
        html.text(", ");
        docs::inline(html, limit);
    }
}

fn values(html: &mut Html, ty: &Type) {
    if ty.values.is_empty() {
        return;
    }
    let is_said = ty.values.iter().any(|(_, described)| !described.is_empty());
    html.element("ul", &[("class", if is_said { "values said" } else { "values" })], |html| {
        for (value, described) in &ty.values {
            html.element("li", &[], |html| {
                html.leaf("code", &[], value);
                if !described.is_empty() {
                    html.text(" ");
                    docs::inline(html, described);
                }
            });
        }
    });
}

/// Where the type `name` of an entity's data is shown.
pub(super) fn anchor(entity: &EntityDocument, name: &str) -> String {
    format!("{}.{name}", entity.feature)
}
