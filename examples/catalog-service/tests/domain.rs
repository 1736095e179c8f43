//! What the domain publishes, with neither a database nor Kafka.

mod support;

use catalog_service::domain::correlation::CorrelationId;
use catalog_service::domain::order::operations::{NewOrder, create_order, delete_order, update_order};
use catalog_service::domain::order::{OrderError, OrderEvent, OrderEventType, OrderId, Quantity};
use catalog_service::domain::product::operations::{
    ProductDetails, create_product, delete_product, update_product,
};
use catalog_service::domain::product::{
    Product, ProductError, ProductEvent, ProductEventType, ProductId, ProductRepository,
};
use entity_events::testing::RecordingProducer;
use entity_events::{ErrorKind, Event as _};
use uuid::Uuid;

use self::support::memory::Memory;

/// A domain, and what it has published.
#[derive(Default)]
struct Scene {
    memory: Memory,
    events: RecordingProducer,
}

impl Scene {
    async fn lamp(&self) -> Product {
        let details = ProductDetails::new("Lamp", 1_250, Some("the last ones")).expect("a product");
        let request = CorrelationId::generate();
        create_product(details, &self.memory, &self.events, request).await.expect("created")
    }

    async fn update(&self, id: ProductId, name: &str, cents: i64) -> Result<Product, ProductError> {
        let details = ProductDetails::new(name, cents, None).expect("a product");
        update_product(id, details, &self.memory, &self.events, CorrelationId::generate()).await
    }
}

#[tokio::test]
async fn a_product_is_created_changed_and_deleted() {
    let scene = Scene::default();
    let lamp = scene.lamp().await;
    scene.update(lamp.id, "Desk lamp", 1_250).await.expect("another name");
    scene.update(lamp.id, "Desk lamp", 990).await.expect("another price");
    delete_product(lamp.id, &scene.memory, &scene.memory, &scene.events, CorrelationId::generate())
        .await
        .expect("deleted");
    scene
        .events
        .published()
        .then::<ProductEvent>(ProductEventType::Created)
        .key(lamp.id)
        .with(|event| event.data.name.as_str() == "Lamp" && event.data.price == 1_250)
        .then::<ProductEvent>(ProductEventType::Updated)
        .with(|event| event.old_data.as_ref().is_some_and(|old| old.name.as_str() == "Lamp"))
        .then::<ProductEvent>(ProductEventType::PriceChanged)
        .with(|event| {
            event.old_data.as_ref().is_some_and(|old| old.price == 1_250) && event.data.price == 990
        })
        .then::<ProductEvent>(ProductEventType::Deleted)
        .key(lamp.id)
        .nothing_else();
}

#[tokio::test]
async fn a_change_that_nobody_sees_is_no_event() {
    let scene = Scene::default();
    let lamp = scene.lamp().await;
    scene.events.clear();
    let changed = scene.update(lamp.id, "Lamp", 1_250).await.expect("only the note");
    assert_eq!(changed.note, None);
    assert_eq!(scene.memory.find(lamp.id).await.expect("found"), Some(changed));
    scene.events.published().nothing_else();
}

#[tokio::test]
async fn events_carry_the_request_and_the_customer() {
    let scene = Scene::default();
    let lamp = scene.lamp().await;
    scene.events.clear();
    let request = CorrelationId::generate();
    let new = NewOrder::new(lamp.id, "ada", 2).expect("an order");
    let order =
        create_order(new, &scene.memory, &scene.memory, &scene.events, request).await.expect("ordered");
    let three = Quantity::new(3).expect("a quantity");
    for _ in 0..2 {
        update_order(order.id, three, &scene.memory, &scene.memory, &scene.events, request)
            .await
            .expect("three");
    }
    delete_order(order.id, &scene.memory, &scene.memory, &scene.events, request).await.expect("deleted");
    scene
        .events
        .published()
        .then::<OrderEvent>(OrderEventType::Created)
        .key(order.id)
        .with(|event| {
            event.data.product_name.as_str() == "Lamp"
                && event.metadata().correlation_id == Uuid::from(request)
        })
        .with(|event| event.metadata().user_id.as_deref() == Some("ada"))
        .then::<OrderEvent>(OrderEventType::Updated) // once: the second time it was three already
        .with(|event| event.data.quantity == 3)
        .then::<OrderEvent>(OrderEventType::Deleted)
        .nothing_else();
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_publishes_nothing() {
    let scene = Scene::default();
    let lamp = scene.lamp().await;
    let new = NewOrder::new(lamp.id, "ada", 1).expect("an order");
    let request = CorrelationId::generate();
    create_order(new, &scene.memory, &scene.memory, &scene.events, request).await.expect("ordered");
    scene.events.clear();

    let ordered = delete_product(lamp.id, &scene.memory, &scene.memory, &scene.events, request).await;
    assert!(matches!(ordered, Err(ProductError::Ordered(id)) if id == lamp.id), "{ordered:?}");
    let missing = ProductId::from(Uuid::nil());
    assert!(matches!(scene.update(missing, "Lamp", 1).await, Err(ProductError::NotFound(_))));
    let new = NewOrder::new(missing, "ada", 1).expect("an order");
    let no_product = create_order(new, &scene.memory, &scene.memory, &scene.events, request).await;
    assert!(matches!(no_product, Err(OrderError::NoProduct(_))), "{no_product:?}");
    let gone = delete_order(OrderId::generate(), &scene.memory, &scene.memory, &scene.events, request).await;
    assert!(matches!(gone, Err(OrderError::NotFound(_))), "{gone:?}");
    scene.events.published().nothing_else();
}

#[tokio::test]
async fn an_event_that_cannot_be_published_fails_the_operation() {
    let scene = Scene::default();
    let lamp = scene.lamp().await;
    scene.events.fail_next(ErrorKind::Retriable);
    let failed = scene.update(lamp.id, "Lamp", 1).await;
    assert!(
        matches!(&failed, Err(ProductError::Publish(error)) if error.kind() == ErrorKind::Retriable),
        "{failed:?}"
    );
}

#[test]
fn values_say_what_is_wrong_with_them() {
    let cases = [
        (ProductDetails::new(" ", 1, None).map(drop), "invalid `name`: it is empty; give it a text"),
        (
            ProductDetails::new(&"x".repeat(101), 1, None).map(drop),
            "invalid `name`: it has 101 characters; use up to 100",
        ),
        (
            ProductDetails::new("a\nb", 1, None).map(drop),
            "invalid `name`: it has control characters; use one line of text",
        ),
        (
            ProductDetails::new("Lamp", -1, None).map(drop),
            "invalid `price_cents`: -1 is not a price; use cents from 0 to 100000000",
        ),
        (ProductDetails::new("Lamp", 1, Some("")).map(drop), "invalid `note`: it is empty; give it a text"),
        (Quantity::new(0).map(drop), "invalid `quantity`: 0 cannot be ordered; use 1 to 1000"),
        (Quantity::new(1_001).map(drop), "invalid `quantity`: 1001 cannot be ordered; use 1 to 1000"),
    ];
    for (result, expected) in cases {
        assert_eq!(result.expect_err(expected).to_string(), expected);
    }
    let trimmed = ProductDetails::new("  Lamp ", 100_000_000, None);
    trimmed.expect("the limits are allowed");
}
