use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Who did what, and how it ended. 审计记录
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub actor: String,
    pub credential_id: Option<Uuid>,
    pub operation: String,
    /// A code, never a message.
    pub outcome: String,
    pub request_id: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub records: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub fields: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
