//! Nothing that `on_lost` does stops the service.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events_tests::tick::{Config, Service, kafka, nowhere, soon, tick, until};
use futures_util::FutureExt as _;
use tokio::runtime::Handle;

/// A service whose callback has access to the service.
fn service(
    config: &Config,
    callback: impl Fn(&Arc<Service>) + Send + Sync + 'static,
) -> (Arc<Service>, Arc<AtomicUsize>) {
    let (own, calls) = (Arc::new(OnceLock::<Weak<Service>>::new()), Arc::<AtomicUsize>::default());
    let builder = Service::builder(config).on_lost({
        let (own, calls) = (Arc::clone(&own), Arc::clone(&calls));
        move |_| {
            calls.fetch_add(1, SeqCst);
            if let Some(service) = own.get().and_then(Weak::upgrade) {
                callback(&service);
            }
        }
    });
    let service = Arc::new(builder.build().expect("a service"));
    own.set(Arc::downgrade(&service)).expect("set once");
    (service, calls)
}

fn emit(service: &Service) {
    service.emit(tick(1, 1)).now_or_never().expect("an emit never waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_lost_may_drop_the_service() {
    let mut config = nowhere();
    config.producer.delivery_timeout_ms = 200;
    let slot: Arc<Mutex<Option<Service>>> = Arc::default();
    let dropped = Arc::<AtomicBool>::default();
    let service = Service::builder(&config).on_lost({
        let (slot, dropped) = (Arc::clone(&slot), Arc::clone(&dropped));
        move |_| {
            drop(slot.lock().expect("no panic").take());
            dropped.store(true, SeqCst);
        }
    });
    let service = service.build().expect("a service");
    service.emit(tick(1, 1)).await;
    *slot.lock().expect("no panic") = Some(service);
    until("the callback returned", || dropped.load(SeqCst)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_lost_may_emit_to_a_closed_service_without_spinning() {
    let (service, calls) = service(&nowhere(), |service| emit(service));
    assert_eq!(service.close(Duration::ZERO).await.unresolved, 0);
    service.emit(tick(1, 1)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let calls = calls.load(SeqCst);
    assert!((1..1_000).contains(&calls), "called {calls} times in a second");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_lost_may_spawn_an_emit_to_a_closed_service_without_spinning() {
    let runtime = Handle::current();
    let (service, calls) = service(&nowhere(), move |service| {
        let service = Arc::clone(service);
        runtime.spawn(async move { service.emit(tick(1, 1)).await });
    });
    assert_eq!(service.close(Duration::ZERO).await.unresolved, 0);
    service.emit(tick(1, 1)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let calls = calls.load(SeqCst);
    assert!((1..1_000).contains(&calls), "called {calls} times in a second");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_lost_may_emit_into_a_full_queue_without_spinning() {
    let mut config = nowhere();
    config.producer.queue_buffering_max_messages = 1;
    let (service, calls) = service(&config, |service| emit(service));
    service.emit(tick(1, 1)).await;
    service.emit(tick(1, 2)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let calls = calls.load(SeqCst);
    assert!((1..1_000).contains(&calls), "called {calls} times in a second");
    let report = soon("the report", service.close(Duration::ZERO)).await;
    assert_eq!(report.unresolved, 0, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_on_lost_delays_neither_callers_nor_deliveries() {
    let (kafka, mut config) = kafka().await;
    config.producer.message_max_bytes = 1_000;
    config.producer.batch_size = 1_000;
    config.producer.queue_buffering_max_messages = 1_000;
    let (service, _) = service(&config, |_| std::thread::sleep(Duration::from_secs(2)));
    kafka.broker_down(1).expect("broker 1");
    let start = Instant::now();
    for number in 0..1_100 {
        service.emit(tick(1, number)).await;
    }
    kafka.broker_up(1).expect("broker 1");
    soon("a delivery", service.publish(tick(1, 1))).await.expect("delivered");
    // A hundred callbacks take 200 s.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(service.stats().lost, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn losses_beyond_the_queue_of_on_lost_are_only_counted() {
    let mut config = nowhere();
    config.producer.queue_buffering_max_messages = 1;
    let (service, calls) = service(&config, |_| std::thread::sleep(Duration::from_hours(1)));
    for number in 0..150_000 {
        service.emit(tick(1, number)).await;
    }
    let stats = service.stats();
    assert_eq!((stats.lost, stats.queued), (149_999, 1));
    assert!((40_000..60_000).contains(&stats.unreported), "{stats:?}");
    assert_eq!(calls.load(SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_lost_is_called_for_every_loss_before_close_returns() {
    let (service, calls) = service(&nowhere(), |_| std::thread::sleep(Duration::from_micros(50)));
    for number in 0..20_000 {
        service.emit(tick(1, number)).await;
    }
    let report = soon("the report", service.close(Duration::ZERO)).await;
    assert_eq!((report.lost.len(), calls.load(SeqCst), report.unreported), (20_000, 20_000, 0));
}
