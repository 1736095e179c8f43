//! Long runs, for people to read; not part of the tests.
//!
//! ```text
//! cargo run --release -p entity-events-tests --bin soak -- outage [minutes]
//! cargo run --release -p entity-events-tests --bin soak -- faults [minutes]
//! cargo run --release -p entity-events-tests --bin soak -- batch [million events]
//! cargo run -p entity-events-tests --bin soak -- chaos [minutes]
//! ```

mod batch;
mod chaos;
mod faults;
mod outage;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = arguments.get(1).and_then(|number| number.parse().ok()).unwrap_or(10);
    match arguments.first().map(String::as_str) {
        Some("outage") => outage::run(number).await,
        Some("faults") => faults::run(number).await,
        Some("batch") => batch::run(number).await,
        Some("chaos") => chaos::run(number).await,
        _ => eprintln!("usage: soak outage|faults|chaos [minutes], or soak batch [million events]"),
    }
}
