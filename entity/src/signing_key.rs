use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A key that signs access tokens. 令牌签名密钥
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// Grows by one, so that of two who make a key at once one wins.
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i32,
    #[sea_orm(unique)]
    pub kid: String,
    pub algorithm: String,
    /// Sealed.
    pub private_key: String,
    pub created_at: DateTimeUtc,
    /// It is published before, so that every replica knows it by then.
    pub signs_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
