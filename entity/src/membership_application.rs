use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// The application of a worker to join a union 入会申请
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "membership_application")]
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
    pub drive_id: Option<Uuid>,
    pub channel: ApplicationChannel,
    pub category: WorkCategory,
    pub submitted_on: Option<Date>,
    pub decided_on: Option<Date>,
    pub status: MembershipApplicationStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How an application came. 入会申请渠道
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
pub enum ApplicationChannel {
    /// On paper. 纸质
    Paper,
    /// Online. 网上
    Online,
    /// By scanning a code. 扫码
    QrScan,
    /// Together with others. 集体
    Collective,
}

/// Kind of work, of those in new forms of employment too. 从业类别
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
pub enum WorkCategory {
    /// Employed. 单位职工
    Employee,
    /// A food delivery rider. 外卖骑手
    FoodDeliveryRider,
    /// A courier. 快递员
    Courier,
    /// A ride-hailing driver. 网约车司机
    RideHailingDriver,
    /// A truck driver. 货车司机
    TruckDriver,
    /// A domestic worker. 家政服务员
    DomesticWorker,
    /// A live-stream marketer. 互联网营销师
    LiveStreamMarketer,
    /// Otherwise at work. 其他
    Other,
}

/// State of a membership application. 入会申请状态
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
pub enum MembershipApplicationStatus {
    /// Drafted. 草稿
    Draft,
    /// Submitted. 已提交
    Submitted,
    /// Under review. 审核中
    UnderReview,
    /// Returned for more. 退回补充
    Returned,
    /// Approved. 已批准
    Approved,
    /// Rejected. 未批准
    Rejected,
    /// Withdrawn. 已撤回
    Withdrawn,
    /// The code had expired. 二维码已过期
    Expired,
    /// A member already. 已是会员
    Duplicate,
}

/// Step of a membership application. 入会申请步骤
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
pub enum MembershipApplicationStep {
    /// Submits it. 提交
    Submit,
    /// Begins the review. 开始审核
    Screen,
    /// Approves it: the worker is a member. 批准入会
    Approve,
    /// Rejects it. 不予批准
    Reject,
    /// Asks for more. 退回补充
    AskForMore,
    /// Submits it again. 重新提交
    Resubmit,
    /// Withdraws it. 撤回
    Withdraw,
    /// The code has expired. 二维码过期
    Expire,
    /// The worker is a member already. 标记为重复
    MarkDuplicate,
}
