//! What the kernel keeps.

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
        table(
            "external_id",
            [
                uuid("id").primary(),
                text("kind"),
                text("source"),
                text("value"),
                uuid("record_id"),
                timestamp("created_at"),
            ],
        )
        .unique(["kind", "source", "value"])
        .index(["record_id"]),
        table(
            "credential",
            [
                uuid("id").primary(),
                text("name").unique(),
                text("token_hash").unique(),
                json("roles"),
                json("scopes"),
                text("division_code").optional(),
                timestamp("created_at"),
                timestamp("expires_at").optional(),
                timestamp("revoked_at").optional(),
            ],
        ),
        table(
            "idempotency_record",
            [
                uuid("credential_id").primary(),
                text("key").primary(),
                text("operation"),
                text("request_hash"),
                json("outcome"),
                timestamp("created_at"),
            ],
        )
        .index(["created_at"]),
        table(
            "change_log",
            [
                big_integer("sequence").primary(),
                uuid("event_id").unique(),
                text("kind"),
                uuid("record_id"),
                text("action"),
                integer("record_version"),
                text("operation"),
                text("actor"),
                text("division_code"),
                text("previous_division_code").optional(),
                timestamp("at"),
            ],
        )
        .index(["kind", "sequence"])
        .index(["record_id", "sequence"]),
        table(
            "outbox",
            [
                big_integer("id").auto_increment(),
                uuid("event_id").unique(),
                text("kind"),
                uuid("record_id"),
                text("action"),
                integer("record_version"),
                text("operation"),
                text("actor"),
                text("division_code"),
                text("previous_division_code").optional(),
                timestamp("at"),
            ],
        ),
        table(
            "audit_entry",
            [
                uuid("id").primary(),
                timestamp("at").indexed(),
                text("actor"),
                uuid("credential_id").optional().indexed(),
                text("operation"),
                text("outcome"),
                text("request_id"),
                json("records"),
                json("fields"),
            ],
        ),
        table(
            "lease",
            [text("name").primary(), text("owner"), big_integer("fence"), timestamp("until")],
        ),
        table("setting", [text("name").primary(), text("value")]),
    ]
}
