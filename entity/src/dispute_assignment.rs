use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// Who handles a case. 案件承办指派
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dispute_assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub case_id: Uuid,
    /// The credential of the handler.
    pub handler_id: Uuid,
    pub function: AssignmentFunction,
    pub assigned_on: Date,
    pub recused_on: Option<Date>,
    pub recusal_reason: Option<String>,
    pub ended_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a handler does in a case. 承办身份
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
pub enum AssignmentFunction {
    /// Mediator. 调解员
    Mediator,
    /// Arbitrator. 仲裁员
    Arbitrator,
    /// Lawyer of legal aid. 法律援助律师
    LegalAidLawyer,
    /// Officer of the union for rights protection. 工会维权承办人
    RightsOfficer,
}
