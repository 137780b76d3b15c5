use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Who did what, to which records, and how it ended. 审计记录
///
/// Written once. Its place in the chain comes later, when it is sealed: see [`crate::audit_seal`].
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub action: AuditAction,
    /// The name of the credential.
    pub actor: String,
    pub credential_id: Option<Uuid>,
    /// Separated by commas.
    pub roles: String,
    /// The mutation, or the query by its name and the beginning of its hash: `Name@0123456789abcdef`.
    pub operation: String,
    /// A code, never a message.
    pub outcome: String,
    pub request_id: String,
    pub purpose: Option<String>,
    pub case_number: Option<String>,
    /// Which fields, as `Worker.name`, separated by commas; never their values.
    pub fields: String,
    /// Of which kinds the records are, in their order: `worker:2,employer:1`.
    pub kinds: String,
    /// The ids of the records, 16 bytes each.
    pub records: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What was done. 审计动作
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
pub enum AuditAction {
    /// A mutation, done or refused. 写入
    Write,
    /// A read of personal fields. 读取个人信息
    Read,
    /// A look-up of a person by the number of a document. 按证件号码查找
    Lookup,
    /// A read of values that others see masked. 查看原值
    Unmask,
    /// More personal reads within an hour than are usual. 读取量告警
    Alert,
}
