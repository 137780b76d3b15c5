//! A principal has several ways to show who it is: secrets, keys, an identity elsewhere. Secrets have a
//! table of their own, so that an old one can be good beside its successor for a while.

use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables()).await?;
        let moved = "INSERT INTO credential_secret (id, credential_id, kind, hash, created_at) \
                     SELECT id, id, 'API_TOKEN', token_hash, created_at FROM credential";
        run(manager, [moved]).await?;
        widen(manager, "credential", columns()).await?;
        replace(manager, indexes()).await?;
        narrow(manager, "credential", vec![text("token_hash")]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds no column that has to be filled.
        widen(manager, "credential", vec![text("token_hash").optional()]).await?;
        let moved = "UPDATE credential SET token_hash = (SELECT max(hash) FROM credential_secret \
                     WHERE credential_id = credential.id AND kind = 'API_TOKEN')";
        run(manager, [moved]).await?;
        restore(manager, indexes()).await?;
        narrow(manager, "credential", columns()).await?;
        drop(manager, tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<NewTable> {
    vec![
        table(
            "credential_secret",
            [
                uuid("id").primary(),
                uuid("credential_id").references("credential"),
                text("kind"),
                text("hash").unique(),
                timestamp("created_at"),
                timestamp("expires_at").optional(),
            ],
        ),
        table(
            "used_assertion",
            [uuid("credential_id").primary(), text("jti").primary(), timestamp("expires_at")],
        )
        .index(["expires_at"]),
        table(
            "signing_key",
            [
                integer("generation").primary(),
                text("kid").unique(),
                text("algorithm"),
                text("private_key"),
                timestamp("created_at"),
                timestamp("signs_at"),
            ],
        ),
    ]
}

fn columns() -> Vec<Column> {
    vec![
        uuid("worker_id").optional(),
        uuid("employer_id").optional(),
        uuid("union_id").optional(),
        json("jwks").optional(),
        text("issuer").optional(),
        text("subject").optional(),
    ]
}

fn indexes() -> Vec<NewIndexes> {
    vec![NewIndexes {
        table: "credential",
        given_up: vec![index(["token_hash"]).unique()],
        made: vec![index(["issuer", "subject"]).unique()],
    }]
}
