use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A signed statement of what the audit trail was up to a position. 审计检查点
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audit_checkpoint")]
pub struct Model {
    /// Of the last entry that it covers.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// Of that entry, and so of all before it.
    pub hash: Vec<u8>,
    pub at: DateTimeUtc,
    /// Which key signed.
    pub key_id: String,
    pub signature: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
