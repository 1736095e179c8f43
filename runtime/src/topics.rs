//! Which topic an event goes to.

use std::fmt::Debug;

use crate::__private::Describer;

/// The topics of a service: one field for each entity.
///
/// Implemented by `#[topics(..)]` for several entities, and by the derive for one (`ProductTopics`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold the topics of a service",
    label = "holds no topics",
    note = "if `{Self}` is an entity, write `{Self}Topics`; else name the struct with `#[topics(..)]`"
)]
pub trait Topics: Debug + Clone + Default + Send + Sync + 'static {
    /// The `source` of the first entity: the default `client_id`.
    const SOURCE: &'static str;

    /// Each topic field with its value, in order: `("product_topic", "int.product-update.event")`.
    fn fields(&self) -> Vec<(&'static str, &str)>;

    /// The same, to be set from a configuration.
    fn fields_mut(&mut self) -> Vec<(&'static str, &mut String)>;

    /// Says what the schemas of the events need to know, for each field in its order.
    #[doc(hidden)]
    fn describe(describer: &mut Describer) {
        let _ = describer;
    }

    /// The [`Event::HEADERS`](crate::Event::HEADERS) of each entity that declares headers.
    #[must_use]
    fn headers() -> &'static [&'static [&'static str]] {
        &[]
    }
}

/// The topic for the events of one entity.
#[diagnostic::on_unimplemented(
    message = "no topic for `{E}` in `{Self}`",
    label = "no topic for `{E}`",
    note = "add `{E}` to `#[topics(..)]` on `{Self}`, or use the topics struct that its derive made"
)]
pub trait TopicFor<E>: Topics {
    /// The topic that the events go to.
    fn topic(&self) -> &str;
}

/// Kafka's rule for the name of a topic, as [`org.apache.kafka.common.internals.Topic`] has it.
///
/// # Errors
///
/// What is wrong with the name.
///
/// [`org.apache.kafka.common.internals.Topic`]: https://github.com/apache/kafka/blob/trunk/clients/src/main/java/org/apache/kafka/common/internals/Topic.java
#[cfg(feature = "kafka")]
pub(crate) fn check_name(topic: &str) -> Result<(), &'static str> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    match topic {
        "" => Err("it is empty"),
        "." | ".." => Err("it is `.` or `..`"),
        _ if topic.len() > 249 => Err("it is longer than 249 bytes"),
        _ if !topic.chars().all(legal) => Err("it has characters outside `[a-zA-Z0-9._-]`"),
        _ => Ok(()),
    }
}
