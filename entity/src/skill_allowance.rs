use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, Fen};

use crate::worker::SkillRank;

/// What a measure of pay reform grants each month for a skill level 技能津贴标准
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "skill_allowance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub measure_id: Uuid,
    pub skill_rank: SkillRank,
    pub monthly_fen: Fen,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
