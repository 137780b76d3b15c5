//! An index of a number holds the workers who have one. Of its two halves one is empty unless the key is
//! being changed, and each write of a worker put its row into both.

use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, indexes()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        restore(manager, indexes()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn indexes() -> Vec<NewIndexes> {
    let halves = ["id_number_index_odd", "id_number_index_even"];
    let made = halves.map(|it| index([it]).unique().only(Expr::col(it).is_not_null()));
    let given_up = halves.map(|it| index([it]).unique());
    vec![NewIndexes { table: "worker", given_up: given_up.into(), made: made.into() }]
}
