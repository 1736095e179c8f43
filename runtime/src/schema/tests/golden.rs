//! What is said of two entities, as files that a reviewer reads. `UPDATE_SNAPSHOTS=1` rewrites them.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use super::{OrderTopics, ProductTopics, Shop};
use crate::Topics;
use crate::schema::document::{EventDocument, documents};

#[test]
fn schemas_and_examples_of_two_entities() {
    for entity in documents::<Shop>().unwrap() {
        for EventDocument { name, reader, writer, example, .. } in entity.events {
            compare(&format!("{name}.reader.json"), &pretty(&reader));
            if name.ends_with("Updated") {
                compare(&format!("{name}.writer.json"), &pretty(&writer));
            }
            let example = example.unwrap();
            let mut record = format!("{}\n\n", example.key);
            for (name, value) in example.headers {
                writeln!(record, "{name}: {value}").unwrap();
            }
            record += "\n";
            record += &example.value.map_or_else(|| "(no value)\n".to_owned(), |value| pretty(&value));
            compare(&format!("{name}.record.txt"), &record);
        }
    }
}

#[test]
fn entities_are_described_as_they_are() {
    let documents = documents::<Shop>().unwrap();
    let text: Vec<_> =
        documents.iter().map(|entity| format!("{:#?}", (&entity.fields, &entity.key))).collect();
    compare("fields.txt", &(text.join("\n\n") + "\n"));
    let [product, order] = documents.as_slice() else { panic!("two entities") };
    assert_eq!((product.entity, product.feature, product.source), ("Product", "product", "catalog-service"));
    assert_eq!(product.module, "entity_events::schema::tests");
    assert_eq!(product.docs, "Something in the catalog.\n\nIt is sold until it is discontinued.");
    assert_eq!((product.version, order.type_prefix), ("1.2", "com.acme"));
    assert_eq!(product.topic, "int.product-update.event");
    let kinds: Vec<_> = order
        .events
        .iter()
        .map(|event| (event.name, event.docs.as_str(), event.is_update, event.is_deletion))
        .collect();
    assert_eq!(
        kinds,
        [
            ("OrderCreated", "An Order was created.", false, false),
            ("OrderUpdated", "An Order was updated.", true, false),
            ("OrderDeleted", "An Order was deleted.", false, true),
            ("OrderShipped", "`Shipped` happened to an Order.", false, false),
            ("OrderRepriced", "`Repriced` happened to an Order.", true, false),
        ]
    );
}

#[test]
fn an_entitys_own_topics_describe_it_as_well() {
    fn names<T: Topics>() -> Vec<&'static str> {
        documents::<T>().unwrap().into_iter().map(|entity| entity.entity).collect()
    }
    assert_eq!([names::<ProductTopics>(), names::<OrderTopics>()], [["Product"], ["Order"]]);
}

#[test]
fn descriptions_are_the_same_every_time() {
    assert_eq!(format!("{:?}", documents::<Shop>()), format!("{:?}", documents::<Shop>()));
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

fn compare(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/tests/golden").join(name);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(expected == text, "{} is out of date; it should be:\n{text}", file.display());
}
