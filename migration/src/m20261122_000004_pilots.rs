//! The pilots of the industrial workforce reform.

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
            "pilot_batch",
            [
                integer("ordinal").indexed(),
                text("level").indexed(),
                text("title").indexed(),
                text("document_no").optional(),
                text("issuer"),
                date("started_on").indexed(),
                date("ended_on").optional().indexed(),
                text("status").indexed(),
            ],
        )
        .unique(["level", "ordinal", "division_code"]),
        record(
            "pilot_unit",
            [
                uuid("batch_id").references("pilot_batch"),
                text("kind").indexed(),
                text("name").indexed(),
                text("level").indexed(),
                uuid("employer_id").optional().references("employer"),
                text("ownership_group").optional().indexed(),
                date("designated_on").optional().indexed(),
                text("status").indexed(),
            ],
        ),
        record(
            "pilot_measure",
            [
                uuid("pilot_unit_id").references("pilot_unit"),
                text("task").indexed(),
                text("focus_area").optional().indexed(),
                text("title").indexed(),
                text("summary").optional(),
                date("started_on").indexed(),
                date("ended_on").optional().indexed(),
            ],
        ),
        record(
            "best_practice",
            [
                uuid("pilot_unit_id").references("pilot_unit"),
                text("title").indexed(),
                text("summary"),
                date("published_on").indexed(),
                boolean("is_replicable").indexed(),
            ],
        ),
    ]
}
