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
                <ProductEvent as ::entity_events::Event>::DEFAULT_TOPIC,
            ),
            stock_item_topic: ::std::string::ToString::to_string(
                <shop::ItemEvent as ::entity_events::Event>::DEFAULT_TOPIC,
            ),
        }
    }
}
#[automatically_derived]
impl ::entity_events::Topics for Topics {
    const SOURCE: &'static str = <ProductEvent as ::entity_events::Event>::SOURCE;
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
}
#[automatically_derived]
impl ::entity_events::TopicFor<ProductEvent> for Topics {
    fn topic(&self) -> &str {
        &self.product_topic
    }
}
#[automatically_derived]
impl ::entity_events::TopicFor<shop::ItemEvent> for Topics {
    fn topic(&self) -> &str {
        &self.stock_item_topic
    }
}
const _: () = {
    type __Event = ProductEvent;
    ::entity_events::__private::assert_listed::<__Event>("product_topic", "Product")
};
const _: () = {
    type __Event = shop::ItemEvent;
    ::entity_events::__private::assert_listed::<
        __Event,
    >("stock_item_topic", "shop::Item")
};
/// The producer of the catalog.
pub trait EventProducer: ProductEventProducer + shop::ItemEventProducer {}
#[automatically_derived]
impl<
    __P: ?::core::marker::Sized + ProductEventProducer + shop::ItemEventProducer,
> EventProducer for __P {}
