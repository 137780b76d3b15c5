//! Employers, workers, unions, and what ties them together.

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
            "employer",
            [
                text("name").indexed(),
                text("credit_code").optional().unique(),
                text("industry_code").optional().indexed(),
                text("ownership_group").indexed(),
                count("headcount").indexed(),
                text("status").indexed(),
                uuid("parent_id").optional().references("employer"),
            ],
        ),
        record(
            "worker",
            [
                text("name").indexed(),
                text("sex").indexed(),
                date("birth_on").optional().indexed(),
                text("document_type").default("RESIDENT_ID"),
                text("id_number").optional().unique(),
                text("phone").optional().indexed(),
                text("ethnicity_code").optional(),
                text("education_code").optional().indexed(),
                text("political_status_code").optional(),
                boolean("is_migrant_worker").indexed(),
                boolean("is_industrial_worker").indexed(),
                text("employment_status").indexed(),
                text("skill_rank").optional().indexed(),
                uuid("employer_id").optional().references("employer"),
            ],
        ),
        record(
            "employment_relation",
            [
                uuid("worker_id").references("worker"),
                uuid("employer_id").references("employer"),
                text("contract_type").indexed(),
                text("post_title").optional(),
                text("occupation_code").optional().indexed(),
                boolean("is_frontline").indexed(),
                date("started_on").indexed(),
                date("ended_on").optional().indexed(),
                text("end_reason").optional(),
                text("status").indexed(),
            ],
        )
        .unique_where(["worker_id"], Expr::col("status").eq("ACTIVE")),
        record(
            "union_organization",
            [
                text("name").indexed(),
                text("credit_code").optional().unique(),
                text("level").indexed(),
                text("kind").indexed(),
                uuid("parent_id").optional().references("union_organization"),
                uuid("employer_id").optional().references("employer"),
                date("established_on").optional().indexed(),
                text("status").indexed(),
            ],
        ),
        record(
            "union_membership",
            [
                uuid("worker_id").references("worker"),
                uuid("union_organization_id").references("union_organization"),
                text("member_no").indexed(),
                date("joined_on").indexed(),
                date("ended_on").optional().indexed(),
                text("status").indexed(),
                text("change_reason").optional(),
            ],
        )
        .unique(["union_organization_id", "member_no"])
        .unique_where(
            ["worker_id", "union_organization_id"],
            Expr::col("status").is_in(["ACTIVE", "RETAINED", "TRANSFERRING"]),
        ),
    ]
}
