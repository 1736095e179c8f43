/// The kinds of [`ItemEvent`].
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
)]
#[derive(
    crate::events::__private::serde::Serialize,
    crate::events::__private::serde::Deserialize
)]
#[serde(crate = "crate::events::__private::serde")]
pub(crate) enum ItemEventType {
    /// A [`Item`] was created.
    #[serde(rename = "ItemCreated")]
    Created,
    /// A [`Item`] was updated.
    #[serde(rename = "ItemUpdated")]
    Updated,
    /// A [`Item`] was deleted.
    #[serde(rename = "ItemDeleted")]
    Deleted,
    /// `Priced` happened to a [`Item`].
    #[serde(rename = "ItemPriced")]
    Priced,
    /// `SoldOut` happened to a [`Item`].
    #[serde(rename = "ItemSoldOut")]
    SoldOut,
}
impl ItemEventType {
    /// The name on the wire, such as `ItemCreated`.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "ItemCreated",
            Self::Updated => "ItemUpdated",
            Self::Deleted => "ItemDeleted",
            Self::Priced => "ItemPriced",
            Self::SoldOut => "ItemSoldOut",
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Display for ItemEventType {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.pad(self.as_str())
    }
}
/// A [`Item`] as its events show it.
#[derive(
    crate::events::__private::serde::Serialize,
    crate::events::__private::serde::Deserialize
)]
#[serde(crate = "crate::events::__private::serde", rename_all = "camelCase")]
#[derive(::core::fmt::Debug, PartialEq)]
pub(crate) struct ItemEventData {
    /// `shop` in the events of [`Item`].
    pub(crate) shop: String,
    /// `number` in the events of [`Item`].
    #[serde(rename = "no")]
    pub(crate) number: u64,
    /// Who made it.
    pub(crate) owner: Option<u64>,
    /// `amount` in the events of [`Item`].
    pub(crate) amount: u64,
    /// `kind` in the events of [`Item`].
    #[serde(default)]
    pub(crate) kind: String,
    /// `api_key` in the events of [`Item`].
    pub(crate) api_key: String,
    /// `category_name` in the events of [`Item`].
    pub(crate) category_name: String,
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
/// A change of a [`Item`], as it is published.
#[derive(::core::fmt::Debug, ::core::clone::Clone)]
#[derive(
    crate::events::__private::serde::Serialize,
    crate::events::__private::serde::Deserialize
)]
#[serde(crate = "crate::events::__private::serde")]
pub(crate) struct ItemEvent {
    /// The unique id of this event, a UUIDv7.
    pub(crate) event_id: crate::events::__private::Uuid,
    /// What happened.
    pub(crate) event_type: ItemEventType,
    /// When it happened.
    #[serde(with = "crate::events::__private::timestamp")]
    pub(crate) timestamp: crate::events::__private::DateTime<
        crate::events::__private::Utc,
    >,
    /// The version of the event's schema.
    pub(crate) version: ::std::string::String,
    /// The [`Item`] after the change; the last state for a deletion.
    pub(crate) data: ItemEventData,
    /// The [`Item`] before the change, for an update.
    #[serde(default, skip_serializing_if = "::core::option::Option::is_none")]
    pub(crate) old_data: ::core::option::Option<ItemEventData>,
    /// Who published the event, and on whose behalf.
    pub(crate) metadata: crate::events::EventMetadata,
}
impl ItemEvent {
    /// A [`Item`] was created.
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
    /// A [`Item`] was updated.
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
    /// A [`Item`] was deleted.
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
    /// `Priced` happened to a [`Item`].
    #[must_use]
    pub(crate) fn new_priced(
        entity: &Item,
        category_name: String,
        correlation_id: crate::events::__private::Uuid,
    ) -> Self {
        Self::__new(
            ItemEventType::Priced,
            ItemEventData::__new(entity, category_name),
            correlation_id,
        )
    }
    /// `SoldOut` happened to a [`Item`].
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
    }
}
/// Publishes the events of [`Item`].
///
/// Implemented by everything that publishes [`ItemEvent`]s; a test double needs one method.
#[crate::events::__private::async_trait]
pub(crate) trait ItemEventProducer: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync {
    /// Publishes a change of a [`Item`] and waits until every in-sync replica has it.
    ///
    /// # Errors
    ///
    /// Where the event was not published, or is not known to be.
    async fn publish_stock_item_event(
        &self,
        event: ItemEvent,
    ) -> ::core::result::Result<(), ItemError>;
    /// Publishes changes of [`Item`]s in order and waits until every in-sync replica has them all.
    ///
    /// # Errors
    ///
    /// The first failure.
    async fn publish_stock_item_events(
        &self,
        events: ::std::vec::Vec<ItemEvent>,
    ) -> ::core::result::Result<(), ItemError> {
        for __event in events {
            self.publish_stock_item_event(__event).await?;
        }
        ::core::result::Result::Ok(())
    }
    /// Hands over a change of a [`Item`]: never fails the operation; a failure is logged.
    async fn emit_stock_item_event(&self, event: ItemEvent) {
        crate::events::__private::log_unpublished(
            (event.event_id, event.event_type.as_str()),
            self.publish_stock_item_event(event).await,
        );
    }
}
const _: () = {
    type __Outcome = ::core::result::Result<(), ItemError>;
    #[crate::events::__private::async_trait]
    #[automatically_derived]
    impl<__P: crate::events::Publish<ItemEvent>> ItemEventProducer for __P {
        async fn publish_stock_item_event(&self, event: ItemEvent) -> __Outcome {
            crate::events::__private::made_error::<
                __Outcome,
            >(
                crate::events::Publish::publish(self, event).await,
                ItemError::external_error,
            )
        }
        async fn publish_stock_item_events(
            &self,
            events: ::std::vec::Vec<ItemEvent>,
        ) -> __Outcome {
            crate::events::__private::made_error::<
                __Outcome,
            >(
                crate::events::Publish::publish_all(self, events).await,
                ItemError::external_error,
            )
        }
        async fn emit_stock_item_event(&self, event: ItemEvent) {
            crate::events::Publish::emit(self, event).await
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
}
#[automatically_derived]
impl crate::events::TopicFor<Item> for ItemTopics {
    fn topic(&self) -> &str {
        &self.stock_item_topic
    }
}
