//! The catalog of entities that the derive describes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{golden, write_out};
use crate::schema::{Catalog, CatalogError, SchemaError};
use crate::{EntityEvents, Uuid, topics};

/// A ticket for one seat.
///
/// It is held for ten minutes, then [`Seat`] is free again.
#[derive(Debug, Clone, EntityEvents)]
#[event(crate = crate, schema, source = "box-office", version = "1.1", type_prefix = "com.acme")]
#[event(types(Used), updates(Moved), delete = "event_then_tombstone", rename_all = "camelCase")]
struct Ticket {
    #[event(key)]
    show: Uuid,
    #[event(key)]
    seat: Seat,
    /// Who bought it.
    #[event(user_id, header = "x-holder")]
    holder: String,
    /// In cents.
    #[event(alias = "price")]
    price_cents: u32,
    previous: Option<Seat>,
    history: Vec<Move>,
}

/// A seat in the hall.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Seat {
    row: String,
    number: u16,
}

impl std::fmt::Display for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.row, self.number)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Move {
    from: Seat,
    why: Reason,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Reason {
    /// The holder asked for it.
    Wish,
    BrokenSeat,
}

#[derive(Debug, Clone, EntityEvents)]
#[event(crate = crate, schema, source = "box-office", delete = "tombstone")]
#[allow(dead_code, reason = "only described")]
struct Voucher {
    id: u64,
    cents: i64,
}

#[derive(Debug, Clone, EntityEvents)]
#[event(crate = crate, source = "box-office")]
struct Plain {
    id: u64,
}

#[topics(crate = crate, Ticket, Voucher)]
struct BoxOffice;

#[topics(crate = crate, Ticket, Plain)]
struct WithPlain;

fn ticket() -> Ticket {
    let seat = |number| Seat { row: "C".to_owned(), number };
    Ticket {
        show: Uuid::nil(),
        seat: seat(12),
        holder: "grace".to_owned(),
        price_cents: 4_500,
        previous: Some(seat(11)),
        history: vec![Move { from: seat(11), why: Reason::BrokenSeat }],
    }
}

fn catalog() -> Catalog {
    Catalog::of::<BoxOffice>()
        .expect("described")
        .title("Box office")
        .version("3.0.0")
        .server("localhost:9092")
}

#[test]
fn a_derive_makes_a_whole_catalog() {
    let catalog = catalog();
    golden("box-office.asyncapi.yaml", &catalog.to_yaml());
    write_out("box-office.asyncapi.yaml", &catalog.to_yaml());
    write_out("box-office.asyncapi.json", &catalog.to_json());
    write_out("box-office.html", &catalog.to_html());
    write_out("box-office.schema.json", &catalog.to_json_schema());
    for entity in &catalog.entities {
        for event in &entity.events {
            let name = format!("{}.{}.json", entity.feature, event.name);
            write_out(&format!("schemas/{name}"), &event.reader.to_string());
            let record = event.example.as_ref().expect("an example");
            if let Some(value) = &record.value {
                write_out(&format!("examples/{name}"), &value.to_string());
            }
        }
    }
}

#[test]
fn a_real_event_is_the_example() {
    let event = TicketEvent::new_used(&ticket(), Uuid::nil());
    let catalog = catalog().example(&event).expect("an example");
    let document: Value = serde_json::from_str(&catalog.to_json()).expect("JSON");
    let example = &document["components"]["messages"]["TicketUsed"]["examples"][0];
    assert_eq!(example["payload"]["event_id"], event.event_id.to_string());
    assert_eq!(example["headers"]["ce_subject"], format!("{}:C12", Uuid::nil()));
    assert_eq!(example["headers"]["x-holder"], "grace");
    assert!(catalog.to_html().contains("\"broken_seat\""));
}

#[test]
fn an_example_has_to_be_in_the_catalog_and_publishable() {
    let plain = PlainEvent::new_created(&Plain { id: 1 }, Uuid::nil());
    let error = catalog().example(&plain).expect_err("not in the catalog");
    assert!(
        matches!(&error, CatalogError::UnknownEvent { event_type } if event_type == "PlainCreated"),
        "{error}"
    );
    let broken = Ticket { holder: "a\nb".to_owned(), ..ticket() };
    let error = catalog().example(&TicketEvent::new_created(&broken, Uuid::nil())).expect_err("refused");
    assert!(error.to_string().contains("control character"), "{error}");
}

#[test]
fn an_entity_without_schema_is_named() {
    let error = Catalog::of::<WithPlain>().expect_err("no schema");
    assert!(matches!(error, SchemaError::Undescribed { .. }), "{error}");
}
