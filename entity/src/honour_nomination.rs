use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A recommendation for a title of honour 荣誉推荐
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "honour_nomination")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub round_id: Uuid,
    pub worker_id: Option<Uuid>,
    pub employer_id: Option<Uuid>,
    pub team_name: Option<String>,
    pub category: Option<AwardeeCategory>,
    pub is_migrant_worker: bool,
    pub is_non_public: bool,
    pub recommender_name: String,
    pub status: HonourNominationStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Category of a person who is honoured. 荣誉人员类别
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
pub enum AwardeeCategory {
    /// An industrial worker on the front line. 一线产业工人
    IndustrialWorker,
    /// Another worker on the front line. 其他一线职工
    OtherFrontline,
    /// A technical professional. 专业技术人员
    TechnicalProfessional,
    /// In science or education. 科教人员
    ScienceEducation,
    /// The head of an enterprise. 企业负责人
    EnterpriseHead,
    /// A cadre. 机关事业单位干部
    Cadre,
}

/// State of a honour nomination. 荣誉推荐状态
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
pub enum HonourNominationStatus {
    /// Recommended. 已推荐
    Recommended,
    /// Under initial review. 初审
    InitialReview,
    /// On local notice. 基层公示
    LocalNotice,
    /// Under second review. 复审
    ReReview,
    /// On final notice. 终审公示
    FinalNotice,
    /// An objection is examined. 异议核查
    Objection,
    /// Conferred. 已授予
    Conferred,
    /// Revoked. 已撤销
    Revoked,
    /// Rejected. 未通过
    Rejected,
}

/// Step of a honour nomination. 荣誉推荐步骤
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
pub enum HonourNominationStep {
    /// Begins the initial review. 开始初审
    Review,
    /// Begins the local notice. 开始基层公示
    BeginLocalNotice,
    /// Begins the second review. 开始复审
    ReviewAgain,
    /// Begins the final notice. 开始终审公示
    BeginFinalNotice,
    /// An objection was raised. 收到异议
    Object,
    /// The objection is dismissed: review goes on. 异议不成立，继续复审
    Dismiss,
    /// Confers the honour. 授予
    Confer,
    /// Revokes the honour. 撤销
    Revoke,
    /// Rejects it. 不予通过
    Reject,
}
