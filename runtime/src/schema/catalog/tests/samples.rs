//! Entities as their derive would describe them.

use serde_json::{Value, json};

use super::super::super::document::{EntityDocument, EventDocument, ExampleRecord, FieldDocument};
use crate::event::DeletePolicy;

const ID: &str = "0193583f-9a1c-7b51-8f0e-3c2d9a6b7e41";
const CORRELATION: &str = "3d0f6d5e-1c7a-4f0b-9f4e-6f5a2b1c0d9e";
const TIME: &str = "2026-11-23T10:00:00.123456Z";

pub(crate) fn field(rust: &'static str, json: &'static str, ty: &'static str, docs: &str) -> FieldDocument {
    FieldDocument {
        rust,
        json,
        ty,
        docs: docs.to_owned(),
        header: None,
        is_key: false,
        is_user: false,
        required: !ty.starts_with("Option<"),
        aliases: &[],
    }
}

/// What is said of an entity, apart from its schemas.
pub(crate) struct Sample {
    pub(crate) entity: EntityDocument,
    /// The schema of `data`.
    pub(crate) data: Value,
    pub(crate) definitions: Value,
    /// An instance of `data`.
    pub(crate) example: Value,
    pub(crate) key: String,
    /// Name, docs, update, deletion.
    pub(crate) events: Vec<(&'static str, &'static str, bool, bool)>,
}

impl Sample {
    pub(crate) fn build(self) -> EntityDocument {
        let Self { mut entity, data, definitions, example, key, events } = self;
        let data_name = format!("{}EventData", entity.entity);
        for (name, docs, is_update, is_deletion) in events {
            let mut definitions = definitions.clone();
            definitions[data_name.as_str()] = data.clone();
            definitions["EventMetadata"] = metadata();
            let reader = reader(name, docs, is_update, &data_name, &definitions);
            let record = record(&entity, name, is_update, is_deletion, &example, &key);
            entity.events.push(EventDocument {
                name,
                docs: docs.to_owned(),
                is_update,
                is_deletion,
                writer: reader.clone(),
                reader,
                example: Ok(record),
            });
        }
        entity
    }
}

fn reader(name: &str, docs: &str, is_update: bool, data: &str, definitions: &Value) -> Value {
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": name,
        "description": docs,
        "type": "object",
        "required": ["event_id", "event_type", "timestamp", "version", "data", "metadata"],
        "properties": {
            "event_id": {"type": "string", "format": "uuid", "description": "The unique id of this event, a UUIDv7."},
            "event_type": {"type": "string", "const": name, "title": format!("{name}Type")},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "version": {"type": "string", "description": "The version of the event's schema."},
            "data": {"$ref": format!("#/definitions/{data}")},
            "metadata": {"$ref": "#/definitions/EventMetadata"},
        },
        "definitions": definitions,
    });
    if is_update {
        schema["properties"]["old_data"] =
            json!({"anyOf": [{"$ref": format!("#/definitions/{data}")}, {"type": "null"}]});
    }
    schema
}

fn metadata() -> Value {
    json!({
        "title": "EventMetadata",
        "description": "Who published an event, and on whose behalf.",
        "type": "object",
        "required": ["source_service", "correlation_id"],
        "properties": {
            "source_service": {"type": "string", "description": "The service that published the event."},
            "correlation_id": {"type": "string", "format": "uuid", "description": "Joins everything that one request caused."},
            "user_id": {"type": ["string", "null"]},
            "causation_id": {"type": ["string", "null"], "format": "uuid"},
        },
    })
}

fn record(
    entity: &EntityDocument,
    name: &str,
    is_update: bool,
    is_deletion: bool,
    data: &Value,
    key: &str,
) -> ExampleRecord {
    let dot = if entity.type_prefix.is_empty() { "" } else { "." };
    let mut value = json!({
        "event_id": ID,
        "event_type": name,
        "timestamp": TIME,
        "version": entity.version,
        "data": data,
        "metadata": {"source_service": entity.source, "correlation_id": CORRELATION},
    });
    if is_update {
        value["old_data"] = data.clone();
    }
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", ID.to_owned()),
        ("ce_source", format!("/{}", entity.source)),
        ("ce_type", format!("{}{dot}{name}", entity.type_prefix)),
        ("ce_time", TIME.to_owned()),
        ("ce_subject", key.to_owned()),
        ("ce_correlationid", CORRELATION.to_owned()),
        ("ce_version", entity.version.to_owned()),
    ];
    for field in &entity.fields {
        let text = data[field.json].as_str().map_or_else(|| data[field.json].to_string(), ToOwned::to_owned);
        if field.is_user {
            value["metadata"]["user_id"] = text.as_str().into();
        }
        if let Some(header) = field.header {
            headers.push((header, text));
        }
    }
    let is_tombstone = is_deletion && entity.delete == DeletePolicy::Tombstone;
    ExampleRecord {
        key: key.to_owned(),
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        value: (!is_tombstone).then_some(value),
    }
}

/// Nested types, money as text, an enum with docs, headers, a user, extra event types, a prefix, doc comments that try something.
#[allow(clippy::too_many_lines, reason = "an entity is long")]
pub(crate) fn product() -> EntityDocument {
    let mut fields = vec![
        field("id", "id", "ProductId", "Identifies the product for as long as it exists."),
        field("seller_id", "sellerId", "UserId", "Who sells it."),
        field("name", "name", "String", "What customers see, in the shop's default language."),
        field("price", "price", "Money", "Without tax. See [`Money`]."),
        field("status", "status", "Status", "Where it is in its life."),
        field(
            "dimensions",
            "dimensions",
            "Option<Dimensions>",
            "Of the packed product; digital ones have none.",
        ),
        field(
            "warehouses",
            "warehouses",
            "Vec<Address>",
            "Where it is in stock:\n\n* the first one ships\n* the others are a reserve",
        ),
        field(
            "labels",
            "labels",
            "BTreeMap<String, String>",
            "Free labels, such as `season`. <script>alert(\"docs\")</script>",
        ),
        field("stock", "stock", "u32", ""),
        field("released_at", "releasedAt", "Option<DateTime<Utc>>", "When it went on sale."),
        field("category_name", "categoryName", "String", "The category's name when the event was made."),
    ];
    fields[0].is_key = true;
    fields[1].is_user = true;
    fields[4].header = Some("x-status");
    fields[2].aliases = &["title"];
    Sample {
        entity: EntityDocument {
            entity: "Product",
            module: "shop::domain::product",
            feature: "product",
            source: "catalog-service",
            version: "1.2",
            type_prefix: "com.acme",
            delete: DeletePolicy::Event,
            topic: "int.product-update.event".to_owned(),
            docs: "Something that the shop sells.\n\nA product is created as a draft; customers see it from `ProductPublished` on. Prices are \
                   *without* tax: read [how we price](https://wiki.acme.example/pricing)."
                .to_owned(),
            key: vec!["id"],
            fields,
            events: Vec::new(),
        },
        data: json!({
            "type": "object",
            "required": ["id", "sellerId", "price", "status", "warehouses", "labels", "stock", "categoryName"],
            "allOf": [{"anyOf": [{"required": ["name"]}, {"required": ["title"]}]}],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "sellerId": {"type": "string"},
                "title": {
                    "type": "string", "minLength": 1, "maxLength": 120, "deprecated": true,
                    "description": "The former name of `name`, which is still read.",
                    "x-former-name-of": "name",
                },
                "name": {"type": "string", "minLength": 1, "maxLength": 120},
                "price": {"$ref": "#/definitions/Money"},
                "status": {"$ref": "#/definitions/Status"},
                "dimensions": {"anyOf": [{"$ref": "#/definitions/Dimensions"}, {"type": "null"}]},
                "warehouses": {"type": "array", "items": {"$ref": "#/definitions/Address"}},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "stock": {"type": "integer", "format": "uint32", "minimum": 0},
                "releasedAt": {"type": ["string", "null"], "format": "date-time"},
                "categoryName": {"type": "string"},
            },
        }),
        definitions: json!({
            "Money": {
                "title": "Money", "description": "An amount of money.", "type": "object",
                "required": ["amount", "currency"],
                "properties": {
                    "amount": {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "description": "Decimal, as text, so that no reader rounds it."},
                    "currency": {"type": "string", "description": "ISO 4217, such as `EUR`."},
                },
            },
            "Status": {
                "title": "Status", "description": "Where a product is in its life.",
                "oneOf": [
                    {"const": "draft", "description": "Not yet visible."},
                    {"const": "published", "description": "Customers can buy it."},
                    {"const": "archived", "description": "Kept for old orders."},
                ],
            },
            "Dimensions": {
                "title": "Dimensions", "description": "In millimetres.", "type": "object",
                "required": ["width", "height", "depth"],
                "properties": {
                    "width": {"type": "integer", "format": "uint32", "minimum": 0},
                    "height": {"type": "integer", "format": "uint32", "minimum": 0},
                    "depth": {"type": "integer", "format": "uint32", "minimum": 0},
                },
            },
            "Address": {
                "title": "Address", "type": "object",
                "required": ["street", "city", "country"],
                "properties": {
                    "street": {"type": "string"},
                    "city": {"type": "string"},
                    "country": {"type": "string", "description": "ISO 3166-1 alpha-2.", "minLength": 2, "maxLength": 2},
                    "note": {"type": ["string", "null"], "description": "For the driver."},
                },
            },
        }),
        example: json!({
            "id": "6f1c9a52-4a3e-4d6b-9b0a-0f8e7d6c5b4a",
            "sellerId": "ada",
            "name": "Lamp \"Aurora\" <b>",
            "price": {"amount": "12.50", "currency": "EUR"},
            "status": "published",
            "dimensions": {"width": 120, "height": 340, "depth": 120},
            "warehouses": [{"street": "Kaistraße 3", "city": "Hamburg", "country": "DE", "note": null}],
            "labels": {"season": "winter"},
            "stock": 14,
            "releasedAt": "2026-11-01T00:00:00Z",
            "categoryName": "Kitchen & bath",
        }),
        key: "6f1c9a52-4a3e-4d6b-9b0a-0f8e7d6c5b4a".to_owned(),
        events: vec![
            ("ProductCreated", "A Product was created.", false, false),
            ("ProductUpdated", "A Product was updated.", true, false),
            ("ProductDeleted", "A Product was deleted.", false, true),
            ("ProductPublished", "Customers can buy a Product.", false, false),
            ("ProductPriceChanged", "The price of a Product changed.", true, false),
        ],
    }
    .build()
}

/// Two keys, an address of its own, and tombstones behind deletions.
pub(crate) fn order() -> EntityDocument {
    let mut fields = vec![
        field("region", "region", "Region", "The region whose warehouse ships."),
        field("number", "number", "u64", "Rises within a region."),
        field("customer", "customer", "String", "Who ordered."),
        field("ship_to", "shipTo", "Address", ""),
        field("lines", "lines", "Vec<Line>", "At least one."),
    ];
    fields[0].is_key = true;
    fields[0].header = Some("x-region");
    fields[1].is_key = true;
    fields[2].is_user = true;
    Sample {
        entity: EntityDocument {
            entity: "Order",
            module: "shop::domain::order",
            feature: "order",
            source: "order-service",
            version: "2.0",
            type_prefix: "",
            delete: DeletePolicy::EventThenTombstone,
            topic: "int.order-update.event".to_owned(),
            docs: "What a customer ordered.".to_owned(),
            key: vec!["region", "number"],
            fields,
            events: Vec::new(),
        },
        data: json!({
            "title": "OrderEventData",
            "type": "object",
            "required": ["region", "number", "customer", "shipTo", "lines"],
            "properties": {
                "region": {"allOf": [{"$ref": "#/definitions/Region"}], "description": "The region whose warehouse ships."},
                "number": {"type": "integer", "format": "uint64", "minimum": 0},
                "customer": {"type": "string"},
                "shipTo": {"$ref": "#/definitions/Address"},
                "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/Line"}},
            },
        }),
        definitions: json!({
            "Region": {"title": "Region", "type": "string", "enum": ["eu", "us"]},
            // Another type than the product's.
            "Address": {
                "title": "Address", "type": "object", "required": ["lines", "country"],
                "properties": {"lines": {"type": "array", "items": {"type": "string"}}, "country": {"type": "string"}},
            },
            "Line": {
                "title": "Line", "type": "object", "required": ["productId", "quantity"],
                "properties": {
                    "productId": {"type": "string", "format": "uuid"},
                    "quantity": {"type": "integer", "format": "uint32", "minimum": 1},
                    "gift": {"type": "boolean", "description": "Wrapped."},
                },
            },
        }),
        example: json!({
            "region": "eu",
            "number": 1042,
            "customer": "ada",
            "shipTo": {"lines": ["Ada Lovelace", "12 St James's Square"], "country": "GB"},
            "lines": [{"productId": "6f1c9a52-4a3e-4d6b-9b0a-0f8e7d6c5b4a", "quantity": 2, "gift": true}],
        }),
        key: "eu:1042".to_owned(),
        events: vec![
            ("OrderCreated", "An Order was created.", false, false),
            ("OrderUpdated", "An Order was updated.", true, false),
            ("OrderDeleted", "An Order was deleted.", false, true),
        ],
    }
    .build()
}

/// The smallest: two fields, tombstones instead of deletions, no example, on the order's topic.
pub(crate) fn refund() -> EntityDocument {
    let mut fields = vec![field("id", "id", "u64", ""), field("reason", "reason", "Option<String>", "")];
    fields[0].is_key = true;
    let mut entity = Sample {
        entity: EntityDocument {
            entity: "Refund",
            module: "shop::domain::refund",
            feature: "refund",
            source: "order-service",
            version: "1.0",
            type_prefix: "com.acme",
            delete: DeletePolicy::Tombstone,
            topic: "int.order-update.event".to_owned(),
            docs: String::new(),
            key: vec!["id"],
            fields,
            events: Vec::new(),
        },
        data: json!({
            "title": "RefundEventData",
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "integer", "format": "uint64", "minimum": 0},
                "reason": {"type": ["string", "null"]},
            },
        }),
        definitions: json!({}),
        example: json!({"id": 7, "reason": null}),
        key: "7".to_owned(),
        events: vec![
            ("RefundCreated", "A Refund was created.", false, false),
            ("RefundUpdated", "A Refund was updated.", true, false),
            ("RefundDeleted", "A Refund was deleted.", false, true),
        ],
    }
    .build();
    entity.events[1].example = Err("`Reason` has no example; pass an event to `Catalog::example`".to_owned());
    entity
}

/// As many entities as there are to have `events` event types, three each, with eight fields.
pub(crate) fn many(events: usize) -> Vec<EntityDocument> {
    let nouns = [
        "Invoice", "Shipment", "Payment", "Customer", "Voucher", "Return", "Supplier", "Contract", "Parcel",
        "Campaign",
    ];
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    (0..events.div_ceil(3))
        .map(|index| {
            let noun = nouns[index % nouns.len()];
            let entity = leak(if index < nouns.len() { noun.to_owned() } else { format!("{noun}{}", index / nouns.len() + 1) });
            let feature = leak(entity.to_lowercase());
            let kinds = ["Created", "Updated", "Deleted"].into_iter().take(events - index * 3);
            let mut fields = vec![
                field("id", "id", "Uuid", "Identifies it for as long as it exists."),
                field("account_id", "account_id", "Uuid", "The account that it belongs to."),
                field("name", "name", "String", "What people call it."),
                field("amount", "amount", "Decimal", "In the account's currency, without tax."),
                field("state", "state", "State", "Where it is in its life."),
                field("quantity", "quantity", "u32", "How many there are."),
                field("due_at", "due_at", "Option<DateTime<Utc>>", "By when it has to be settled, if ever."),
                field("note", "note", "Option<String>", "For the back office."),
            ];
            fields[0].is_key = true;
            fields[1].header = Some("x-account-id");
            Sample {
                entity: EntityDocument {
                    entity,
                    module: leak(format!("billing::domain::{feature}")),
                    feature,
                    source: ["billing-service", "shipping-service", "crm-service"][index % 3],
                    version: "1.0",
                    type_prefix: "com.acme",
                    delete: DeletePolicy::Event,
                    topic: format!("int.{feature}-update.event"),
                    docs: format!("One {noun} of an account, from its draft to its end."),
                    key: vec!["id"],
                    fields,
                    events: Vec::new(),
                },
                data: json!({
                    "title": format!("{entity}EventData"),
                    "type": "object",
                    "required": ["id", "account_id", "name", "amount", "state", "quantity"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        "account_id": {"type": "string", "format": "uuid"},
                        "name": {"type": "string"},
                        "amount": {"type": "string"},
                        "state": {"$ref": "#/definitions/State"},
                        "quantity": {"type": "integer", "format": "uint32", "minimum": 0},
                        "due_at": {"type": ["string", "null"], "format": "date-time"},
                        "note": {"type": ["string", "null"]},
                    },
                }),
                definitions: json!({"State": {"title": "State", "type": "string", "enum": ["draft", "open", "settled"]}}),
                example: json!({
                    "id": "6f1c9a52-4a3e-4d6b-9b0a-0f8e7d6c5b4a",
                    "account_id": "0b7a3f5c-9f4b-4a55-8a56-1f0a5d2f6f3e",
                    "name": "Winter",
                    "amount": "1250.00",
                    "state": "open",
                    "quantity": 3,
                    "due_at": "2026-12-31T00:00:00Z",
                    "note": null,
                }),
                key: "6f1c9a52-4a3e-4d6b-9b0a-0f8e7d6c5b4a".to_owned(),
                events: kinds
                    .map(|kind| {
                        let name = leak(format!("{entity}{kind}"));
                        let docs = leak(format!("A {entity} was {}.", kind.to_lowercase()));
                        (name, docs, kind == "Updated", kind == "Deleted")
                    })
                    .collect(),
            }
            .build()
        })
        .collect()
}
