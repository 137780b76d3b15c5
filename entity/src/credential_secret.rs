use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The hash of a secret that a client holds. 凭证密钥
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "credential_secret")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub credential_id: Uuid,
    pub kind: SecretKind,
    #[sea_orm(unique)]
    pub hash: String,
    pub created_at: DateTimeUtc,
    /// When its successor stays alone.
    pub expires_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a secret is good for. 密钥用途
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
    Serialize,
    Deserialize,
    async_graphql::Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "ClientSecretKind")]
pub enum SecretKind {
    /// Asks for access tokens at `/oauth/token`, by `client_secret_basic`. 客户端密钥
    ClientSecret,
    /// Is sent with each request as it is, as a bearer token. 长期令牌
    ApiToken,
}
