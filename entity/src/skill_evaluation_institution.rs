use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

use crate::worker::SkillRank;

/// An institution that evaluates vocational skill, filed with the authority 技能人才评价机构
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "skill_evaluation_institution")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub employer_id: Option<Uuid>,
    pub name: String,
    pub kind: InstitutionKind,
    pub filing_no: Option<String>,
    pub max_rank: SkillRank,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    pub filed_on: Option<Date>,
    pub revoked_on: Option<Date>,
    pub status: SkillEvaluationInstitutionStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Kind of an evaluation institution. 评价机构类别
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
pub enum InstitutionKind {
    /// An employer, for its own workers. 用人单位
    Employer,
    /// A social evaluation organisation. 社会培训评价组织
    SocialOrganization,
    /// A body of vocational qualification. 职业资格鉴定机构
    VocationalQualificationBody,
    /// A body for special abilities. 专项职业能力考核机构
    SpecialAbilityBody,
}

/// State of a skill evaluation institution. 技能评价机构状态
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
pub enum SkillEvaluationInstitutionStatus {
    /// Applied. 已申报
    Applied,
    /// Under review. 审核中
    UnderReview,
    /// On public notice. 公示中
    PublicNotice,
    /// Filed and published. 已备案公布
    Filed,
    /// Its scope was changed. 范围变更
    ScopeChanged,
    /// Suspended. 暂停
    Suspended,
    /// Expired. 已到期
    Expired,
    /// Renewed. 已延续
    Renewed,
    /// Revoked. 已撤销
    Revoked,
}

/// Step of a skill evaluation institution. 技能评价机构步骤
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
pub enum SkillEvaluationInstitutionStep {
    /// Begins the review. 开始审核
    Review,
    /// Begins the public notice. 开始公示
    BeginNotice,
    /// Files the institution. 备案公布
    File,
    /// Changes its scope. 变更评价范围
    ChangeScope,
    /// Suspends it. 暂停
    Suspend,
    /// Lets it go on. 恢复
    Resume,
    /// Its filing has run out. 到期
    Expire,
    /// Renews its filing. 延续备案
    Renew,
    /// Revokes its filing. 撤销备案
    Revoke,
}
