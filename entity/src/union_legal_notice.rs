use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// How a union supervises an employer: a reminder, an opinion, a recommendation to the authority. 工会劳动法律监督文书（一函两书）。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "union_legal_notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub union_organization_id: Uuid,
    pub employer_id: Uuid,
    pub case_id: Option<Uuid>,
    pub subject: String,
    pub sent_on: Date,
    pub document_no: Option<String>,
    pub opinion_on: Option<Date>,
    pub reply_due_on: Option<Date>,
    pub replied_on: Option<Date>,
    pub outcome: Option<String>,
    pub status: UnionLegalNoticeStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of a union legal notice. 工会劳动法律监督文书状态
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
pub enum UnionLegalNoticeStatus {
    /// The reminder was sent. 已发提示函
    ReminderSent,
    /// The employer answered the reminder. 已回复
    Replied,
    /// The employer did not answer the reminder. 提示函逾期未复
    ReminderOverdue,
    /// The opinion was sent. 已发意见书
    OpinionSent,
    /// The employer mended it. 已整改
    Corrected,
    /// The employer did not answer the opinion. 意见书逾期未复
    OpinionOverdue,
    /// The authority was asked to act. 已发建议书
    RecommendationSent,
    /// The authority opened a case. 行政部门已立案
    AuthorityFiled,
    /// The authority explained why not. 行政部门已说明
    Explained,
    /// Closed. 已办结
    Closed,
}

/// Step of a union legal notice. 工会劳动法律监督文书步骤
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
pub enum UnionLegalNoticeStep {
    /// Enters the answer to the reminder. 登记提示函回复
    Reply,
    /// Notes that no answer came in time. 登记逾期
    MarkOverdue,
    /// Sends the opinion; the employer has fifteen working days. 发出意见书
    SendOpinion,
    /// Notes that the employer mended it. 登记整改
    Correct,
    /// Asks the authority to act. 发出建议书
    Recommend,
    /// Notes that the authority opened a case. 登记行政立案
    File,
    /// Notes that the authority explained why not. 登记行政说明
    Explain,
    /// Closes it. 办结
    Close,
}
