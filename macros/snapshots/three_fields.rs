/// The kinds of [`ProductEvent`].
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
)]
#[non_exhaustive]
pub enum ProductEventType {
    /// A [`Product`] was created.
    Created,
    /// A [`Product`] was updated.
    Updated,
    /// A [`Product`] was deleted.
    Deleted,
    /// Something that only a newer version of the code knows. It is read, and cannot be published.
    Unknown(::entity_events::UnknownEventType),
}
impl ProductEventType {
    /// The name on the wire, such as `ProductCreated`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "ProductCreated",
            Self::Updated => "ProductUpdated",
            Self::Deleted => "ProductDeleted",
            Self::Unknown(__unknown) => __unknown.as_str(),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Display for ProductEventType {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.pad(self.as_str())
    }
}
#[automatically_derived]
impl ::entity_events::__private::serde::Serialize for ProductEventType {
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
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for ProductEventType {
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
/// A [`Product`] as its events show it.
#[derive(::core::fmt::Debug)]
pub struct ProductEventData {
    /// `id` in the events of [`Product`].
    pub id: ProductId,
    /// `name` in the events of [`Product`].
    pub name: String,
    /// `price` in the events of [`Product`].
    pub price: Decimal,
}
/// A change of a [`Product`], as it is published.
#[derive(::core::fmt::Debug, ::core::clone::Clone)]
pub struct ProductEvent {
    /// The unique id of this event, a UUIDv7.
    pub event_id: ::entity_events::__private::Uuid,
    /// What happened.
    pub event_type: ProductEventType,
    /// When it happened.
    pub timestamp: ::entity_events::__private::DateTime<::entity_events::__private::Utc>,
    /// The version of the event's schema.
    pub version: ::std::string::String,
    /// The [`Product`] after the change; the last state for a deletion.
    pub data: ProductEventData,
    /// The [`Product`] before the change, for an update.
    pub old_data: ::core::option::Option<ProductEventData>,
    /// Who published the event, and on whose behalf.
    pub metadata: ::entity_events::EventMetadata,
}
impl ProductEvent {
    /// A [`Product`] was created.
    #[must_use]
    pub fn new_created(
        entity: &Product,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ProductEventType::Created,
            ProductEventData::__new(entity),
            correlation_id,
        )
    }
    /// A [`Product`] was updated.
    #[must_use]
    pub fn new_updated(
        old: &Product,
        new: &Product,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self {
            old_data: ::core::option::Option::Some(ProductEventData::__new(old)),
            ..Self::__new(
                ProductEventType::Updated,
                ProductEventData::__new(new),
                correlation_id,
            )
        }
    }
    /// A [`Product`] was deleted.
    #[must_use]
    pub fn new_deleted(
        entity: &Product,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ProductEventType::Deleted,
            ProductEventData::__new(entity),
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
impl ::entity_events::__private::serde::Serialize for ProductEvent {
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
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for ProductEvent {
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
    fn is_unknown(&self) -> bool {
        ::core::matches!(self.event_type, ProductEventType::Unknown(_))
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
/// Publishes the events of [`Product`].
///
/// Implemented by everything that publishes [`ProductEvent`]s; a test double needs one method.
pub trait ProductEventProducer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
    /// Publishes a change of a [`Product`] and waits until every in-sync replica has it.
    ///
    /// # Errors
    ///
    /// If the event was not published, or is not known to be.
    fn publish_product_event<'life0, 'async_trait>(
        &'life0 self,
        event: ProductEvent,
    ) -> ::entity_events::__private::BoxFuture<
        'async_trait,
        ::core::result::Result<(), ProductError>,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait;
    /// Publishes changes of [`Product`]s in order and waits until every in-sync replica has them all.
    ///
    /// # Errors
    ///
    /// The first failure. By default the events are published one by one; those after the failure are not, and
    /// are logged.
    fn publish_product_events<'life0, 'async_trait>(
        &'life0 self,
        events: ::std::vec::Vec<ProductEvent>,
    ) -> ::entity_events::__private::BoxFuture<
        'async_trait,
        ::core::result::Result<(), ProductError>,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        ::entity_events::__private::one_by_one(
            events,
            |__event| self.publish_product_event(__event),
        )
    }
    /// Hands over a change of a [`Product`]: never fails the operation; a failure is logged.
    fn emit_product_event<'life0, 'async_trait>(
        &'life0 self,
        event: ProductEvent,
    ) -> ::entity_events::__private::BoxFuture<'async_trait, ()>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        ::entity_events::__private::log_unpublished(
            (event.event_id, event.event_type.as_str()),
            self.publish_product_event(event),
        )
    }
}
impl ProductEventData {
    fn __new(entity: &Product) -> Self {
        Self {
            id: ::core::clone::Clone::clone(&entity.id),
            name: ::core::clone::Clone::clone(&entity.name),
            price: ::core::clone::Clone::clone(&entity.price),
        }
    }
}
#[automatically_derived]
impl ::core::clone::Clone for ProductEventData {
    fn clone(&self) -> Self {
        Self {
            id: ::core::clone::Clone::clone(&self.id),
            name: ::core::clone::Clone::clone(&self.name),
            price: ::core::clone::Clone::clone(&self.price),
        }
    }
}
#[automatically_derived]
impl ::entity_events::__private::serde::Serialize for ProductEventData {
    fn serialize<__S: ::entity_events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        use ::entity_events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __data = ::entity_events::__private::serde::Serializer::serialize_struct(
            __serializer,
            "ProductEventData",
            3usize,
        )?;
        <__Serde as __Codec<ProductId>>::write(&mut __data, "id", &self.id)?;
        <__Serde as __Codec<String>>::write(&mut __data, "name", &self.name)?;
        <__Serde as __Codec<Decimal>>::write(&mut __data, "price", &self.price)?;
        ::entity_events::__private::serde::ser::SerializeStruct::end(__data)
    }
}
#[automatically_derived]
impl ::entity_events::__private::Data for ProductEventData {
    const NAME: &'static str = "ProductEventData";
    const FIELDS: &'static [&'static str] = &["id", "name", "price"];
    fn read<'de, __A: ::entity_events::__private::serde::de::MapAccess<'de>>(
        __map: &mut ::entity_events::__private::DataMap<__A>,
    ) -> ::core::result::Result<Self, __A::Error> {
        use ::entity_events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __field_0 = ::core::option::Option::None;
        let mut __field_1 = ::core::option::Option::None;
        let mut __field_2 = ::core::option::Option::None;
        while let ::core::option::Option::Some(__index) = __map.next_field::<Self>()? {
            match __index {
                0usize => {
                    <__Serde as __Codec<ProductId>>::read(__map, "id", &mut __field_0)?
                }
                1usize => {
                    <__Serde as __Codec<String>>::read(__map, "name", &mut __field_1)?
                }
                _ => <__Serde as __Codec<Decimal>>::read(__map, "price", &mut __field_2)?,
            }
        }
        ::core::result::Result::Ok(Self {
            id: <__Serde as __Codec<ProductId>>::or_missing("id", __field_0)?,
            name: <__Serde as __Codec<String>>::or_missing("name", __field_1)?,
            price: <__Serde as __Codec<Decimal>>::or_missing("price", __field_2)?,
        })
    }
}
#[automatically_derived]
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for ProductEventData {
    fn deserialize<__D: ::entity_events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        ::entity_events::__private::read_data(__deserializer)
    }
}
const _: () = {
    type __Outcome = ::core::result::Result<(), ProductError>;
    #[automatically_derived]
    impl<__P: ::entity_events::Publish<ProductEvent>> ProductEventProducer for __P {
        fn publish_product_event<'life0, 'async_trait>(
            &'life0 self,
            event: ProductEvent,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, __Outcome>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::publish(
                self,
                event,
                |__result| ::entity_events::__private::own_error::<__Outcome>(__result),
            )
        }
        fn publish_product_events<'life0, 'async_trait>(
            &'life0 self,
            events: ::std::vec::Vec<ProductEvent>,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, __Outcome>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::publish_all(
                self,
                events,
                |__result| ::entity_events::__private::own_error::<__Outcome>(__result),
            )
        }
        fn emit_product_event<'life0, 'async_trait>(
            &'life0 self,
            event: ProductEvent,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, ()>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::emit(self, event)
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
    fn describe(__describer: &mut ::entity_events::__private::Describer) {
        <ProductEvent as ::entity_events::Event>::describe(__describer);
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<Product> for ProductTopics {
    fn topic(&self) -> &str {
        &self.product_topic
    }
}
