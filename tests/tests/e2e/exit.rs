//! A process that leaves `main` right after dropping its service has delivered every event.

use std::time::Duration;

use entity_events_tests::kafka::Kafka;
use tokio::process::Command;
use tokio::time::timeout;

const EVENTS: usize = 500;

const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_exits_after_the_drop_has_delivered() {
    let kafka = Kafka::shared();
    for runtime in ["multi-thread", "current-thread", "none"] {
        let config = kafka.config(&format!("exit-{runtime}"), 6).await;
        let topic = config.order_topic.clone();
        let mut process = Command::new(env!("CARGO_BIN_EXE_exit"));
        process.args([kafka.bootstrap_servers(), &topic, &EVENTS.to_string(), runtime]).kill_on_drop(true);
        let status =
            timeout(PATIENCE, process.status()).await.expect("the process ends").expect("its status");
        assert!(status.success(), "{runtime}: {status}");
        assert_eq!(kafka.count(&topic), EVENTS, "{runtime}");
    }
}
