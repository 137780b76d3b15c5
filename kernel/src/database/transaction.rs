use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, sea_query::Values,
};
use tokio::sync::Mutex;

use super::{
    connection::{Connection, Prepared},
    pool::Lease,
};

/// A transaction, on a connection of its own. Dropped uncommitted, it is rolled back before anybody
/// else uses the connection.
pub struct Transaction {
    lease: Mutex<Lease>,
    backend: DbBackend,
}

const SAVEPOINT: &str = "part";

impl Transaction {
    pub(super) async fn begin(mut lease: Lease) -> Result<Transaction, DbErr> {
        lease.begin().await?;
        let backend = lease.pool().backend();
        Ok(Transaction { lease: Mutex::new(lease), backend })
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        let pool = self.lease.lock().await.pool().clone();
        self.commit_unsynced().await?;
        // The next has the writer already.
        pool.durable().await
    }

    /// As [`Self::commit`], but on SQLite a power cut may undo it: for what is then done again.
    pub async fn commit_unsynced(self) -> Result<(), DbErr> {
        if self.lease.lock().await.failed {
            // PostgreSQL would roll back, and say nothing.
            return Err(DbErr::Custom("a statement of the transaction failed".to_owned()));
        }
        self.finish("COMMIT").await
    }

    pub async fn rollback(self) -> Result<(), DbErr> {
        self.finish("ROLLBACK").await
    }

    async fn finish(self, sql: &str) -> Result<(), DbErr> {
        let mut lease = self.lease.into_inner();
        // Failing, it leaves the transaction open, and the lease rolls it back.
        lease.execute_unprepared(sql).await?;
        lease.in_transaction = false;
        Ok(())
    }

    /// Begins a part that can be undone for itself. Parts nest.
    pub async fn begin_part(&self) -> Result<(), DbErr> {
        self.run(format!("SAVEPOINT {SAVEPOINT}")).await
    }

    pub async fn keep_part(&self) -> Result<(), DbErr> {
        self.run(format!("RELEASE SAVEPOINT {SAVEPOINT}")).await
    }

    pub async fn undo_part(&self) -> Result<(), DbErr> {
        // Rolled back to, a savepoint is still there.
        self.run(format!("ROLLBACK TO SAVEPOINT {SAVEPOINT}")).await?;
        self.lease.lock().await.failed = false;
        self.keep_part().await
    }

    /// The rows of a statement, for those who have its text and values at hand.
    pub async fn rows(&self, sql: String, values: Values) -> Result<Vec<QueryResult>, DbErr> {
        self.lease.lock().await.rows(Prepared { sql, values }).await
    }

    async fn run(&self, sql: String) -> Result<(), DbErr> {
        self.lease.lock().await.execute_unprepared(&sql).await?;
        Ok(())
    }
}

/// Rolls back what a user left open. A connection on which that fails is not to be used again.
pub async fn rollback(connection: &mut Connection) -> bool {
    connection.execute_unprepared("ROLLBACK").await.is_ok()
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.lease.lock().await.execute(statement.into()).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.lease.lock().await.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.lease.lock().await.rows(statement.into()).await
    }
}
