use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, Fen};

use crate::honour_nomination::AwardeeCategory;

/// A title of honour that was conferred 荣誉授予记录
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "honour_award")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub round_id: Uuid,
    pub nomination_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub employer_id: Option<Uuid>,
    pub team_name: Option<String>,
    pub category: Option<AwardeeCategory>,
    pub rank: HonourRank,
    pub document_no: Option<String>,
    pub conferred_on: Date,
    pub bonus_fen: Fen,
    pub revoked_on: Option<Date>,
    pub status: HonourAwardStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What was won. 入选类别
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
pub enum HonourRank {
    /// The title. 当选
    Winner,
    /// The nomination. 提名
    Nominee,
}

/// State of a honour award. 荣誉授予状态
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
pub enum HonourAwardStatus {
    /// Conferred. 已授予
    Conferred,
    /// Revoked. 已撤销
    Revoked,
}

/// Step of a honour award. 荣誉授予步骤
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
pub enum HonourAwardStep {
    /// Revokes the honour. 撤销荣誉
    Revoke,
}
