use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// What a delegate proposed to a workers' congress. 职工代表提案。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub congress_id: Uuid,
    pub worker_id: Uuid,
    pub merged_into_id: Option<Uuid>,
    pub topic: String,
    pub content: String,
    pub submitted_on: Date,
    pub assignee_name: Option<String>,
    pub reply_due_on: Option<Date>,
    pub reply: Option<String>,
    pub replied_on: Option<Date>,
    pub is_satisfied: Option<bool>,
    pub status: ProposalStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of a proposal. 职工代表提案状态
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
pub enum ProposalStatus {
    /// Submitted. 已提交
    Submitted,
    /// Accepted. 已立案
    Accepted,
    /// Merged into another. 已并案
    Merged,
    /// Declined. 不予立案
    Declined,
    /// Assigned to a department. 已交办
    Assigned,
    /// Answered. 已答复
    Answered,
    /// Who proposed it is asked. 征求意见
    Feedback,
    /// Closed. 已办结
    Closed,
}

/// Step of a proposal. 职工代表提案步骤
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
pub enum ProposalStep {
    /// Accepts it. 立案
    Accept,
    /// Merges it into another. 并案
    Merge,
    /// Declines it. 不予立案
    Decline,
    /// Assigns it to a department. 交办
    Assign,
    /// Answers it. 答复
    Answer,
    /// Asks who proposed it. 征求提案人意见
    AskFeedback,
    /// Has it handled again: who proposed it was not satisfied. 重新办理
    HandleAgain,
    /// Closes it: who proposed it was satisfied. 办结
    Close,
}
