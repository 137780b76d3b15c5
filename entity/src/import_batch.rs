use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// What a system of others sent at once, from receipt to the records that came of it. 导入批次：外部系统一次提供的数据，从接收到入库。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "import_batch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub source: String,
    pub file_name: String,
    /// The name of the type that it brings.
    pub record_kind: String,
    pub file_hash: String,
    pub rows_announced: i32,
    pub received_on: Date,
    pub status: ImportBatchStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of an import. 导入批次状态
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
pub enum ImportBatchStatus {
    /// Received. 已接收
    Received,
    /// Its lines are on record. 已解析
    Parsed,
    /// Each line has a verdict. 已校验
    Validated,
    /// Each line that is not in error is matched. 已匹配
    Matched,
    /// No candidate is left. 已复核
    Reviewed,
    /// Each line that is not in error became a record. 已入库
    Applied,
    /// What it brought was taken back. 已回滚
    RolledBack,
}

/// Step of an import. 导入批次步骤
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
pub enum ImportBatchStep {
    /// Notes that the lines that were announced are on record. 解析
    Parse,
    /// Notes that each line has a verdict. 校验
    Validate,
    /// Notes that each line that is not in error is matched. 匹配
    Match,
    /// Notes that no candidate is left. 复核
    Review,
    /// Notes that each line that is not in error became a record. 入库
    Apply,
    /// Takes back what it brought. 回滚
    RollBack,
}
