use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// Who holds an office of a union. 工会干部。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "union_officer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub union_organization_id: Uuid,
    pub worker_id: Uuid,
    pub post: UnionPost,
    pub is_full_time: bool,
    pub started_on: Date,
    pub ended_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// An office of a union. 工会职务
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
pub enum UnionPost {
    /// The chair. 主席
    Chair,
    /// A vice-chair. 副主席
    ViceChair,
    /// A member of the committee. 委员
    CommitteeMember,
    /// A member of the committee that audits the funds. 经费审查委员
    FundsAuditor,
    /// A member of the women workers' committee. 女职工委员会委员
    WomenCommittee,
    /// An organiser, where there is no committee. 组织员
    Organizer,
}
