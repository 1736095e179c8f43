//! Spans end: those of events with their outcome, and those of callers, wherever the last handle to them is dropped. (One test: a
//! process has one subscriber.)

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::task::{self, Waker};
use std::time::Duration;

use entity_events::Publish;
use entity_events_tests::tick::{Service, deletion, kafka, nowhere, tick, until};
use tracing::{Subscriber, span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How many spans of a name are open.
static OPEN: Mutex<BTreeMap<&'static str, i32>> = Mutex::new(BTreeMap::new());

fn count(name: &'static str, change: i32) {
    *OPEN.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += change;
}

fn open() -> BTreeMap<&'static str, i32> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

struct Counting;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counting {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        count(attributes.metadata().name(), 1);
    }

    fn on_close(&self, id: span::Id, context: Context<'_, S>) {
        count(context.span(&id).expect("it was open").metadata().name(), -1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_end_wherever_their_last_handle_is_dropped() {
    tracing_subscriber::registry().with(Counting).init();
    let mut lost = nowhere();
    lost.producer.delivery_timeout_ms = 1_000;
    let (_kafka, delivered) = kafka().await;
    for config in [lost, delivered] {
        let service = Service::new(&config).expect("a service");
        {
            let day = tracing::info_span!("day");
            let request = tracing::info_span!(parent: &day, "request");
            // Handed over, and then given up: only the service has handles to the spans.
            let mut publish = Box::pin(service.publish(tick(1, 1)));
            let mut context = task::Context::from_waker(Waker::noop());
            assert!(request.in_scope(|| publish.as_mut().poll(&mut context)).is_pending());
            let emit = service.emit(deletion(2));
            request.in_scope(|| futures_executor::block_on(emit));
        }
        assert_eq!((open()["day"], open()["request"]), (1, 1), "as long as the event has no outcome");
        until("the end of all spans", || open().values().all(|open| *open == 0)).await;
        assert!(open().contains_key("send"), "{:?}", open());
        let _ = service.close(Duration::from_secs(5)).await;
    }
}
