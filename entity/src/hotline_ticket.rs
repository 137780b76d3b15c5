use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// What somebody asked of the hotline of the union. 12351职工服务热线工单。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "hotline_ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub worker_id: Option<Uuid>,
    pub handler_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub ticket_no: String,
    pub category: TicketCategory,
    pub channel: TicketChannel,
    pub topic: String,
    pub received_on: Date,
    pub difficulty: Option<TicketDifficulty>,
    pub due_on: Option<Date>,
    pub satisfaction: Option<TicketSatisfaction>,
    pub closed_on: Option<Date>,
    pub status: HotlineTicketStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a ticket is. 工单类别
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
pub enum TicketCategory {
    /// A question. 咨询
    Consultation,
    /// A complaint. 投诉
    Complaint,
    /// A request for help. 求助
    Help,
    /// A suggestion. 建议
    Suggestion,
    /// Something else. 其他
    Other,
}

/// By which way a ticket came. 工单来源
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
pub enum TicketChannel {
    /// The hotline of the union, 12351. 12351热线
    Hotline,
    /// The hotline of the city, 12345. 12345热线转办
    CityHotline,
    /// The application. 手机应用
    App,
    /// In person. 来访
    WalkIn,
    /// By letter. 来信
    Letter,
}

/// How hard a ticket is. 工单难易
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
pub enum TicketDifficulty {
    /// Answered at once. 简单
    Simple,
    /// Handled by one union. 一般
    Ordinary,
    /// Handled by several. 复杂
    Complex,
}

/// What the caller said when called back. 回访满意度
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
pub enum TicketSatisfaction {
    /// Satisfied. 满意
    Satisfied,
    /// Fairly satisfied. 基本满意
    FairlySatisfied,
    /// Dissatisfied. 不满意
    Dissatisfied,
}

/// State of a hotline ticket. 职工热线工单状态
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
pub enum HotlineTicketStatus {
    /// Received. 已接听
    Received,
    /// Registered. 已登记
    Registered,
    /// Answered at once. 当场答复
    AnsweredOnLine,
    /// Sent to a union. 已派单
    Dispatched,
    /// Sent back. 已退单
    Returned,
    /// Accepted by the union. 已签收
    Accepted,
    /// Being handled. 办理中
    Handling,
    /// The time was extended. 已延期
    Extended,
    /// Resolved. 已办复
    Resolved,
    /// The caller is called back. 回访中
    Callback,
    /// Closed. 已办结
    Closed,
    /// Opened again. 重新办理
    Reopened,
}

/// Step of a hotline ticket. 职工热线工单步骤
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
pub enum HotlineTicketStep {
    /// Registers it. 登记
    Register,
    /// Answers it at once. 当场答复
    AnswerOnLine,
    /// Sends it to a union. 派单
    Dispatch,
    /// Sends it back. 退单
    Return,
    /// Accepts it. 签收
    Accept,
    /// Begins to handle it. 开始办理
    Handle,
    /// Extends the time. 延期
    Extend,
    /// Resolves it. 办复
    Resolve,
    /// Calls the caller back. 回访
    CallBack,
    /// Closes it. 办结
    Close,
    /// Opens it again. 重新办理
    Reopen,
}
