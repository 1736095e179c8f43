/// The kinds of [`OrderEvent`].
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
enum OrderEventType {
    /// A [`Order`] was created.
    #[serde(rename = "OrderCreated")]
    Created,
    /// A [`Order`] was updated.
    #[serde(rename = "OrderUpdated")]
    Updated,
    /// A [`Order`] was deleted.
    #[serde(rename = "OrderDeleted")]
    Deleted,
}
impl OrderEventType {
    /// The name on the wire, such as `OrderCreated`.
    #[must_use]
    const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "OrderCreated",
            Self::Updated => "OrderUpdated",
            Self::Deleted => "OrderDeleted",
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Display for OrderEventType {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.pad(self.as_str())
    }
}
/// A [`Order`] as its events show it.
#[derive(
    ::entity_events::__private::serde::Serialize,
    ::entity_events::__private::serde::Deserialize
)]
#[serde(crate = "::entity_events::__private::serde")]
#[derive(::core::fmt::Debug)]
struct OrderEventData {
    /// `id` in the events of [`Order`].
    id: Uuid,
}
impl OrderEventData {
    fn __new(entity: &Order) -> Self {
        Self {
            id: ::core::clone::Clone::clone(&entity.id),
        }
    }
}
#[automatically_derived]
impl ::core::clone::Clone for OrderEventData {
    fn clone(&self) -> Self {
        Self {
            id: ::core::clone::Clone::clone(&self.id),
        }
    }
}
/// A change of a [`Order`], as it is published.
#[derive(::core::fmt::Debug, ::core::clone::Clone)]
#[derive(
    ::entity_events::__private::serde::Serialize,
    ::entity_events::__private::serde::Deserialize
)]
#[serde(crate = "::entity_events::__private::serde")]
struct OrderEvent {
    /// The unique id of this event, a UUIDv7.
    event_id: ::entity_events::__private::Uuid,
    /// What happened.
    event_type: OrderEventType,
    /// When it happened.
    #[serde(with = "::entity_events::__private::timestamp")]
    timestamp: ::entity_events::__private::DateTime<::entity_events::__private::Utc>,
    /// The version of the event's schema.
    version: ::std::string::String,
    /// The [`Order`] after the change; the last state for a deletion.
    data: OrderEventData,
    /// The [`Order`] before the change, for an update.
    #[serde(default, skip_serializing_if = "::core::option::Option::is_none")]
    old_data: ::core::option::Option<OrderEventData>,
    /// Who published the event, and on whose behalf.
    metadata: ::entity_events::EventMetadata,
}
impl OrderEvent {
    /// A [`Order`] was created.
    #[must_use]
    fn new_created(
        entity: &Order,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            OrderEventType::Created,
            OrderEventData::__new(entity),
            correlation_id,
        )
    }
    /// A [`Order`] was updated.
    #[must_use]
    fn new_updated(
        old: &Order,
        new: &Order,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self {
            old_data: ::core::option::Option::Some(OrderEventData::__new(old)),
            ..Self::__new(
                OrderEventType::Updated,
                OrderEventData::__new(new),
                correlation_id,
            )
        }
    }
    /// A [`Order`] was deleted.
    #[must_use]
    fn new_deleted(
        entity: &Order,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            OrderEventType::Deleted,
            OrderEventData::__new(entity),
            correlation_id,
        )
    }
    fn __new(
        __event_type: OrderEventType,
        __data: OrderEventData,
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
impl ::entity_events::Entity for Order {
    type Event = OrderEvent;
}
#[automatically_derived]
impl ::entity_events::Event for OrderEvent {
    type Entity = Order;
    const FEATURE: &'static str = "order";
    const SOURCE: &'static str = ::core::env!("CARGO_PKG_NAME");
    const DEFAULT_TOPIC: &'static str = "int.order-update.event";
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
        ::entity_events::__private::join_key(
            __key,
            &[::entity_events::__private::key(&self.data.id)],
        )
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
/// Publishes the events of [`Order`].
///
/// Implemented by everything that publishes [`OrderEvent`]s; a test double needs one method.
#[::entity_events::__private::async_trait]
trait OrderEventProducer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
    /// Publishes a change of a [`Order`] and waits until every in-sync replica has it.
    ///
    /// # Errors
    ///
    /// Where the event was not published, or is not known to be.
    async fn publish_order_event(
        &self,
        event: OrderEvent,
    ) -> ::core::result::Result<(), ::entity_events::PublishError>;
    /// Publishes changes of [`Order`]s in order and waits until every in-sync replica has them all.
    ///
    /// # Errors
    ///
    /// The first failure.
    async fn publish_order_events(
        &self,
        events: ::std::vec::Vec<OrderEvent>,
    ) -> ::core::result::Result<(), ::entity_events::PublishError> {
        for __event in events {
            self.publish_order_event(__event).await?;
        }
        ::core::result::Result::Ok(())
    }
    /// Hands over a change of a [`Order`]: never fails the operation; a failure is logged.
    async fn emit_order_event(&self, event: OrderEvent) {
        ::entity_events::__private::log_unpublished(
            (event.event_id, event.event_type.as_str()),
            self.publish_order_event(event).await,
        );
    }
}
const _: () = {
    type __Outcome = ::core::result::Result<(), ::entity_events::PublishError>;
    #[::entity_events::__private::async_trait]
    #[automatically_derived]
    impl<__P: ::entity_events::Publish<OrderEvent>> OrderEventProducer for __P {
        async fn publish_order_event(&self, event: OrderEvent) -> __Outcome {
            ::entity_events::Publish::publish(self, event).await
        }
        async fn publish_order_events(
            &self,
            events: ::std::vec::Vec<OrderEvent>,
        ) -> __Outcome {
            ::entity_events::Publish::publish_all(self, events).await
        }
        async fn emit_order_event(&self, event: OrderEvent) {
            ::entity_events::Publish::emit(self, event).await
        }
    }
};
/// The topic of [`OrderEvent`] in a configuration; `int.order-update.event` by default.
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
struct OrderTopics {
    /// Where the events of [`Order`] go.
    order_topic: ::std::string::String,
}
#[automatically_derived]
impl ::core::default::Default for OrderTopics {
    fn default() -> Self {
        Self {
            order_topic: ::std::string::ToString::to_string(
                <OrderEvent as ::entity_events::Event>::DEFAULT_TOPIC,
            ),
        }
    }
}
#[automatically_derived]
impl ::entity_events::Topics for OrderTopics {
    const SOURCE: &'static str = <OrderEvent as ::entity_events::Event>::SOURCE;
    fn fields(&self) -> ::std::vec::Vec<(&'static str, &str)> {
        ::std::vec![("order_topic", self.order_topic.as_str())]
    }
    fn fields_mut(
        &mut self,
    ) -> ::std::vec::Vec<(&'static str, &mut ::std::string::String)> {
        ::std::vec![("order_topic", & mut self.order_topic)]
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<Order> for OrderTopics {
    fn topic(&self) -> &str {
        &self.order_topic
    }
}
