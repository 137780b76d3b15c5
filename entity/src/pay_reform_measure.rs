use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A measure by which an employer pays workers for skill and contribution 企业薪酬分配改革举措
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pay_reform_measure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub employer_id: Uuid,
    pub kind: PayReformKind,
    pub title: String,
    pub coverage_heads: i32,
    pub effective_on: Date,
    pub ended_on: Option<Date>,
    pub post_value_percent: Option<i32>,
    pub competence_percent: Option<i32>,
    pub performance_percent: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Kind of a measure of pay reform. 薪酬改革类别
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
pub enum PayReformKind {
    /// Pay by value of the post, competence and performance. 岗位价值、能力素质、业绩贡献三要素分配
    ThreeFactorPay,
    /// Allowances by skill level. 技术工人补助性津贴
    SkillAllowance,
    /// A share by contribution of skill and innovation. 技能要素和创新成果按贡献参与分配
    ContributionShare,
    /// No barriers between workers and cadres. 取消身份限制
    IdentityBarrierRemoval,
}
