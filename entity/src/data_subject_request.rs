use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// What a person asks about the record that is kept of them. 个人信息权利请求
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "data_subject_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub worker_id: Uuid,
    pub kind: SubjectRequestKind,
    pub details: Option<String>,
    pub received_on: Date,
    pub due_on: Date,
    pub status: DataSubjectRequestStatus,
    pub decided_on: Option<Date>,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a person asks for (Personal Information Protection Law, art. 45 to 47). 请求类型
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
pub enum SubjectRequestKind {
    /// A copy of all that is kept. 查阅、复制
    Export,
    /// To correct or complete it. 更正、补充
    Correct,
    /// To erase it. 删除
    Erase,
}

/// State of a request. 请求状态
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
pub enum DataSubjectRequestStatus {
    /// Received. 已收到
    Received,
    /// It is known that the person is who asks. 已核验身份
    IdentityVerified,
    /// In work. 办理中
    Processing,
    /// Done. 已办结
    Fulfilled,
    /// Done in part: the rest has to be kept by law. 部分办结
    Partly,
    /// Refused, with a reason. 已拒绝
    Refused,
}

/// Step of a request. 请求办理步骤
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
pub enum DataSubjectRequestStep {
    /// Record that the person is who asks. 核验身份
    VerifyIdentity,
    /// Begin the work. 开始办理
    Process,
    /// Do what is asked. 办结
    Fulfill,
    /// Do a part, and say why not the rest. 部分办结
    FulfillPartly,
    /// Refuse, and say why. 拒绝
    Refuse,
}
