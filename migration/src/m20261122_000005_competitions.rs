//! Competitions, their events, entries and awards.

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
            "competition",
            [
                text("title").indexed(),
                text("kind").indexed(),
                text("level").indexed(),
                count("edition").indexed(),
                integer("year").indexed(),
                uuid("organizer_id").optional().references("union_organization"),
                text("organizer_name").indexed(),
                date("started_on").optional().indexed(),
                date("ended_on").optional().indexed(),
                text("status").indexed(),
            ],
        ),
        record(
            "competition_event",
            [
                uuid("competition_id").references("competition"),
                text("title").indexed(),
                text("occupation_code").optional().indexed(),
                text("competition_class").indexed(),
                text("format").indexed(),
                text("participant_group").indexed(),
                count("min_teams"),
                text("venue").optional(),
                date("held_on").optional().indexed(),
            ],
        ),
        record(
            "competition_entry",
            [
                uuid("event_id").references("competition_event"),
                uuid("worker_id").references("worker"),
                text("bib_no").indexed(),
                text("team_name").optional().indexed(),
                text("status").indexed(),
                count("theory_score_centi").optional(),
                count("practice_score_centi").optional(),
                count("total_score_centi").optional().indexed(),
                count("rank").optional().indexed(),
            ],
        )
        .unique(["event_id", "worker_id"]),
        record(
            "competition_award",
            [
                uuid("event_id").references("competition_event"),
                uuid("entry_id").references("competition_entry"),
                text("tier").indexed(),
                count("rank").optional().indexed(),
                text("title").indexed(),
                amount("bonus_fen").indexed(),
                date("awarded_on").indexed(),
            ],
        )
        .unique(["entry_id", "tier"]),
    ]
}
