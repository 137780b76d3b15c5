//! Innovation studios and what they achieve.

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
            "innovation_studio",
            [
                text("name").indexed(),
                uuid("leader_id").optional().references("worker"),
                uuid("host_employer_id").optional().references("employer"),
                text("kind").indexed(),
                text("field").indexed(),
                text("level").indexed(),
                date("founded_on").indexed(),
                text("status").indexed(),
            ],
        ),
        record(
            "studio_accreditation",
            [
                uuid("studio_id").references("innovation_studio"),
                text("level").indexed(),
                text("batch").indexed(),
                count("score_centi").optional().indexed(),
                text("document_no").optional(),
                date("named_on").optional().indexed(),
                date("review_due_on").optional().indexed(),
                text("grade").optional().indexed(),
                date("removed_on").optional().indexed(),
                text("status").indexed(),
            ],
        ),
        record(
            "studio_member",
            [
                uuid("studio_id").references("innovation_studio"),
                uuid("worker_id").references("worker"),
                text("role").indexed(),
                date("joined_on").indexed(),
                date("left_on").optional().indexed(),
            ],
        )
        .unique(["studio_id", "worker_id"]),
        record(
            "studio_grant",
            [
                uuid("studio_id").references("innovation_studio"),
                amount("amount_fen").indexed(),
                text("fund_source").indexed(),
                text("purpose"),
                text("selection_title").optional().indexed(),
                date("granted_on").optional().indexed(),
                text("status").indexed(),
            ],
        ),
        record(
            "innovation_achievement",
            [
                uuid("studio_id").optional().references("innovation_studio"),
                uuid("employer_id").optional().references("employer"),
                text("title").indexed(),
                text("kind").indexed(),
                text("ip_no").optional().indexed(),
                date("achieved_on").indexed(),
                amount("benefit_fen").indexed(),
                text("status").indexed(),
            ],
        ),
    ]
}
