//! Long runs, for a person to read; not part of the tests.
//!
//! ```text
//! cargo run --release -p entity-events-tests --bin soak -- outage [minutes]
//! ```

mod outage;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let minutes = arguments.get(1).and_then(|minutes| minutes.parse().ok());
    match arguments.first().map(String::as_str) {
        Some("outage") => outage::run(minutes.unwrap_or(10)).await,
        _ => eprintln!("say what to run: outage [minutes]"),
    }
}
