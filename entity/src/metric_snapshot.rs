use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A figure as it was when it was published; it stays, whatever is corrected later. 指标快照：保留发布时的数值，不随后续更正变动。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "metric_snapshot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub figure_code: String,
    pub basis: Option<String>,
    pub started_on: Option<Date>,
    pub ended_on: Option<Date>,
    pub as_of: Date,
    pub published_on: Option<Date>,
    pub value_scaled: Option<i64>,
    pub places: i32,
    pub numerator_count: Option<i64>,
    pub denominator_count: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
