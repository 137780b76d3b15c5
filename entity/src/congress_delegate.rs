use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A worker whom the workers of an employer elected to their congress. 职工代表。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "congress_delegate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub congress_id: Uuid,
    pub worker_id: Uuid,
    pub category: DelegateCategory,
    pub started_on: Date,
    pub ended_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whom a delegate is one of. 职工代表类别
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
pub enum DelegateCategory {
    /// Front-line workers. 一线职工
    Frontline,
    /// Technical and professional staff. 专业技术人员
    Technical,
    /// Middle managers and above: at most a fifth. 中层以上管理人员
    Manager,
    /// Others. 其他
    Other,
}
