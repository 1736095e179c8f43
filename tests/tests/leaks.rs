//! Threads and files that a dropped service leaves open. One test, because it counts those of its process.

use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::testing::ProduceError;
use entity_events_tests::tick::{Service, kafka, tick};

#[test]
fn dropping_a_service_during_replacement_leaks_no_thread_or_file() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (kafka, config) = runtime.block_on(kafka());
    let threads = || std::fs::read_dir("/proc/self/task").map(Iterator::count).unwrap_or_default();
    let open_files = || std::fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or_default();
    let code = ProduceError::OutOfOrderSequenceNumber;
    let round = || {
        kafka.fail_next_produce(code, 3).expect("a Kafka");
        let service = Service::new(&config).expect("a service");
        let publish = runtime.block_on(service.publish(tick(1, 1)));
        publish.expect("published by another client");
        // The next clients break with nothing queued, or with one event.
        kafka.fail_next_produce(code, 2).expect("a Kafka");
        runtime.block_on(service.emit(tick(1, 2)));
        drop(service);
    };
    round();
    let (threads_before, files_before) = (threads(), open_files());
    (0..3).for_each(|_| round());
    let start = Instant::now();
    while (threads(), open_files()) > (threads_before + 2, files_before + 4) {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{} threads and {} files, {threads_before} and {files_before} before",
            threads(),
            open_files()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
