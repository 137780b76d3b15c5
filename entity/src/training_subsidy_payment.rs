use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, Fen};

/// A subsidy for training, from application to payment 职业培训补贴
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "training_subsidy_payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub enrollment_id: Uuid,
    pub payee_kind: PayeeKind,
    pub fund_source: String,
    pub amount_fen: Fen,
    pub applied_on: Date,
    pub disbursed_on: Option<Date>,
    pub status: TrainingSubsidyPaymentStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Who is paid. 收款方类别
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
pub enum PayeeKind {
    /// The trainee. 个人
    Person,
    /// The training provider. 培训机构
    Provider,
    /// The employer. 用人单位
    Employer,
}

/// State of a training subsidy payment. 培训补贴状态
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
pub enum TrainingSubsidyPaymentStatus {
    /// Applied for. 已申请
    Applied,
    /// Verified against the list of trainees. 已核验
    Verified,
    /// On public notice. 公示中
    PublicNotice,
    /// Approved. 已批准
    Approved,
    /// Paid out. 已拨付
    Disbursed,
    /// Reconciled. 已对账
    Reconciled,
    /// Recovered. 已追回
    Recovered,
    /// Rejected. 已驳回
    Rejected,
}

/// Step of a training subsidy payment. 培训补贴步骤
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
pub enum TrainingSubsidyPaymentStep {
    /// Verifies it. 名单核验
    Verify,
    /// Begins the public notice. 开始公示
    BeginNotice,
    /// Approves it. 批准
    Approve,
    /// Pays it out. 拨付
    Disburse,
    /// Reconciles it. 对账
    Reconcile,
    /// Takes it back. 追回
    Recover,
    /// Rejects it. 驳回
    Reject,
}
