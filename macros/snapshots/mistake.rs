::core::compile_error! {
    "`sorce` is no key; write `source`"
}
::core::compile_error! {
    "`password` looks like a secret; leave it out with `#[event(skip)]`, or publish it with `#[event(expose)]`"
}
/// The kinds of [`ProductEvent`].
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
)]
#[derive(
    ::entity_events::__private::serde::Serialize,
    ::entity_events::__private::serde::Deserialize
)]
#[serde(crate = "::entity_events::__private::serde")]
pub enum ProductEventType {
    /// A [`Product`] was created.
    #[serde(rename = "ProductCreated")]
    Created,
    /// A [`Product`] was updated.
    #[serde(rename = "ProductUpdated")]
    Updated,
    /// A [`Product`] was deleted.
    #[serde(rename = "ProductDeleted")]
    Deleted,
}
impl ProductEventType {
    /// The name on the wire, such as `ProductCreated`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "ProductCreated",
            Self::Updated => "ProductUpdated",
            Self::Deleted => "ProductDeleted",
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Display for ProductEventType {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.pad(self.as_str())
    }
}
/// A [`Product`] as its events show it.
pub struct ProductEventData {
    /// `id` in the events of [`Product`].
    pub id: ProductId,
    /// `amount` in the events of [`Product`].
    pub amount: Decimal,
    /// `password` in the events of [`Product`].
    pub password: String,
    /// `category_name` in the events of [`Product`].
    pub category_name: String,
}
impl ProductEventData {
    fn __new(entity: &Product, category_name: String) -> Self {
        let _ = (
            entity,
            category_name,
            ::entity_events::__private::convert::<
                _,
                Decimal,
            >(&entity.amount, Amount::value),
        );
        ::core::unreachable!()
    }
}
::entity_events::__private::hollow!(ProductEventData);
/// A change of a [`Product`], as it is published.
#[derive(::core::fmt::Debug, ::core::clone::Clone)]
#[derive(
    ::entity_events::__private::serde::Serialize,
    ::entity_events::__private::serde::Deserialize
)]
#[serde(crate = "::entity_events::__private::serde")]
pub struct ProductEvent {
    /// The unique id of this event, a UUIDv7.
    pub event_id: ::entity_events::__private::Uuid,
    /// What happened.
    pub event_type: ProductEventType,
    /// When it happened.
    #[serde(with = "::entity_events::__private::timestamp")]
    pub timestamp: ::entity_events::__private::DateTime<::entity_events::__private::Utc>,
    /// The version of the event's schema.
    pub version: ::std::string::String,
    /// The [`Product`] after the change; the last state for a deletion.
    pub data: ProductEventData,
    /// The [`Product`] before the change, for an update.
    #[serde(default, skip_serializing_if = "::core::option::Option::is_none")]
    pub old_data: ::core::option::Option<ProductEventData>,
    /// Who published the event, and on whose behalf.
    pub metadata: ::entity_events::EventMetadata,
}
impl ProductEvent {
    /// A [`Product`] was created.
    #[must_use]
    pub fn new_created(
        entity: &Product,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ProductEventType::Created,
            ProductEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// A [`Product`] was updated.
    #[must_use]
    pub fn new_updated(
        old: &Product,
        new: &Product,
        old_category_name: String,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self {
            old_data: ::core::option::Option::Some(
                ProductEventData::__new(old, old_category_name),
            ),
            ..Self::__new(
                ProductEventType::Updated,
                ProductEventData::__new(new, category_name),
                correlation_id,
            )
        }
    }
    /// A [`Product`] was deleted.
    #[must_use]
    pub fn new_deleted(
        entity: &Product,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ProductEventType::Deleted,
            ProductEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    fn __new(
        __event_type: ProductEventType,
        __data: ProductEventData,
        __correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self {
            event_id: ::entity_events::__private::event_id(),
            event_type: __event_type,
            timestamp: ::entity_events::__private::now(),
            version: ::entity_events::__private::version::<Self>(),
            metadata: ::entity_events::__private::metadata::<
                Self,
            >(__correlation_id, ::core::option::Option::None),
            data: __data,
            old_data: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::entity_events::Entity for Product {
    type Event = ProductEvent;
}
#[automatically_derived]
impl ::entity_events::Event for ProductEvent {
    type Entity = Product;
    const FEATURE: &'static str = "product";
    const SOURCE: &'static str = ::core::env!("CARGO_PKG_NAME");
    const DEFAULT_TOPIC: &'static str = "int.product-update.event";
    const VERSION: &'static str = "1.0";
    fn id(&self) -> ::entity_events::__private::Uuid {
        self.event_id
    }
    fn event_type(&self) -> &'static str {
        self.event_type.as_str()
    }
    fn key(&self) -> ::std::string::String {
        ::entity_events::__private::owned_key(self)
    }
    fn write_key(&self, __key: &mut ::std::string::String) {
        ::entity_events::__private::join_key(__key, &[])
    }
    fn metadata(&self) -> &::entity_events::EventMetadata {
        &self.metadata
    }
    fn timestamp(
        &self,
    ) -> ::entity_events::__private::DateTime<::entity_events::__private::Utc> {
        self.timestamp
    }
}
/// Publishes the events of [`Product`].
///
/// Implemented by everything that publishes [`ProductEvent`]s; a test double needs one method.
#[::entity_events::__private::async_trait]
pub trait ProductEventProducer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
    /// Publishes a change of a [`Product`] and waits until every in-sync replica has it.
    ///
    /// # Errors
    ///
    /// Where the event was not published, or is not known to be.
    async fn publish_product_event(
        &self,
        event: ProductEvent,
    ) -> ::core::result::Result<(), ::entity_events::PublishError>;
    /// Publishes changes of [`Product`]s in order and waits until every in-sync replica has them all.
    ///
    /// # Errors
    ///
    /// The first failure.
    async fn publish_product_events(
        &self,
        events: ::std::vec::Vec<ProductEvent>,
    ) -> ::core::result::Result<(), ::entity_events::PublishError> {
        for __event in events {
            self.publish_product_event(__event).await?;
        }
        ::core::result::Result::Ok(())
    }
    /// Hands over a change of a [`Product`]: never fails the operation; a failure is logged.
    async fn emit_product_event(&self, event: ProductEvent) {
        ::entity_events::__private::log_unpublished(
            (event.event_id, event.event_type.as_str()),
            self.publish_product_event(event).await,
        );
    }
}
const _: () = {
    type __Outcome = ::core::result::Result<(), ::entity_events::PublishError>;
    #[::entity_events::__private::async_trait]
    #[automatically_derived]
    impl<__P: ::entity_events::Publish<ProductEvent>> ProductEventProducer for __P {
        async fn publish_product_event(&self, event: ProductEvent) -> __Outcome {
            ::entity_events::Publish::publish(self, event).await
        }
        async fn publish_product_events(
            &self,
            events: ::std::vec::Vec<ProductEvent>,
        ) -> __Outcome {
            ::entity_events::Publish::publish_all(self, events).await
        }
        async fn emit_product_event(&self, event: ProductEvent) {
            ::entity_events::Publish::emit(self, event).await
        }
    }
};
/// The topic of [`ProductEvent`] in a configuration; `int.product-update.event` by default.
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
pub struct ProductTopics {
    /// Where the events of [`Product`] go.
    pub product_topic: ::std::string::String,
}
#[automatically_derived]
impl ::core::default::Default for ProductTopics {
    fn default() -> Self {
        Self {
            product_topic: ::std::string::ToString::to_string(
                <ProductEvent as ::entity_events::Event>::DEFAULT_TOPIC,
            ),
        }
    }
}
#[automatically_derived]
impl ::entity_events::Topics for ProductTopics {
    const SOURCE: &'static str = <ProductEvent as ::entity_events::Event>::SOURCE;
    fn fields(&self) -> ::std::vec::Vec<(&'static str, &str)> {
        ::std::vec![("product_topic", self.product_topic.as_str())]
    }
    fn fields_mut(
        &mut self,
    ) -> ::std::vec::Vec<(&'static str, &mut ::std::string::String)> {
        ::std::vec![("product_topic", & mut self.product_topic)]
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<Product> for ProductTopics {
    fn topic(&self) -> &str {
        &self.product_topic
    }
}
