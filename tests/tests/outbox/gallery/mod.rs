//! One entity of each kind, and their events: every key of the derive, every kind of key, deletion and header.
//!
//! The entities of the macro's snapshots are compiled from the snapshots themselves.

mod every_key;
mod minimal;
mod parcel;
mod readme;
mod three_fields;

use async_trait::async_trait;
use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::outbox::Collection;
use entity_events::{Event, Publish, TopicFor, Topics};
use entity_events_tests::kafka::Kafka;

/// The topics of the gallery, one for each entity.
///
/// Written by hand, since two of the entities have the same name, which `#[topics(..)]` refuses.
#[derive(Debug, Clone, Default)]
pub(crate) struct GalleryTopics {
    every_key: String,
    minimal: String,
    parcel: String,
    readme: String,
    three_fields: String,
}

impl Topics for GalleryTopics {
    const SOURCE: &'static str = "gallery";

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("every_key_topic", &self.every_key),
            ("minimal_topic", &self.minimal),
            ("parcel_topic", &self.parcel),
            ("readme_topic", &self.readme),
            ("three_fields_topic", &self.three_fields),
        ]
    }

    fn fields_mut(&mut self) -> Vec<(&'static str, &mut String)> {
        vec![
            ("every_key_topic", &mut self.every_key),
            ("minimal_topic", &mut self.minimal),
            ("parcel_topic", &mut self.parcel),
            ("readme_topic", &mut self.readme),
            ("three_fields_topic", &mut self.three_fields),
        ]
    }

    fn headers() -> &'static [&'static [&'static str]] {
        &[every_key::HEADERS, parcel::HEADERS]
    }
}

pub(crate) type GalleryConfig = KafkaConfig<GalleryTopics>;

/// A configuration with new topics, `NAME.every_key_topic` and so on, each with six partitions.
pub(crate) async fn config(kafka: &Kafka, name: &str) -> GalleryConfig {
    let mut config = GalleryConfig::default();
    kafka.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
    for (field, topic) in config.topics.fields_mut() {
        *topic = format!("{name}.{field}");
        kafka.create_topic(topic, 6, &[]).await;
    }
    config
}

/// An event of any entity of the gallery.
#[async_trait]
pub(crate) trait GalleryEvent: Send + Sync {
    /// Publishes it, and waits until Kafka has it.
    async fn publish(&self, service: &KafkaEventService<GalleryTopics>);

    /// Puts it into a collection of an outbox.
    async fn collect(&self, collection: &Collection<GalleryTopics>);
}

#[async_trait]
impl<E: Event> GalleryEvent for E
where
    GalleryTopics: TopicFor<E::Entity>,
{
    async fn publish(&self, service: &KafkaEventService<GalleryTopics>) {
        Publish::publish(service, self.clone()).await.expect("published");
    }

    async fn collect(&self, collection: &Collection<GalleryTopics>) {
        Publish::publish(collection, self.clone()).await.expect("collected");
    }
}

pub(crate) type GalleryEvents = Vec<Box<dyn GalleryEvent>>;

/// Every event, in order: calling it again makes others.
pub(crate) fn events() -> GalleryEvents {
    [every_key::events(), parcel::events(), plain_events()].into_iter().flatten().collect()
}

/// The events of entities that declare no headers.
pub(crate) fn plain_events() -> GalleryEvents {
    [minimal::events(), readme::events(), three_fields::events()].into_iter().flatten().collect()
}

fn boxed<E: Event>(events: impl IntoIterator<Item = E>) -> GalleryEvents
where
    GalleryTopics: TopicFor<E::Entity>,
{
    events.into_iter().map(|event| Box::new(event) as _).collect()
}
