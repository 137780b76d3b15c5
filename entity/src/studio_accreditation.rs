use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

use crate::innovation_studio::StudioLevel;

/// The naming of a studio at a level. 创新工作室命名
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "studio_accreditation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub studio_id: Uuid,
    pub level: StudioLevel,
    pub batch: String,
    /// Hundredths of a point.
    pub score_centi: Option<i32>,
    pub document_no: Option<String>,
    pub named_on: Option<Date>,
    pub review_due_on: Option<Date>,
    pub grade: Option<AccreditationGrade>,
    pub removed_on: Option<Date>,
    pub status: StudioAccreditationStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Grade of a periodic review. 复审等次
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
pub enum AccreditationGrade {
    /// Excellent. 优秀
    Excellent,
    /// Passed. 合格
    Passed,
    /// Failed. 不合格
    Failed,
}

/// State of a naming. 命名状态
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
pub enum StudioAccreditationStatus {
    /// Applied for by the enterprise. 企业申报
    Applied,
    /// Recommended by the city. 市级推荐
    CityRecommended,
    /// Assessed by experts. 专家评定
    ExpertAssessed,
    /// Decided by a meeting. 会议研究
    MeetingDecided,
    /// On public notice. 社会公示
    PublicNotice,
    /// Named. 已命名
    Named,
    /// In the periodic review. 复审中
    PeriodicReview,
    /// Has to mend its faults by a deadline. 限期整改
    Rectifying,
    /// Its leader has changed; the naming waits to be confirmed. 领衔人变更
    LeaderChanged,
    /// Its plaque was removed. 已摘牌
    Removed,
}

/// Step of a naming. 命名步骤
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
pub enum StudioAccreditationStep {
    /// Recommend, as the city. 市级推荐
    Recommend,
    /// Assess, as experts. 专家评定
    Assess,
    /// Decide in a meeting. 会议研究
    Decide,
    /// Put on public notice. 社会公示
    PublishNotice,
    /// Name the studio. 通报命名
    Name,
    /// Begin the periodic review. 开始复审
    BeginReview,
    /// Pass the review. 复审合格
    PassReview,
    /// Order it to mend its faults by a deadline. 责令限期整改
    OrderRectification,
    /// Accept that the faults are mended. 整改合格
    AcceptRectification,
    /// Note a new leader. 变更领衔人
    ChangeLeader,
    /// Confirm the naming under the new leader. 确认领衔人
    ConfirmLeader,
    /// Remove the plaque. 摘牌
    Remove,
}
