//! Recorders of metrics that panic, or that call the service, do not change outcomes. (One test: a process has one recorder.)

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use entity_events::Publish;
use entity_events_tests::tick::{Lost, Service, kafka, nowhere, soon, tick, until};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

/// Panics where handles are made.
const REGISTER: u8 = 1;
/// Panics where values are recorded.
const RECORD: u8 = 2;
/// Emits an event whenever a value is recorded, and reads health and stats.
const PUBLISH: u8 = 3;

static MODE: AtomicU8 = AtomicU8::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);
static SERVICE: OnceLock<Arc<Service>> = OnceLock::new();

const FAILURE: &str = "no memory for metrics";

struct Failing;

fn call(place: u8) {
    let mode = MODE.load(SeqCst);
    if mode == place {
        CALLS.fetch_add(1, SeqCst);
        std::panic::panic_any(FAILURE);
    }
    if mode == PUBLISH
        && place == RECORD
        && let Some(service) = SERVICE.get()
    {
        CALLS.fetch_add(1, SeqCst);
        let _ = (service.health(), service.stats());
        futures_executor::block_on(service.emit(tick(9, 9)));
    }
}

impl Recorder for Failing {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        call(REGISTER);
        Counter::from_arc(Arc::new(Failing))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        call(REGISTER);
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        call(REGISTER);
        Histogram::from_arc(Arc::new(Failing))
    }
}

impl CounterFn for Failing {
    fn increment(&self, _: u64) {
        call(RECORD);
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for Failing {
    fn record(&self, _: f64) {
        call(RECORD);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recorders_do_not_change_outcomes() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&FAILURE) {
            print(panic);
        }
    }));
    metrics::set_global_recorder(Failing).expect("the first");
    for mode in [REGISTER, RECORD] {
        let (_kafka, config) = kafka().await;
        for (mut config, delivered) in [(config, 100), (nowhere(), 0)] {
            config.producer.delivery_timeout_ms = 2_000;
            let lost = Lost::default();
            let service = lost.service(&config);
            MODE.store(mode, SeqCst);
            for number in 0..99 {
                service.emit(tick(1, number)).await;
            }
            let answer = soon("an answer", service.publish(tick(1, 99))).await;
            let report = soon("the report", service.close(Duration::from_secs(5))).await;
            MODE.store(0, SeqCst);
            assert_eq!(answer.is_ok(), delivered > 0);
            assert_eq!(
                (report.delivered, report.lost.len()),
                (delivered, 100 - usize::try_from(delivered).expect("few"))
            );
            assert_eq!(lost.ids().len(), report.lost.len());
        }
        assert!(CALLS.swap(0, SeqCst) >= 100, "the recorder panicked");
    }
    publishes_what_is_recorded().await;
}

async fn publishes_what_is_recorded() {
    let mut config = nowhere();
    config.producer.queue_buffering_max_messages = 5;
    config.producer.delivery_timeout_ms = 200;
    let service = Arc::new(Service::new(&config).expect("a service"));
    SERVICE.set(Arc::clone(&service)).expect("set once");
    MODE.store(PUBLISH, SeqCst);
    for number in 0..20 {
        service.emit(tick(1, number)).await;
    }
    until("calls of the recorder", || CALLS.load(SeqCst) > 20).await;
    let report = soon("the report", service.close(Duration::from_secs(1))).await;
    MODE.store(0, SeqCst);
    assert_eq!(report.unresolved, 0, "{report:?}");
}
