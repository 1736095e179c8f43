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
pub enum ItemEventType {
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
    Unknown(::entity_events::UnknownEventType),
}
impl ItemEventType {
    /// The name on the wire, such as `StockCreated`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
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
impl ::entity_events::__private::serde::Serialize for ItemEventType {
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
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for ItemEventType {
    fn deserialize<__D: ::entity_events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let __types = [
            Self::Created,
            Self::Updated,
            Self::Deleted,
            Self::SoldOut,
            Self::Priced,
        ];
        ::entity_events::__private::read_event_type(
            __deserializer,
            &__types,
            Self::as_str,
            Self::Unknown,
        )
    }
}
/// A [`Item`] as its events show it.
#[derive(::core::fmt::Debug)]
pub struct ItemEventData {
    /// What identifies it.
    ///
    /// It never changes.
    pub number: u64,
    /// `owner_id` in the events of [`Item`].
    pub owner_id: Option<u64>,
    /// `description` in the events of [`Item`].
    pub description: HashMap<String, [u8; 2]>,
    /// `category_name` in the events of [`Item`].
    pub category_name: String,
}
/// A change of a [`Item`], as it is published.
#[derive(::core::fmt::Debug, ::core::clone::Clone)]
pub struct ItemEvent {
    /// The unique id of this event, a UUIDv7.
    pub event_id: ::entity_events::__private::Uuid,
    /// What happened.
    pub event_type: ItemEventType,
    /// When it happened.
    pub timestamp: ::entity_events::__private::DateTime<::entity_events::__private::Utc>,
    /// The version of the event's schema.
    pub version: ::std::string::String,
    /// The [`Item`] after the change; the last state for a deletion.
    pub data: ItemEventData,
    /// The [`Item`] before the change, for an update.
    pub old_data: ::core::option::Option<ItemEventData>,
    /// Who published the event, and on whose behalf.
    pub metadata: ::entity_events::EventMetadata,
}
impl ItemEvent {
    /// An [`Item`] was created.
    #[must_use]
    pub fn new_created(
        entity: &Item,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ItemEventType::Created,
            ItemEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// An [`Item`] was updated.
    #[must_use]
    pub fn new_updated(
        old: &Item,
        new: &Item,
        old_category_name: String,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
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
    pub fn new_deleted(
        entity: &Item,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ItemEventType::Deleted,
            ItemEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// `SoldOut` happened to an [`Item`].
    #[must_use]
    pub fn new_sold_out(
        entity: &Item,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ItemEventType::SoldOut,
            ItemEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// `Priced` happened to an [`Item`].
    #[must_use]
    pub fn new_priced(
        old: &Item,
        new: &Item,
        old_category_name: String,
        category_name: String,
        correlation_id: ::entity_events::__private::Uuid,
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
        __correlation_id: ::entity_events::__private::Uuid,
    ) -> Self {
        Self {
            event_id: ::entity_events::__private::event_id(),
            event_type: __event_type,
            timestamp: ::entity_events::__private::now(),
            version: ::entity_events::__private::version::<Self>(),
            metadata: ::entity_events::__private::metadata::<
                Self,
            >(
                __correlation_id,
                {
                    #[allow(unused_imports)]
                    use ::entity_events::__private::Always as _;
                    ::entity_events::__private::Text(&__data.owner_id).get()
                },
            ),
            data: __data,
            old_data: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::entity_events::__private::serde::Serialize for ItemEvent {
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
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for ItemEvent {
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
impl ::entity_events::Entity for Item {
    type Event = ItemEvent;
}
#[automatically_derived]
impl ::entity_events::Event for ItemEvent {
    type Entity = Item;
    const FEATURE: &'static str = "item";
    const SOURCE: &'static str = "catalog-service";
    const DEFAULT_TOPIC: &'static str = "int.item-update.event";
    const VERSION: &'static str = "1.0";
    const HEADERS: &'static [&'static str] = &["x-owner"];
    fn id(&self) -> ::entity_events::__private::Uuid {
        self.event_id
    }
    fn event_type(&self) -> &'static str {
        self.event_type.as_str()
    }
    fn is_unknown(&self) -> bool {
        ::core::matches!(self.event_type, ItemEventType::Unknown(_))
    }
    fn key(&self) -> ::std::string::String {
        ::entity_events::__private::owned_key(self)
    }
    fn write_key(&self, __key: &mut ::std::string::String) {
        ::entity_events::__private::join_key(
            __key,
            &[::entity_events::__private::key(&self.data.number)],
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
    fn write_headers(&self, __headers: &mut ::entity_events::Headers) {
        ::entity_events::__private::header(
            __headers,
            "x-owner",
            {
                #[allow(unused_imports)]
                use ::entity_events::__private::Always as _;
                ::entity_events::__private::Text(&self.data.owner_id).get()
            },
        );
    }
    ::entity_events::__private::schema! {
        [::core::compile_error!("`schema` needs the cargo feature `schema` of `entity-events`; add it: `entity-events = { version = \"..\", features = [\"schema\"] }`");]
        fn describe(__describer : & mut ::entity_events::__private::Describer) { use
        ::entity_events::__private:: { Codec as __Codec, Serde as __Serde }; let __entity
        = __describer.entity:: < Self > ("Item", "StockEventData",
        ::core::module_path!(), & [" Something in stock."],); __entity
        .event("StockCreated", "An Item was created.", false, false); __entity
        .event("StockUpdated", "An Item was updated.", true, false); __entity
        .event("StockDeleted", "An Item was deleted.", false, true); __entity
        .event("StockSoldOut", "`SoldOut` happened to an Item.", false, false); __entity
        .event("StockPriced", "`Priced` happened to an Item.", true, false); __entity
        .field:: < u64 > (["number", "number", "u64"], & [" What identifies it.", "",
        " It never changes."], < __Serde as __Codec < u64 >> ::reads).key(); __entity
        .field:: < Option < u64 > > (["owner_id", "ownerId", "Option<u64>"], & [], <
        __Serde as __Codec < Option < u64 > >> ::reads).user().header("x-owner");
        __entity.field:: < HashMap < String, [u8; 2] > > (["description", "name",
        "HashMap<String, [u8; 2]>"], & [], < __Serde as __Codec < HashMap < String, [u8;
        2] > >> ::reads).aliases(& ["label", "title"]); __entity.field:: < String >
        (["category_name", "categoryName", "String"], & [], < __Serde as __Codec < String
        >> ::reads).default(); }
    }
}
/// Publishes the events of [`Item`].
///
/// Implemented by everything that publishes [`ItemEvent`]s; a test double needs one method.
pub trait ItemEventProducer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
    /// Publishes a change of a [`Item`] and waits until every in-sync replica has it.
    ///
    /// # Errors
    ///
    /// If the event was not published, or is not known to be.
    fn publish_item_event<'life0, 'async_trait>(
        &'life0 self,
        event: ItemEvent,
    ) -> ::entity_events::__private::BoxFuture<
        'async_trait,
        ::core::result::Result<(), ::entity_events::PublishError>,
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
    fn publish_item_events<'life0, 'async_trait>(
        &'life0 self,
        events: ::std::vec::Vec<ItemEvent>,
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
            |__event| self.publish_item_event(__event),
        )
    }
    /// Hands over a change of a [`Item`]: never fails the operation; a failure is logged.
    fn emit_item_event<'life0, 'async_trait>(
        &'life0 self,
        event: ItemEvent,
    ) -> ::entity_events::__private::BoxFuture<'async_trait, ()>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        ::entity_events::__private::log_unpublished(
            (event.event_id, event.event_type.as_str()),
            self.publish_item_event(event),
        )
    }
}
impl ItemEventData {
    fn __new(entity: &Item, category_name: String) -> Self {
        Self {
            number: ::core::clone::Clone::clone(&entity.number),
            owner_id: ::core::clone::Clone::clone(&entity.owner_id),
            description: ::core::clone::Clone::clone(&entity.description),
            category_name,
        }
    }
}
#[automatically_derived]
impl ::core::clone::Clone for ItemEventData {
    fn clone(&self) -> Self {
        Self {
            number: ::core::clone::Clone::clone(&self.number),
            owner_id: ::core::clone::Clone::clone(&self.owner_id),
            description: ::core::clone::Clone::clone(&self.description),
            category_name: ::core::clone::Clone::clone(&self.category_name),
        }
    }
}
#[automatically_derived]
impl ::entity_events::__private::serde::Serialize for ItemEventData {
    fn serialize<__S: ::entity_events::__private::serde::Serializer>(
        &self,
        __serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        use ::entity_events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __data = ::entity_events::__private::serde::Serializer::serialize_struct(
            __serializer,
            "ItemEventData",
            4usize,
        )?;
        <__Serde as __Codec<u64>>::write(&mut __data, "number", &self.number)?;
        <__Serde as __Codec<
            Option<u64>,
        >>::write(&mut __data, "ownerId", &self.owner_id)?;
        <__Serde as __Codec<
            HashMap<String, [u8; 2]>,
        >>::write(&mut __data, "name", &self.description)?;
        <__Serde as __Codec<
            String,
        >>::write(&mut __data, "categoryName", &self.category_name)?;
        ::entity_events::__private::serde::ser::SerializeStruct::end(__data)
    }
}
#[automatically_derived]
impl ::entity_events::__private::Data for ItemEventData {
    const NAME: &'static str = "ItemEventData";
    const FIELDS: &'static [&'static str] = &[
        "number",
        "ownerId",
        "name",
        "categoryName",
    ];
    const ALIASES: &'static [(&'static str, usize)] = &[
        ("label", 2usize),
        ("title", 2usize),
    ];
    fn read<'de, __A: ::entity_events::__private::serde::de::MapAccess<'de>>(
        __map: &mut ::entity_events::__private::DataMap<__A>,
    ) -> ::core::result::Result<Self, __A::Error> {
        use ::entity_events::__private::{Codec as __Codec, Serde as __Serde};
        let mut __field_0 = ::core::option::Option::None;
        let mut __field_1 = ::core::option::Option::None;
        let mut __field_2 = ::core::option::Option::None;
        let mut __field_3 = ::core::option::Option::None;
        while let ::core::option::Option::Some(__index) = __map.next_field::<Self>()? {
            match __index {
                0usize => {
                    <__Serde as __Codec<u64>>::read(__map, "number", &mut __field_0)?
                }
                1usize => {
                    <__Serde as __Codec<
                        Option<u64>,
                    >>::read(__map, "ownerId", &mut __field_1)?
                }
                2usize => {
                    <__Serde as __Codec<
                        HashMap<String, [u8; 2]>,
                    >>::read(__map, "name", &mut __field_2)?
                }
                _ => {
                    <__Serde as __Codec<
                        String,
                    >>::read(__map, "categoryName", &mut __field_3)?
                }
            }
        }
        ::core::result::Result::Ok(Self {
            number: <__Serde as __Codec<u64>>::or_missing("number", __field_0)?,
            owner_id: <__Serde as __Codec<
                Option<u64>,
            >>::or_missing("ownerId", __field_1)?,
            description: <__Serde as __Codec<
                HashMap<String, [u8; 2]>,
            >>::or_missing("name", __field_2)?,
            category_name: ::entity_events::__private::or_default::<String>(__field_3),
        })
    }
}
#[automatically_derived]
impl<'de> ::entity_events::__private::serde::Deserialize<'de> for ItemEventData {
    fn deserialize<__D: ::entity_events::__private::serde::Deserializer<'de>>(
        __deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        ::entity_events::__private::read_data(__deserializer)
    }
}
const _: () = {
    type __Outcome = ::core::result::Result<(), ::entity_events::PublishError>;
    #[automatically_derived]
    impl<__P: ::entity_events::Publish<ItemEvent>> ItemEventProducer for __P {
        fn publish_item_event<'life0, 'async_trait>(
            &'life0 self,
            event: ItemEvent,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, __Outcome>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::publish(self, event, ::core::convert::identity)
        }
        fn publish_item_events<'life0, 'async_trait>(
            &'life0 self,
            events: ::std::vec::Vec<ItemEvent>,
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
        fn emit_item_event<'life0, 'async_trait>(
            &'life0 self,
            event: ItemEvent,
        ) -> ::entity_events::__private::BoxFuture<'async_trait, ()>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            ::entity_events::__private::emit(self, event)
        }
    }
};
/// The topic of [`ItemEvent`] in a configuration; `int.item-update.event` by default.
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
pub struct ItemTopics {
    /// Where the events of [`Item`] go.
    pub item_topic: ::std::string::String,
}
#[automatically_derived]
impl ::core::default::Default for ItemTopics {
    fn default() -> Self {
        Self {
            item_topic: ::std::string::ToString::to_string(
                <ItemEvent as ::entity_events::Event>::DEFAULT_TOPIC,
            ),
        }
    }
}
#[automatically_derived]
impl ::entity_events::Topics for ItemTopics {
    const SOURCE: &'static str = <ItemEvent as ::entity_events::Event>::SOURCE;
    fn fields(&self) -> ::std::vec::Vec<(&'static str, &str)> {
        ::std::vec![("item_topic", self.item_topic.as_str())]
    }
    fn fields_mut(
        &mut self,
    ) -> ::std::vec::Vec<(&'static str, &mut ::std::string::String)> {
        ::std::vec![("item_topic", & mut self.item_topic)]
    }
    fn describe(__describer: &mut ::entity_events::__private::Describer) {
        <ItemEvent as ::entity_events::Event>::describe(__describer);
    }
    fn headers() -> &'static [&'static [&'static str]] {
        &[<ItemEvent as ::entity_events::Event>::HEADERS]
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<Item> for ItemTopics {
    fn topic(&self) -> &str {
        &self.item_topic
    }
}
