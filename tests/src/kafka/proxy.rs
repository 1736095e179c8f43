//! A proxy in front of the brokers, to cut their connections.

use std::net::Ipv4Addr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Kafka;

/// Forwards connections to the brokers until they are cut. Dropping it closes all of them.
#[derive(Debug)]
pub struct Proxy {
    bootstrap_servers: String,
    /// For each broker, the signal to cut; each connection holds one receiver.
    cuts: Vec<watch::Sender<()>>,
    _listeners: JoinSet<()>,
}

impl Proxy {
    /// Starts a proxy in front of each broker.
    ///
    /// # Panics
    ///
    /// If the ports that the brokers advertise for it are taken.
    pub async fn start(kafka: &Kafka) -> Self {
        let (mut addresses, mut cuts, mut listeners) = (Vec::new(), Vec::new(), JoinSet::new());
        for (listening, advertised) in kafka.proxied() {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, advertised)).await;
            let cut = watch::Sender::new(());
            listeners.spawn(forward(listener.expect("the port of the proxy"), listening, cut.clone()));
            addresses.push(format!("127.0.0.1:{advertised}"));
            cuts.push(cut);
        }
        Self { bootstrap_servers: addresses.join(","), cuts, _listeners: listeners }
    }

    /// The addresses of the proxy.
    #[must_use]
    pub fn bootstrap_servers(&self) -> &str {
        &self.bootstrap_servers
    }

    /// The number of connections to each broker.
    pub fn connections(&self) -> impl Iterator<Item = usize> {
        self.cuts.iter().map(watch::Sender::receiver_count)
    }

    /// Cuts all connections, with whatever is in flight.
    pub fn cut(&self) {
        for cut in &self.cuts {
            cut.send_replace(());
        }
    }
}

/// Accepts connections, and forwards each to the broker.
async fn forward(listener: TcpListener, broker: u16, cuts: watch::Sender<()>) {
    // Owned here, so that they end with this task.
    let mut connections = JoinSet::new();
    while let Ok((mut client, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let mut cut = cuts.subscribe();
        connections.spawn(async move {
            let both_ways = async {
                let mut broker = TcpStream::connect((Ipv4Addr::LOCALHOST, broker)).await?;
                copy_bidirectional(&mut client, &mut broker).await
            };
            tokio::select! {
                _ = both_ways => {}
                _ = cut.changed() => {}
            }
        });
    }
}
