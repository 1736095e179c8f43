//! The columns and the trigger.

use super::column::{Column, ROUTE};

/// ```sql
/// ALTER TABLE outbox_event
///     ADD COLUMN IF NOT EXISTS "ce_id" text,
///     ..
/// CREATE OR REPLACE FUNCTION outbox_event_debezium() RETURNS trigger ..
///     NEW."ce_id" := headers->>'ce_id';
///     ..
/// ```
pub(super) fn sql(columns: &[Column]) -> String {
    let add = columns
        .iter()
        .map(|column| format!("    ADD COLUMN IF NOT EXISTS {} text", identifier(&column.name)));
    let fill = columns.iter().map(|column| {
        format!("    NEW.{} := headers->>{};", identifier(&column.name), literal(column.header))
    });
    let absent = columns.iter().filter(|column| column.optional).map(|column| {
        let header = literal(column.header);
        format!("        CASE WHEN NEW.{} IS NULL THEN {header} END", identifier(&column.name))
    });
    let (add, fill, absent) = (lines(add, ",\n"), lines(fill, "\n"), lines(absent, ",\n"));
    format!(
        "-- What Debezium reads: each header of the events of outbox_event as a column. Running it again changes nothing.

ALTER TABLE outbox_event
{add},
    ADD COLUMN IF NOT EXISTS {ROUTE} text;

-- A trigger, since generated columns are not in the log that Debezium reads.
CREATE OR REPLACE FUNCTION outbox_event_debezium() RETURNS trigger LANGUAGE plpgsql AS $outbox$
DECLARE
    headers jsonb := NEW.headers;
BEGIN
{fill}
    -- The topic, and the headers that the event does not have: Debezium would send them without a value, and is told to drop them.
    NEW.{ROUTE} := NEW.topic || '#' || concat_ws(',',
{absent});
    RETURN NEW;
END
$outbox$;

DO $outbox$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'outbox_event'::regclass AND tgname = 'outbox_event_debezium') THEN
        CREATE TRIGGER outbox_event_debezium BEFORE INSERT OR UPDATE ON outbox_event
            FOR EACH ROW EXECUTE FUNCTION outbox_event_debezium();
    END IF;
END
$outbox$;

-- Rows that wait: the trigger fills their columns.
UPDATE outbox_event SET topic = topic WHERE {ROUTE} IS NULL;
"
    )
}

fn lines(lines: impl Iterator<Item = String>, separator: &str) -> String {
    lines.collect::<Vec<_>>().join(separator)
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
