#[path = "../../../../../runtime/src/kafka/guard.rs"]
mod guard;
mod producer;
