//! Memory of one `publish_all` of many events: the caller's events plus no more than the queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events_tests::memory::resident_kib;
use entity_events_tests::tick::{Service, kafka, tick};

pub(crate) async fn run(millions: u64) {
    let (_kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    let events = millions * 1_000_000;
    let batch: Vec<_> = (0..events).map(|number| tick((number % 500) as u32, number)).collect();
    let before = resident_kib();
    println!("{events} events made: {before} KiB resident");

    let (over, most) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let watch = {
        let (over, most) = (Arc::clone(&over), Arc::clone(&most));
        std::thread::spawn(move || {
            while !over.load(Ordering::SeqCst) {
                most.fetch_max(resident_kib(), Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(50));
            }
        })
    };
    let start = Instant::now();
    service.publish_all(batch).await.expect("delivered");
    over.store(true, Ordering::SeqCst);
    watch.join().expect("no panic");
    let most = most.load(Ordering::SeqCst);
    let grown = most.saturating_sub(before);
    println!("published in {:?}: at most {most} KiB resident, {grown} KiB more", start.elapsed());
    assert_eq!(service.close(Duration::from_secs(10)).await.delivered, events);
}
