use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, Fen};

use crate::dispute_case::DisputeCategory;

/// A claim raised in a dispute. 仲裁（调解）请求
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dispute_claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub case_id: Uuid,
    pub worker_id: Option<Uuid>,
    pub category: DisputeCategory,
    pub claimed_fen: Fen,
    pub awarded_fen: Option<Fen>,
    pub paid_fen: Option<Fen>,
    pub period_from: Option<Date>,
    pub period_to: Option<Date>,
    pub decision: ClaimDecision,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a claim. 请求处理结果
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
pub enum ClaimDecision {
    /// Not decided yet. 待处理
    Pending,
    /// Supported. 支持
    Supported,
    /// Partly supported. 部分支持
    Partly,
    /// Rejected. 驳回
    Rejected,
    /// Withdrawn. 撤回
    Withdrawn,
}
