use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, Fen};

/// Pay recovered for one worker in one case. 劳动报酬追讨
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "wage_recovery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub case_id: Uuid,
    pub worker_id: Uuid,
    pub employer_id: Option<Uuid>,
    pub claimed_fen: Fen,
    pub agreed_fen: Option<Fen>,
    pub agreed_on: Option<Date>,
    pub paid_fen: Fen,
    pub paid_on: Option<Date>,
    pub method: Option<RecoveryMethod>,
    pub status: WageRecoveryStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How the pay was recovered. 追讨方式
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
pub enum RecoveryMethod {
    /// In cash. 现金
    Cash,
    /// By bank transfer. 银行转账
    Bank,
    /// From the special account for wages. 专用账户划扣
    AccountDeduction,
    /// From the emergency fund. 应急周转金
    EmergencyFund,
    /// By enforcement. 强制执行
    Enforcement,
}

/// State of a recovery. 追讨状态
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
pub enum WageRecoveryStatus {
    /// Claimed. 已主张
    Claimed,
    /// Agreed. 已达成协议
    Agreed,
    /// Partly paid. 部分支付
    PartiallyPaid,
    /// Paid. 已支付
    Paid,
    /// Not paid as agreed. 逾期未付
    Defaulted,
}

/// Step of a recovery. 追讨步骤
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
pub enum WageRecoveryStep {
    /// Agree on the sum. 达成协议
    Agree,
    /// Record that part is paid. 登记部分支付
    RecordPartialPayment,
    /// Record that all is paid. 登记全部支付
    RecordPayment,
    /// Note that it was not paid as agreed. 逾期未付
    MarkDefaulted,
}
