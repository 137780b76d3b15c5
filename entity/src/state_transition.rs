use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// One step of a state machine that was taken. 状态变更记录
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "state_transition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    /// The name of the record's type.
    pub record_kind: String,
    pub record_id: Uuid,
    pub from_state: String,
    pub step: String,
    pub to_state: String,
    pub occurred_on: Date,
    pub basis: Option<String>,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
