use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

use crate::worker::SkillRank;

/// What it takes to get from a skill level to a title, or back 职称与职业技能等级贯通规则
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pathway_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub series_id: Uuid,
    pub direction: PathwayDirection,
    pub skill_rank: SkillRank,
    pub grade: TitleGrade,
    pub min_years: i32,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub document_no: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Direction of a pathway. 贯通方向
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
pub enum PathwayDirection {
    /// From a skill level to a title. 技能等级到职称
    SkillToTitle,
    /// From a title to a skill level. 职称到技能等级
    TitleToSkill,
}

/// Grade of a professional title, highest first. 职称层级
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
pub enum TitleGrade {
    /// Full senior. 正高级
    FullSenior,
    /// Associate senior. 副高级
    AssociateSenior,
    /// Intermediate. 中级
    Intermediate,
    /// Assistant. 助理级
    Assistant,
    /// Technician grade. 员级
    Technician,
}
