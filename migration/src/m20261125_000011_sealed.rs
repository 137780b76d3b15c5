//! Values about a person in envelopes, found by a blind index.
//!
//! A migration has no keys. What is there in clear is put aside, in columns that the service seals and
//! drops before it serves.

use sea_orm::{DbBackend, Statement};
use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The columns that are sealed from now on.
const SEALED: [&str; 2] = ["id_number", "phone"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_unique(manager, "worker", ["id_number"]).await?;
        for column in SEALED {
            if is_any(manager, column).await? {
                rename_column(manager, "worker", column, &aside(column)).await?;
            } else {
                drop_column(manager, "worker", column).await?;
            }
        }
        add_columns(manager, "worker", columns()).await
    }

    /// What is sealed stays so: the values themselves do not come back.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["id_number_index_odd", "id_number_index_even"] {
            drop_unique(manager, "worker", [column]).await?;
        }
        for column in columns() {
            drop_column(manager, "worker", column.name()).await?;
        }
        let mut before = Vec::new();
        for column in SEALED {
            if manager.has_column("worker", aside(column)).await? {
                rename_column(manager, "worker", &aside(column), column).await?;
            } else {
                before.push(text(column).optional());
            }
        }
        add_columns(manager, "worker", before).await?;
        add_unique(manager, "worker", ["id_number"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn columns() -> Vec<Column> {
    vec![
        text("id_number").optional().sealed(),
        text("id_number_index_odd").optional().unique(),
        text("id_number_index_even").optional().unique(),
        text("phone").optional().sealed(),
        text("data_key").optional().sealed(),
        timestamp("erased_at").optional(),
        text("erasure_ground").optional(),
    ]
}

fn aside(column: &str) -> String {
    format!("{column}_clear")
}

async fn is_any(manager: &SchemaManager<'_>, column: &str) -> Result<bool, DbErr> {
    let backend: DbBackend = manager.get_database_backend();
    let any = format!("SELECT 1 FROM worker WHERE {column} IS NOT NULL LIMIT 1");
    let found = manager.get_connection().query_one_raw(Statement::from_string(backend, any));
    Ok(found.await?.is_some())
}
