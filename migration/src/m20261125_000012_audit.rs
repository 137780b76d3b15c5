//! The audit trail as a chain: entries are written once and sealed later, and checkpoints are signed.
//!
//! The triggers are a fence against accidents. That nothing was altered is for the chain to prove.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let records = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "coalesce(decode(replace((SELECT string_agg(value, '' ORDER BY ordinality) FROM \
                 jsonb_array_elements_text(records) WITH ORDINALITY), '-', ''), 'hex'), ''::bytea)"
            }
            _ => {
                "coalesce(unhex(replace((SELECT group_concat(value, '') FROM json_each(records)), \
                 '-', '')), x'')"
            }
        };
        // Of which kinds the records of earlier entries are was not written down.
        let entries = format!(
            "SELECT id, at, 'WRITE', actor, credential_id, '', operation, \
             CASE outcome WHEN 'OK' THEN 'DONE' ELSE outcome END, request_id, '', '', {records} \
             FROM before"
        );
        let columns = "id, at, action, actor, credential_id, roles, operation, outcome, \
                       request_id, fields, kinds, records";
        exchange(manager, chained(), columns, &entries).await?;
        create(manager, checkpoints()).await?;
        run(manager, fence(manager.get_database_backend())).await
    }

    /// Loses the chain, and which records and fields the entries are about.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, checkpoints()).await?;
        let columns =
            "id, at, actor, credential_id, operation, outcome, request_id, records, fields";
        let entries = "SELECT id, at, actor, credential_id, operation, \
                       CASE outcome WHEN 'DONE' THEN 'OK' ELSE outcome END, request_id, '[]', '[]' \
                       FROM before WHERE action = 'WRITE'";
        exchange(manager, unchained(), columns, entries).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            run(manager, ["DROP FUNCTION audit_is_append_only"]).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Makes the table anew, with what it held. Nothing refers to it.
async fn exchange(
    manager: &SchemaManager<'_>,
    tables: Vec<NewTable>,
    columns: &str,
    entries: &str,
) -> Result<(), DbErr> {
    let keep = "CREATE TABLE before AS SELECT * FROM audit_entry";
    run(manager, [keep, "DROP TABLE audit_entry"]).await?;
    create(manager, tables).await?;
    let refill = format!("INSERT INTO audit_entry ({columns}) {entries}");
    run(manager, [&*refill, "DROP TABLE before"]).await
}

/// The columns that are written once, and those that come with the seal.
const WRITTEN: &str = "id, at, action, actor, credential_id, roles, operation, outcome, request_id, \
                       purpose, case_number, fields, kinds, records";
const SEALED: &str = "position, hash";

fn fence(backend: DbBackend) -> Vec<String> {
    let fenced = [
        ("audit_entry", "written", format!("BEFORE UPDATE OF {WRITTEN}"), ""),
        (
            "audit_entry",
            "sealed",
            format!("BEFORE UPDATE OF {SEALED}"),
            "WHEN (OLD.position IS NOT NULL)",
        ),
        ("audit_entry", "deleted", "BEFORE DELETE".to_owned(), ""),
        ("audit_checkpoint", "written", "BEFORE UPDATE".to_owned(), ""),
        ("audit_checkpoint", "deleted", "BEFORE DELETE".to_owned(), ""),
    ];
    let fenced = fenced.into_iter().map(|(table, what, event, when)| {
        let name = format!("{table}_{what}");
        let refuse = match backend {
            DbBackend::Postgres => "EXECUTE FUNCTION audit_is_append_only()",
            _ => "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        };
        format!("CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {when} {refuse}")
    });
    let refusal = "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
                   $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$";
    let refusal = (backend == DbBackend::Postgres).then(|| refusal.to_owned());
    refusal.into_iter().chain(fenced).collect()
}

fn chained() -> Vec<NewTable> {
    vec![
        table(
            "audit_entry",
            [
                uuid("id").primary(),
                timestamp("at").indexed(),
                text("action"),
                text("actor"),
                uuid("credential_id").optional(),
                text("roles"),
                text("operation"),
                text("outcome"),
                text("request_id"),
                text("purpose").optional(),
                text("case_number").optional(),
                text("fields"),
                text("kinds"),
                bytes("records"),
                big_integer("position").unique().optional(),
                bytes("hash").optional(),
            ],
        )
        .index(["actor", "at", "id"])
        // What waits for its seal: few, however long the trail.
        .index_where(["id"], Expr::col("position").is_null()),
    ]
}

fn checkpoints() -> Vec<NewTable> {
    vec![table(
        "audit_checkpoint",
        [
            big_integer("position").primary(),
            bytes("hash"),
            timestamp("at"),
            text("key_id"),
            bytes("signature"),
        ],
    )]
}

/// As it was.
fn unchained() -> Vec<NewTable> {
    vec![table(
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
    )]
}
