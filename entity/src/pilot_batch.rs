use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A batch of pilots of the industrial workforce reform. 产业工人队伍建设改革试点批次
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pilot_batch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub ordinal: i32,
    pub level: PilotLevel,
    pub title: String,
    pub document_no: Option<String>,
    pub issuer: String,
    pub started_on: Date,
    pub ended_on: Option<Date>,
    pub status: PilotBatchStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Level that runs a pilot. 试点级别
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
pub enum PilotLevel {
    /// National. 全国
    National,
    /// Provincial. 省级
    Provincial,
    /// Municipal. 市级
    Municipal,
    /// County. 县级
    County,
}

/// State of a pilot batch. 试点批次状态
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
pub enum PilotBatchStatus {
    /// Planned. 筹备
    Planned,
    /// Under way. 进行中
    Active,
    /// Being evaluated. 评估中
    InEvaluation,
    /// Closed. 已结束
    Closed,
}

/// Step of a pilot batch. 试点批次步骤
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
pub enum PilotBatchStep {
    /// Start the batch. 启动
    Start,
    /// Begin the evaluation. 开始评估
    BeginEvaluation,
    /// Close the batch. 结束
    Close,
}
