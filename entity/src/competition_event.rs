use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, OccupationCode};

/// An event of a competition, for one trade. 赛项
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "competition_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub competition_id: Uuid,
    pub title: String,
    pub occupation_code: Option<OccupationCode>,
    pub competition_class: CompetitionClass,
    pub format: EventFormat,
    pub participant_group: EventGroup,
    pub min_teams: i32,
    pub venue: Option<String>,
    pub held_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Class of an event. 竞赛类别
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
pub enum CompetitionClass {
    /// Class I. 一类竞赛
    ClassI,
    /// Class II. 二类竞赛
    #[sea_orm(string_value = "CLASS_II")]
    #[graphql(name = "CLASS_II")]
    #[serde(rename = "CLASS_II")]
    ClassII,
}

/// How many compete together. 参赛形式
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
pub enum EventFormat {
    /// One person. 个人赛
    Individual,
    /// Two persons. 双人赛
    Pair,
    /// Three persons. 三人团体赛
    TeamOfThree,
}

/// Who competes. 参赛组别
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
pub enum EventGroup {
    /// Employees. 职工组
    Employee,
    /// Students. 学生组
    Student,
}
