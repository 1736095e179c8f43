//! The outbox with tokio-postgres.

use entity_events::outbox::{Collection, INSERT_ALL_POSTGRES, INSERT_POSTGRES, OutboxRow};
use entity_events_drivers::database::{Database, columns};
use entity_events_drivers::samples::{config, lamp};
use tokio_postgres::{Client, Error, NoTls, Transaction};

type TestResult = Result<(), Box<dyn std::error::Error>>;

/// Inserts one row.
async fn insert(tx: &Transaction<'_>, row: &OutboxRow) -> Result<(), Error> {
    tx.execute(
        INSERT_POSTGRES,
        &[
            &row.id(),
            &row.aggregate_type(),
            &row.aggregate_id(),
            &row.event_type(),
            &row.payload(),
            &row.topic(),
            &row.headers(),
        ],
    )
    .await?;
    Ok(())
}

/// Inserts any number of rows with one statement.
async fn insert_all(tx: &Transaction<'_>, rows: &[OutboxRow]) -> Result<(), Error> {
    fn column<'a, C>(rows: &'a [OutboxRow], get: impl Fn(&'a OutboxRow) -> C) -> Vec<C> {
        rows.iter().map(get).collect()
    }
    tx.execute(
        INSERT_ALL_POSTGRES,
        &[
            &column(rows, OutboxRow::id),
            &column(rows, OutboxRow::aggregate_type),
            &column(rows, OutboxRow::aggregate_id),
            &column(rows, OutboxRow::event_type),
            &column(rows, OutboxRow::payload),
            &column(rows, OutboxRow::topic),
            &column(rows, OutboxRow::headers),
        ],
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn an_event_commits_with_its_change() -> TestResult {
    let mut lamp = lamp();
    let database = Database::with(&lamp).await;
    let mut client = connect(&database).await?;

    let events = Collection::new(&config());
    lamp.reprice(990, &events).await?;
    let rows = events.into_rows()?;
    let [row] = rows.as_slice() else { panic!("{rows:?}") };

    let tx = client.transaction().await?;
    // First the entity: while its row is locked, nobody else can write an event of this entity.
    tx.execute("UPDATE product SET price_cents = $2 WHERE id = $1", &[&lamp.id, &lamp.price_cents]).await?;
    insert(&tx, row).await?;
    tx.commit().await?;

    assert_eq!(database.products().await, [lamp]);
    assert_eq!(database.outbox().await, columns(&rows));
    Ok(())
}

#[tokio::test]
async fn many_events_commit_with_their_change() -> TestResult {
    let mut lamp = lamp();
    let database = Database::with(&lamp).await;
    let mut client = connect(&database).await?;

    let events = Collection::new(&config());
    lamp.reprice(990, &events).await?;
    let id = lamp.id;
    lamp.withdraw(&events).await?;
    let rows = events.into_rows()?;
    assert_eq!(rows.iter().map(|row| row.payload().is_some()).collect::<Vec<_>>(), [true, true, false]);

    let tx = client.transaction().await?;
    tx.execute("DELETE FROM product WHERE id = $1", &[&id]).await?;
    insert_all(&tx, &rows).await?;
    tx.commit().await?;

    assert_eq!(database.products().await, []);
    assert_eq!(database.outbox().await, columns(&rows));
    Ok(())
}

#[tokio::test]
async fn nothing_is_left_of_a_rollback() -> TestResult {
    let lamp = lamp();
    let database = Database::with(&lamp).await;
    let mut client = connect(&database).await?;

    let events = Collection::new(&config());
    let mut cheaper = lamp.clone();
    cheaper.reprice(990, &events).await?;
    let rows = events.into_rows()?;

    let tx = client.transaction().await?;
    tx.execute("UPDATE product SET price_cents = $2 WHERE id = $1", &[&cheaper.id, &cheaper.price_cents])
        .await?;
    insert_all(&tx, &rows).await?;
    tx.rollback().await?;

    assert_eq!(database.products().await, [lamp]);
    assert_eq!(database.outbox().await, []);
    Ok(())
}

async fn connect(database: &Database) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
