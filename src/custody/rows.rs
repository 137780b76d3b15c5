//! Rows of a table that are rewritten some at a time, past the records: what they say does not change.

use std::time::Duration;

use sea_orm::{
    Condition, ConnectionTrait, DbBackend, DynIden, QueryResult,
    sea_query::{
        Alias, Asterisk, Expr, ExprTrait, IntoIden, LockBehavior, LockType, Order, Query, TableRef,
        ValueTuple,
    },
};
use uuid::Uuid;

use crate::{
    Result,
    database::{Database, Transaction},
};

/// Rows, locked in a transaction of their own.
pub struct Batch {
    transaction: Transaction,
    pub rows: Vec<QueryResult>,
}

/// So many rows are one transaction: a writer waits for them a few milliseconds.
const ROWS: u64 = 200;
/// What somebody holds is asked for again after this long.
const PAUSE: Duration = Duration::from_millis(50);

impl Batch {
    /// The next rows that meet a condition, by their ids, but for those that somebody holds.
    pub async fn next(
        database: &Database,
        table: &'static str,
        wanted: &Condition,
        after: Uuid,
    ) -> Result<Option<Batch>> {
        let mut select = Query::select();
        select
            .column(Asterisk)
            .from(table)
            .cond_where(wanted.clone())
            .and_where(Expr::col("id").gt(after))
            .order_by("id", Order::Asc)
            .limit(ROWS);
        if database.backend() == DbBackend::Postgres {
            select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        loop {
            let transaction = match database.begin().await {
                // A file that another process writes.
                Err(error) if error.is_transient() => {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
                begun => begun?,
            };
            let rows = transaction.query_all(&select).await?;
            return Ok((!rows.is_empty()).then_some(Batch { transaction, rows }));
        }
    }

    /// Writes columns of the rows, in one statement.
    pub async fn write(
        self,
        table: &'static str,
        columns: &[&str],
        rows: Vec<(Uuid, Vec<Option<String>>)>,
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(self.transaction.rollback().await?);
        }
        let rows = rows.into_iter().map(|(id, values)| {
            let values = values.into_iter().map(Into::into);
            ValueTuple::Many(std::iter::once(id.into()).chain(values).collect())
        });
        let new: DynIden = Alias::new("new").into_iden();
        // Both databases number the columns of a list of values.
        let value = |place: usize| Expr::col((new.clone(), Alias::new(format!("column{place}"))));
        let mut update = Query::update();
        update
            .table(table)
            .from(TableRef::ValuesList(rows.collect(), new.clone()))
            .and_where(Expr::col((table, "id")).eq(value(1)));
        for (place, column) in columns.iter().enumerate() {
            update.value(Alias::new(*column), value(place + 2));
        }
        self.transaction.execute(&update).await?;
        Ok(self.transaction.commit().await?)
    }
}

/// How many rows of a table meet a condition.
pub async fn count(database: &Database, table: &'static str, wanted: &Condition) -> Result<u64> {
    let mut rows = Query::select();
    rows.expr_as(Expr::col("id").count(), "count").from(table).cond_where(wanted.clone());
    let row = database.read().query_one(&rows).await?;
    let count: i64 = row.map(|it| it.try_get("", "count")).transpose()?.unwrap_or(0);
    Ok(count.unsigned_abs())
}
