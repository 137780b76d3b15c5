use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

use crate::{
    competition::CompetitionLevel, competition_event::CompetitionClass, worker::SkillRank,
};

/// Which skill level a rank in a competition grants. 竞赛名次晋升职业技能等级规则。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "promotion_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub level: CompetitionLevel,
    pub competition_class: CompetitionClass,
    pub rank_from: i32,
    pub rank_to: i32,
    pub grant_rank: SkillRank,
    pub is_pass_required: bool,
    pub valid_from: Date,
    pub grant_if_already: Option<SkillRank>,
    pub valid_to: Option<Date>,
    pub document_no: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
