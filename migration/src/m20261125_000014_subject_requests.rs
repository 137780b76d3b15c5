//! What persons ask about the records that are kept of them.

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
        "data_subject_request",
        [
            uuid("worker_id").references("worker"),
            text("kind").indexed(),
            text("details").optional(),
            date("received_on").indexed(),
            date("due_on").indexed(),
            text("status").indexed(),
            date("decided_on").optional(),
            text("reason").optional(),
        ],
    )]
}
