//! The outbox measured on a real PostgreSQL (with `fsync`) and a real Kafka of one broker.
//!
//! ```text
//! CFLAGS='-O2 -g0' cargo run --release --manifest-path tests/relay/Cargo.toml -- backlog 1000000
//! ```

mod backlog;
mod servers;

use std::env::args;

use self::servers::Servers;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = args().skip(1).collect();
    let number = |index: usize, default: i64| {
        arguments.get(index).map_or(default, |text| text.parse().expect("a number"))
    };
    match arguments.first().map(String::as_str) {
        Some("backlog") => {
            let servers = Servers::start();
            backlog::measure(&servers, number(1, 1_000_000), number(2, 12) as i32, 5_000).await;
        }
        _ => panic!("use `backlog [ROWS] [PARTITIONS]`"),
    }
}
