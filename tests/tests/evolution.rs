//! Events of one version of a service, read by another: every row of the rules of compatibility, with the bytes that are
//! published.
//!
//! "Backward": the newer version reads what the older wrote. "Forward": the older reads what the newer wrote.

use entity_events::kafka::KafkaEventService;
use entity_events::outbox::SqliteOutbox;
use entity_events::outbox::sqlx::SqlitePool;
use entity_events::testing::{EmbeddedKafka, RecordingProducer};
use entity_events::{ErrorKind, Event, Publish, Uuid};
use serde::{Deserialize, Serialize};

/// Two versions of an entity, each in a module of its own; `$entity` is the struct's body.
macro_rules! versions {
    ($row:ident { $($v1:tt)* } { $($v2:tt)* }) => {
        mod $row {
            pub(super) mod v1 {
                #[allow(unused_imports)]
                use super::super::*;

                $($v1)*
            }

            pub(super) mod v2 {
                #[allow(unused_imports)]
                use super::super::*;

                $($v2)*
            }
        }
    };
}

/// What the producer of an event writes.
fn bytes<E: Event>(event: &E) -> Vec<u8> {
    serde_json::to_vec(event).expect("JSON")
}

fn read<E: Event>(bytes: &[u8]) -> Result<E, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// The events that a version writes of an entity, of each kind.
macro_rules! written {
    ($version:path, $product:expr) => {{
        use $version as version;
        let product = $product;
        let id = Uuid::nil();
        [
            bytes(&version::ProductEvent::new_created(&product, id)),
            bytes(&version::ProductEvent::new_updated(&product, &product, id)),
            bytes(&version::ProductEvent::new_deleted(&product, id)),
        ]
    }};
}

/// Reads what was written, or why none of it can be read.
fn read_all<E: Event>(written: &[Vec<u8>]) -> Result<Vec<E>, String> {
    let read: Vec<_> = written.iter().map(|bytes| read::<E>(bytes)).collect();
    let failures = read.iter().filter(|read| read.is_err()).count();
    assert!(failures == 0 || failures == read.len(), "all kinds of events carry the same data: {read:?}");
    read.into_iter().collect()
}

versions! { optional_added {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8 }
} {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) colour: Option<String> }
} }

#[test]
fn an_optional_field_can_be_added_and_removed() {
    use optional_added::{v1, v2};
    let old = written!(optional_added::v1, v1::Product { id: 1 });
    for event in read_all::<v2::ProductEvent>(&old).expect("backward") {
        assert_eq!((event.data.id, event.data.colour), (1, None));
    }
    for colour in [None, Some("red".to_owned())] {
        let new = written!(optional_added::v2, v2::Product { id: 1, colour });
        for event in read_all::<v1::ProductEvent>(&new).expect("forward") {
            assert_eq!(event.data.id, 1);
            assert_eq!(event.old_data.is_some(), event.event_type == v1::ProductEventType::Updated);
        }
    }
}

versions! { default_added {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8 }
} {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, #[event(default)] pub(crate) stock: u32 }
} }

#[test]
fn a_field_with_a_default_can_be_added_and_removed() {
    use default_added::{v1, v2};
    let old = written!(default_added::v1, v1::Product { id: 1 });
    for event in read_all::<v2::ProductEvent>(&old).expect("backward") {
        assert_eq!(event.data.stock, 0);
    }
    let new = written!(default_added::v2, v2::Product { id: 1, stock: 7 });
    read_all::<v1::ProductEvent>(&new).expect("forward");
}

versions! { required_added {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8 }
} {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) stock: u32 }
} }

/// Removing one is the same the other way round.
#[test]
fn a_required_field_that_is_added_breaks_readers_of_old_events() {
    use required_added::{v1, v2};
    let old = written!(required_added::v1, v1::Product { id: 1 });
    let error = read_all::<v2::ProductEvent>(&old).expect_err("backward");
    assert!(error.starts_with("missing field `stock`"), "{error}");
    let new = written!(required_added::v2, v2::Product { id: 1, stock: 7 });
    read_all::<v1::ProductEvent>(&new).expect("forward");
}

versions! { renamed {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) name: String }
} {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) title: String }
} }

#[test]
fn a_rename_breaks_both() {
    use renamed::{v1, v2};
    let old = written!(renamed::v1, v1::Product { id: 1, name: "Lamp".to_owned() });
    let error = read_all::<v2::ProductEvent>(&old).expect_err("backward");
    assert!(error.starts_with("missing field `title`"), "{error}");
    let new = written!(renamed::v2, v2::Product { id: 1, title: "Lamp".to_owned() });
    let error = read_all::<v1::ProductEvent>(&new).expect_err("forward");
    assert!(error.starts_with("missing field `name`"), "{error}");
}

versions! { aliased {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) name: Option<String> }
} {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, #[event(alias = "label", alias = "name")] pub(crate) title: Option<String> }
} }

#[test]
fn a_former_name_is_read_and_the_new_one_written() {
    use aliased::{v1, v2};
    let name = || Some("Lamp".to_owned());
    let old = written!(aliased::v1, v1::Product { id: 1, name: name() });
    for event in read_all::<v2::ProductEvent>(&old).expect("backward") {
        assert_eq!(event.data.title, name());
        assert!(event.old_data.is_none_or(|old| old.title == name()));
    }
    let new = written!(aliased::v2, v2::Product { id: 1, title: name() });
    assert!(new.iter().all(|bytes| String::from_utf8_lossy(bytes).contains(r#""title":"Lamp""#)));
    for event in read_all::<v1::ProductEvent>(&new).expect("forward, since it is optional") {
        assert_eq!(event.data.name, None, "but an older reader does not find it");
    }
}

#[test]
fn of_two_names_the_own_one_counts() {
    use aliased::v2::ProductEventData;
    let data = |json: &str| serde_json::from_str::<ProductEventData>(json).map(|data| data.title);
    let own = Some("own".to_owned());
    for both in [
        r#"{"id":1,"title":"own","name":"former"}"#,
        r#"{"id":1,"name":"former","title":"own"}"#,
        r#"{"name":"former","id":1,"label":"former","title":"own"}"#,
        r#"{"title":"own","label":"former","name":"former","id":1}"#,
        r#"{"title":"own","name":7,"id":1}"#,
    ] {
        assert_eq!(data(both).expect("both names"), own, "{both}");
    }
    let former = r#"{"label":"first","name":"second","id":1}"#;
    assert_eq!(data(former).expect("two former names").as_deref(), Some("first"));
    let twice = data(r#"{"name":"former","title":"own","title":"own","id":1}"#).expect_err("twice");
    assert!(twice.to_string().starts_with("duplicate field `title`"), "{twice}");
}

versions! { made_optional {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) stock: u32 }
} {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) stock: Option<u32> }
} }

/// `Option<T>` to `T` is the same the other way round.
#[test]
fn a_field_that_becomes_optional_breaks_readers_that_need_it() {
    use made_optional::{v1, v2};
    let old = written!(made_optional::v1, v1::Product { id: 1, stock: 7 });
    for event in read_all::<v2::ProductEvent>(&old).expect("backward") {
        assert_eq!(event.data.stock, Some(7));
    }
    let new = written!(made_optional::v2, v2::Product { id: 1, stock: None });
    let error = read_all::<v1::ProductEvent>(&new).expect_err("forward");
    assert!(error.starts_with("invalid type: null, expected u32"), "{error}");
}

versions! { value_added {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub(crate) enum Colour { Red }

    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) colour: Colour }
} {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub(crate) enum Colour { Red, Green }

    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub(crate) struct Product { pub(crate) id: u8, pub(crate) colour: Colour }
} }

#[test]
fn a_new_value_of_an_enum_breaks_older_readers() {
    use value_added::{v1, v2};
    let old = written!(value_added::v1, v1::Product { id: 1, colour: v1::Colour::Red });
    for event in read_all::<v2::ProductEvent>(&old).expect("backward") {
        assert_eq!(event.data.colour, v2::Colour::Red);
    }
    let known = written!(value_added::v2, v2::Product { id: 1, colour: v2::Colour::Red });
    read_all::<v1::ProductEvent>(&known).expect("a value that both know");
    let new = written!(value_added::v2, v2::Product { id: 1, colour: v2::Colour::Green });
    let error = read_all::<v1::ProductEvent>(&new).expect_err("forward");
    assert!(error.starts_with("unknown variant `Green`"), "{error}");
}

versions! { type_added {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    #[event(topic = "evolution", delete = "event_then_tombstone")]
    pub(crate) struct Product { pub(crate) id: u8 }
} {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    #[event(topic = "evolution", version = "1.1")]
    #[event(types(Discontinued), updates(Replaced), extra(reason: String))]
    pub(crate) struct Product { pub(crate) id: u8 }
} }

fn discontinued() -> type_added::v2::ProductEvent {
    type_added::v2::ProductEvent::new_discontinued(
        &type_added::v2::Product { id: 1 },
        "no parts".to_owned(),
        Uuid::nil(),
    )
}

fn replaced() -> type_added::v2::ProductEvent {
    use type_added::v2::{Product, ProductEvent};
    let [old, new] = [Product { id: 1 }, Product { id: 1 }];
    ProductEvent::new_replaced(&old, &new, String::new(), String::new(), Uuid::nil())
}

#[test]
fn an_event_type_that_the_reader_does_not_know_is_no_error() {
    use type_added::v1::{ProductEvent, ProductEventType};
    let event: ProductEvent = read(&bytes(&discontinued())).expect("forward");
    assert!(event.is_unknown() && !event.is_deletion());
    assert_eq!(
        (event.event_type(), event.data.id, event.version.as_str()),
        ("ProductDiscontinued", 1, "1.1")
    );
    assert_eq!(event.event_type.to_string(), "ProductDiscontinued");
    match event.event_type {
        ProductEventType::Unknown(name) => assert_eq!(name.as_str(), "ProductDiscontinued"),
        known => panic!("{known}"),
    }
    let replaced: ProductEvent = read(&bytes(&replaced())).expect("forward");
    assert!(replaced.old_data.is_some(), "what both know is read");
    assert_ne!(replaced.event_type, event.event_type);
    let again: ProductEvent = read(&bytes(&discontinued())).expect("forward");
    assert_eq!(again.event_type, event.event_type, "one name, one value");

    let created = ProductEvent::new_created(&type_added::v1::Product { id: 1 }, Uuid::nil());
    assert!(!created.is_unknown());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_of_an_unknown_type_is_never_published() {
    use type_added::v1::{ProductEvent, ProductEventProducer as _, ProductTopics};
    let event: ProductEvent = read(&bytes(&discontinued())).expect("forward");
    let error = serde_json::to_string(&event).expect_err("not serialized");
    assert!(error.to_string().starts_with("unknown event type `ProductDiscontinued`"), "{error}");

    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let service = KafkaEventService::<ProductTopics>::new(&kafka.config()).expect("a service");
    let recording = RecordingProducer::default();
    let pool = SqlitePool::connect_lazy("sqlite::memory:").expect("a database");
    let outbox = SqliteOutbox::<ProductTopics>::new(pool, &kafka.config());
    let collection = outbox.collect();
    let errors = [
        service.publish(event.clone()).await,
        collection.publish(event.clone()).await,
        recording.publish(event.clone()).await,
    ];
    for error in errors.map(|result| result.expect_err("refused")) {
        assert_eq!((error.kind(), error.unpublished()), (ErrorKind::Permanent, [event.event_id].as_slice()));
        let text = error.to_string();
        assert!(text.starts_with("`ProductDiscontinued` was not published: this version"), "{text}");
    }
    service.emit_product_event(event.clone()).await;
    recording.emit_product_event(event).await;
    assert!(recording.events::<ProductEvent>().is_empty());
    let report = service.close(std::time::Duration::from_secs(5)).await;
    assert_eq!(report.delivered, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_is_in_the_headers() {
    use type_added::v2::ProductTopics;
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let service = KafkaEventService::<ProductTopics>::new(&kafka.config()).expect("a service");
    service.publish(discontinued()).await.expect("published");
    let records = kafka.consume("evolution", 1).await.expect("a record");
    assert_eq!((records[0].version(), records[0].header("ce_version")), (Some("1.1"), Some("1.1")));
    let event: type_added::v1::ProductEvent = records[0].json().expect("read by the older version");
    assert!(event.is_unknown());
}
