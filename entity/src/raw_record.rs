use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A line of an import: what was found of it, and the record that it became. What the line says is not kept. 导入明细：一行数据的校验、匹配结果及对应记录，不保存原文。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "raw_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub batch_id: Uuid,
    pub line_number: i32,
    pub fingerprint: String,
    pub source_key: Option<String>,
    pub verdict: Option<LineVerdict>,
    pub defect_code: Option<String>,
    pub defect_message: Option<String>,
    pub matched_as: Option<LineMatch>,
    /// The name of the record's type.
    pub record_kind: Option<String>,
    pub record_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What was found of a line. 校验结论
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
pub enum LineVerdict {
    /// Nothing is wrong with it. 通过
    Ok,
    /// It can be taken, and something should be known of it. 警告
    Warning,
    /// It cannot be taken. 错误
    Error,
}

/// How a line was matched with the records. 匹配结果
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
pub enum LineMatch {
    /// No record is meant by it yet. 新增
    New,
    /// One record is meant by it beyond doubt. 自动匹配
    Auto,
    /// It may mean a record: somebody has to look. 待人工核对
    Candidate,
}
