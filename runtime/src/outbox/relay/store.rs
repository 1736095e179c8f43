//! The tables as a relay works with them. Its futures run on the relay's own thread.

use std::time::{Duration, Instant};

use crate::kafka::courier::Parcel;

/// A row to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub seq: i64,
    pub topic: String,
    pub key: String,
    /// `None` is a tombstone.
    pub value: Option<String>,
    /// A JSON object of strings.
    pub headers: String,
    /// When it was inserted, by the clock of this process; `None` if that is not known.
    pub inserted: Option<Instant>,
}

/// Returns when something happened, given its age in seconds at a moment.
pub(in crate::outbox) fn ago(seconds: Option<f64>, moment: Instant) -> Option<Instant> {
    let age = Duration::try_from_secs_f64(seconds?.max(0.0)).ok()?;
    moment.checked_sub(age)
}

/// What a row takes in memory beside its bytes.
const OVERHEAD: usize = 200;

impl Claimed {
    /// Its size in memory.
    pub fn size(&self) -> usize {
        let value = self.value.as_ref().map_or(0, String::len);
        OVERHEAD + self.topic.len() + self.key.len() + value + self.headers.len()
    }
}

impl From<Claimed> for Parcel {
    fn from(row: Claimed) -> Self {
        Self { topic: row.topic, key: row.key, value: row.value, headers: row.headers }
    }
}

/// A row that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub seq: i64,
    pub topic: String,
    pub key: String,
}

/// Numbers from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: i64,
    pub last: i64,
}

/// The rows of a topic, or of one key in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub name: String,
    pub key: Option<String>,
}

/// A key that cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub topic: String,
    pub key: String,
    pub seq: i64,
    /// An operator wants it to be tried again.
    pub retry: bool,
}

/// The transactions of one moment: all below `xmin` have ended, none of `xmax` or above had begun, and of those in between some are
/// running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub xmin: i64,
    pub xmax: i64,
    pub running: Vec<i64>,
}

/// Rows, and the moment at which all of them were read; `None` if numbers follow the order of commits, so that there are no gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub rows: Vec<Claimed>,
    pub snapshot: Option<Snapshot>,
}

/// An event that Kafka refuses, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub event_id: String,
    pub event_type: String,
    pub topic: String,
}

/// How much waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Depth {
    pub pending: u64,
    pub oldest: Option<Duration>,
}

/// A database's tables.
#[allow(async_fn_in_trait, reason = "sealed, and its futures stay on one thread")]
pub trait Store: Send + 'static {
    type Connection;
    type Listener;

    const NAME: &'static str;

    async fn connect(&self) -> Result<Self::Connection, sqlx::Error>;
    async fn close(connection: Self::Connection);

    /// Takes the lease if it is free, and returns its epoch.
    async fn acquire(
        connection: &mut Self::Connection,
        holder: &str,
        lease: Duration,
    ) -> Result<Option<i64>, sqlx::Error>;

    /// Makes the lease longer; returns whether the epoch still holds.
    async fn renew(
        connection: &mut Self::Connection,
        epoch: i64,
        lease: Duration,
    ) -> Result<bool, sqlx::Error>;

    /// Returns whether the epoch still holds.
    async fn holds(connection: &mut Self::Connection, epoch: i64) -> Result<bool, sqlx::Error>;

    async fn release(connection: &mut Self::Connection, epoch: i64) -> Result<(), sqlx::Error>;

    /// Reads rows above `after`, in their order, up to `limit`; and those of some gaps below, a few more than `late` at most.
    async fn claim(
        connection: &mut Self::Connection,
        after: i64,
        gaps: &[Range],
        limit: usize,
        late: usize,
    ) -> Result<Read, sqlx::Error>;

    async fn ranges(
        connection: &mut Self::Connection,
        gaps: &[Range],
        limit: usize,
    ) -> Result<Read, sqlx::Error>;

    /// Reads the rows of a topic or key, in their order.
    async fn topic(
        connection: &mut Self::Connection,
        topic: &Topic,
        range: Range,
        limit: usize,
    ) -> Result<Read, sqlx::Error>;

    async fn known(
        connection: &mut Self::Connection,
        after: i64,
        to: i64,
        limit: usize,
    ) -> Result<Vec<Known>, sqlx::Error>;

    /// Deletes rows if the epoch still holds, and returns how many.
    async fn delete(connection: &mut Self::Connection, seqs: &[i64], epoch: i64) -> Result<u64, sqlx::Error>;

    /// Notes that a row's key is blocked. `None` if the row is gone, or the epoch is over.
    async fn block(
        connection: &mut Self::Connection,
        seq: i64,
        epoch: i64,
        error: &str,
    ) -> Result<Option<Refused>, sqlx::Error>;

    /// Moves a row to the dead ones. `None` as for [`block`](Self::block).
    async fn park(
        connection: &mut Self::Connection,
        seq: i64,
        epoch: i64,
        error: &str,
    ) -> Result<Option<Refused>, sqlx::Error>;

    /// Reads the blocked keys, and forgets those whose oldest row is gone.
    async fn blocked(connection: &mut Self::Connection) -> Result<Vec<Blocked>, sqlx::Error>;

    async fn depth(connection: &mut Self::Connection) -> Result<Depth, sqlx::Error>;

    /// Tells the relays of other processes that something was committed, or that the lease is free.
    async fn announce(connection: &mut Self::Connection) -> Result<(), sqlx::Error>;

    async fn listen(&self) -> Result<Self::Listener, sqlx::Error>;

    /// Waits for an announcement, or for the connection to be lost and replaced.
    async fn heard(listener: &mut Self::Listener) -> Result<(), sqlx::Error>;
}
