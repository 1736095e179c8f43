//! Long runs, for a person to read; not part of the tests.
//!
//! ```text
//! cargo run --release -p entity-events-tests --bin soak -- outage [minutes]
//! cargo run --release -p entity-events-tests --bin soak -- faults [minutes]
//! ```

mod faults;
mod outage;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let minutes = arguments.get(1).and_then(|minutes| minutes.parse().ok()).unwrap_or(10);
    match arguments.first().map(String::as_str) {
        Some("outage") => outage::run(minutes).await,
        Some("faults") => faults::run(minutes).await,
        _ => eprintln!("say what to run: outage [minutes] or faults [minutes]"),
    }
}
