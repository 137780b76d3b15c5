use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, OccupationCode};

use crate::worker::SkillRank;

/// A certificate of vocational skill 职业技能等级证书
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "skill_certificate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub worker_id: Uuid,
    pub institution_id: Option<Uuid>,
    pub competition_entry_id: Option<Uuid>,
    pub number: String,
    pub is_format_verified: bool,
    pub occupation_code: Option<OccupationCode>,
    pub skill_rank: SkillRank,
    pub issued_on: Date,
    pub origin: CertificateOrigin,
    pub ended_on: Option<Date>,
    pub status: SkillCertificateStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How a certificate was obtained. 证书取得方式
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
pub enum CertificateOrigin {
    /// By examination. 考试评价
    Exam,
    /// By a competition. 竞赛晋升
    Competition,
    /// By appointment to a post. 评聘
    Appointment,
    /// By recognition of a title. 贯通认定
    Pathway,
}

/// State of a skill certificate. 技能等级证书状态
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
pub enum SkillCertificateStatus {
    /// Issued. 已发放
    Issued,
    /// Valid. 有效
    Valid,
    /// Corrected by another. 已更正
    Corrected,
    /// Revoked. 已作废
    Revoked,
    /// Superseded by a higher rank. 已被更高等级取代
    Superseded,
    /// Its appointment ended. 聘任终止
    Ended,
}

/// Step of a skill certificate. 技能等级证书步骤
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
pub enum SkillCertificateStep {
    /// Confirms it against the catalogue. 核验生效
    Confirm,
    /// Puts another in its place. 更正
    Correct,
    /// Revokes it. 作废
    Revoke,
    /// A higher rank takes its place. 被更高等级取代
    Supersede,
    /// Ends the appointment. 终止聘任
    End,
}
