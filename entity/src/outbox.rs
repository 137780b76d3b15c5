use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::change_log::ChangeAction;

/// A change that waits for its number in the change log. 变更发件箱
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub event_id: Uuid,
    pub kind: String,
    pub record_id: Uuid,
    pub action: ChangeAction,
    pub record_version: i32,
    pub operation: String,
    pub actor: String,
    pub division_code: String,
    pub previous_division_code: Option<String>,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
