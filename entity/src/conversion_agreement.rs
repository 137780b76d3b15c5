use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, Fen};

/// An agreement on the use of an achievement: an intent, a framework or a contract 成果转化协议
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "conversion_agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub achievement_id: Uuid,
    pub counterparty_name: String,
    pub kind: AgreementKind,
    pub mode: ConversionMode,
    pub amount_fen: Fen,
    pub signed_on: Date,
    pub received_fen: Fen,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How binding an agreement is. The three are never added up together. 协议类别
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
pub enum AgreementKind {
    /// An intent. 意向书
    LetterOfIntent,
    /// A framework. 框架协议
    Framework,
    /// A contract. 合同
    Contract,
}

/// How an achievement is put to use (Law on Promoting the Transformation of Scientific and Technological Achievements, art. 16). 成果转化方式
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
pub enum ConversionMode {
    /// By the owner. 自行投资实施
    SelfImplement,
    /// Assigned. 转让
    Assign,
    /// Licensed. 许可
    License,
    /// Together. 合作实施
    Cooperate,
    /// For shares. 作价投资
    Equity,
    /// Otherwise. 其他
    Other,
}
