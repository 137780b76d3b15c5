use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A code of a list. 代码。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub system_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub value: String,
    pub name: String,
    pub valid_from: Date,
    pub name_en: Option<String>,
    pub valid_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
