//! Labour disputes, their parties, claims and proceedings, and the pay recovered.

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
            "dispute_case",
            [
                text("case_no").unique(),
                text("title").indexed(),
                text("ground").indexed(),
                text("category").indexed(),
                boolean("is_collective").indexed(),
                count("worker_count").indexed(),
                date("occurred_on").optional().indexed(),
                date("known_on").optional(),
                date("registered_on").indexed(),
                date("closed_on").optional().indexed(),
                text("channel").indexed(),
                uuid("handler_id").optional().references("union_organization"),
                text("sensitivity").indexed(),
                text("summary").optional(),
                text("status").indexed(),
            ],
        ),
        record(
            "dispute_party",
            [
                uuid("case_id").references("dispute_case"),
                text("role").indexed(),
                uuid("worker_id").optional().references("worker"),
                uuid("employer_id").optional().references("employer"),
                text("name").optional().indexed(),
            ],
        ),
        record(
            "dispute_claim",
            [
                uuid("case_id").references("dispute_case"),
                uuid("worker_id").optional().references("worker"),
                text("category").indexed(),
                amount("claimed_fen").indexed(),
                amount("awarded_fen").optional(),
                amount("paid_fen").optional(),
                date("period_from").optional(),
                date("period_to").optional(),
                text("decision").indexed(),
            ],
        ),
        record(
            "dispute_proceeding",
            [
                uuid("case_id").references("dispute_case"),
                text("stage").indexed(),
                text("body").indexed(),
                text("docket_no").optional().indexed(),
                date("opened_on").indexed(),
                date("accepted_on").optional().indexed(),
                date("due_on").optional().indexed(),
                date("ended_on").optional().indexed(),
                text("outcome").optional(),
                text("state").indexed(),
            ],
        ),
        record(
            "wage_recovery",
            [
                uuid("case_id").references("dispute_case"),
                uuid("worker_id").references("worker"),
                uuid("employer_id").optional().references("employer"),
                amount("claimed_fen").indexed(),
                amount("agreed_fen").optional(),
                date("agreed_on").optional().indexed(),
                amount("paid_fen").default(0_i64).indexed(),
                date("paid_on").optional().indexed(),
                text("method").optional().indexed(),
                text("status").indexed(),
            ],
        )
        .unique(["case_id", "worker_id"]),
    ]
}
