use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// The enrolment of a worker as a volunteer 职工志愿者
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "volunteer_enrollment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub campaign_id: Uuid,
    pub worker_id: Uuid,
    pub enrolled_on: Date,
    pub approved_on: Option<Date>,
    pub status: VolunteerEnrollmentStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// State of a volunteer enrollment. 志愿者报名状态
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
pub enum VolunteerEnrollmentStatus {
    /// Applied. 已报名
    Applied,
    /// Approved. 已招募
    Approved,
    /// Serving. 服务中
    Serving,
    /// Service was recorded. 已记录服务
    ServiceRecorded,
    /// Certified. 已出具证明
    Certified,
    /// Cancelled. 已取消
    Cancelled,
}

/// Step of a volunteer enrollment. 志愿者报名步骤
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
pub enum VolunteerEnrollmentStep {
    /// Approves it. 批准
    Approve,
    /// Begins to serve. 开始服务
    Serve,
    /// Records the service. 记录服务
    RecordService,
    /// Certifies the service. 出具证明
    Certify,
    /// Cancels it. 取消
    Cancel,
}
