//! A real Apache Kafka that a test starts, breaks and inspects.
//!
//! The script `tests/kafka/kafka` starts the brokers; it needs Java 17 and Maven. If they do not start, the test fails and
//! says why; it is never skipped. They end with the test process, however that ends.

mod cluster;
mod java;
mod listener;

mod proxy;
mod topics;

pub use self::cluster::Kafka;
pub use self::listener::Listener;
pub use self::proxy::Proxy;
