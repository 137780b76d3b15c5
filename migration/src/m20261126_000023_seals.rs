//! The places in the chain are apart from what is in it: an entry is written once, its row never again.
//!
//! Which entries wait for their places is a short list of its own.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables()).await?;
        run(
            manager,
            [
                "INSERT INTO audit_seal (position, entry_id, hash) \
                 SELECT position, id, hash FROM audit_entry WHERE position IS NOT NULL",
                "INSERT INTO audit_waiting (id) SELECT id FROM audit_entry WHERE position IS NULL",
                match manager.get_database_backend() {
                    DbBackend::Postgres => "DROP TRIGGER audit_entry_sealed ON audit_entry",
                    _ => "DROP TRIGGER audit_entry_sealed",
                },
            ],
        )
        .await?;
        replace(manager, indexes()).await?;
        drop_column(manager, "audit_entry", "hash").await?;
        drop_column(manager, "audit_entry", "position").await?;
        run(manager, fence(manager.get_database_backend())).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sealed = vec![big_integer("position").optional(), bytes("hash").optional()];
        add_columns(manager, "audit_entry", sealed).await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            run(manager, ["DROP TRIGGER audit_entry_waits"]).await?;
        }
        let refill = "UPDATE audit_entry SET position = audit_seal.position, hash = audit_seal.hash \
                      FROM audit_seal WHERE audit_seal.entry_id = audit_entry.id";
        run(manager, [refill]).await?;
        restore(manager, indexes()).await?;
        drop(manager, tables()).await?;
        let refuse = refuse(manager.get_database_backend());
        let sealed = format!(
            "CREATE TRIGGER audit_entry_sealed BEFORE UPDATE OF position, hash ON audit_entry \
             FOR EACH ROW WHEN (OLD.position IS NOT NULL) {refuse}"
        );
        run(manager, [sealed]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<NewTable> {
    vec![
        table(
            "audit_seal",
            [big_integer("position").primary(), uuid("entry_id").unique(), bytes("hash")],
        ),
        table("audit_waiting", [uuid("id").primary()]),
    ]
}

fn indexes() -> Vec<NewIndexes> {
    let waiting = index(["id"]).only(Expr::col("position").is_null());
    let given_up = vec![index(["position"]).unique(), waiting];
    vec![NewIndexes { table: "audit_entry", given_up, made: Vec::new() }]
}

fn fence(backend: DbBackend) -> Vec<String> {
    let refuse = refuse(backend);
    let fenced = [("changed", "UPDATE"), ("deleted", "DELETE")];
    let fenced = fenced.map(|(what, event)| {
        format!(
            "CREATE TRIGGER audit_seal_{what} BEFORE {event} ON audit_seal FOR EACH ROW {refuse}"
        )
    });
    let mut fence = fenced.to_vec();
    if backend == DbBackend::Sqlite {
        // On PostgreSQL the statement that writes entries does that: SQLite has no two in one.
        fence.push(
            "CREATE TRIGGER audit_entry_waits AFTER INSERT ON audit_entry \
             BEGIN INSERT INTO audit_waiting (id) VALUES (NEW.id); END"
                .to_owned(),
        );
    }
    fence
}

fn refuse(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "EXECUTE FUNCTION audit_is_append_only()",
        _ => "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    }
}
