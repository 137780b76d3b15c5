use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, OccupationCode};

use crate::worker::SkillRank;

/// A course that was or is given 培训班次
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "training_program")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub provider_id: Uuid,
    pub title: String,
    pub kind: TrainingKind,
    pub occupation_code: Option<OccupationCode>,
    pub target_rank: Option<SkillRank>,
    pub hours: i32,
    pub plan_heads: i32,
    pub started_on: Date,
    pub ended_on: Date,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Kind of training, as subsidies have it. 培训类别
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
pub enum TrainingKind {
    /// For employment. 就业技能培训
    EmploymentSkill,
    /// On the job. 岗位技能提升培训
    OnJobUpgrade,
    /// For founding and innovation. 创新创业培训
    Entrepreneurship,
}
