//! Every key at once.

use entity_events::{DeletePolicy, EntityEvents, Event, Headers, PublishError};

#[derive(Debug)]
struct ProductError(String);

impl ProductError {
    fn external_error(message: String) -> Self {
        Self(message)
    }
}

#[derive(Debug, Clone)]
struct Amount(u64);

impl Amount {
    fn value(&self) -> u64 {
        self.0
    }
}

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", feature = "stock_item", topic = "items", version = "2.1")]
#[event(error = ProductError, map_error = ProductError::external_error, crate = entity_events)]
#[event(extra(
    /// The category.
    #[event(header = "x-category", rename = "category", default)]
    category_name: String,
    prices: std::collections::HashMap<String, u64>,
    #[event(expose)]
    reset_token: Option<u8>,
))]
#[event(name = "Stock", types(SoldOut), updates(Priced))]
#[event(rename_all = "camelCase", derive(PartialEq), type_prefix = "com.acme", delete = "event_then_tombstone")]
struct Item {
    #[event(key)]
    shop: String,
    #[event(key, rename = "no", alias = "number", alias = "num")]
    number: u64,
    #[event(user_id, header = "x-owner")]
    owner_id: Option<u64>,
    #[event(with = Amount::value, ty = u64, header = "x-amount")]
    amount: Amount,
    #[event(with = |name: &String| name.len(), ty = usize)]
    name: String,
    #[event(into = String, default)]
    kind: &'static str,
    #[event(expose)]
    api_key: String,
    #[event(skip)]
    category_id: u64,
}

#[derive(Debug)]
struct Failing;

impl<E: Event> entity_events::Publish<E> for Failing {
    async fn publish(&self, _: E) -> Result<(), PublishError> {
        Err(PublishError::new(entity_events::ErrorKind::Fatal, "no broker"))
    }
}

fn main() {
    let item = |owner_id| Item {
        shop: "north".to_owned(),
        number: 7,
        owner_id,
        amount: Amount(3),
        name: "chair".to_owned(),
        kind: "furniture",
        api_key: "k".to_owned(),
        category_id: 9,
    };
    let prices = || [("EUR".to_owned(), 3)].into();
    let id = uuid::Uuid::nil();
    let event = ItemEvent::new_updated(
        &item(None), &item(Some(5)), "Old".to_owned(), prices(), None, "New".to_owned(), prices(), None, id,
    );
    assert_eq!(
        serde_json::to_string(&event.data).unwrap(),
        r#"{"shop":"north","no":7,"ownerId":5,"amount":3,"name":5,"kind":"furniture","apiKey":"k","category":"New","prices":{"EUR":3},"resetToken":null}"#
    );
    let old = event.old_data.clone().unwrap();
    assert!(old != event.data && old.owner_id.is_none() && old.category_name == "Old");
    assert_eq!(event.key(), "north:7");
    assert_eq!(event.metadata.user_id.as_deref(), Some("5"));
    assert_eq!(<ItemEvent as Event>::FEATURE, "stock_item");
    assert_eq!(<ItemEvent as Event>::TYPE_PREFIX, "com.acme");
    assert_eq!(<ItemEvent as Event>::DELETE, DeletePolicy::EventThenTombstone);
    assert_eq!((event.version.as_str(), ItemTopics::default().stock_item_topic.as_str()), ("2.1", "items"));

    let before_kinds = r#"{"shop":"north","no":7,"amount":3,"name":5,"apiKey":"k","prices":{}}"#;
    let data: ItemEventData = serde_json::from_str(before_kinds).unwrap();
    assert_eq!((data.kind.as_str(), data.owner_id, data.category_name.as_str()), ("", None, ""));

    for former in [r#""num""#, r#""number""#] {
        let data: ItemEventData = serde_json::from_str(&before_kinds.replace(r#""no""#, former)).unwrap();
        assert_eq!(data.number, 7);
    }

    let headers = |event: &ItemEvent| {
        let mut headers = Headers::default();
        event.write_headers(&mut headers);
        headers.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
    };
    assert_eq!(headers(&event), ["x-owner=5", "x-amount=3", "x-category=New"]);
    assert_eq!(<ItemEvent as Event>::HEADERS, ["x-owner", "x-amount", "x-category"]);
    assert_eq!(<ItemTopics as entity_events::Topics>::headers(), [<ItemEvent as Event>::HEADERS]);
    let ownerless = ItemEvent::new_sold_out(&item(None), String::new(), prices(), None, id);
    assert_eq!(headers(&ownerless), ["x-amount=3", "x-category="]);
    assert_eq!((ownerless.metadata.user_id.clone(), ownerless.is_deletion()), (None, false));
    assert!(ItemEvent::new_deleted(&item(None), String::new(), prices(), None, id).is_deletion());
    let priced = ItemEvent::new_priced(
        &item(None), &item(Some(5)), "Old".to_owned(), prices(), None, "New".to_owned(), prices(), None, id,
    );
    assert_eq!((priced.event_type(), ownerless.event_type()), ("StockPriced", "StockSoldOut"));
    assert_eq!(priced.old_data, event.old_data);

    let failing: &dyn ItemEventProducer = &Failing;
    let error = entity_events_ui::run(async { failing.publish_stock_item_event(event).await }).unwrap_err();
    assert_eq!(error.0, "no broker");
}
