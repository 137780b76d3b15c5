use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{CreditCode, DivisionCode, IndustryCode};

/// A unit that employs workers. 用人单位
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "employer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub name: String,
    #[sea_orm(unique)]
    pub credit_code: Option<CreditCode>,
    pub industry_code: Option<IndustryCode>,
    pub ownership_group: OwnershipGroup,
    pub headcount: i32,
    pub status: EmployerStatus,
    pub parent_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Who owns a unit. 所有制类别
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
pub enum OwnershipGroup {
    /// State-owned enterprise. 国有企业
    StateOwned,
    /// Collectively owned enterprise. 集体企业
    Collective,
    /// Private enterprise. 私营企业
    Private,
    /// Enterprise with funds from Hong Kong, Macao or Taiwan. 港澳台商投资企业
    HkMoTw,
    /// Enterprise with foreign funds. 外商投资企业
    Foreign,
    /// Mixed-ownership enterprise under state control. 国有控股混合所有制企业
    MixedStateControlled,
    /// Public institution. 事业单位
    Institution,
    /// Government or Party organ. 机关
    Government,
    /// Social organization. 社会组织
    SocialOrganization,
    /// Self-employed business. 个体工商户
    SelfEmployed,
}

/// Whether an employer still exists. 存续状态
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
pub enum EmployerStatus {
    /// In business. 存续
    Active,
    /// Business licence revoked. 吊销
    Revoked,
    /// Registration cancelled. 注销
    Cancelled,
    /// Moved out of the area. 迁出
    MovedOut,
}
