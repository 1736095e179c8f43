//! Debezium instead of the relay, on the same table.

mod column;
mod connector;
mod migration;

use std::collections::BTreeMap;

use sqlx::PgPool;

use self::column::{Column, ROUTE};
use super::error::OutboxError;
use super::handle::Outbox;
use crate::record;
use crate::topics::Topics;

/// What Debezium needs to publish the events of `outbox_event` instead of an [`OutboxRelay`](super::OutboxRelay). Created by
/// [`PgOutbox::debezium`](Outbox::debezium).
///
/// Debezium's outbox event router takes headers from columns only, one column per header. So the
/// [`migration`](Self::migration) adds a column for each header that the entities' events may have, and a trigger that fills them
/// from the column `headers`, which takes some microseconds a row. Services stay as they are.
///
/// ```
/// use entity_events::EntityEvents;
/// use entity_events::outbox::PgOutbox;
///
/// #[derive(Debug, Clone, EntityEvents)]
/// #[event(source = "catalog-service")]
/// struct Product {
///     id: u64,
///     #[event(header = "x-shop")]
///     shop: String,
/// }
///
/// let debezium = PgOutbox::<ProductTopics>::debezium();
/// println!("{}", debezium.migration());
/// for (property, value) in debezium.connector() {
///     println!("{property}={value}");
/// }
/// assert!(debezium.migration().contains(r#"ADD COLUMN IF NOT EXISTS "x-shop" text"#));
/// ```
///
/// # From the relay to Debezium
///
/// 1. Run the migration, in one transaction, as the table's owner.
/// 2. Stop every relay: two readers publish every event twice.
/// 3. Create the connector. Its initial snapshot publishes what waits in the table; from then on it follows the log.
///
/// If an entity gets a further header: run the new migration, update the connector, and then deploy the service, whose
/// [`check`](Outbox::check) fails if the column is missing. All entities whose events are in the table have to be in one
/// `Topics`: the migration of another one replaces the trigger.
///
/// After its snapshot, Debezium reads the log and not the table, and it deletes nothing. Delete the rows yourself, and all of them
/// before you return to the relay, which would publish them again:
///
/// ```sql
/// DELETE FROM outbox_event WHERE created_at < now() - interval '1 day';
/// ```
///
/// # What differs from the relay
///
/// Key, value, partition and headers are those of the relay, byte for byte, tombstones included. The header `id`, which the router
/// adds, and headers that an event does not have are dropped by further transforms of the connector. But:
///
/// - An entity's own headers are in the order of the columns. If two entities declare the same two headers in different orders, one
///   of them has them in the order of the other.
/// - The record's timestamp is the time at which Debezium read the change, and not the time of sending.
/// - A record that Kafka refuses stops the connector, and with it all other keys. The methods `blocked`, `retry`, `skip` and `park`
///   of the outbox have no effect.
/// - A header whose name is in neither [`Event::HEADERS`](crate::Event::HEADERS) nor [`Topics::headers`] is not published. The
///   derive and `#[topics(..)]` list them; implementations by hand have to.
#[derive(Debug, Clone)]
pub struct Debezium {
    columns: Vec<Column>,
}

impl<T: Topics> Outbox<sqlx::Postgres, T> {
    /// Returns what Debezium needs to publish the events of the table instead of a relay, made from the entities of `T`.
    #[must_use]
    pub fn debezium() -> Debezium {
        Debezium::new(T::headers())
    }
}

impl Debezium {
    /// With the names of each entity's own headers.
    pub(super) fn new(own: &[&[&'static str]]) -> Self {
        let mut columns: Vec<_> = record::ALWAYS.iter().map(|name| Column::always(name)).collect();
        for name in record::SOMETIMES.into_iter().chain(own.iter().copied().flatten().copied()) {
            if columns.iter().all(|column| column.header != name) {
                columns.push(Column::sometimes(name));
            }
        }
        Self { columns }
    }

    /// Returns the SQL that adds the columns and the trigger to the tables of [`PgOutbox::SCHEMA`](super::Outbox::SCHEMA). Running
    /// it again changes nothing. The columns are filled for rows that wait, too.
    #[must_use]
    pub fn migration(&self) -> String {
        migration::sql(&self.columns)
    }

    /// If the migration of other entities was run on the table, some headers would be lost without a trace.
    pub(super) async fn check(&self, pool: &PgPool) -> Result<(), OutboxError> {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('outbox_event') AND NOT attisdropped",
        )
        .fetch_all(pool)
        .await
        .map_err(|error| OutboxError::of("the columns for Debezium could not be checked", error))?;
        let has = |name: &str| columns.iter().any(|column| column == name);
        if !has(ROUTE) || self.columns.iter().all(|column| has(&column.name)) {
            return Ok(());
        }
        Err(OutboxError::new(format!(
            "Debezium would not publish every header of the events; run this SQL (`PgOutbox::debezium().migration()`), and then \
             update the connector:\n{}",
            self.migration()
        )))
    }

    /// Returns the configuration of the connector, for Debezium 3: as a JSON object it is what Kafka Connect's REST interface takes.
    ///
    /// Add what depends on the installation: `topic.prefix`, `database.hostname` and the other settings of the connection,
    /// `slot.name` and `publication.name`; and change `table.include.list` if the table is not in the schema `public`. The server
    /// needs `wal_level = logical`, and the connector's role `REPLICATION`.
    #[must_use]
    pub fn connector(&self) -> BTreeMap<String, String> {
        connector::properties(&self.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::Debezium;

    #[test]
    fn each_header_has_one_column() {
        let debezium = Debezium::new(&[&["x-a", "topic"], &["x-b", "x-a", "ce_id"]]);
        let headers: Vec<_> = debezium.columns.iter().map(|column| column.header).collect();
        let (_, own) = headers.split_at(headers.len() - 3);
        assert_eq!(own, ["x-a", "topic", "x-b"]);
        assert_eq!(headers.iter().filter(|name| **name == "ce_id").count(), 1);
        let sql = debezium.migration();
        assert!(!sql.contains(r#"ADD COLUMN IF NOT EXISTS "topic""#), "{sql}");
    }
}
