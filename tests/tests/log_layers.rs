//! Log layers that panic, or that call the service, do not change outcomes. (One test: a process has one subscriber.)

use std::future::Future;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::task::{self, Waker};
use std::time::Duration;

use entity_events::Publish;
use entity_events::testing::ProduceError;
use entity_events_tests::tick::{Lost, Service, kafka, nowhere, soon, tick, until};
use tracing::{Event, Level, Subscriber, span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

const QUIET: u8 = 0;
/// Panics once.
const ONCE: u8 = 1;
/// Panics whenever this crate or rdkafka logs.
const ALWAYS: u8 = 2;
/// Emits an event whenever something is logged up to `INFO`, and reads health and stats.
const PUBLISHES: u8 = 3;

static MODE: AtomicU8 = AtomicU8::new(QUIET);
static PANICS: AtomicUsize = AtomicUsize::new(0);
static SPANS: AtomicUsize = AtomicUsize::new(0);
static SERVICE: OnceLock<Arc<Service>> = OnceLock::new();

const FAILURE: &str = "standard output is closed";

struct Failing;

impl Failing {
    fn fail() {
        PANICS.fetch_add(1, SeqCst);
        std::panic::panic_any(FAILURE);
    }

    fn publish() {
        if let Some(service) = SERVICE.get() {
            let _ = (service.health(), service.stats());
            futures_executor::block_on(service.emit(tick(9, 9)));
        }
    }
}

impl<S: Subscriber> Layer<S> for Failing {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // rdkafka's own messages come from the crate `log`.
        let target = event.metadata().target();
        let ours = ["entity_events", "librdkafka", "log"].iter().any(|part| target.starts_with(part));
        match MODE.load(SeqCst) {
            ONCE if ours => {
                MODE.store(QUIET, SeqCst);
                Self::fail();
            }
            ALWAYS if ours => Self::fail(),
            PUBLISHES if *event.metadata().level() <= Level::INFO => Self::publish(),
            _ => {}
        }
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        match MODE.load(SeqCst) {
            // Every second one, so that others are recorded and closed.
            ALWAYS
                if attributes.metadata().name() == "send" && SPANS.fetch_add(1, SeqCst).is_multiple_of(2) =>
            {
                Self::fail();
            }
            PUBLISHES => Self::publish(),
            _ => {}
        }
    }

    fn on_record(&self, _: &span::Id, _: &span::Record<'_>, _: Context<'_, S>) {
        match MODE.load(SeqCst) {
            ALWAYS => Self::fail(),
            PUBLISHES => Self::publish(),
            _ => {}
        }
    }

    fn on_close(&self, _: span::Id, _: Context<'_, S>) {
        match MODE.load(SeqCst) {
            ALWAYS => Self::fail(),
            PUBLISHES => Self::publish(),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn panicking_log_layers_do_not_change_outcomes() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&FAILURE) {
            print(panic);
        }
    }));
    tracing_subscriber::registry().with(Failing).init();
    panics_once_in_each_place().await;
    panics_always_below_trace().await;
    publishes_what_is_logged().await;
    MODE.store(QUIET, SeqCst);
    assert!(PANICS.load(SeqCst) > 100, "the layer panicked");
}

async fn panics_once_in_each_place() {
    for place in 0..8 {
        let (kafka, mut config) = kafka().await;
        config.producer.delivery_timeout_ms = 2_000;
        let lost = Lost::default();
        let service = lost.service(&config);
        // On a delivery, on a connection error, on a loss, and while a client is replaced.
        match place % 4 {
            0 => {}
            1 => kafka.broker_down(1).expect("broker 1"),
            2 => kafka.fail_next_produce(ProduceError::InvalidTopic, 1).expect("a Kafka"),
            _ => kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 1).expect("a Kafka"),
        }
        MODE.store(ONCE, SeqCst);
        let first = soon("an answer", service.publish(tick(1, 1))).await;
        if place % 4 == 1 {
            kafka.broker_up(1).expect("broker 1");
        }
        let second = soon("another answer", service.publish(tick(1, 2))).await;
        MODE.store(QUIET, SeqCst);
        assert!(service.health().live, "{:?}", service.health());
        let report = soon("the report", service.close(Duration::from_secs(5))).await;
        let failed = [first, second].iter().filter(|answer| answer.is_err()).count();
        assert_eq!((report.lost.len(), report.unresolved), (failed, 0), "{place}: {report:?}");
        assert_eq!(report.delivered, 2 - failed as u64);
        assert_eq!(lost.ids().len(), failed, "`on_lost` gets each loss");
    }
}

async fn panics_always_below_trace() {
    let (kafka, config) = kafka().await;
    for mut config in [config, nowhere()] {
        config.producer.delivery_timeout_ms = 2_000;
        let lost = Lost::default();
        let service = lost.service(&config);
        // The call holds the span, which closes when the call is settled.
        let span = tracing::info_span!("request");
        let mut publish = Box::pin(service.publish(tick(1, 100)));
        let ready =
            span.in_scope(|| publish.as_mut().poll(&mut task::Context::from_waker(Waker::noop())).is_ready());
        assert!(!ready);
        drop(span);
        MODE.store(ALWAYS, SeqCst);
        for number in 0..100 {
            service.emit(tick(1, number)).await;
        }
        let _ = soon("an answer", publish).await;
        let report = soon("the report", service.close(Duration::from_millis(200))).await;
        MODE.store(QUIET, SeqCst);
        assert_eq!(report.delivered + report.lost.len() as u64, 101, "{report:?}");
        assert_eq!((report.unresolved, report.unreported), (0, 0));
        assert_eq!(lost.ids().len(), report.lost.len());
    }
    drop(kafka);
}

async fn publishes_what_is_logged() {
    let mut config = nowhere();
    config.producer.queue_buffering_max_messages = 5;
    config.producer.delivery_timeout_ms = 200;
    let service = Arc::new(Service::new(&config).expect("a service"));
    SERVICE.set(Arc::clone(&service)).expect("set once");
    MODE.store(PUBLISHES, SeqCst);
    for number in 0..20 {
        service.emit(tick(1, number)).await;
    }
    until("a reason in `health()`", || service.health().reason.is_some()).await;
    let report = soon("the report", service.close(Duration::from_secs(1))).await;
    MODE.store(QUIET, SeqCst);
    assert!(report.lost.len() > 20, "events of the layer are accounted for, too");
    assert_eq!(report.unresolved, 0);
}
