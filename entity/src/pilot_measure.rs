use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A measure a pilot unit takes. 试点举措
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pilot_measure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub pilot_unit_id: Uuid,
    pub task: ReformTask,
    pub focus_area: Option<FocusArea>,
    pub title: String,
    pub summary: Option<String>,
    pub started_on: Date,
    pub ended_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One of the five tasks of the reform. 改革五大任务
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
pub enum ReformTask {
    /// Ideological guidance. 思想引领
    IdeologicalGuidance,
    /// Meritorious service. 建功立业
    MeritoriousService,
    /// Improvement of quality. 素质提升
    QualityImprovement,
    /// Enhancement of status. 地位提高
    StatusEnhancement,
    /// Expansion of the workforce. 队伍壮大
    WorkforceExpansion,
}

/// One of the three focus areas. 重点领域
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
pub enum FocusArea {
    /// A system that forms skills. 构建技能形成体系
    SkillFormation,
    /// Wider room for careers. 拓展职业发展空间
    CareerSpace,
    /// Better pay and benefits for skilled workers. 提高技术工人待遇
    PayAndBenefits,
}
