//! When events were acknowledged, according to the log of this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::SystemTime;

use entity_events::Uuid;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

pub type Times = HashMap<Uuid, SystemTime>;

/// In milliseconds from each commit to its acknowledgement.
pub fn waits(committed: &Times, acknowledged: &Times) -> Vec<f64> {
    let wait = |(id, committed): (&Uuid, &SystemTime)| {
        // An acknowledgement may come before the writer's task runs again.
        Some(acknowledged.get(id)?.duration_since(*committed).unwrap_or_default().as_secs_f64() * 1e3)
    };
    let waits: Vec<_> = committed.iter().filter_map(wait).collect();
    assert_eq!(waits.len(), committed.len(), "every event is acknowledged");
    waits
}

/// When each event was acknowledged, according to the log of this process.
#[derive(Clone, Default)]
pub struct Acknowledged(Arc<Mutex<Times>>);

impl Acknowledged {
    pub fn install() -> Self {
        static INSTALLED: OnceLock<Acknowledged> = OnceLock::new();
        let install = || {
            let this = Self::default();
            tracing_subscriber::registry().with(this.clone()).with(LevelFilter::INFO).init();
            this
        };
        INSTALLED.get_or_init(install).clone()
    }

    pub fn add(&self, id: Uuid) {
        self.0.lock().expect("a lock").insert(id, SystemTime::now());
    }

    pub fn take(&self) -> Times {
        std::mem::take(&mut *self.0.lock().expect("a lock"))
    }
}

impl<S: tracing::Subscriber> Layer<S> for Acknowledged {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut id = Id(None);
        event.record(&mut id);
        if let Some(id) = id.0 {
            self.add(id);
        }
    }
}

struct Id(Option<Uuid>);

impl tracing::field::Visit for Id {
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        if field.name() == "event_id" {
            self.0 = value.parse().ok();
        }
    }

    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}
