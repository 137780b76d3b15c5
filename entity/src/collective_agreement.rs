use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// An agreement between a union and employers 集体合同
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "collective_agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub title: String,
    pub scope: AgreementScope,
    pub subject: AgreementSubject,
    pub coverage_heads: i32,
    pub raise_centi: Option<i32>,
    pub signed_on: Option<Date>,
    pub published_on: Option<Date>,
    pub started_on: Option<Date>,
    pub ended_on: Option<Date>,
    pub status: CollectiveAgreementStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Scope of a collective agreement. 集体合同范围
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
pub enum AgreementScope {
    /// One enterprise. 企业
    Enterprise,
    /// A region. 区域性
    Regional,
    /// An industry. 行业性
    Industry,
}

/// What a collective agreement is about. 集体合同类别
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
pub enum AgreementSubject {
    /// All conditions of work. 综合
    Comprehensive,
    /// Wages. 工资专项
    Wage,
    /// Safety and health. 劳动安全卫生专项
    Safety,
    /// The rights of women. 女职工权益专项
    FemaleWorkers,
}

/// State of a collective agreement. 集体合同状态
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
pub enum CollectiveAgreementStatus {
    /// Negotiation was offered. 已要约
    Offered,
    /// The offer was answered. 已应约
    Answered,
    /// Negotiating. 协商中
    Negotiating,
    /// A draft is agreed. 达成草案
    DraftAgreed,
    /// Passed by the congress. 职代会通过
    CongressPassed,
    /// Signed. 已签订
    Signed,
    /// Submitted for review. 已报送
    Submitted,
    /// Materials are to be added. 退回补正
    MaterialsReturned,
    /// Registered. 已登记
    Registered,
    /// Under review. 审查中
    UnderReview,
    /// Objected to. 有异议
    Objected,
    /// Approved. 审查通过
    Approved,
    /// Effective, for nothing was objected in time. 逾期未提异议自行生效
    DeemedEffective,
    /// Published. 已公布
    Published,
    /// In force. 履行中
    InForce,
    /// Being amended. 变更中
    Amending,
    /// About to expire. 即将到期
    Expiring,
    /// Renewed. 已续签
    Renewed,
    /// Expired. 已到期
    Expired,
    /// Terminated. 已终止
    Terminated,
}

/// Step of a collective agreement. 集体合同步骤
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
pub enum CollectiveAgreementStep {
    /// Answers the offer, within 20 days. 应约（20日内）
    Answer,
    /// Begins to negotiate. 开始协商
    Negotiate,
    /// Agrees on a draft. 达成草案
    AgreeDraft,
    /// The congress passes it. 职代会表决通过
    PassCongress,
    /// Signs it. 签订
    Sign,
    /// Submits it for review. 报送审查
    Submit,
    /// Sends it back for more materials. 退回补正
    ReturnMaterials,
    /// Submits it again. 重新报送
    Resubmit,
    /// Registers it. 登记受理
    Register,
    /// Begins the review. 开始审查
    Review,
    /// Objects to it. 提出异议
    Object,
    /// Negotiates again. 重新协商
    Renegotiate,
    /// Approves it. 审查通过
    Approve,
    /// Finds it effective after 15 days without objection. 15日无异议生效
    DeemEffective,
    /// Publishes it. 公布
    Publish,
    /// Puts it into force. 开始履行
    EnterIntoForce,
    /// Begins to amend it. 开始变更
    Amend,
    /// It expires within 60 days. 进入到期前60日
    BeginExpiry,
    /// Renews it. 续签
    Renew,
    /// It has expired. 到期
    Expire,
    /// Terminates it. 终止
    Terminate,
}
