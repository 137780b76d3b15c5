use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{CreditCode, DivisionCode};

/// A trade-union organization. 工会组织
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "union_organization")]
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
    pub level: UnionLevel,
    pub kind: UnionKind,
    pub parent_id: Option<Uuid>,
    pub employer_id: Option<Uuid>,
    pub established_on: Option<Date>,
    pub status: UnionOrganizationStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Level in the tree of unions, highest first. 工会层级
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
pub enum UnionLevel {
    /// All-China Federation of Trade Unions. 中华全国总工会
    National,
    /// Provincial federation. 省总工会
    Provincial,
    /// Municipal federation. 市总工会
    Municipal,
    /// Federation of a county, county-level city or district. 县（市、区）总工会
    County,
    /// Union of a township, subdistrict or development zone. 乡镇（街道）、开发区工会
    Township,
    /// Grassroots union committee. 基层工会委员会
    Grassroots,
    /// Branch or workshop union. 分工会、车间工会
    Branch,
    /// Union group. 工会小组
    Group,
}

/// Kind of union organization. 工会类型
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
pub enum UnionKind {
    /// Federation of trade unions. 总工会
    Federation,
    /// Industrial (system) union. 产业（系统）工会
    Industrial,
    /// Independent grassroots union. 独立基层工会
    Grassroots,
    /// Joint grassroots union of several units. 联合基层工会
    JointGrassroots,
    /// Association of unions. 工会联合会
    UnionAssociation,
}

/// State of a union organization. 工会组织状态
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
pub enum UnionOrganizationStatus {
    /// Being prepared. 筹建
    Preparing,
    /// Waiting for the higher union's approval. 待批准
    PendingApproval,
    /// Established. 已成立
    Established,
    /// Registered as a legal person. 已取得法人资格
    LegalPerson,
    /// The committee's term has run out; an election is due. 应换届
    TermOverdue,
    /// Being dissolved. 撤销中
    Dissolving,
    /// Dissolved and reported to the higher union. 已撤销
    Dissolved,
    /// Merged into another union. 已合并
    Merged,
}

/// Step of a union organization. 工会组织变更步骤
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
pub enum UnionOrganizationStep {
    /// Apply for approval. 申请建会
    Apply,
    /// Approve the establishment, as the higher union. 上级工会批准成立
    Approve,
    /// Register as a legal person. 办理法人资格登记
    RegisterLegalPerson,
    /// Note that the committee's term has run out. 任期届满
    EndTerm,
    /// Elect a new committee. 换届选举
    Elect,
    /// Begin to dissolve, because the unit ends. 启动撤销
    BeginDissolution,
    /// Complete the dissolution and report it. 完成撤销并报告上级
    Dissolve,
    /// Merge into another union. 合并
    Merge,
}
