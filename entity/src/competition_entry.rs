use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A worker's entry in an event. 参赛
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "competition_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub event_id: Uuid,
    pub worker_id: Uuid,
    pub bib_no: String,
    pub team_name: Option<String>,
    pub status: CompetitionEntryStatus,
    /// Hundredths of a point, like the two scores below.
    pub theory_score_centi: Option<i32>,
    pub practice_score_centi: Option<i32>,
    pub total_score_centi: Option<i32>,
    pub rank: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of an entry. 参赛状态
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
pub enum CompetitionEntryStatus {
    /// Registered. 已报名
    Registered,
    /// Qualified. 资格审查通过
    Qualified,
    /// Disqualified. 取消资格
    Disqualified,
    /// Has competed. 已参赛
    Competed,
    /// Did not appear. 缺席
    Absent,
    /// Scored. 已评分
    Scored,
    /// Ranked. 已排名
    Ranked,
    /// Won an award. 已获奖
    Awarded,
    /// Won no award. 未获奖
    NotAwarded,
}

/// Step of an entry. 参赛步骤
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
pub enum CompetitionEntryStep {
    /// Admit the entrant. 资格审查通过
    Qualify,
    /// Disqualify the entrant. 取消资格
    Disqualify,
    /// Note that the entrant competed. 登记到赛
    MarkCompeted,
    /// Note that the entrant did not appear. 登记缺席
    MarkAbsent,
    /// Score the entry. 评分
    Score,
    /// Rank the entry; again after an appeal that was upheld. 排名
    Rank,
    /// Give an award. 授奖
    Award,
    /// Give no award. 不授奖
    PassOver,
}
