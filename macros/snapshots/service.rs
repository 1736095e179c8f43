/// The topics of the catalog.
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
pub struct Topics {
    /// Where the events of [`Product`] go.
    pub product_topic: ::std::string::String,
    /// Where the events of [`shop::Item`] go.
    pub stock_item_topic: ::std::string::String,
}
#[automatically_derived]
impl ::core::default::Default for Topics {
    fn default() -> Self {
        Self {
            product_topic: ::std::string::ToString::to_string(
                __TOPICS_PRODUCT_TOPIC.topic,
            ),
            stock_item_topic: ::std::string::ToString::to_string(
                __TOPICS_STOCK_ITEM_TOPIC.topic,
            ),
        }
    }
}
#[automatically_derived]
impl ::entity_events::Topics for Topics {
    const SOURCE: &'static str = __TOPICS_PRODUCT_TOPIC.source;
    fn fields(&self) -> ::std::vec::Vec<(&'static str, &str)> {
        ::std::vec![
            ("product_topic", self.product_topic.as_str()), ("stock_item_topic", self
            .stock_item_topic.as_str())
        ]
    }
    fn fields_mut(
        &mut self,
    ) -> ::std::vec::Vec<(&'static str, &mut ::std::string::String)> {
        ::std::vec![
            ("product_topic", & mut self.product_topic), ("stock_item_topic", & mut self
            .stock_item_topic)
        ]
    }
    fn describe(__describer: &mut ::entity_events::__private::Describer) {
        (__TOPICS_PRODUCT_TOPIC.describe)(__describer);
        (__TOPICS_STOCK_ITEM_TOPIC.describe)(__describer);
    }
    fn headers() -> &'static [&'static [&'static str]] {
        &[__TOPICS_PRODUCT_TOPIC.headers, __TOPICS_STOCK_ITEM_TOPIC.headers]
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<Product> for Topics {
    fn topic(&self) -> &str {
        &self.product_topic
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<shop::Item> for Topics {
    fn topic(&self) -> &str {
        &self.stock_item_topic
    }
}
const __TOPICS_PRODUCT_TOPIC: ::entity_events::__private::Listed = {
    type __Entity = Product;
    ::entity_events::__private::listed::<__Entity>("product_topic", "Product")
};
const __TOPICS_STOCK_ITEM_TOPIC: ::entity_events::__private::Listed = {
    type __Entity = shop::Item;
    ::entity_events::__private::listed::<__Entity>("stock_item_topic", "shop::Item")
};
/// The producer of the catalog.
pub trait EventProducer: ProductEventProducer + shop::ItemEventProducer {}
#[automatically_derived]
impl<
    __P: ?::core::marker::Sized + ProductEventProducer + shop::ItemEventProducer,
> EventProducer for __P {}
