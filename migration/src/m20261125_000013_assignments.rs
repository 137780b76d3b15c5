//! Who handles which case.

use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<NewTable> {
    vec![record(
        "dispute_assignment",
        [
            uuid("case_id").references("dispute_case"),
            uuid("handler_id").references("credential"),
            text("function").indexed(),
            date("assigned_on").indexed(),
            date("recused_on").optional().indexed(),
            text("recusal_reason").optional(),
            date("ended_on").optional().indexed(),
        ],
    )]
}
