/// The topics of the catalog.
#[topics(Product, shop::Item as stock_item)]
pub struct Topics;

/// The producer of the catalog.
#[event_producer(Product, shop::Item)]
pub trait EventProducer {}
