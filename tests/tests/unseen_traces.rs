//! Where OpenTelemetry's spans are invisible, a warning says so, once. (One test: it counts the events of the process.)

use std::time::Duration;

use entity_events::Publish;
use entity_events_tests::log::Log;
use entity_events_tests::tick::{Service, kafka, tick};

#[tokio::test(flavor = "current_thread")]
async fn a_trace_that_is_never_found_is_a_warning() {
    let (log, _guard) = Log::of_this_thread();
    let (_kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    let warnings = || log.text().matches("no trace context was found").count();
    for number in 0..99 {
        service.emit(tick(1, number)).await;
    }
    assert_eq!(warnings(), 0, "not before there were enough events");
    for number in 0..200 {
        service.emit(tick(1, number)).await;
    }
    assert_eq!(warnings(), 1, "{}", log.text());
    let _ = service.close(Duration::from_secs(10)).await;
}
