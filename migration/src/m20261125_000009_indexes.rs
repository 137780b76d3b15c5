//! Indexes for the questions that are asked, in place of one a column.
//!
//! Whoever asks is held to some divisions and to what is not archived: an index that begins with the
//! division answers a filter, a count or a group without the row. What a few values share is never
//! looked up alone, and each index is paid for by every write.
//!
//! What counts and groups read holds `archived_at` too: SQLite asks for it, although the index has only
//! rows without.

use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        restore(manager, tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<NewIndexes> {
    vec![
        NewIndexes {
            table: "worker",
            given_up: vec![
                index(["birth_on", "id"]),
                index(["education_code", "id"]),
                index(["employment_status", "id"]),
                index(["is_industrial_worker", "id"]),
                index(["is_migrant_worker", "id"]),
                index(["phone", "id"]),
                index(["sex", "id"]),
                index(["skill_rank", "id"]),
            ],
            made: vec![
                // Workers of an employer by name: beside those by id, of which there may be many.
                index(["employer_id", "name", "id"]),
                index(["division_code", "created_at", "id"]).carrying(["skill_rank"]).of_current(),
                // Without `id` equal keys are stored once on PostgreSQL: an eighth of the size.
                index(["division_code", "skill_rank"]).carrying(["archived_at"]).of_current(),
            ],
        },
        NewIndexes {
            table: "employment_relation",
            given_up: vec![
                index(["contract_type", "id"]),
                index(["is_frontline", "id"]),
                index(["status", "id"]),
            ],
            made: vec![index(["division_code", "status"]).carrying(["archived_at"]).of_current()],
        },
        NewIndexes {
            table: "union_membership",
            given_up: vec![index(["status", "id"])],
            made: vec![index(["division_code", "status"]).carrying(["archived_at"]).of_current()],
        },
        NewIndexes {
            table: "studio_member",
            given_up: vec![index(["studio_id", "id"])],
            made: vec![index(["studio_id", "joined_on", "id"])],
        },
        NewIndexes {
            table: "innovation_achievement",
            given_up: vec![index(["studio_id", "id"])],
            made: vec![index(["studio_id", "achieved_on", "id"])],
        },
        NewIndexes {
            table: "dispute_case",
            given_up: vec![index(["is_collective", "id"]), index(["status", "id"])],
            made: vec![
                index(["division_code", "status"])
                    .carrying(["worker_count", "archived_at"])
                    .of_current(),
            ],
        },
        NewIndexes {
            table: "wage_recovery",
            given_up: vec![index(["status", "id"])],
            made: vec![
                index(["division_code", "status"])
                    .carrying(["claimed_fen", "agreed_fen", "paid_fen", "archived_at"])
                    .of_current(),
            ],
        },
    ]
}
