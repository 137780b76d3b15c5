use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One change of one record, in the order every reader sees. 变更日志
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "change_log")]
pub struct Model {
    /// Dense, given by the one sequencer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    #[sea_orm(unique)]
    pub event_id: Uuid,
    pub kind: String,
    pub record_id: Uuid,
    pub action: ChangeAction,
    pub record_version: i32,
    pub operation: String,
    pub actor: String,
    pub division_code: String,
    /// Where the record was before, when the change moved it.
    pub previous_division_code: Option<String>,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What happened to a record. 变更动作
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeAction {
    /// Created. 新建
    Created,
    /// Updated. 更新
    Updated,
    /// Archived. 归档
    Archived,
    /// Restored. 恢复
    Restored,
}
