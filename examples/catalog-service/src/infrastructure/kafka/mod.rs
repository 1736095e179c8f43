//! Kafka: the brokers, the topics, and what a consumer sees of them.

mod brokers;
mod feed;
mod quiet;
mod topics;

pub use self::brokers::{Brokers, SwitchError};
pub use self::feed::{Feed, FeedError, Record};
pub(crate) use self::quiet::Quiet;
pub use self::topics::ensure_topics;
