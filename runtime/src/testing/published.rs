//! Checks what was published, event by event.

use std::fmt::{self, Display, Write as _};

use serde_json::Value;

use crate::event::Event;

/// What was published, in order: checked event by event, up to the last.
///
/// From [`RecordingProducer::published`](super::RecordingProducer::published), or from `EmbeddedKafka::published`. Every check panics
/// if it does not hold, and shows everything that was published.
///
/// ```
/// # use entity_events::{EntityEvents, Publish, Uuid, testing::RecordingProducer};
/// # #[derive(Debug, Clone, EntityEvents)]
/// # struct Product { id: u64, name: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let recording = RecordingProducer::default();
/// # let product = Product { id: 7, name: "Lamp".to_owned() };
/// # recording.emit(ProductEvent::new_created(&product, Uuid::new_v4())).await;
/// # recording.emit(ProductEvent::new_deleted(&product, Uuid::new_v4())).await;
/// recording
///     .published()
///     .then::<ProductEvent>(ProductEventType::Created)
///     .key("7")
///     .with(|event| event.data.name == "Lamp")
///     .then::<ProductEvent>(ProductEventType::Deleted)
///     .nothing_else();
/// # });
/// ```
#[derive(Clone)]
#[must_use = "nothing is checked yet; end with `nothing_else`"]
pub struct Published {
    records: Vec<Seen>,
    /// How many were checked.
    checked: usize,
}

/// An event that was checked for its type, and may be checked further.
#[derive(Debug, Clone)]
#[must_use = "end with `nothing_else`"]
pub struct Then<E> {
    published: Published,
    event: E,
}

/// A record, or an event before it is one.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) event_type: String,
    pub(super) key: String,
    /// `None` is a tombstone.
    pub(super) value: Option<Value>,
}

impl Seen {
    pub(super) fn of<E: Event>(event: &E) -> Self {
        let value = serde_json::to_value(event).unwrap_or_else(|error| Value::String(error.to_string()));
        Self { event_type: event.event_type().to_owned(), key: event.key(), value: Some(value) }
    }
}

/// The type is that of the value; a tombstone has it in its header alone.
#[cfg(feature = "kafka")]
impl From<super::ConsumedRecord> for Seen {
    fn from(record: super::ConsumedRecord) -> Self {
        let value =
            record.value.as_ref().map(|_| record.json().unwrap_or_else(|_| Value::String(record.text())));
        let written = value.as_ref().and_then(|value: &Value| value.get("event_type")?.as_str());
        let event_type = written.or_else(|| record.header("ce_type")).unwrap_or("(no type)").to_owned();
        Self { event_type, key: record.key.clone().unwrap_or_default(), value }
    }
}

impl Published {
    pub(super) fn new(records: Vec<Seen>) -> Self {
        Self { records, checked: 0 }
    }

    /// The next is an event of this kind and type.
    ///
    /// # Panics
    ///
    /// Panics if it is not.
    #[track_caller]
    pub fn then<E: Event>(mut self, event_type: impl Display) -> Then<E> {
        let expected = event_type.to_string();
        let next = self.next(&format!("`{expected}`"));
        let (found, value) = (next.event_type.clone(), next.value.clone());
        let Some(value) = value else { self.fail(&format!("expected `{expected}`, found a tombstone")) };
        if found != expected {
            self.fail(&format!("expected `{expected}`, found `{found}`"));
        }
        match serde_json::from_value(value) {
            Ok(event) => Then { published: self, event },
            Err(error) => {
                self.fail(&format!("`{found}` is no event of the feature `{}`: {error}", E::FEATURE))
            }
        }
    }

    /// The next is a tombstone with this key.
    ///
    /// # Panics
    ///
    /// Panics if it is not.
    #[track_caller]
    pub fn then_tombstone(mut self, key: impl Display) -> Self {
        let expected = key.to_string();
        let next = self.next("a tombstone");
        let (found, is_tombstone) = (next.key.clone(), next.value.is_none());
        if !is_tombstone {
            self.fail("expected a tombstone, found an event");
        }
        if found != expected {
            self.fail(&format!("expected a tombstone with the key `{expected}`, found the key `{found}`"));
        }
        self
    }

    /// Nothing was published beyond what was checked.
    ///
    /// # Panics
    ///
    /// Panics if there is more.
    #[track_caller]
    pub fn nothing_else(mut self) {
        let left = self.records.len() - self.checked;
        if left > 0 {
            self.checked += 1;
            self.fail(&format!("expected nothing else, found {left} more"));
        }
    }

    #[track_caller]
    fn next(&mut self, expected: &str) -> &Seen {
        self.checked += 1;
        if self.checked > self.records.len() {
            self.fail(&format!("expected {expected}, found nothing more"));
        }
        &self.records[self.checked - 1]
    }

    #[track_caller]
    fn fail(&self, problem: &str) -> ! {
        panic!("event {}: {problem}\n{self:?}", self.checked)
    }
}

impl<E: Event> Then<E> {
    /// It has this partition key.
    ///
    /// # Panics
    ///
    /// Panics if it has not.
    #[track_caller]
    pub fn key(self, key: impl Display) -> Self {
        let (expected, found) = (key.to_string(), &self.published.records[self.published.checked - 1].key);
        if *found != expected {
            self.published.fail(&format!("expected the key `{expected}`, found `{found}`"));
        }
        self
    }

    /// This holds for it.
    ///
    /// # Panics
    ///
    /// Panics if it does not.
    #[track_caller]
    pub fn with(self, holds: impl FnOnce(&E) -> bool) -> Self {
        if !holds(&self.event) {
            self.published.fail("it is not as expected in `with`");
        }
        self
    }

    /// The next is an event of this kind and type; see [`Published::then`].
    ///
    /// # Panics
    ///
    /// Panics if it is not.
    #[track_caller]
    pub fn then<F: Event>(self, event_type: impl Display) -> Then<F> {
        self.published.then(event_type)
    }

    /// The next is a tombstone with this key.
    ///
    /// # Panics
    ///
    /// Panics if it is not.
    #[track_caller]
    pub fn then_tombstone(self, key: impl Display) -> Published {
        self.published.then_tombstone(key)
    }

    /// Nothing was published beyond what was checked.
    ///
    /// # Panics
    ///
    /// Panics if there is more.
    #[track_caller]
    pub fn nothing_else(self) {
        self.published.nothing_else();
    }
}

/// One line for each, with an arrow before the one that is checked.
impl fmt::Debug for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::from("published:");
        for (index, Seen { event_type, key, value }) in self.records.iter().enumerate() {
            let arrow = if index + 1 == self.checked { "→" } else { " " };
            let data = value.as_ref().map(|value| value.get("data").unwrap_or(value));
            let data = data.map_or_else(|| "(tombstone)".to_owned(), Value::to_string);
            write!(text, "\n{arrow} {}  {event_type}  key `{key}`  {data}", index + 1)?;
        }
        if self.records.is_empty() {
            text.push_str(" nothing");
        }
        f.write_str(&text)
    }
}
