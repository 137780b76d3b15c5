use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait};

use crate::demo::Plan;

/// The plain indexes of PostgreSQL, away while a whole city comes in: built afterwards they are
/// sorted once, instead of being written over, page by page, for every row. Unique ones stay.
pub struct Lifted {
    definitions: Vec<String>,
}

/// From so many workers on it pays.
const MANY: u32 = 100_000;

const PLAIN_INDEXES: &str = "\
    SELECT class.relname AS name, pg_get_indexdef(index.indexrelid) AS definition \
    FROM pg_index AS index \
    JOIN pg_class AS class ON class.oid = index.indexrelid \
    JOIN pg_class AS owner ON owner.oid = index.indrelid \
    WHERE owner.relnamespace = current_schema()::regnamespace \
    AND NOT index.indisunique AND owner.relname = $1 \
    ORDER BY class.relname";

impl Lifted {
    pub async fn lift(
        database: &DatabaseConnection,
        plan: &Plan,
        tables: &[&str],
    ) -> Result<Lifted, DbErr> {
        let mut definitions = Vec::new();
        if database.get_database_backend() != DbBackend::Postgres || plan.workers < MANY {
            return Ok(Lifted { definitions });
        }
        let transaction = database.begin().await?;
        for table in tables {
            let find = Statement::from_sql_and_values(
                DbBackend::Postgres,
                PLAIN_INDEXES,
                [(*table).into()],
            );
            for row in transaction.query_all_raw(find).await? {
                let name: String = row.try_get("", "name")?;
                definitions.push(row.try_get("", "definition")?);
                transaction.execute_unprepared(&format!(r#"DROP INDEX "{name}""#)).await?;
            }
        }
        transaction.commit().await?;
        Ok(Lifted { definitions })
    }

    pub async fn put_back(&self, database: &DatabaseConnection) -> Result<(), DbErr> {
        if self.definitions.is_empty() {
            return Ok(());
        }
        let transaction = database.begin().await?;
        // An index of a large table may take longer than a request may.
        transaction
            .execute_unprepared(
                "SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'",
            )
            .await?;
        for definition in &self.definitions {
            transaction.execute_unprepared(definition).await?;
        }
        transaction.execute_unprepared("ANALYZE").await?;
        transaction.commit().await
    }
}
