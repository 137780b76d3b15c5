use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A principal that may call the service: a system, or a person of an OpenID provider. 访问凭证
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "credential")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub name: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub roles: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub scopes: Json,
    pub division_code: Option<String>,
    /// Whom it acts for.
    pub worker_id: Option<Uuid>,
    pub employer_id: Option<Uuid>,
    pub union_id: Option<Uuid>,
    /// The public keys that sign its assertions, as a JWK set.
    #[sea_orm(column_type = "JsonBinary")]
    pub jwks: Option<Json>,
    /// The person, as an OpenID provider knows it.
    pub issuer: Option<String>,
    pub subject: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
