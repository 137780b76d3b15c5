//! The steps of the state machines, as they were taken.

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
    vec![
        record(
            "state_transition",
            [
                text("record_kind"),
                uuid("record_id"),
                text("from_state"),
                text("step"),
                text("to_state"),
                date("occurred_on").indexed(),
                text("basis").optional(),
                text("note").optional(),
            ],
        )
        .index(["record_id", "id"]),
    ]
}
