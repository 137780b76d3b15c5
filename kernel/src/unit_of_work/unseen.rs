//! What a rule asks of all rows, whoever may see them. The caller is told no more of it than how many
//! there are, and whether the rule is kept.

use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, FromQueryResult, IdenStatic, Iterable,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use crate::{
    Result,
    link::Source,
    repository::unseen_rows,
    resource::{Id, Resource, Row, common},
    unit_of_work::UnitOfWork,
};

impl UnitOfWork<'_> {
    /// How many rows meet a condition.
    pub async fn count_all<R: Resource>(&self, condition: Condition) -> Result<i64> {
        let mut rows = unseen_rows::<R>();
        rows.expr_as(common::<R>("id").count(), "count").cond_where(condition);
        self.counted(rows).await
    }

    /// How many of the records that a statement names by their ids are not archived.
    pub async fn count_current(&self, source: &dyn Source, ids: SelectStatement) -> Result<i64> {
        let column = |name| Expr::col(source.column(name));
        let mut rows = source.unseen();
        rows.expr_as(column("id").count(), "count")
            .and_where(column("id").in_subquery(ids))
            .and_where(column("archived_at").is_null());
        self.counted(rows).await
    }

    async fn counted(&self, rows: SelectStatement) -> Result<i64> {
        let row = self.rows(rows).await?.into_iter().next();
        Ok(row.map(|it| it.try_get("", "count")).transpose()?.unwrap_or(0))
    }

    /// Whether any row meets a condition.
    pub async fn is_any<R: Resource>(&self, condition: Condition) -> Result<bool> {
        let mut rows = unseen_rows::<R>();
        rows.expr(Expr::val(1)).cond_where(condition).limit(1);
        Ok(!self.rows(rows).await?.is_empty())
    }

    /// The rows that meet a condition.
    pub async fn all<R: Resource>(&self, condition: Condition) -> Result<Vec<Row<R>>> {
        let mut rows = unseen_rows::<R>();
        for column in <R::Entity as EntityTrait>::Column::iter() {
            rows.expr_as(Expr::col(column.as_column_ref()), column.as_str());
        }
        rows.cond_where(condition);
        let rows = self.rows(rows).await?;
        Ok(rows.iter().map(|it| Row::<R>::from_query_result(it, "")).collect::<Result<_, _>>()?)
    }

    /// Waits for others who hold the same row, and holds it until the end: so that of two who each
    /// look whether the other was there, one comes second. On SQLite there is one writer anyway.
    pub async fn hold<R: Resource>(&self, id: Id<R>) -> Result<()> {
        if self.repository.shared.database.backend() == DbBackend::Postgres {
            let mut row = unseen_rows::<R>();
            row.expr(Expr::val(1)).and_where(common::<R>("id").eq(id.uuid()));
            row.lock_exclusive();
            self.rows(row).await?;
        }
        Ok(())
    }
}
