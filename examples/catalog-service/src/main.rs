//! The service. `cargo run -p catalog-service` needs nothing installed; see the README beside `Cargo.toml`.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use catalog_service::config::Settings;
use catalog_service::output::say;
use catalog_service::service::Service;
use catalog_service::{signal, telemetry};
use tokio::runtime::Runtime;

/// How long threads that block may hold up the end of the process.
const LAST: Duration = Duration::from_secs(1);

async fn run() -> Result<(), Box<dyn Error>> {
    let service = Service::start(Settings::load()?).await?;
    say(format_args!("Kafka at {}", service.brokers().config().bootstrap_servers));
    say(format_args!("http://localhost:{}", service.address().port()));
    signal::stop().await;
    say("stopping");
    let report = service.close().await;
    say(format_args!(
        "{} events delivered, {} perhaps; what waits is in the database, and the next start sends it",
        report.delivered, report.unacknowledged
    ));
    Ok(())
}

fn main() -> ExitCode {
    let outcome = (|| {
        let telemetry = telemetry::init("catalog-service")?;
        let runtime = Runtime::new()?;
        let outcome = runtime.block_on(run());
        runtime.shutdown_timeout(LAST);
        telemetry.shut_down();
        outcome
    })();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("catalog-service: {error}");
            ExitCode::FAILURE
        }
    }
}
