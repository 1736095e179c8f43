/// The kinds of [`ItemEvent`].
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
)]
#[non_exhaustive]
pub(crate) enum ItemEventType {
    /// An [`Item`] was created.
    Created,
    /// An [`Item`] was updated.
    Updated,
    /// An [`Item`] was deleted.
    Deleted,
    /// `SoldOut` happened to an [`Item`].
    SoldOut,
    /// `Priced` happened to an [`Item`].
    Priced,
    /// Something that only a newer version of the code knows. It is read, and cannot be published.
    Unknown(crate::events::UnknownEventType),
}
impl ItemEventType {
    /// The name on the wire, such as `StockCreated`.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "StockCreated",
            Self::Updated => "StockUpdated",
            Self::Deleted => "StockDeleted",
            Self::SoldOut => "StockSoldOut",
            Self::Priced => "StockPriced",
            Self::Unknown(__unknown) => __unknown.as_str(),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Display for ItemEventType {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.pad(self.as_str())
    }
}
#[automatically_derived]
impl crate::events::__private::serde::Serialize for ItemEventType {
    fn serialize<__S: crate::events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        match *self {
            Self::Unknown(__unknown) => {
                crate::events::__private::refuse_event_type(__unknown)
            }
            __known => {
                crate::events::__private::serde::Serializer::serialize_str(
                    __serializer,
                    __known.as_str(),
                )
            }
        }
    }
}
#[automatically_derived]
impl<'de> crate::events::__private::serde::Deserialize<'de> for ItemEventType {
    fn deserialize<__D: crate::events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let __types = [
            Self::Created,
            Self::Updated,
            Self::Deleted,
            Self::SoldOut,
            Self::Priced,
        ];
        crate::events::__private::read_event_type(
            __deserializer,
            &__types,
            Self::as_str,
            Self::Unknown,
        )
    }
}
/// A [`Item`] as its events show it.
#[derive(::core::fmt::Debug, crate::events::__private::SerdeAttributes, PartialEq)]
pub(crate) struct ItemEventData {
    /// `shop` in the events of [`Item`].
    pub(crate) shop: String,
    /// `number` in the events of [`Item`].
    #[serde(rename = "no")]
    #[serde(alias = "number")]
    #[serde(alias = "num")]
    pub(crate) number: u64,
    /// Who made it.
    pub(crate) owner: Option<u64>,
    /// `amount` in the events of [`Item`].
    pub(crate) amount: u64,
    /// `kind` in the events of [`Item`].
    #[serde(default)]
    pub(crate) kind: String,
    /// `api_key` in the events of [`Item`].
    #[serde(rename = "apiKey")]
    pub(crate) api_key: String,
    /// `category_name` in the events of [`Item`].
    #[serde(rename = "category")]
    #[serde(default)]
    pub(crate) category_name: String,
}
/// A change of a [`Item`], as it is published.
#[derive(::core::fmt::Debug, ::core::clone::Clone)]
pub(crate) struct ItemEvent {
    /// The unique id of this event, a UUIDv7.
    pub(crate) event_id: crate::events::__private::Uuid,
    /// What happened.
    pub(crate) event_type: ItemEventType,
    /// When it happened.
    pub(crate) timestamp: crate::events::__private::DateTime<
        crate::events::__private::Utc,
    >,
    /// The version of the event's schema.
    pub(crate) version: ::std::string::String,
    /// The [`Item`] after the change; the last state for a deletion.
    pub(crate) data: ItemEventData,
    /// The [`Item`] before the change, for an update.
    pub(crate) old_data: ::core::option::Option<ItemEventData>,
    /// Who published the event, and on whose behalf.
    pub(crate) metadata: crate::events::EventMetadata,
}
impl ItemEvent {
    /// An [`Item`] was created.
    #[must_use]
    pub(crate) fn new_created(
        entity: &Item,
        category_name: String,
        correlation_id: crate::events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ItemEventType::Created,
            ItemEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// An [`Item`] was updated.
    #[must_use]
    pub(crate) fn new_updated(
        old: &Item,
        new: &Item,
        old_category_name: String,
        category_name: String,
        correlation_id: crate::events::__private::Uuid,
    ) -> Self {
        Self {
            old_data: ::core::option::Option::Some(
                ItemEventData::__new(old, old_category_name),
            ),
            ..Self::__new(
                ItemEventType::Updated,
                ItemEventData::__new(new, category_name),
                correlation_id,
            )
        }
    }
    /// An [`Item`] was deleted.
    #[must_use]
    pub(crate) fn new_deleted(
        entity: &Item,
        category_name: String,
        correlation_id: crate::events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ItemEventType::Deleted,
            ItemEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// `SoldOut` happened to an [`Item`].
    #[must_use]
    pub(crate) fn new_sold_out(
        entity: &Item,
        category_name: String,
        correlation_id: crate::events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ItemEventType::SoldOut,
            ItemEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// `Priced` happened to an [`Item`].
    #[must_use]
    pub(crate) fn new_priced(
        old: &Item,
        new: &Item,
        old_category_name: String,
        category_name: String,
        correlation_id: crate::events::__private::Uuid,
    ) -> Self {
        Self {
            old_data: ::core::option::Option::Some(
                ItemEventData::__new(old, old_category_name),
            ),
            ..Self::__new(
                ItemEventType::Priced,
                ItemEventData::__new(new, category_name),
                correlation_id,
            )
        }
    }
    fn __new(
        __event_type: ItemEventType,
        __data: ItemEventData,
        __correlation_id: crate::events::__private::Uuid,
    ) -> Self {
        Self {
            event_id: crate::events::__private::event_id(),
            event_type: __event_type,
            timestamp: crate::events::__private::now(),
            version: crate::events::__private::version::<Self>(),
            metadata: crate::events::__private::metadata::<
                Self,
            >(
                __correlation_id,
                {
                    #[allow(unused_imports)]
                    use crate::events::__private::Always as _;
                    crate::events::__private::Text(&__data.owner).get()
                },
            ),
            data: __data,
            old_data: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl crate::events::__private::serde::Serialize for ItemEvent {
    fn serialize<__S: crate::events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        let __envelope = crate::events::__private::Envelope {
            event_id: self.event_id,
            event_type: self.event_type,
            timestamp: self.timestamp,
            version: self.version.as_str(),
            data: &self.data,
            old_data: self.old_data.as_ref(),
            metadata: &self.metadata,
        };
        crate::events::__private::serde::Serialize::serialize(&__envelope, __serializer)
    }
}
#[automatically_derived]
impl<'de> crate::events::__private::serde::Deserialize<'de> for ItemEvent {
    fn deserialize<__D: crate::events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let __envelope: crate::events::__private::Envelope<_, _, _, _> = crate::events::__private::serde::Deserialize::deserialize(
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
impl crate::events::Entity for Item {
    type Event = ItemEvent;
}
#[automatically_derived]
impl crate::events::Event for ItemEvent {
    type Entity = Item;
    const FEATURE: &'static str = "stock_item";
    const SOURCE: &'static str = "catalog-service";
    const DEFAULT_TOPIC: &'static str = "items";
    const VERSION: &'static str = "2.1";
    const TYPE_PREFIX: &'static str = "com.acme";
    const HEADERS: &'static [&'static str] = &["x-owner", "x-amount", "x-category"];
    const DELETE: crate::events::DeletePolicy = crate::events::DeletePolicy::EventThenTombstone;
    fn is_deletion(&self) -> bool {
        self.event_type == ItemEventType::Deleted
    }
    fn id(&self) -> crate::events::__private::Uuid {
        self.event_id
    }
    fn event_type(&self) -> &'static str {
        self.event_type.as_str()
    }
    fn is_unknown(&self) -> bool {
        ::core::matches!(self.event_type, ItemEventType::Unknown(_))
    }
    fn key(&self) -> ::std::string::String {
        crate::events::__private::owned_key(self)
    }
    fn write_key(&self, __key: &mut ::std::string::String) {
        crate::events::__private::join_key(
            __key,
            &[
                crate::events::__private::key(&self.data.shop),
                crate::events::__private::key(&self.data.number),
            ],
        )
    }
    fn metadata(&self) -> &crate::events::EventMetadata {
        &self.metadata
    }
    fn timestamp(
        &self,
    ) -> crate::events::__private::DateTime<crate::events::__private::Utc> {
        self.timestamp
    }
    fn write_headers(&self, __headers: &mut crate::events::Headers) {
        crate::events::__private::header(
            __headers,
            "x-owner",
            {
                #[allow(unused_imports)]
                use crate::events::__private::Always as _;
                crate::events::__private::Text(&self.data.owner).get()
            },
        );
        crate::events::__private::header(
            __headers,
            "x-amount",
            {
                #[allow(unused_imports)]
                use crate::events::__private::Always as _;
                crate::events::__private::Text(&self.data.amount).get()
            },
        );
        crate::events::__private::header(
            __headers,
            "x-category",
            {
                #[allow(unused_imports)]
                use crate::events::__private::Always as _;
                crate::events::__private::Text(&self.data.category_name).get()
            },
        );
    }
}
/// Publishes the events of [`Item`].
///
/// Implemented by everything that publishes [`ItemEvent`]s; a test double needs one method.
pub(crate) trait ItemEventProducer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
    /// Publishes a change of a [`Item`] and waits until every in-sync replica has it.
    ///
    /// # Errors
    ///
    /// If the event was not published, or is not known to be.
    fn publish_stock_item_event<'life0, 'async_trait>(
        &'life0 self,
        event: ItemEvent,
    ) -> crate::events::__private::BoxFuture<
        'async_trait,
        ::core::result::Result<(), ItemError>,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait;
    /// Publishes changes of [`Item`]s in order and waits until every in-sync replica has them all.
    ///
    /// # Errors
    ///
    /// The first failure. By default the events are published one by one; those after the failure are not, and
    /// are logged.
    fn publish_stock_item_events<'life0, 'async_trait>(
        &'life0 self,
        events: ::std::vec::Vec<ItemEvent>,
    ) -> crate::events::__private::BoxFuture<
        'async_trait,
        ::core::result::Result<(), ItemError>,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        crate::events::__private::one_by_one(
            events,
            |__event| self.publish_stock_item_event(__event),
        )
    }
    /// Hands over a change of a [`Item`]: never fails the operation; a failure is logged.
    fn emit_stock_item_event<'life0, 'async_trait>(
        &'life0 self,
        event: ItemEvent,
    ) -> crate::events::__private::BoxFuture<'async_trait, ()>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        crate::events::__private::log_unpublished(
            (event.event_id, event.event_type.as_str()),
            self.publish_stock_item_event(event),
        )
    }
}
impl ItemEventData {
    fn __new(entity: &Item, category_name: String) -> Self {
        Self {
            shop: ::core::clone::Clone::clone(&entity.shop),
            number: ::core::clone::Clone::clone(&entity.number),
            owner: ::core::clone::Clone::clone(&entity.owner),
            amount: crate::events::__private::convert::<
                _,
                u64,
            >(&entity.amount, |amount: &Amount| amount.value()),
            kind: <String as ::core::convert::From<
                _,
            >>::from(::core::clone::Clone::clone(&entity.kind)),
            api_key: ::core::clone::Clone::clone(&entity.api_key),
            category_name,
        }
    }
}
#[automatically_derived]
impl ::core::clone::Clone for ItemEventData {
    fn clone(&self) -> Self {
        Self {
            shop: ::core::clone::Clone::clone(&self.shop),
            number: ::core::clone::Clone::clone(&self.number),
            owner: ::core::clone::Clone::clone(&self.owner),
            amount: ::core::clone::Clone::clone(&self.amount),
            kind: ::core::clone::Clone::clone(&self.kind),
            api_key: ::core::clone::Clone::clone(&self.api_key),
            category_name: ::core::clone::Clone::clone(&self.category_name),
        }
    }
}
#[automatically_derived]
impl crate::events::__private::serde::Serialize for ItemEventData {
    fn serialize<__S: crate::events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        use crate::events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __data = crate::events::__private::serde::Serializer::serialize_struct(
            __serializer,
            "ItemEventData",
            7usize,
        )?;
        <__Serde as __Codec<String>>::write(&mut __data, "shop", &self.shop)?;
        <__Serde as __Codec<u64>>::write(&mut __data, "no", &self.number)?;
        <__Serde as __Codec<Option<u64>>>::write(&mut __data, "owner", &self.owner)?;
        <__Serde as __Codec<u64>>::write(&mut __data, "amount", &self.amount)?;
        <__Serde as __Codec<String>>::write(&mut __data, "kind", &self.kind)?;
        <__Serde as __Codec<String>>::write(&mut __data, "apiKey", &self.api_key)?;
        <__Serde as __Codec<
            String,
        >>::write(&mut __data, "category", &self.category_name)?;
        crate::events::__private::serde::ser::SerializeStruct::end(__data)
    }
}
#[automatically_derived]
impl crate::events::__private::Data for ItemEventData {
    const NAME: &'static str = "ItemEventData";
    const FIELDS: &'static [&'static str] = &[
        "shop",
        "no",
        "owner",
        "amount",
        "kind",
        "apiKey",
        "category",
    ];
    const ALIASES: &'static [(&'static str, usize)] = &[
        ("number", 1usize),
        ("num", 1usize),
    ];
    fn read<'de, __A: crate::events::__private::serde::de::MapAccess<'de>>(
        __map: &mut crate::events::__private::DataMap<__A>,
    ) -> ::core::result::Result<Self, __A::Error> {
        use crate::events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __field_0 = ::core::option::Option::None;
        let mut __field_1 = ::core::option::Option::None;
        let mut __field_2 = ::core::option::Option::None;
        let mut __field_3 = ::core::option::Option::None;
        let mut __field_4 = ::core::option::Option::None;
        let mut __field_5 = ::core::option::Option::None;
        let mut __field_6 = ::core::option::Option::None;
        while let ::core::option::Option::Some(__index) = __map.next_field::<Self>()? {
            match __index {
                0usize => {
                    <__Serde as __Codec<String>>::read(__map, "shop", &mut __field_0)?
                }
                1usize => <__Serde as __Codec<u64>>::read(__map, "no", &mut __field_1)?,
                2usize => {
                    <__Serde as __Codec<
                        Option<u64>,
                    >>::read(__map, "owner", &mut __field_2)?
                }
                3usize => {
                    <__Serde as __Codec<u64>>::read(__map, "amount", &mut __field_3)?
                }
                4usize => {
                    <__Serde as __Codec<String>>::read(__map, "kind", &mut __field_4)?
                }
                5usize => {
                    <__Serde as __Codec<String>>::read(__map, "apiKey", &mut __field_5)?
                }
                _ => {
                    <__Serde as __Codec<
                        String,
                    >>::read(__map, "category", &mut __field_6)?
                }
            }
        }
        ::core::result::Result::Ok(Self {
            shop: <__Serde as __Codec<String>>::or_missing("shop", __field_0)?,
            number: <__Serde as __Codec<u64>>::or_missing("no", __field_1)?,
            owner: <__Serde as __Codec<Option<u64>>>::or_missing("owner", __field_2)?,
            amount: <__Serde as __Codec<u64>>::or_missing("amount", __field_3)?,
            kind: crate::events::__private::or_default::<String>(__field_4),
            api_key: <__Serde as __Codec<String>>::or_missing("apiKey", __field_5)?,
            category_name: crate::events::__private::or_default::<String>(__field_6),
        })
    }
}
#[automatically_derived]
impl<'de> crate::events::__private::serde::Deserialize<'de> for ItemEventData {
    fn deserialize<__D: crate::events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::events::__private::read_data(__deserializer)
    }
}
const _: () = {
    type __Outcome = ::core::result::Result<(), ItemError>;
    #[automatically_derived]
    impl<__P: crate::events::Publish<ItemEvent>> ItemEventProducer for __P {
        fn publish_stock_item_event<'life0, 'async_trait>(
            &'life0 self,
            event: ItemEvent,
        ) -> crate::events::__private::BoxFuture<'async_trait, __Outcome>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            crate::events::__private::publish(
                self,
                event,
                |__result| crate::events::__private::made_error::<
                    __Outcome,
                >(__result, ItemError::external_error),
            )
        }
        fn publish_stock_item_events<'life0, 'async_trait>(
            &'life0 self,
            events: ::std::vec::Vec<ItemEvent>,
        ) -> crate::events::__private::BoxFuture<'async_trait, __Outcome>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            crate::events::__private::publish_all(
                self,
                events,
                |__result| crate::events::__private::made_error::<
                    __Outcome,
                >(__result, ItemError::external_error),
            )
        }
        fn emit_stock_item_event<'life0, 'async_trait>(
            &'life0 self,
            event: ItemEvent,
        ) -> crate::events::__private::BoxFuture<'async_trait, ()>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            crate::events::__private::emit(self, event)
        }
    }
};
/// The topic of [`ItemEvent`] in a configuration; `items` by default.
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
pub(crate) struct ItemTopics {
    /// Where the events of [`Item`] go.
    pub(crate) stock_item_topic: ::std::string::String,
}
#[automatically_derived]
impl ::core::default::Default for ItemTopics {
    fn default() -> Self {
        Self {
            stock_item_topic: ::std::string::ToString::to_string(
                <ItemEvent as crate::events::Event>::DEFAULT_TOPIC,
            ),
        }
    }
}
#[automatically_derived]
impl crate::events::Topics for ItemTopics {
    const SOURCE: &'static str = <ItemEvent as crate::events::Event>::SOURCE;
    fn fields(&self) -> ::std::vec::Vec<(&'static str, &str)> {
        ::std::vec![("stock_item_topic", self.stock_item_topic.as_str())]
    }
    fn fields_mut(
        &mut self,
    ) -> ::std::vec::Vec<(&'static str, &mut ::std::string::String)> {
        ::std::vec![("stock_item_topic", & mut self.stock_item_topic)]
    }
    fn describe(__describer: &mut crate::events::__private::Describer) {
        <ItemEvent as crate::events::Event>::describe(__describer);
    }
    fn headers() -> &'static [&'static [&'static str]] {
        &[<ItemEvent as crate::events::Event>::HEADERS]
    }
}
#[automatically_derived]
impl crate::events::TopicFor<Item> for ItemTopics {
    fn topic(&self) -> &str {
        &self.stock_item_topic
    }
}
