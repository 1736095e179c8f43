//! Another service, which reads the events: `SERVICE__KAFKA_CONFIG__BOOTSTRAP_SERVERS=… cargo run --bin catalog-consumer`.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use catalog_service::config::Settings;
use catalog_service::consumer::{Printer, run};
use catalog_service::output::say;
use catalog_service::{signal, telemetry};
use tokio::runtime::Runtime;

/// How long threads that block may hold up the end of the process.
const LAST: Duration = Duration::from_secs(1);

async fn consume() -> Result<(), Box<dyn Error>> {
    let settings = Settings::load()?;
    let (config, group) = (&settings.kafka_config, &settings.consumer_group);
    say(format_args!("reading from {} as `{group}`", config.bootstrap_servers));
    let counts = run(config, group, &mut Printer, signal::stop()).await?;
    say(format_args!(
        "{} handled, {} duplicates, {} left alone, {} skipped",
        counts.handled, counts.duplicates, counts.left_alone, counts.broken
    ));
    Ok(())
}

fn main() -> ExitCode {
    let outcome = (|| {
        let telemetry = telemetry::init("catalog-consumer")?;
        let runtime = Runtime::new()?;
        let outcome = runtime.block_on(consume());
        runtime.shutdown_timeout(LAST);
        telemetry.shut_down();
        outcome
    })();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("catalog-consumer: {error}");
            ExitCode::FAILURE
        }
    }
}
