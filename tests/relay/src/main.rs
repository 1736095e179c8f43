//! The outbox measured on a real PostgreSQL (with `fsync`) and a real Kafka of one broker.
//!
//! ```text
//! CFLAGS='-O2 -g0' cargo run --release --manifest-path tests/relay/Cargo.toml -- backlog 1000000
//! ```

mod acknowledged;
mod backlog;
mod commits;
mod insert;
mod latency;
mod peer;
mod servers;
mod snapshot;
mod sqlite;

use std::env::args;

use self::servers::Servers;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = args().skip(1).collect();
    let number = |index: usize, default: i64| {
        arguments.get(index).map_or(default, |text| text.parse().expect("a number"))
    };
    if let [command, url, servers, topic] = arguments.as_slice()
        && command == "relay"
    {
        return latency::relay(url, servers, topic).await;
    }
    let servers = Servers::start();
    match arguments.first().map(String::as_str) {
        Some("backlog") => {
            backlog::measure(&servers, number(1, 1_000_000), number(2, 12), number(3, 5_000), 1).await;
        }
        Some("peer") => {
            let ours = backlog::measure(&servers, 1_000_000, 12, 5_000, 1).await;
            let peers = peer::measure(&servers, number(1, 30_000), 12, 5_000).await;
            println!("ratio to the peer: {:.1}", ours / peers);
        }
        Some("hot") => {
            for in_flight in [1, 5, 100] {
                backlog::measure(&servers, number(1, 50_000), 12, 1, in_flight).await;
            }
        }
        Some("latency") => latency::measure(&servers, number(1, 2_000).unsigned_abs()).await,
        Some("snapshot") => snapshot::measure(&servers, number(1, 10)).await,
        Some("sqlite") => sqlite::measure(&servers).await,
        Some("insert") => insert::measure(&servers).await,
        Some("commits") => commits::measure(&servers).await,
        _ => panic!(
            "use `backlog [ROWS] [PARTITIONS] [KEYS]`, `peer [ROWS]`, `hot [ROWS]`, `latency [PER_SECOND]`, `snapshot [MINUTES]`, `sqlite`, `insert` or `commits`"
        ),
    }
}
