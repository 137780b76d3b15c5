use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// Legal aid that the union gives to a worker in a case. 工会法律援助。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "legal_aid_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub case_id: Uuid,
    pub worker_id: Uuid,
    pub form: LegalAidForm,
    pub granted_on: Date,
    pub provider_name: String,
    pub ended_on: Option<Date>,
    pub outcome: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Form of legal aid. 法律援助形式
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
pub enum LegalAidForm {
    /// Standing for the worker in negotiation and mediation. 协商调解代理
    Mediation,
    /// Drafting documents. 文书代写
    Drafting,
    /// Standing for the worker in arbitration. 仲裁代理
    Arbitration,
    /// Standing for the worker in court. 诉讼代理
    Litigation,
}
