use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A worker's membership in a union. 会籍
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "union_membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub worker_id: Uuid,
    pub union_organization_id: Uuid,
    pub member_no: String,
    pub joined_on: Date,
    pub ended_on: Option<Date>,
    pub status: UnionMembershipStatus,
    pub change_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of a membership. 会籍状态
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
pub enum UnionMembershipStatus {
    /// In force. 会籍有效
    Active,
    /// Being transferred to another union. 转会中
    Transferring,
    /// Transferred to another union. 已转出
    Transferred,
    /// Retained while the member is out of work. 会籍保留
    Retained,
    /// The member withdrew. 已退会
    Withdrawn,
    /// The member was expelled. 已除名
    Expelled,
    /// Closed by the member's death. 会籍终止
    Closed,
}

/// Step of a membership. 会籍变更步骤
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
pub enum UnionMembershipStep {
    /// Begin a transfer to another union. 转出
    TransferOut,
    /// Accept the transfer, as the receiving union. 接收转入
    AcceptTransfer,
    /// Refuse the transfer, or let it lapse. 拒绝或逾期未接收
    RefuseTransfer,
    /// Retain the membership of one who is laid off, unemployed or retired, or whose unit was dissolved. 保留会籍
    Retain,
    /// Bring a retained membership back into force. 恢复会籍
    Reactivate,
    /// Withdraw at the member's own wish. 退会
    Withdraw,
    /// Expel the member. 除名
    Expel,
    /// Close after the member's death. 终止会籍
    Close,
}
