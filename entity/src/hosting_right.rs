use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

use crate::competition::CompetitionLevel;

/// The right to host a competition of others 竞赛承办权
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "hosting_right")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub applicant_id: Uuid,
    pub competition_id: Option<Uuid>,
    pub title: String,
    pub level: CompetitionLevel,
    pub grantor_name: String,
    pub applied_on: Date,
    pub granted_on: Option<Date>,
    pub status: HostingRightStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of a hosting right. 竞赛承办权状态
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
pub enum HostingRightStatus {
    /// Applied for. 已申请
    Applied,
    /// Granted. 已授予
    Granted,
    /// Refused. 未获授予
    Refused,
    /// Withdrawn. 已撤回
    Withdrawn,
}

/// Step of a hosting right. 竞赛承办权步骤
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
pub enum HostingRightStep {
    /// Grants it. 授予
    Grant,
    /// Refuses it. 不予授予
    Refuse,
    /// Withdraws the application. 撤回
    Withdraw,
}
