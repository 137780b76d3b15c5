use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// What an employer disclosed to its workers. 厂务公开事项。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "disclosure_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub employer_id: Uuid,
    pub title: String,
    pub category: DisclosureCategory,
    pub channel: DisclosureChannel,
    pub disclosed_on: Date,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is disclosed. 厂务公开内容类别
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
pub enum DisclosureCategory {
    /// Major decisions of the business. 重大决策
    BusinessDecision,
    /// What bears on the workers' interests. 涉及职工切身利益
    WorkerInterest,
    /// Integrity of those who lead. 廉政建设
    Integrity,
    /// Other matters. 其他
    Other,
}

/// By which way something is disclosed. 厂务公开渠道
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
pub enum DisclosureChannel {
    /// The workers' congress. 职工代表大会
    WorkersCongress,
    /// A notice board. 公开栏
    NoticeBoard,
    /// A meeting. 会议
    Meeting,
    /// The network of the employer. 内部网络
    Intranet,
    /// Another way. 其他
    Other,
}
