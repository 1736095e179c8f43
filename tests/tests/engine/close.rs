//! The report of `close` is complete, even in a busy process.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use entity_events::Publish;
use entity_events_tests::tick::{Service, nowhere, soon, tick};
use futures_util::FutureExt as _;

#[tokio::test(flavor = "multi_thread")]
async fn close_lists_every_event_despite_a_slow_callback() {
    let config = nowhere();
    let builder = Service::builder(&config).on_lost(|_| std::thread::sleep(Duration::from_micros(600)));
    let service = builder.build().expect("a service");
    for number in 0..12_000 {
        service.emit(tick(1, number)).await;
    }
    let report = soon("the report", service.close(Duration::ZERO)).await;
    assert_eq!(report.lost.len(), 12_000);
    assert_eq!((report.delivered, report.lost_unlisted, report.unresolved), (0, 0, 0));
}

#[test]
fn close_needs_no_thread_of_the_blocking_pool() {
    let runtime = tokio::runtime::Builder::new_multi_thread().max_blocking_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (over, wait) = mpsc::channel::<()>();
    runtime.spawn_blocking(move || wait.recv());
    let report = runtime.block_on(async {
        let service = Service::new(&nowhere()).expect("a service");
        for number in 0..10 {
            service.emit(tick(1, number)).await;
        }
        soon("the report", service.close(Duration::from_millis(10))).await
    });
    drop(over);
    assert_eq!((report.lost.len(), report.unresolved), (10, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn close_can_be_cancelled_and_called_again() {
    let service = Arc::new(Service::new(&nowhere()).expect("a service"));
    service.emit(tick(1, 1)).await;
    assert!(
        service.close(Duration::from_millis(200)).now_or_never().is_none(),
        "dropped after its first poll"
    );
    let report = soon("the report", service.close(Duration::from_secs(20))).await;
    assert_eq!((report.lost.len(), report.unresolved), (1, 0));
}
