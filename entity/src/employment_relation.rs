use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, OccupationCode};

/// A worker's employment by an employer. 劳动关系
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "employment_relation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub worker_id: Uuid,
    pub employer_id: Uuid,
    pub contract_type: ContractType,
    pub post_title: Option<String>,
    pub occupation_code: Option<OccupationCode>,
    pub is_frontline: bool,
    pub started_on: Date,
    pub ended_on: Option<Date>,
    pub end_reason: Option<EmploymentEndReason>,
    pub status: EmploymentRelationStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Kind of labour contract. 劳动合同类型
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
pub enum ContractType {
    /// Fixed-term contract. 固定期限劳动合同
    FixedTerm,
    /// Open-ended contract. 无固定期限劳动合同
    OpenEnded,
    /// Contract for the completion of a task. 以完成一定工作任务为期限的劳动合同
    TaskBased,
    /// Part-time work. 非全日制用工
    PartTime,
    /// Labour dispatch. 劳务派遣
    Dispatch,
}

/// Why an employment ended. 劳动关系终止原因
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
pub enum EmploymentEndReason {
    /// The contract expired. 合同期满
    Expired,
    /// The worker resigned. 辞职
    Resigned,
    /// The employer dismissed the worker. 辞退
    Dismissed,
    /// The worker retired. 退休
    Retired,
    /// The employer closed or went bankrupt. 用人单位关闭或破产
    EmployerClosed,
    /// The worker went to another employer. 变更用人单位
    ChangedEmployer,
    /// The worker died. 死亡
    Died,
    /// Another reason. 其他
    Other,
}

/// Whether an employment lasts. 劳动关系状态
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
pub enum EmploymentRelationStatus {
    /// It lasts. 存续
    Active,
    /// It has ended. 已终止
    Ended,
}
