use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

use crate::{
    pathway_rule::{PathwayDirection, TitleGrade},
    worker::SkillRank,
};

/// The recognition of a skill level as a title, or of a title as a skill level 职称与职业技能等级贯通认定
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pathway_recognition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub worker_id: Uuid,
    pub series_id: Uuid,
    pub certificate_id: Option<Uuid>,
    pub direction: PathwayDirection,
    pub skill_rank: SkillRank,
    pub grade: TitleGrade,
    pub years: i32,
    pub applied_on: Date,
    pub certified_on: Option<Date>,
    pub status: PathwayRecognitionStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of a pathway recognition. 贯通认定状态
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
pub enum PathwayRecognitionStatus {
    /// Applied. 已申报
    Applied,
    /// Eligibility is being checked. 资格审查
    EligibilityCheck,
    /// Under review by experts. 专家评审
    ExpertReview,
    /// On public notice. 公示中
    PublicNotice,
    /// Certified. 已发证
    Certified,
    /// Rejected. 未通过
    Rejected,
}

/// Step of a pathway recognition. 贯通认定步骤
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
pub enum PathwayRecognitionStep {
    /// Begins to check eligibility. 开始资格审查
    CheckEligibility,
    /// Eligible: experts review. 进入专家评审
    BeginReview,
    /// Begins the public notice. 开始公示
    BeginNotice,
    /// Certifies it. 发证
    Certify,
    /// Rejects it. 不予通过
    Reject,
}
