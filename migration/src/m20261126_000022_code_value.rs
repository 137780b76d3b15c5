//! What a code of a list says is its value: the record is the code.

use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rename_column(manager, "code", "code", "value").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rename_column(manager, "code", "value", "code").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
