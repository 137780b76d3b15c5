use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

use crate::employer::OwnershipGroup;
use crate::pilot_batch::PilotLevel;

/// A county, district or grassroots unit that pilots the reform. 试点单位
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pilot_unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub batch_id: Uuid,
    pub kind: PilotUnitKind,
    pub name: String,
    pub level: PilotLevel,
    pub employer_id: Option<Uuid>,
    pub ownership_group: Option<OwnershipGroup>,
    pub designated_on: Option<Date>,
    pub status: PilotUnitStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Kind of pilot unit. 试点单位类型
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
pub enum PilotUnitKind {
    /// County or district. 县区
    CountyDistrict,
    /// Grassroots unit: an enterprise, institution, school or park. 基层单位
    GrassrootsUnit,
}

/// State of a pilot unit. 试点单位状态
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
pub enum PilotUnitStatus {
    /// Nominated. 已推荐
    Nominated,
    /// Designated. 已确定
    Designated,
    /// Surveying its situation. 调研中
    Surveying,
    /// Putting its measures into practice. 实施中
    Implementing,
    /// In the mid-term check. 中期检查
    MidTermCheck,
    /// Being evaluated. 评估中
    Evaluation,
    /// Passed the evaluation. 通过验收
    Accepted,
    /// Its experience is being promoted. 经验推广
    Promoted,
    /// Given more time. 延期
    Extended,
    /// Ended before its time. 终止
    Terminated,
}

/// Step of a pilot unit. 试点单位步骤
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
pub enum PilotUnitStep {
    /// Designate the unit. 确定为试点单位
    Designate,
    /// Begin the survey. 开展调研
    BeginSurvey,
    /// Begin to put the measures into practice. 开始实施
    BeginImplementation,
    /// Begin the mid-term check. 开展中期检查
    BeginMidTermCheck,
    /// Go on after a check or an extension. 继续实施
    ResumeImplementation,
    /// Begin the evaluation. 开展评估
    BeginEvaluation,
    /// Accept the results. 验收通过
    Accept,
    /// Promote the experience elsewhere. 推广经验
    Promote,
    /// Give more time. 延期
    Extend,
    /// End the pilot before its time. 终止试点
    Terminate,
}
