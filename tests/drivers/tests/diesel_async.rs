//! The outbox with diesel-async.

use diesel::sql_types::{Array, Nullable, Text, Uuid};
use diesel::{ExpressionMethods, QueryDsl, QueryResult};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use entity_events::outbox::{Collection, INSERT_ALL_POSTGRES, INSERT_POSTGRES, OutboxRow};
use entity_events_drivers::database::{Database, columns};
use entity_events_drivers::samples::{config, lamp};

use self::schema::product;

type TestError = Box<dyn std::error::Error + Send + Sync>;

mod schema {
    diesel::table! {
        product (id) {
            id -> Uuid,
            name -> Text,
            price_cents -> BigInt,
        }
    }
}

/// Inserts one row.
async fn insert(tx: &mut AsyncPgConnection, row: &OutboxRow) -> QueryResult<()> {
    diesel::sql_query(INSERT_POSTGRES)
        .bind::<Uuid, _>(row.id())
        .bind::<Text, _>(row.aggregate_type())
        .bind::<Text, _>(row.aggregate_id())
        .bind::<Text, _>(row.event_type())
        .bind::<Nullable<Text>, _>(row.payload())
        .bind::<Text, _>(row.topic())
        .bind::<Text, _>(row.headers())
        .execute(tx)
        .await?;
    Ok(())
}

/// Inserts any number of rows with one statement.
async fn insert_all(tx: &mut AsyncPgConnection, rows: &[OutboxRow]) -> QueryResult<()> {
    fn column<'a, C>(rows: &'a [OutboxRow], get: impl Fn(&'a OutboxRow) -> C) -> Vec<C> {
        rows.iter().map(get).collect()
    }
    diesel::sql_query(INSERT_ALL_POSTGRES)
        .bind::<Array<Uuid>, _>(column(rows, OutboxRow::id))
        .bind::<Array<Text>, _>(column(rows, OutboxRow::aggregate_type))
        .bind::<Array<Text>, _>(column(rows, OutboxRow::aggregate_id))
        .bind::<Array<Text>, _>(column(rows, OutboxRow::event_type))
        .bind::<Array<Nullable<Text>>, _>(column(rows, OutboxRow::payload))
        .bind::<Array<Text>, _>(column(rows, OutboxRow::topic))
        .bind::<Array<Text>, _>(column(rows, OutboxRow::headers))
        .execute(tx)
        .await?;
    Ok(())
}

#[tokio::test]
async fn an_event_commits_with_its_change() -> Result<(), TestError> {
    let mut lamp = lamp();
    let database = Database::with(&lamp).await;
    let mut connection = AsyncPgConnection::establish(database.url()).await?;

    let events = Collection::new(&config());
    lamp.reprice(990, &events).await?;
    let rows = events.into_rows()?;
    let [row] = rows.as_slice() else { panic!("{rows:?}") };

    connection
        .transaction(async |tx| {
            // First the entity: while its row is locked, nobody else can write an event of this entity.
            diesel::update(product::table.find(lamp.id))
                .set(product::price_cents.eq(lamp.price_cents))
                .execute(tx)
                .await?;
            insert(tx, row).await
        })
        .await?;

    assert_eq!(database.products().await, [lamp]);
    assert_eq!(database.outbox().await, columns(&rows));
    Ok(())
}

#[tokio::test]
async fn many_events_commit_with_their_change() -> Result<(), TestError> {
    let mut lamp = lamp();
    let database = Database::with(&lamp).await;
    let mut connection = AsyncPgConnection::establish(database.url()).await?;

    let events = Collection::new(&config());
    lamp.reprice(990, &events).await?;
    let id = lamp.id;
    lamp.withdraw(&events).await?;
    let rows = events.into_rows()?;
    assert_eq!(rows.iter().map(|row| row.payload().is_some()).collect::<Vec<_>>(), [true, true, false]);

    connection
        .transaction(async |tx| {
            diesel::delete(product::table.find(id)).execute(tx).await?;
            insert_all(tx, &rows).await
        })
        .await?;

    assert_eq!(database.products().await, []);
    assert_eq!(database.outbox().await, columns(&rows));
    Ok(())
}

#[tokio::test]
async fn nothing_is_left_of_a_rollback() -> Result<(), TestError> {
    let lamp = lamp();
    let database = Database::with(&lamp).await;
    let mut connection = AsyncPgConnection::establish(database.url()).await?;

    let events = Collection::new(&config());
    let mut cheaper = lamp.clone();
    cheaper.reprice(990, &events).await?;
    let rows = events.into_rows()?;

    let result: Result<(), TestError> = connection
        .transaction(async |tx| {
            diesel::update(product::table.find(cheaper.id))
                .set(product::price_cents.eq(cheaper.price_cents))
                .execute(tx)
                .await?;
            insert_all(tx, &rows).await?;
            Err("out of paint".into())
        })
        .await;
    assert_eq!(result.map_err(|error| error.to_string()), Err("out of paint".to_owned()));

    assert_eq!(database.products().await, [lamp]);
    assert_eq!(database.outbox().await, []);
    Ok(())
}
