//! Brings a database to the schema of this program. Of several replicas that start at once one does
//! it and the others wait.

use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use crate::{Error, Result, database::Database};

/// Any number; the same for every replica.
const LOCK: i64 = 0x676f_6e67_7475;
const WAIT: Duration = Duration::from_millis(200);

pub async fn migrate(database: &Database) -> Result<()> {
    let connection = database.orm().await?;
    if database.backend() == DbBackend::Postgres {
        migrate_server(&connection).await?;
    } else {
        migrate_file(&connection).await?;
    }
    Ok(connection.close().await?)
}

async fn migrate_server(connection: &DatabaseConnection) -> Result<()> {
    // The lock lives in a transaction of its own, so that it goes when this process does.
    let guard = connection.begin().await?;
    // It is idle for as long as the others work, or this process does.
    guard.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    let take = || {
        Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_try_advisory_xact_lock($1) AS taken",
            [LOCK.into()],
        )
    };
    loop {
        let row = guard.query_one_raw(take()).await?;
        if row.is_some_and(|it| it.try_get("", "taken").unwrap_or(false)) {
            break;
        }
        tokio::time::sleep(WAIT).await;
    }
    Migrator::up(connection, None).await?;
    guard.rollback().await?;
    Ok(())
}

/// The file has one writer: who is it looks for what is missing only then, and the others wait for it.
async fn migrate_file(connection: &DatabaseConnection) -> Result<()> {
    let options = TransactionOptions {
        isolation_level: None,
        access_mode: None,
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
    };
    let transaction = loop {
        match connection.begin_with_options(options).await.map_err(Error::from) {
            Err(error) if error.is_transient() => tokio::time::sleep(WAIT).await,
            begun => break begun?,
        }
    };
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    Ok(())
}
