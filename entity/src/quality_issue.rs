use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// Something that is wrong with a record, or with a line of an import, and who sees to it. 数据质量问题及其处理。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "quality_issue")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub raw_record_id: Option<Uuid>,
    pub rule_code: String,
    pub severity: IssueSeverity,
    pub description: String,
    pub found_on: Date,
    pub assignee_name: Option<String>,
    pub due_on: Option<Date>,
    pub closed_on: Option<Date>,
    pub reason: Option<String>,
    /// The name of the record's type.
    pub record_kind: Option<String>,
    pub record_id: Option<Uuid>,
    pub status: QualityIssueStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How grave an issue is. 问题严重程度
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
pub enum IssueSeverity {
    /// It can wait. 低
    Low,
    /// It should be mended. 中
    Medium,
    /// What is computed from it is wrong. 高
    High,
}

/// State of a quality issue. 数据质量问题状态
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
pub enum QualityIssueStatus {
    /// Open. 待处理
    Open,
    /// A unit sees to it. 已分派
    Assigned,
    /// It was mended. 已修正
    Fixed,
    /// It was let pass. 已豁免
    Waived,
    /// It will not be mended. 不予处理
    WontFix,
}

/// Step of a quality issue. 数据质量问题步骤
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
pub enum QualityIssueStep {
    /// Assigns it to a unit. 分派
    Assign,
    /// Notes that it was mended. 修正
    Fix,
    /// Lets it pass, for a reason. 豁免
    Waive,
    /// Declines to mend it, for a reason. 不予处理
    Decline,
}
