//! What the domain needs of the outside.

mod event_producer;
mod storage;
mod unit_of_work;

pub use self::event_producer::EventProducer;
pub use self::storage::StorageError;
pub use self::unit_of_work::{Database, UnitOfWork};
