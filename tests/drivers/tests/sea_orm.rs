//! The outbox with SeaORM.

use entity_events::outbox::{INSERT_POSTGRES, OutboxRow, PgOutbox};
use entity_events_drivers::database::{Database, columns};
use entity_events_drivers::samples::{config, lamp};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, Set, Statement, TransactionTrait,
};

type TestResult = Result<(), Box<dyn std::error::Error>>;

mod product {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "product")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub price_cents: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Inserts rows one by one: `INSERT_ALL_POSTGRES` needs an array with nulls where there are tombstones, and SeaORM panics on
/// binding one.
async fn insert(tx: &DatabaseTransaction, rows: &[OutboxRow]) -> Result<(), DbErr> {
    for row in rows {
        let values = [
            row.id().into(),
            row.aggregate_type().into(),
            row.aggregate_id().into(),
            row.event_type().into(),
            row.payload().into(),
            row.topic().into(),
            row.headers().into(),
        ];
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, INSERT_POSTGRES, values)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_event_commits_with_its_change() -> TestResult {
    let mut lamp = lamp();
    let database = Database::with(&lamp).await;
    let db = sea_orm::Database::connect(database.url()).await?;
    // SeaORM has a pool of sqlx, which the outbox and its relay can share.
    let outbox = PgOutbox::new(db.get_postgres_connection_pool().clone(), &config());
    outbox.check().await?;

    let events = outbox.collect();
    lamp.reprice(990, &events).await?;
    let rows = events.into_rows()?;

    let tx = db.begin().await?;
    // First the entity: while its row is locked, nobody else can write an event of this entity.
    let model =
        product::ActiveModel { id: Set(lamp.id), price_cents: Set(lamp.price_cents), ..Default::default() };
    product::Entity::update(model).exec(&tx).await?;
    insert(&tx, &rows).await?;
    tx.commit().await?;
    outbox.wake();

    assert_eq!(database.products().await, [lamp]);
    assert_eq!(database.outbox().await, columns(&rows));
    Ok(())
}

#[tokio::test]
async fn many_events_commit_with_their_change() -> TestResult {
    let mut lamp = lamp();
    let database = Database::with(&lamp).await;
    let db = sea_orm::Database::connect(database.url()).await?;
    let outbox = PgOutbox::new(db.get_postgres_connection_pool().clone(), &config());

    let events = outbox.collect();
    lamp.reprice(990, &events).await?;
    let id = lamp.id;
    lamp.withdraw(&events).await?;
    let rows = events.into_rows()?;
    assert_eq!(rows.iter().map(|row| row.payload().is_some()).collect::<Vec<_>>(), [true, true, false]);

    let tx = db.begin().await?;
    product::Entity::delete_by_id(id).exec(&tx).await?;
    insert(&tx, &rows).await?;
    tx.commit().await?;
    outbox.wake();

    assert_eq!(database.products().await, []);
    assert_eq!(database.outbox().await, columns(&rows));
    Ok(())
}

#[tokio::test]
async fn nothing_is_left_of_a_rollback() -> TestResult {
    let lamp = lamp();
    let database = Database::with(&lamp).await;
    let db = sea_orm::Database::connect(database.url()).await?;
    let outbox = PgOutbox::new(db.get_postgres_connection_pool().clone(), &config());

    let events = outbox.collect();
    let mut cheaper = lamp.clone();
    cheaper.reprice(990, &events).await?;
    let rows = events.into_rows()?;

    let tx = db.begin().await?;
    let model = product::ActiveModel {
        id: Set(cheaper.id),
        price_cents: Set(cheaper.price_cents),
        ..Default::default()
    };
    product::Entity::update(model).exec(&tx).await?;
    insert(&tx, &rows).await?;
    tx.rollback().await?;

    assert_eq!(database.products().await, [lamp]);
    assert_eq!(database.outbox().await, []);
    Ok(())
}
