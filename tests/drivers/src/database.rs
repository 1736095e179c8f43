//! The database that an example writes to.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use entity_events::Uuid;
use entity_events::outbox::sqlx::postgres::PgPoolOptions;
use entity_events::outbox::sqlx::{self, AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use entity_events::outbox::{OutboxRow, PgOutbox};

use crate::domain::{Product, ProductTopics};
use crate::server::Server;

/// A new database with the tables of the domain and of the outbox. What the driver under test wrote is read back by another.
///
/// The server is a real PostgreSQL, which the script `tests/postgres/postgres` starts.
#[derive(Debug)]
pub struct Database {
    url: String,
    pool: PgPool,
}

/// A row of `outbox_event` in the order of [`INSERT_POSTGRES`](entity_events::outbox::INSERT_POSTGRES).
pub type Columns = (Uuid, String, String, String, Option<String>, String, String);

impl Database {
    /// Creates a database in which one product is for sale.
    ///
    /// # Panics
    ///
    /// If there is no PostgreSQL; the reason is on standard error.
    pub async fn with(product: &Product) -> Self {
        static DATABASES: AtomicUsize = AtomicUsize::new(0);
        let server = Server::shared();
        let name = format!("test_{}", DATABASES.fetch_add(1, SeqCst));
        let mut connection =
            PgConnection::connect(&server.url("postgres")).await.expect("the server answers");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database");

        let url = server.url(&name);
        let pool = PgPoolOptions::new().connect(&url).await.expect("the database answers");
        pool.execute(PgOutbox::<ProductTopics>::SCHEMA).await.expect("the tables of the outbox");
        pool.execute(
            "CREATE TABLE product (id uuid PRIMARY KEY, name text NOT NULL, price_cents bigint NOT NULL)",
        )
        .await
        .expect("the table of the domain");
        let insert = sqlx::query("INSERT INTO product VALUES ($1, $2, $3)");
        let insert = insert.bind(product.id).bind(&product.name).bind(product.price_cents);
        insert.execute(&pool).await.expect("a product");
        Self { url, pool }
    }

    /// The URL to connect to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Reads the committed products.
    ///
    /// # Panics
    ///
    /// If they cannot be read.
    pub async fn products(&self) -> Vec<Product> {
        let rows: Vec<(Uuid, String, i64)> = sqlx::query_as("SELECT id, name, price_cents FROM product")
            .fetch_all(&self.pool)
            .await
            .expect("the products");
        rows.into_iter().map(|(id, name, price_cents)| Product { id, name, price_cents }).collect()
    }

    /// Reads the committed rows of the outbox, in the order in which the relay sends them.
    ///
    /// # Panics
    ///
    /// If they cannot be read.
    pub async fn outbox(&self) -> Vec<Columns> {
        sqlx::query_as(
            "SELECT id, aggregatetype, aggregateid, type, payload, topic, headers::text FROM outbox_event ORDER BY seq",
        )
        .fetch_all(&self.pool)
        .await
        .expect("the rows")
    }
}

/// What the outbox must contain once these rows are written.
#[must_use]
pub fn columns(rows: &[OutboxRow]) -> Vec<Columns> {
    rows.iter()
        .map(|row| {
            (
                row.id(),
                row.aggregate_type().to_owned(),
                row.aggregate_id().to_owned(),
                row.event_type().to_owned(),
                row.payload().map(str::to_owned),
                row.topic().to_owned(),
                row.headers().to_owned(),
            )
        })
        .collect()
}
