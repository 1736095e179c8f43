//! The catalog of three entities, compared with what was committed. `UPDATE_SNAPSHOTS=1` rewrites that, and `CATALOG_OUT=folder` writes
//! all documents there, for the tests in `tests/node`.

mod derived;
mod samples;

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};

use super::*;
use crate::schema::document::EntityDocument;

fn shop() -> Catalog {
    Catalog::new(vec![samples::product(), samples::order(), samples::refund()])
        .title("Acme Shop")
        .version("1.4.0")
        .description("What happens in the shop, for everyone who wants to know.\n\nAsk in `#shop-events` before you rely on a field.")
        .server("kafka.acme.example:9092")
}

/// A folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("entity-events-{name}-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, schema: &Value) {
        fs::write(self.0.join(name), schema.to_string()).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// The product of today and two former versions of its events: `stock` and the archive are new, and `name` was `title`.
fn former(folder: &Folder) {
    for event in &samples::product().events {
        if event.name == "ProductPublished" {
            continue;
        }
        let kind = event.name.strip_prefix("Product").unwrap_or_default().to_lowercase();
        let mut second = event.reader.clone();
        second["x-version"] = "1.1".into();
        let properties =
            second["definitions"]["ProductEventData"]["properties"].as_object_mut().expect("properties");
        properties.remove("stock");
        properties.insert("colour".into(), json!({"type": ["string", "null"]}));
        second["definitions"]["Status"]["oneOf"].as_array_mut().expect("values").pop();
        let mut first = second.clone();
        first["x-version"] = "1.0".into();
        let data = &mut first["definitions"]["ProductEventData"];
        data["properties"].as_object_mut().expect("properties").remove("dimensions");
        let properties = data["properties"].as_object_mut().expect("properties");
        properties.remove("name");
        properties.insert("title".into(), json!({"type": "string"}));
        let data = data.as_object_mut().expect("an object");
        data.remove("allOf");
        data["required"].as_array_mut().expect("a list").push("title".into());
        folder.write(&format!("product.{kind}.v1.1.json"), &first);
        folder.write(&format!("product.{kind}.v1.2.json"), &second);
        let mut third = event.reader.clone();
        third["x-version"] = "1.2".into();
        folder.write(&format!("product.{kind}.v1.json"), &third);
    }
    folder.write("other.json", &json!([]));
}

fn shop_with_history() -> Catalog {
    let folder = Folder::new("history");
    former(&folder);
    shop().history(&folder.0).expect("a history")
}

fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/catalog/tests/golden").join(name);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, text).expect("writing a golden");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let at = expected.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |line| line + 1);
    assert!(expected == text, "{} differs from line {at} on; UPDATE_SNAPSHOTS=1 rewrites it", path.display());
}

fn write_out(name: &str, text: &str) {
    if let Some(folder) = env::var_os("CATALOG_OUT") {
        let path = Path::new(&folder).join(name);
        path.parent().into_iter().for_each(|parent| fs::create_dir_all(parent).expect("a folder"));
        fs::write(path, text).expect("writing a document");
    }
}

#[test]
fn asyncapi_is_as_committed() {
    let catalogs = [
        ("shop", shop()),
        ("refund", Catalog::new(vec![samples::refund()]).secure_server("kafka:9093")),
        ("product", Catalog::new(vec![samples::product()]).id("urn:acme:products")),
    ];
    for (name, catalog) in catalogs {
        golden(&format!("{name}.asyncapi.yaml"), &catalog.to_yaml());
        write_out(&format!("{name}.asyncapi.yaml"), &catalog.to_yaml());
        write_out(&format!("{name}.asyncapi.json"), &catalog.to_json());
    }
    golden(
        "product.asyncapi.json",
        &Catalog::new(vec![samples::product()]).id("urn:acme:products").to_json(),
    );
}

/// For the generators of other languages.
#[test]
fn every_event_has_a_schema_of_its_own() {
    let catalog = shop();
    golden("shop.schema.json", &catalog.to_json_schema());
    write_out("shop.schema.json", &catalog.to_json_schema());
    for entity in &catalog.entities {
        for event in &entity.events {
            let name = format!("{}.{}.json", entity.feature, event.name);
            assert_eq!(event.reader["title"], event.name);
            write_out(&format!("schemas/{name}"), &event.reader.to_string());
            if let Some(value) = event.example.as_ref().ok().and_then(|record| record.value.as_ref()) {
                write_out(&format!("examples/{name}"), &value.to_string());
            }
        }
    }
}

/// Types of one name in two entities are two schemas, and a type that refers to such a one follows it.
#[test]
fn types_of_one_name_do_not_clash() {
    let document: Value = serde_json::from_str(&shop().to_json()).expect("JSON");
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    assert_eq!(schemas["Address"]["properties"]["street"], json!({"type": "string"}));
    assert_eq!(schemas["OrderAddress"]["properties"]["lines"]["type"], "array");
    assert_eq!(
        schemas["OrderEventData"]["properties"]["shipTo"],
        json!({"$ref": "#/components/schemas/OrderAddress"})
    );
    assert!(!schemas.contains_key("OrderEventMetadata"), "the same type is there once");
}

#[test]
fn each_topic_is_one_channel() {
    let document: Value = serde_json::from_str(&shop().to_json()).expect("JSON");
    let channels = document["channels"].as_object().expect("channels");
    assert_eq!(channels.keys().collect::<Vec<_>>(), ["order", "product"]);
    let messages = channels["order"]["messages"].as_object().expect("messages");
    assert_eq!(messages.len(), 7);
    assert!(messages.contains_key("OrderTombstone") && messages.contains_key("RefundDeleted"));
    assert_eq!(document["operations"]["publishRefundEvent"]["messages"].as_array().map(Vec::len), Some(3));
}

#[test]
fn the_page_of_100_events_is_small_and_always_the_same() {
    let page = Catalog::new(samples::many(100)).to_html();
    write_out("many.html", &page);
    assert_eq!(page.matches("<details").count(), 100);
    assert!(page.len() < 300_000, "{} bytes", page.len());
    assert_eq!(page, Catalog::new(samples::many(100)).to_html());
}

#[test]
fn the_page_says_it_all() {
    let page = shop_with_history().to_html();
    write_out("shop.html", &page);
    for text in [
        "Acme Shop",
        "int.order-update.event",
        "order-service",
        "shop::domain::product::{ProductEvent, ProductEventType}",
        "Where it is in its life.",
        "badge key",
        "badge user",
        "header x-status",
        "Formerly <code>title</code>",
        "ce_correlationid",
        "There is no example: `Reason` has no example",
        "href=\"#order.Address\"",
        "</b> Some(value) = value <b>else</b>",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn the_page_says_what_changed() {
    let page = shop_with_history().to_html();
    for text in [
        "<small>since 1.2</small>",
        "<small>since 1.1</small>",
        "<code>stock</code> is a new field (integer (uint32))",
        "<code>colour</code> was removed",
        "<code>ProductPublished</code> is a new event",
        "<code>status</code> may also be \"archived\"",
        "<code>name</code> is the new name of title, which is still read",
        "<code>name</code> had no limit and now has 1 to 120 characters",
        "<code>dimensions</code> is a new optional field (Dimensions or null)",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("<small>since 1.0</small>"), "a field of the first version says nothing");
    assert!(!shop().to_html().contains("What changed"), "without a history nobody knows");
}

#[test]
fn nothing_of_the_entities_is_markup() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>";
    let mut entity = samples::product();
    entity.docs = evil.to_owned();
    entity.topic = evil.to_owned();
    entity.fields[0].docs = evil.to_owned();
    entity.events[0].docs = evil.to_owned();
    entity.events[1].example = Err(evil.to_owned());
    let page = Catalog::new(vec![entity]).title(evil).version(evil).description(evil).server(evil).to_html();
    write_out("evil.html", &page);
    assert_eq!(page.matches("<script").count(), 1, "only our own");
    assert!(!page.contains("<img"));
}

#[test]
fn a_history_that_cannot_be_read_is_an_error() {
    let error = |folder: &Path| shop().history(folder).expect_err("an error").to_string();
    let folder = Folder::new("broken");
    let missing = folder.0.join("missing");
    assert!(
        error(&missing).starts_with(&format!("cannot read `{}`: ", missing.display())),
        "{}",
        error(&missing)
    );
    fs::write(folder.0.join("product.created.v1.json"), "{").expect("a file");
    assert!(error(&folder.0).contains("product.created.v1.json`: EOF"), "{}", error(&folder.0));
    folder.write("product.created.v1.json", &json!({}));
    assert!(error(&folder.0).ends_with("the schema has no `title`"), "{}", error(&folder.0));
}

#[test]
fn the_page_is_written_to_a_file() {
    let folder = Folder::new("page");
    let path = folder.0.join("events.html");
    shop().write_html(&path).expect("written");
    assert_eq!(fs::read_to_string(path).expect("a page"), shop().to_html());
    assert!(shop().write_html(folder.0.join("missing/events.html")).is_err());
}

#[test]
fn an_empty_catalog_is_a_page_too() {
    let catalog = Catalog::new(Vec::<EntityDocument>::new());
    assert!(catalog.to_html().contains("<strong>0</strong> events"));
    assert!(catalog.to_yaml().contains("channels: {}"));
}
