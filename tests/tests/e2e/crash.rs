//! A broker crashes under load and comes back: nothing reported delivered is missing, everything is accounted for.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity_events::kafka::{CloseReport, LostEvent, ProducerSettings};
use entity_events::testing::{ConsumedRecord, TopicReader};
use entity_events::{Event, Publish, PublishError};
use entity_events_tests::domain::{KafkaConfig, KafkaEventService, Order, OrderEvent};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::samples::{lamp, order_of};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::interval;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_killed_under_load_and_started_again_loses_nothing_that_was_reported_delivered() {
    let kafka = Arc::new(Kafka::start(3));
    let mut seed = kafka.config("crash-seed", 6).await;
    seed.producer.delivery_timeout_ms = 60_000;
    let mut patient = kafka.config("crash-throughput", 6).await;
    patient.producer = ProducerSettings { delivery_timeout_ms: 60_000, ..ProducerSettings::throughput() };

    let over = Arc::new(AtomicBool::new(false));
    let crash = spawn_blocking({
        let (kafka, over) = (Arc::clone(&kafka), Arc::clone(&over));
        move || {
            std::thread::sleep(Duration::from_secs(2));
            kafka.kill(1);
            // Longer than the cluster takes to notice and to choose other leaders.
            std::thread::sleep(Duration::from_secs(7));
            kafka.up(1);
            std::thread::sleep(Duration::from_secs(3));
            over.store(true, Ordering::SeqCst);
        }
    });
    let (seed_run, patient_run) = tokio::join!(publish_until(&over, &seed), publish_until(&over, &patient));
    crash.await.expect("the broker was killed and came back");

    seed_run.check(&read_all(&kafka, &seed.order_topic).await);
    patient_run.check(&read_all(&kafka, &patient.order_topic).await);
    // Three retries, as the seed has them, may give up before the partition has a new leader; a minute does not.
    assert_eq!(patient_run.report.lost, [], "retries that only time ends outlast the crash");
}

/// Everything that a service took over, and what it said about it.
struct Run {
    accepted: Vec<Uuid>,
    confirmed: HashSet<Uuid>,
    failed: Vec<PublishError>,
    on_lost: Vec<LostEvent>,
    report: CloseReport,
}

/// Emits with sequence numbers per key, and beside them publishes batches, until it is over; then closes.
async fn publish_until(over: &AtomicBool, config: &KafkaConfig) -> Run {
    let on_lost: Arc<Mutex<Vec<LostEvent>>> = Arc::default();
    let service = KafkaEventService::builder(config)
        .on_lost({
            let on_lost = Arc::clone(&on_lost);
            move |lost| on_lost.lock().expect("no panic").push(lost.clone())
        })
        .build()
        .expect("a service");
    let service = Arc::new(service);
    let product = lamp();
    let mut emitted: Vec<Order> = (0..50).map(|_| order_of(&product, 0)).collect();
    let mut accepted = Vec::new();
    let mut batches = JoinSet::new();
    let mut clock = interval(Duration::from_millis(10));
    while !over.load(Ordering::SeqCst) {
        clock.tick().await;
        for order in emitted.iter_mut().take(15) {
            order.quantity += 1;
            let event = OrderEvent::new_created(order, Uuid::new_v4());
            accepted.push(event.id());
            service.emit(event).await;
        }
        emitted.rotate_left(15);
        let batch: Vec<_> =
            (1..=5).map(|n| OrderEvent::new_created(&order_of(&product, n), Uuid::new_v4())).collect();
        let ids: Vec<Uuid> = batch.iter().map(Event::id).collect();
        accepted.extend(&ids);
        let service = Arc::clone(&service);
        batches.spawn(async move { (ids, service.publish_all(batch).await) });
    }
    let (mut confirmed, mut failed) = (HashSet::new(), Vec::new());
    while let Some(batch) = batches.join_next().await {
        let (ids, result) = batch.expect("no panic");
        let unpublished = result.as_ref().err().map(|error| error.unpublished().to_vec()).unwrap_or_default();
        confirmed.extend(ids.into_iter().filter(|id| !unpublished.contains(id)));
        failed.extend(result.err());
    }
    let report = service.close(Duration::from_secs(90)).await;
    let on_lost = std::mem::take(&mut *on_lost.lock().expect("no panic"));
    Run { accepted, confirmed, failed, on_lost, report }
}

impl Run {
    fn check(&self, records: &[ConsumedRecord]) {
        let lost: HashSet<Uuid> = self.on_lost.iter().map(|lost| lost.id).collect();
        eprintln!(
            "{} accepted, {} delivered, {} lost",
            self.accepted.len(),
            self.report.delivered,
            lost.len()
        );
        assert!(self.report.delivered > 10_000, "there was load");
        assert_eq!(self.report.lost, self.on_lost, "what `close` lists is what `on_lost` was told");
        assert_eq!(self.report.lost_unlisted, 0);
        let accounted = self.report.delivered + lost.len() as u64;
        assert_eq!(accounted, self.accepted.len() as u64, "every event is accounted for");
        for error in &self.failed {
            assert!(error.unpublished().iter().all(|id| lost.contains(id)), "{error}");
        }

        let events: Vec<OrderEvent> = records.iter().map(|r| r.json().expect("an order's event")).collect();
        let arrived: HashSet<Uuid> = events.iter().map(Event::id).collect();
        assert_eq!(arrived.len(), events.len(), "no event twice");
        let delivered = self.accepted.iter().filter(|id| !lost.contains(id)).chain(&self.confirmed);
        let missing = delivered.filter(|id| !arrived.contains(id)).count();
        assert_eq!(missing, 0, "reported delivered, but missing");

        let mut newest: HashMap<String, u32> = HashMap::new();
        for event in &events {
            let before = newest.insert(event.key(), event.data.quantity).unwrap_or_default();
            assert!(before < event.data.quantity, "order {} fell back from {before}", event.key());
        }
    }
}

async fn read_all(kafka: &Kafka, topic: &str) -> Vec<ConsumedRecord> {
    let reader = TopicReader::from_start(kafka.bootstrap_servers(), &[topic]).await.expect("a reader");
    reader.read(kafka.count(topic), Duration::from_secs(60)).await.expect("all records").1
}
