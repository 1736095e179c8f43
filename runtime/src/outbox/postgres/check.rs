//! Compares the tables with those that the outbox needs.

use std::fmt::Write as _;

use sqlx::postgres::types::Oid;
use sqlx::{PgPool, Row};

use self::Filled::{Default, Identity, Never, Null};
use super::super::error::OutboxError;

/// A table, its key, and its columns: name, type, and what may be left out.
type Table = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str, Filled)]);

/// Whether a column may be null, or is filled if an insert leaves it out.
#[derive(Clone, Copy, PartialEq)]
enum Filled {
    Null,
    Never,
    Default(&'static str),
    Identity,
}
const TABLES: [Table; 4] = [
    (
        "outbox_event",
        &["seq"],
        &[
            ("seq", "bigint", Identity),
            ("id", "uuid", Never),
            ("aggregatetype", "text", Never),
            ("aggregateid", "text", Never),
            ("type", "text", Never),
            ("payload", "text", Null),
            ("topic", "text", Never),
            ("headers", "json", Default("'{}'")),
            ("created_at", "timestamp with time zone", Default("now()")),
        ],
    ),
    (
        "outbox_lease",
        &["one"],
        &[
            ("one", "boolean", Default("true")),
            ("holder", "text", Null),
            ("epoch", "bigint", Default("0")),
            ("until", "timestamp with time zone", Default("'-infinity'")),
        ],
    ),
    (
        "outbox_blocked",
        &["aggregateid", "topic"],
        &[
            ("topic", "text", Never),
            ("aggregateid", "text", Never),
            ("seq", "bigint", Never),
            ("id", "uuid", Never),
            ("type", "text", Never),
            ("since", "timestamp with time zone", Default("now()")),
            ("attempts", "integer", Default("1")),
            ("error", "text", Never),
            ("retry", "boolean", Default("false")),
        ],
    ),
    (
        "outbox_dead",
        &["seq"],
        &[
            ("seq", "bigint", Never),
            ("id", "uuid", Never),
            ("aggregatetype", "text", Never),
            ("aggregateid", "text", Never),
            ("type", "text", Never),
            ("payload", "text", Null),
            ("topic", "text", Never),
            ("headers", "json", Never),
            ("created_at", "timestamp with time zone", Never),
            ("parked_at", "timestamp with time zone", Default("now()")),
            ("error", "text", Never),
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

/// Whether a table has a unique index on these columns, which are in the order of their names.
const IS_UNIQUE: &str = "SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid \
     AND i.indpred IS NULL AND i.indexprs IS NULL AND (SELECT array_agg(a.attname::text ORDER BY a.attname::text) \
     FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)) = $2::text[])";

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
    for (table, key, wanted) in TABLES {
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
            let is_unique: bool =
                sqlx::query_scalar(IS_UNIQUE).bind(table).bind(key).fetch_one(pool).await.map_err(failed)?;
            if !is_unique {
                // Writing to a `String` cannot fail.
                let _ = writeln!(sql, "CREATE UNIQUE INDEX ON {table} ({});", key.join(", "));
            }
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
fn compare(table: &str, wanted: &[(&str, &str, Filled)], columns: &[Column], sql: &mut String) {
    let mut run = |statement: String| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(sql, "ALTER TABLE {table} {statement};");
    };
    for (name, kind, filled) in wanted {
        let Some(column) = columns.iter().find(|column| column.name == *name) else {
            let rest = match filled {
                Null => String::new(),
                Never => " NOT NULL".to_owned(),
                Default(default) => format!(" NOT NULL DEFAULT {default}"),
                Identity => " GENERATED ALWAYS AS IDENTITY".to_owned(),
            };
            run(format!("ADD COLUMN {name} {kind}{rest}"));
            continue;
        };
        if column.kind != *kind {
            run(format!("ALTER COLUMN {name} TYPE {kind} USING {name}::{kind}"));
        }
        let nullable = *filled == Null;
        if column.nullable != nullable {
            run(format!("ALTER COLUMN {name} {} NOT NULL", if nullable { "DROP" } else { "SET" }));
        }
        match filled {
            Default(default) if !column.filled => run(format!("ALTER COLUMN {name} SET DEFAULT {default}")),
            Identity if !column.filled => {
                run(format!("ALTER COLUMN {name} ADD GENERATED ALWAYS AS IDENTITY"));
            }
            _ => {}
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
