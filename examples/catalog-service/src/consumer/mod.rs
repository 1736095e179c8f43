//! Another service: one that reads the events, with the types of the service that publishes them.
//!
//! [`Inbox`] decides about each record, and knows no Kafka; [`run`] reads the topics and commits offsets. Every record is
//! handled at least once: its offset is committed after its handler has succeeded. [`Inbox`] drops what comes twice.

mod handler;
mod inbox;
mod reader;
mod recent;

pub use self::handler::{Handler, HandlerError, Printer};
pub use self::inbox::{Change, Inbox, Message, Outcome};
pub use self::reader::{ConsumeError, Counts, run};
