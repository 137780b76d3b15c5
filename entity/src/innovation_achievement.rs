use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, Fen};

/// An achievement of innovation. 创新成果
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "innovation_achievement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub studio_id: Option<Uuid>,
    pub employer_id: Option<Uuid>,
    pub title: String,
    pub kind: AchievementKind,
    pub ip_no: Option<String>,
    pub achieved_on: Date,
    pub benefit_fen: Fen,
    pub status: InnovationAchievementStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Kind of achievement. 成果类型
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
pub enum AchievementKind {
    /// Invention patent. 发明专利
    PatentInvention,
    /// Utility-model patent. 实用新型专利
    PatentUtility,
    /// Design patent. 外观设计专利
    PatentDesign,
    /// Software copyright. 软件著作权
    SoftwareCopyright,
    /// One of the "five smalls": small invention, creation, renovation, design or suggestion. 五小成果（小发明、小创造、小革新、小设计、小建议）
    FiveSmalls,
    /// Advanced method of operation. 先进操作法
    AdvancedOperationMethod,
    /// Standard. 标准
    Standard,
    /// Paper. 论文
    Paper,
    /// Technical renovation. 技术改造
    TechReform,
}

/// State of an achievement. 成果状态
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
pub enum InnovationAchievementStatus {
    /// Registered. 已登记
    Registered,
    /// Assessed. 已评审
    Assessed,
    /// Selected among the ten best. 入选十佳
    Selected,
    /// Exhibited. 已参展
    Exhibited,
    /// A letter of intent is signed. 已签约意向
    IntentSigned,
    /// A contract is signed. 已签合同
    Contracted,
    /// In use. 已实施
    Implemented,
    /// The revenue is shared. 已分配收益
    RevenueShared,
    /// The conversion failed. 转化失败
    ConversionFailed,
}

/// Step of an achievement. 成果步骤
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
pub enum InnovationAchievementStep {
    /// Assess the achievement. 评审
    Assess,
    /// Select it among the ten best. 评选十佳
    Select,
    /// Exhibit it. 参展
    Exhibit,
    /// Sign a letter of intent. 签订意向
    SignIntent,
    /// Sign a contract. 签订合同
    SignContract,
    /// Put it to use. 实施
    Implement,
    /// Share the revenue. 分配收益
    ShareRevenue,
    /// Note that the conversion failed. 转化失败
    FailConversion,
}
