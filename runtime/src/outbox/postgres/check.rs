//! Compares the tables with those that the outbox needs.

use std::fmt::Write as _;

use sqlx::postgres::types::Oid;
use sqlx::{PgPool, Row};

use super::super::error::OutboxError;

/// A table, and its columns: name, type, and whether it may be null.
type Table = (&'static str, &'static [(&'static str, &'static str, bool)]);

const TABLES: [Table; 4] = [
    (
        "outbox_event",
        &[
            ("seq", "bigint", false),
            ("id", "uuid", false),
            ("aggregatetype", "text", false),
            ("aggregateid", "text", false),
            ("type", "text", false),
            ("payload", "text", true),
            ("topic", "text", false),
            ("headers", "json", false),
            ("created_at", "timestamp with time zone", false),
        ],
    ),
    (
        "outbox_lease",
        &[
            ("one", "boolean", false),
            ("holder", "text", true),
            ("epoch", "bigint", false),
            ("until", "timestamp with time zone", false),
        ],
    ),
    (
        "outbox_blocked",
        &[
            ("topic", "text", false),
            ("aggregateid", "text", false),
            ("seq", "bigint", false),
            ("id", "uuid", false),
            ("type", "text", false),
            ("since", "timestamp with time zone", false),
            ("attempts", "integer", false),
            ("error", "text", false),
            ("retry", "boolean", false),
        ],
    ),
    (
        "outbox_dead",
        &[
            ("seq", "bigint", false),
            ("id", "uuid", false),
            ("aggregatetype", "text", false),
            ("aggregateid", "text", false),
            ("type", "text", false),
            ("payload", "text", true),
            ("topic", "text", false),
            ("headers", "json", false),
            ("created_at", "timestamp with time zone", false),
            ("parked_at", "timestamp with time zone", false),
            ("error", "text", false),
        ],
    ),
];

/// What a writer needs.
const WRITER: [(&str, &[&str]); 1] = [("outbox_event", &["SELECT", "INSERT"])];

/// What a relay needs.
const RELAY: [(&str, &[&str]); 4] = [
    ("outbox_event", &["SELECT", "DELETE"]),
    ("outbox_lease", &["SELECT", "UPDATE"]),
    ("outbox_blocked", &["SELECT", "INSERT", "UPDATE", "DELETE"]),
    ("outbox_dead", &["SELECT", "INSERT"]),
];

struct Column {
    name: String,
    kind: String,
    nullable: bool,
    filled: bool,
}

/// Checks the tables and the role's privileges, and returns the oid of `outbox_event`.
pub(super) async fn check(pool: &PgPool, for_relay: bool) -> Result<String, OutboxError> {
    let failed = |error| OutboxError::of("the outbox table could not be checked", error);
    let mut sql = String::new();
    let mut missing = 0;
    for (table, wanted) in TABLES {
        let rows = sqlx::query(
            "SELECT attname::text, format_type(atttypid, atttypmod), NOT attnotnull, atthasdef OR attidentity <> '' \
             FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        )
        .bind(table)
        .fetch_all(pool)
        .await
        .map_err(failed)?;
        let columns: Result<Vec<Column>, sqlx::Error> = rows
            .iter()
            .map(|row| {
                let (name, kind) = (row.try_get(0)?, row.try_get(1)?);
                Ok(Column { name, kind, nullable: row.try_get(2)?, filled: row.try_get(3)? })
            })
            .collect();
        let columns = columns.map_err(failed)?;
        if columns.is_empty() {
            missing += 1;
        } else {
            compare(table, wanted, &columns, &mut sql);
        }
    }
    if missing == TABLES.len() {
        return Err(OutboxError::new(format!(
            "the tables of the outbox are missing, or in a schema outside of the `search_path`; run this SQL (`PgOutbox::SCHEMA`):\n{}",
            super::SCHEMA
        )));
    }
    if missing > 0 {
        return Err(OutboxError::new(format!(
            "{missing} of the outbox's {} tables are missing; run this SQL, which leaves the others as they are:\n{}",
            TABLES.len(),
            super::SCHEMA
        )));
    }
    if !sql.is_empty() {
        return Err(OutboxError::new(format!(
            "the tables of the outbox differ from what this version needs; run this SQL:\n{sql}"
        )));
    }
    check_privileges(pool, if for_relay { &RELAY } else { &WRITER }).await?;
    let lease = "SELECT count(*) FROM outbox_lease";
    if for_relay && sqlx::query_scalar::<_, i64>(lease).fetch_one(pool).await.map_err(failed)? != 1 {
        return Err(OutboxError::new(
            "the table `outbox_lease` has no row; run this SQL:\nINSERT INTO outbox_lease DEFAULT VALUES ON CONFLICT DO NOTHING;",
        ));
    }
    let table: Oid =
        sqlx::query_scalar("SELECT 'outbox_event'::regclass::oid").fetch_one(pool).await.map_err(failed)?;
    Ok(table.0.to_string())
}

/// Writes the SQL that turns a table's columns into those that are wanted. Further columns may stay if an insert can do without.
fn compare(table: &str, wanted: &[(&str, &str, bool)], columns: &[Column], sql: &mut String) {
    let mut run = |statement: String| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(sql, "ALTER TABLE {table} {statement};");
    };
    for (name, kind, nullable) in wanted {
        let not_null = if *nullable { "" } else { " NOT NULL" };
        let Some(column) = columns.iter().find(|column| column.name == *name) else {
            run(format!("ADD COLUMN {name} {kind}{not_null}"));
            continue;
        };
        if column.kind != *kind {
            run(format!("ALTER COLUMN {name} TYPE {kind} USING {name}::{kind}"));
        }
        if column.nullable != *nullable {
            run(format!("ALTER COLUMN {name} {} NOT NULL", if *nullable { "DROP" } else { "SET" }));
        }
        if *name == "seq" && table == "outbox_event" && !column.filled {
            run("ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY".to_owned());
        }
    }
    for column in columns {
        if wanted.iter().all(|(name, ..)| *name != column.name) && !column.nullable && !column.filled {
            run(format!("ALTER COLUMN \"{}\" DROP NOT NULL", column.name));
        }
    }
}

/// Checks the current role's privileges on the tables that it needs: a writer needs the first alone.
async fn check_privileges(pool: &PgPool, tables: &[(&str, &[&str])]) -> Result<(), OutboxError> {
    let mut grants = String::new();
    for (table, wanted) in tables {
        for privilege in *wanted {
            let has: bool = sqlx::query_scalar("SELECT has_table_privilege($1, $2)")
                .bind(table)
                .bind(privilege)
                .fetch_one(pool)
                .await
                .map_err(|error| {
                    OutboxError::of("the permissions on the outbox could not be checked", error)
                })?;
            if !has {
                let _ = writeln!(grants, "GRANT {privilege} ON {table} TO current_user;");
            }
        }
    }
    if grants.is_empty() {
        return Ok(());
    }
    let role: String =
        sqlx::query_scalar("SELECT quote_ident(current_user)").fetch_one(pool).await.unwrap_or_default();
    let grants = grants.replace("current_user", &role);
    Err(OutboxError::new(format!("the role lacks permissions; run this SQL as the tables' owner:\n{grants}")))
}
