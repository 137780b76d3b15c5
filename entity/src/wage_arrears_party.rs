use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// An employer that answers for wages that are owed. 欠薪责任单位。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "wage_arrears_party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub arrears_case_id: Uuid,
    pub employer_id: Uuid,
    pub role: ChainRole,
    pub ordinal: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What an employer is in a chain of contracts. 承包链条角色
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
pub enum ChainRole {
    /// The developer. 建设单位
    Developer,
    /// The general contractor, who pays first. 施工总承包单位
    GeneralContractor,
    /// A subcontractor. 分包单位
    Subcontractor,
    /// A labour dispatch agency. 劳务派遣单位
    LabourDispatch,
    /// A unit that dispatched workers work for. 用工单位
    UserUnit,
}
