use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::organization_coverage::{ActiveModel, Column, CoverageKind, CoverageScope, Entity};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
    },
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The party or the union reaching the workers of an employer.
///
/// 党组织、工会组织覆盖。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::OrganizationCoverage)))]
#[sea_orm(entity = "Entity")]
pub struct OrganizationCoverage {
    /// The id. 编号
    pub id: Id<OrganizationCoverage>,
    /// Whose coverage. 类别
    pub kind: CoverageKind,
    /// Whether it is of organisation or of work. 覆盖方式
    pub scope: CoverageScope,
    /// The day it began. 建立日期
    pub established_on: Date,
    /// The last day; null while it lasts. 终止日期
    pub ended_on: Option<Date>,
    /// The division that keeps the record. 所属区划代码
    pub division_code: DivisionCode,
    /// Grows by one with every change. 版本
    pub version: i32,
    /// When the record was made. 创建时间
    pub created_at: DateTime,
    /// When the record was changed last. 更新时间
    pub updated_at: DateTime,
    /// When the record was archived; null while it is current. 归档时间
    pub archived_at: Option<DateTime>,
    #[graphql(skip)]
    employer_id: Id<Employer>,
}

/// Narrows a list of organization coverages.
///
/// 组织覆盖筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrganizationCoverageWhere {
    /// All of these. 全部满足
    and: Option<Vec<OrganizationCoverageWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<OrganizationCoverageWhere>>,
    /// Not this. 不满足
    not: Option<Box<OrganizationCoverageWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// Whose coverage. 类别
    kind: Option<Equality<CoverageKind>>,
    /// Whether it is of organisation or of work. 覆盖方式
    scope: Option<Equality<CoverageScope>>,
    /// The day it began. 建立日期
    established_on: Option<Ordering<Date>>,
    /// The last day; null while it lasts. 终止日期
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of organization coverages can be sorted by.
///
/// 组织覆盖排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrganizationCoverageOrderField {
    /// The day it began. 建立日期
    EstablishedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an organization coverage and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrganizationCoverageDetails {
    /// The last day; null while it lasts. 终止日期
    ended_on: MaybeUndefined<Date>,
}

/// Creates an organization coverage.
///
/// 新增组织覆盖。
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationCoverageCreateInput {
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// Whose coverage. 类别
    kind: CoverageKind,
    /// Whether it is of organisation or of work. 覆盖方式
    scope: CoverageScope,
    /// The day it began. 建立日期
    established_on: Date,
    #[graphql(flatten)]
    details: OrganizationCoverageDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an organization coverage: absent keeps, null clears, a value sets.
///
/// 更新组织覆盖：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationCoverageUpdateInput {
    /// The record. 记录编号
    id: Id<OrganizationCoverage>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day it began. 建立日期
    established_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: OrganizationCoverageDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("OrganizationCoverageQueries") of OrganizationCoverage by OrganizationCoverageBy, OrganizationCoverageWhere, OrganizationCoverageOrderField {
        /// One organization coverage; null when there is none that the caller may see. 查询一条组织覆盖
        organization_coverage = "organizationCoverage",
        /// Organization coverages, oldest record first unless told otherwise. 查询组织覆盖列表
        organization_coverages = "organizationCoverages",
    }
}

writes! {
    Mutations("OrganizationCoverageMutations") of OrganizationCoverage {
        /// Creates an organization coverage. 新增组织覆盖
        organization_coverage_create: OrganizationCoverageCreateInput => OrganizationCoverageCreate = create,
        /// Changes an organization coverage. 更新组织覆盖
        organization_coverage_update: OrganizationCoverageUpdateInput => OrganizationCoverageUpdate = update,
    }
    upsert {
        /// Creates an organization coverage, or changes the one that has this external id. 按外部编号新增或更新组织覆盖
        organization_coverage_upsert: OrganizationCoverageUpsert of OrganizationCoverageCreateInput, OrganizationCoverageUpdateInput
    }
    archive {
        /// Archives an organization coverage: out of the lists, still there by id. 归档组织覆盖
        organization_coverage_archive: OrganizationCoverageArchive
    }
    restore {
        /// Brings back an archived organization coverage. 恢复组织覆盖
        organization_coverage_restore: OrganizationCoverageRestore
    }
}

groups! {
    /// Organization coverages, counted by what they have in common: at most 1,000 groups. 按字段分组统计组织覆盖
    Groups("OrganizationCoverageGroupQueries") of OrganizationCoverage by OrganizationCoverageWhere in organization_coverage_groups: OrganizationCoverageGroup by OrganizationCoverageGroupField {
        /// Whose coverage. 类别
        Kind = kind: CoverageKind,
        /// Whether it is of organisation or of work. 覆盖方式
        Scope = scope: CoverageScope,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl OrganizationCoverage {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(Some(self.employer_id)).await
    }
}

impl Resource for OrganizationCoverage {
    const KIND: Kind = Kind::OrganizationCoverage;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for OrganizationCoverage {
    type Where = OrganizationCoverageWhere;
    type Order = OrganizationCoverageOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            _ => return None,
        })
    }
}

impl Filter for OrganizationCoverageWhere {
    type Resource = OrganizationCoverage;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Kind, self.kind)?
            .on(Column::Scope, self.scope)?
            .on(Column::EstablishedOn, self.established_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for OrganizationCoverageOrderField {
    type Resource = OrganizationCoverage;

    fn column(self) -> Column {
        match self {
            OrganizationCoverageOrderField::EstablishedOn => Column::EstablishedOn,
            OrganizationCoverageOrderField::CreatedAt => Column::CreatedAt,
            OrganizationCoverageOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an organization coverage, as a mutation says it.
#[derive(Default)]
struct Essentials {
    employer_id: MaybeUndefined<Id<Employer>>,
    kind: MaybeUndefined<CoverageKind>,
    scope: MaybeUndefined<CoverageScope>,
    established_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: OrganizationCoverageCreateInput,
) -> Result<OrganizationCoverage> {
    let essentials = Essentials {
        employer_id: MaybeUndefined::Value(input.employer_id),
        kind: MaybeUndefined::Value(input.kind),
        scope: MaybeUndefined::Value(input.scope),
        established_on: MaybeUndefined::Value(input.established_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.employer_id {
        let owner = work.find_current::<Employer>("employerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<OrganizationCoverage>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: OrganizationCoverageUpdateInput,
) -> Result<OrganizationCoverage> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { established_on: input.established_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<OrganizationCoverage>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: OrganizationCoverageDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        employer_id: form.id("employerId", essentials.employer_id),
        kind: form.plain("kind", essentials.kind),
        scope: form.plain("scope", essentials.scope),
        established_on: form.day("establishedOn", essentials.established_on),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
