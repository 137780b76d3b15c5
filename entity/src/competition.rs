use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A labour or skill competition. 竞赛
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "competition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub title: String,
    pub kind: CompetitionKind,
    pub level: CompetitionLevel,
    pub edition: i32,
    pub year: i32,
    /// The organizing union, when it is on record.
    pub organizer_id: Option<Uuid>,
    pub organizer_name: String,
    pub started_on: Option<Date>,
    pub ended_on: Option<Date>,
    pub status: CompetitionStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Kind of competition. 竞赛类型
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
pub enum CompetitionKind {
    /// Labour competition. 劳动竞赛
    Labour,
    /// Skill competition. 技能竞赛
    Skill,
}

/// Level of a competition, highest first. 竞赛级别
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
pub enum CompetitionLevel {
    /// World. 世界级
    World,
    /// National. 国家级
    National,
    /// Provincial. 省级
    Provincial,
    /// Municipal. 市级
    Municipal,
    /// County. 县级
    County,
    /// Within an enterprise. 企业级
    Enterprise,
}

/// State of a competition. 竞赛状态
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
pub enum CompetitionStatus {
    /// Planned. 筹备
    Planned,
    /// Announced. 已发布通知
    Announced,
    /// Open for registration. 报名中
    Registration,
    /// Checking the entrants' qualification. 资格审查
    QualificationCheck,
    /// In the preliminary round. 初赛
    Preliminary,
    /// In the semi-final. 复赛
    SemiFinal,
    /// In the final. 决赛
    Final,
    /// Scores are locked. 成绩锁定
    ScoresLocked,
    /// Open for appeals. 申诉期
    AppealWindow,
    /// Results are confirmed. 成绩确认
    ResultsConfirmed,
    /// Results are on public notice. 公示
    PublicNotice,
    /// Awards are conferred. 已表彰
    Awarded,
    /// Skill ranks earned are granted. 已办理晋级
    PromotionProcessed,
    /// Filed away. 已归档
    Archived,
    /// Cancelled. 已取消
    Cancelled,
    /// Held as an exhibition for want of entrants. 转为表演赛
    DowngradedToExhibition,
}

/// Step of a competition. 竞赛步骤
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
pub enum CompetitionStep {
    /// Announce the competition. 发布通知
    Announce,
    /// Open the registration. 开放报名
    OpenRegistration,
    /// Begin to check the entrants' qualification. 开始资格审查
    BeginQualificationCheck,
    /// Begin the preliminary round. 开始初赛
    BeginPreliminary,
    /// Begin the semi-final. 开始复赛
    BeginSemiFinal,
    /// Begin the final. 开始决赛
    BeginFinal,
    /// Lock the scores. 锁定成绩
    LockScores,
    /// Open the time for appeals. 开放申诉
    OpenAppealWindow,
    /// Confirm the results. 确认成绩
    ConfirmResults,
    /// Put the results on public notice. 公示结果
    PublishNotice,
    /// Confer the awards. 表彰
    Award,
    /// Grant the skill ranks earned. 办理晋级
    ProcessPromotion,
    /// File the records away. 归档
    FileAway,
    /// Cancel the competition. 取消
    Cancel,
    /// Go on as an exhibition. 转为表演赛
    DowngradeToExhibition,
}
