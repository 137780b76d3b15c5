use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, IdNumber, PersonName, Phone, Sealed};

pub use value::DocumentType;

/// A worker. 职工
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "worker")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub name: PersonName,
    pub sex: Sex,
    pub birth_on: Option<Date>,
    pub document_type: DocumentType,
    pub id_number: Option<Sealed<IdNumber>>,
    /// The blind index of the id number under the index key with an odd id.
    #[sea_orm(unique)]
    pub id_number_index_odd: Option<String>,
    /// The same under the index key with an even id.
    #[sea_orm(unique)]
    pub id_number_index_even: Option<String>,
    pub phone: Option<Sealed<Phone>>,
    /// The key to the sealed values of this worker, wrapped by a master key.
    pub data_key: Option<String>,
    pub ethnicity_code: Option<String>,
    pub education_code: Option<String>,
    pub political_status_code: Option<String>,
    pub is_migrant_worker: bool,
    pub is_industrial_worker: bool,
    pub employment_status: EmploymentStatus,
    pub skill_rank: Option<SkillRank>,
    /// The employer of the active employment relation.
    pub employer_id: Option<Uuid>,
    pub erased_at: Option<DateTimeUtc>,
    pub erasure_ground: Option<ErasureGround>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Sex as GB/T 2261.1 lists it. 性别
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
pub enum Sex {
    /// Unknown, code 0. 未知的性别
    Unknown,
    /// Male, code 1. 男
    Male,
    /// Female, code 2. 女
    Female,
    /// Not stated, code 9. 未说明的性别
    NotStated,
}

/// Whether and how a worker is employed. 就业状况
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
pub enum EmploymentStatus {
    /// At work. 在岗
    Employed,
    /// Laid off or waiting for a post. 待（下）岗
    LaidOff,
    /// Unemployed. 失业
    Unemployed,
    /// Retired. 退休
    Retired,
    /// On long sick leave. 病休
    SickLeave,
    /// Another situation. 其他
    Other,
}

/// Rank in the eight-level system of skilled workers, lowest first. 新八级工技能等级
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
pub enum SkillRank {
    /// Apprentice, rank 0. 学徒工
    Apprentice,
    /// Elementary worker, rank 1, level 5. 初级工（五级）
    Elementary,
    /// Intermediate worker, rank 2, level 4. 中级工（四级）
    Intermediate,
    /// Senior worker, rank 3, level 3. 高级工（三级）
    Senior,
    /// Technician, rank 4, level 2. 技师（二级）
    Technician,
    /// Senior technician, rank 5, level 1. 高级技师（一级）
    SeniorTechnician,
    /// Special-grade technician, rank 6. 特级技师
    SpecialGradeTechnician,
    /// Chief technician, rank 7. 首席技师
    ChiefTechnician,
}

/// Why a person's values are erased, by article 47 of the Personal Information Protection Law.
/// 删除个人信息的情形
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
pub enum ErasureGround {
    /// The purpose is achieved, cannot be achieved, or needs the values no longer. 处理目的已实现、无法实现或不再必要
    PurposeEnded,
    /// The time of retention is over, or the service ended. 保存期限已届满或停止提供服务
    RetentionOver,
    /// The person withdrew the consent. 个人撤回同意
    ConsentWithdrawn,
    /// The processing broke a law or an agreement. 违反法律、行政法规或约定处理
    Unlawful,
    /// Another case that a law names. 法律、行政法规规定的其他情形
    OtherByLaw,
}
