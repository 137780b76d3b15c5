use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// An administrative division, past or present. 行政区划
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "division")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    #[sea_orm(unique)]
    pub code: DivisionCode,
    pub name: String,
    pub name_en: String,
    pub level: DivisionLevel,
    pub kind: DivisionKind,
    pub parent_code: Option<DivisionCode>,
    /// The code that took this one's place; a code without one rolls up to its parent.
    pub successor_code: Option<DivisionCode>,
    pub valid_from: Date,
    /// The last day of validity.
    pub valid_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Rank of a division. 行政区划级别
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
pub enum DivisionLevel {
    /// Province, autonomous region, municipality under the central government or special administrative region. 省级
    Province,
    /// Prefecture or prefecture-level city. 地级
    Prefecture,
    /// County, county-level city or district. 县级
    County,
    /// Township, town or subdistrict. 乡级
    Township,
}

/// Who issues a division's code. 区划代码类别
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
pub enum DivisionKind {
    /// National standard GB/T 2260: may stand in an ID number. 国家标准行政区划代码
    #[sea_orm(string_value = "GB_T_2260")]
    #[graphql(name = "GB_T_2260")]
    #[serde(rename = "GB_T_2260")]
    GbT2260,
    /// Code of the National Bureau of Statistics, such as a development zone's: never in an ID number or credit code. 统计用区划代码
    Statistical,
}
