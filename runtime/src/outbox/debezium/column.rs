//! A header as a column.

use uuid::Uuid;

/// Names that `outbox_event` has for something else, or that PostgreSQL reserves.
const TAKEN: [&str; 16] = [
    "seq",
    "id",
    "aggregatetype",
    "aggregateid",
    "type",
    "payload",
    "topic",
    "headers",
    "created_at",
    ROUTE,
    "tableoid",
    "xmin",
    "cmin",
    "xmax",
    "cmax",
    "ctid",
];

/// PostgreSQL cuts off the rest of a name.
const LONGEST: usize = 63;

/// The column that Debezium routes by: the topic, then `#` and the headers that the event does not have.
pub(super) const ROUTE: &str = "debezium_route";

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) header: &'static str,
    pub(super) name: String,
    /// Whether events may be without the header.
    pub(super) optional: bool,
}

impl Column {
    /// For a header of every event.
    pub(super) fn always(header: &'static str) -> Self {
        Self { optional: false, ..Self::sometimes(header) }
    }

    /// For a header of some events.
    pub(super) fn sometimes(header: &'static str) -> Self {
        let name = if header.len() > LONGEST || TAKEN.contains(&header) {
            // The same in every version of the service.
            format!("header_{}", Uuid::new_v5(&Uuid::NAMESPACE_OID, header.as_bytes()).simple())
        } else {
            header.to_owned()
        };
        Self { header, name, optional: true }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, LONGEST};

    #[test]
    fn a_column_is_named_after_its_header_if_it_can_be() {
        assert_eq!(Column::sometimes("x-shop").name, "x-shop");
        assert_eq!(Column::sometimes("x".repeat(LONGEST).leak()).name.len(), LONGEST);
        for taken in ["topic", "xmin", "x".repeat(LONGEST + 1).leak(), "y".repeat(LONGEST + 1).leak()] {
            let name = Column::sometimes(taken).name;
            assert!(name.starts_with("header_") && name.len() < LONGEST, "{name}");
        }
        assert_ne!(Column::sometimes("type").name, Column::sometimes("topic").name);
    }
}
