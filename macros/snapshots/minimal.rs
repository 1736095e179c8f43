/// The kinds of [`OrderEvent`].
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
)]
#[non_exhaustive]
enum OrderEventType {
    /// An [`Order`] was created.
    Created,
    /// An [`Order`] was updated.
    Updated,
    /// An [`Order`] was deleted.
    Deleted,
    /// Something that only a newer version of the code knows. It is read, and cannot be published.
    Unknown(::entity_events::UnknownEventType),
}
impl OrderEventType {
    /// The name on the wire, such as `OrderCreated`.
    #[must_use]
    const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "OrderCreated",
            Self::Updated => "OrderUpdated",
            Self::Deleted => "OrderDeleted",
            Self::Unknown(__unknown) => __unknown.as_str(),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Display for OrderEventType {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.pad(self.as_str())
    }
}
#[automatically_derived]
impl ::entity_events::__private::serde::Serialize for OrderEventType {
    fn serialize<__S: ::entity_events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        match *self {
            Self::Unknown(__unknown) => {
                ::entity_events::__private::refuse_event_type(__unknown)
            }
            __known => {
                ::entity_events::__private::serde::Serializer::serialize_str(
                    __serializer,
                    __known.as_str(),
                )
            }
        }
    }
}
#[automatically_derived]
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for OrderEventType {
    fn deserialize<__D: ::entity_events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let __types = [Self::Created, Self::Updated, Self::Deleted];
        ::entity_events::__private::read_event_type(
            __deserializer,
            &__types,
            Self::as_str,
            Self::Unknown,
        )
    }
}
/// A [`Order`] as its events show it.
#[derive(::core::fmt::Debug)]
struct OrderEventData {
    /// `id` in the events of [`Order`].
    id: Uuid,
}
/// A change of a [`Order`], as it is published.
#[derive(::core::fmt::Debug, ::core::clone::Clone)]
struct OrderEvent {
    /// The unique id of this event, a UUIDv7.
    event_id: ::entity_events::__private::Uuid,
    /// What happened.
    event_type: OrderEventType,
    /// When it happened.
    timestamp: ::entity_events::__private::DateTime<::entity_events::__private::Utc>,
    /// The version of the event's schema.
    version: ::std::string::String,
    /// The [`Order`] after the change; the last state for a deletion.
    data: OrderEventData,
    /// The [`Order`] before the change, for an update.
    old_data: ::core::option::Option<OrderEventData>,
    /// Who published the event, and on whose behalf.
    metadata: ::entity_events::EventMetadata,
}
impl OrderEvent {
    /// An [`Order`] was created.
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
    /// An [`Order`] was updated.
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
    /// An [`Order`] was deleted.
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
impl ::entity_events::__private::serde::Serialize for OrderEvent {
    fn serialize<__S: ::entity_events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        let __envelope = ::entity_events::__private::Envelope {
            event_id: self.event_id,
            event_type: self.event_type,
            timestamp: self.timestamp,
            version: self.version.as_str(),
            data: &self.data,
            old_data: self.old_data.as_ref(),
            metadata: &self.metadata,
        };
        ::entity_events::__private::serde::Serialize::serialize(
            &__envelope,
            __serializer,
        )
    }
}
#[automatically_derived]
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for OrderEvent {
    fn deserialize<__D: ::entity_events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let __envelope: ::entity_events::__private::Envelope<_, _, _, _> = ::entity_events::__private::serde::Deserialize::deserialize(
            __deserializer,
        )?;
        ::core::result::Result::Ok(Self {
            event_id: __envelope.event_id,
            event_type: __envelope.event_type,
            timestamp: __envelope.timestamp,
            version: __envelope.version,
            data: __envelope.data,
            old_data: __envelope.old_data,
            metadata: __envelope.metadata,
        })
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
    fn is_unknown(&self) -> bool {
        ::core::matches!(self.event_type, OrderEventType::Unknown(_))
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
trait OrderEventProducer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
    /// Publishes a change of a [`Order`] and waits until every in-sync replica has it.
    ///
    /// # Errors
    ///
    /// If the event was not published, or is not known to be.
    fn publish_order_event<'life0, 'async_trait>(
        &'life0 self,
        event: OrderEvent,
    ) -> ::entity_events::__private::BoxFuture<
        'async_trait,
        ::core::result::Result<(), ::entity_events::PublishError>,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait;
    /// Publishes changes of [`Order`]s in order and waits until every in-sync replica has them all.
    ///
    /// # Errors
    ///
    /// The first failure. By default the events are published one by one; those after the failure are not, and
    /// are logged.
    fn publish_order_events<'life0, 'async_trait>(
        &'life0 self,
        events: ::std::vec::Vec<OrderEvent>,
    ) -> ::entity_events::__private::BoxFuture<
        'async_trait,
        ::core::result::Result<(), ::entity_events::PublishError>,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        ::entity_events::__private::one_by_one(
            events,
            |__event| self.publish_order_event(__event),
        )
    }
    /// Hands over a change of a [`Order`]: never fails the operation; a failure is logged.
    fn emit_order_event<'life0, 'async_trait>(
        &'life0 self,
        event: OrderEvent,
    ) -> ::entity_events::__private::BoxFuture<'async_trait, ()>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        ::entity_events::__private::log_unpublished(
            (event.event_id, event.event_type.as_str()),
            self.publish_order_event(event),
        )
    }
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
#[automatically_derived]
impl ::entity_events::__private::serde::Serialize for OrderEventData {
    fn serialize<__S: ::entity_events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        use ::entity_events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __data = ::entity_events::__private::serde::Serializer::serialize_struct(
            __serializer,
            "OrderEventData",
            1usize,
        )?;
        <__Serde as __Codec<Uuid>>::write(&mut __data, "id", &self.id)?;
        ::entity_events::__private::serde::ser::SerializeStruct::end(__data)
    }
}
#[automatically_derived]
impl ::entity_events::__private::Data for OrderEventData {
    const NAME: &'static str = "OrderEventData";
    const FIELDS: &'static [&'static str] = &["id"];
    fn read<'de, __A: ::entity_events::__private::serde::de::MapAccess<'de>>(
        __map: &mut ::entity_events::__private::DataMap<__A>,
    ) -> ::core::result::Result<Self, __A::Error> {
        use ::entity_events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __field_0 = ::core::option::Option::None;
        while let ::core::option::Option::Some(__index) = __map.next_field::<Self>()? {
            match __index {
                _ => <__Serde as __Codec<Uuid>>::read(__map, "id", &mut __field_0)?,
            }
        }
        ::core::result::Result::Ok(Self {
            id: <__Serde as __Codec<Uuid>>::or_missing("id", __field_0)?,
        })
    }
}
#[automatically_derived]
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for OrderEventData {
    fn deserialize<__D: ::entity_events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        ::entity_events::__private::read_data(__deserializer)
    }
}
const _: () = {
    type __Outcome = ::core::result::Result<(), ::entity_events::PublishError>;
    #[automatically_derived]
    impl<__P: ::entity_events::Publish<OrderEvent>> OrderEventProducer for __P {
        fn publish_order_event<'life0, 'async_trait>(
            &'life0 self,
            event: OrderEvent,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, __Outcome>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::publish(self, event, ::core::convert::identity)
        }
        fn publish_order_events<'life0, 'async_trait>(
            &'life0 self,
            events: ::std::vec::Vec<OrderEvent>,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, __Outcome>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::publish_all(
                self,
                events,
                ::core::convert::identity,
            )
        }
        fn emit_order_event<'life0, 'async_trait>(
            &'life0 self,
            event: OrderEvent,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, ()>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::emit(self, event)
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
    fn describe(__describer: &mut ::entity_events::__private::Describer) {
        <OrderEvent as ::entity_events::Event>::describe(__describer);
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<Order> for OrderTopics {
    fn topic(&self) -> &str {
        &self.order_topic
    }
}
