use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, ScalarType, SimpleObject,
};
use entity::representation_quota::{ActiveModel, AssemblyKind, Column, Entity, Model};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, Decimal, DivisionCode, Unchecked};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        union_organization::{UnionOrganization, UnionOrganizationWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// How many delegates of an assembly are industrial workers.
///
/// 党代会、职代会、工代会代表中产业工人的比例。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::RepresentationQuota)))]
#[sea_orm(entity = "Entity")]
pub struct RepresentationQuota {
    /// The id. 编号
    pub id: Id<RepresentationQuota>,
    /// The kind of the assembly. 代表大会类别
    pub assembly: AssemblyKind,
    /// The name of the assembly. 代表大会名称
    pub title: String,
    /// The number of the term. 届次
    pub term_number: i32,
    /// How many delegates there are. 代表总数
    pub delegates_total: i32,
    /// How many of them are industrial workers. 产业工人代表人数
    pub industrial_worker_delegates: i32,
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
    employer_id: Option<Id<Employer>>,
    #[graphql(skip)]
    union_organization_id: Option<Id<UnionOrganization>>,
}

/// Narrows a list of representation quotas.
///
/// 代表比例筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct RepresentationQuotaWhere {
    /// All of these. 全部满足
    and: Option<Vec<RepresentationQuotaWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<RepresentationQuotaWhere>>,
    /// Not this. 不满足
    not: Option<Box<RepresentationQuotaWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The kind of the assembly. 代表大会类别
    assembly: Option<Equality<AssemblyKind>>,
    /// The name of the assembly. 代表大会名称
    title: Option<TextFilter>,
    /// The number of the term. 届次
    term_number: Option<Ordering<i32>>,
    /// How many delegates there are. 代表总数
    delegates_total: Option<Ordering<i32>>,
    /// How many of them are industrial workers. 产业工人代表人数
    industrial_worker_delegates: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer whose assembly it is, if it is one. 用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// The union whose assembly it is, if it is one. 工会组织
    union_organization: Option<Nested<UnionOrganizationWhere>>,
}

/// What a list of representation quotas can be sorted by.
///
/// 代表比例排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RepresentationQuotaOrderField {
    /// The number of the term. 届次
    TermNumber,
    /// How many delegates there are. 代表总数
    DelegatesTotal,
    /// How many of them are industrial workers. 产业工人代表人数
    IndustrialWorkerDelegates,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a representation quota and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RepresentationQuotaDetails {
    /// The employer whose assembly it is, if it is one. 用人单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The union whose assembly it is, if it is one. 工会组织
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
}

/// Sets how many delegates of an assembly are industrial workers.
///
/// 设定产业工人代表名额。
#[derive(Clone, Debug, InputObject)]
pub struct RepresentationQuotaSetInput {
    /// The kind of the assembly. 代表大会类别
    assembly: AssemblyKind,
    /// The name of the assembly. 代表大会名称
    title: String,
    /// The number of the term. 届次
    term_number: i32,
    /// How many delegates there are. 代表总数
    delegates_total: i32,
    /// How many of them are industrial workers. 产业工人代表人数
    industrial_worker_delegates: i32,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: RepresentationQuotaDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a representation quota: absent keeps, null clears, a value sets.
///
/// 更新代表比例：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct RepresentationQuotaUpdateInput {
    /// The record. 记录编号
    id: Id<RepresentationQuota>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The kind of the assembly. 代表大会类别
    assembly: MaybeUndefined<AssemblyKind>,
    /// The name of the assembly. 代表大会名称
    title: MaybeUndefined<String>,
    /// The number of the term. 届次
    term_number: MaybeUndefined<i32>,
    /// How many delegates there are. 代表总数
    delegates_total: MaybeUndefined<i32>,
    /// How many of them are industrial workers. 产业工人代表人数
    industrial_worker_delegates: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: RepresentationQuotaDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("RepresentationQuotaQueries") of RepresentationQuota by RepresentationQuotaBy, RepresentationQuotaWhere, RepresentationQuotaOrderField {
        /// One representation quota; null when there is none that the caller may see. 查询一条代表比例
        representation_quota = "representationQuota",
        /// Representation quotas, oldest record first unless told otherwise. 查询代表比例列表
        representation_quotas = "representationQuotas",
    }
}

writes! {
    Mutations("RepresentationQuotaMutations") of RepresentationQuota {
        /// Sets how many delegates of an assembly are industrial workers. 设定产业工人代表名额
        representation_quota_set: RepresentationQuotaSetInput => RepresentationQuotaSet = create,
        /// Changes a representation quota. 更新代表比例
        representation_quota_update: RepresentationQuotaUpdateInput => RepresentationQuotaUpdate = update,
    }
    upsert {
        /// Creates a representation quota, or changes the one that has this external id. 按外部编号新增或更新代表比例
        representation_quota_upsert: RepresentationQuotaUpsert of RepresentationQuotaSetInput, RepresentationQuotaUpdateInput
    }
    archive {
        /// Archives a representation quota: out of the lists, still there by id. 归档代表比例
        representation_quota_archive: RepresentationQuotaArchive
    }
    restore {
        /// Brings back an archived representation quota. 恢复代表比例
        representation_quota_restore: RepresentationQuotaRestore
    }
}

groups! {
    /// Representation quotas, counted by what they have in common: at most 1,000 groups. 按字段分组统计代表比例
    Groups("RepresentationQuotaGroupQueries") of RepresentationQuota by RepresentationQuotaWhere in representation_quota_groups: RepresentationQuotaGroup by RepresentationQuotaGroupField {
        /// The kind of the assembly. 代表大会类别
        Assembly = assembly: AssemblyKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl RepresentationQuota {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer whose assembly it is, if it is one; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The union whose assembly it is, if it is one; null when the caller may not see it. 工会组织
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(self.union_organization_id).await
    }

    /// The share of industrial workers: 0.25 is 25 %. 产业工人代表占比
    async fn industrial_worker_ratio(&self) -> Decimal {
        self.ratio()
    }
}

impl Resource for RepresentationQuota {
    const KIND: Kind = Kind::RepresentationQuota;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        (row.industrial_worker_delegates > row.delegates_total)
            .then(|| {
                Violation::inconsistent(
                    "industrialWorkerDelegates",
                    "No more delegates are industrial workers than there are.",
                    "产业工人代表人数不能超过代表总数。",
                )
            })
            .into_iter()
            .collect()
    }
}

impl Linked for RepresentationQuota {
    type Where = RepresentationQuotaWhere;
    type Order = RepresentationQuotaOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            "industrialWorkerRatio" => {
                Link::computed(|it: &RepresentationQuota| ScalarType::to_value(&it.ratio()))
            }
            _ => return None,
        })
    }
}

impl Filter for RepresentationQuotaWhere {
    type Resource = RepresentationQuota;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Assembly, self.assembly)?
            .on(Column::Title, self.title)?
            .on(Column::TermNumber, self.term_number)?
            .on(Column::DelegatesTotal, self.delegates_total)?
            .on(Column::IndustrialWorkerDelegates, self.industrial_worker_delegates)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)?
            .to_one(Column::UnionOrganizationId, self.union_organization)
    }
}

impl OrderField for RepresentationQuotaOrderField {
    type Resource = RepresentationQuota;

    fn column(self) -> Column {
        match self {
            RepresentationQuotaOrderField::TermNumber => Column::TermNumber,
            RepresentationQuotaOrderField::DelegatesTotal => Column::DelegatesTotal,
            RepresentationQuotaOrderField::IndustrialWorkerDelegates => {
                Column::IndustrialWorkerDelegates
            }
            RepresentationQuotaOrderField::CreatedAt => Column::CreatedAt,
            RepresentationQuotaOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

impl RepresentationQuota {
    /// In hundredths, half up.
    fn ratio(&self) -> Decimal {
        let (part, total) =
            (i64::from(self.industrial_worker_delegates), i64::from(self.delegates_total));
        Decimal::scaled((part * 200 + total) / (total * 2), 2)
    }
}

/// What has to be said of a representation quota, as a mutation says it.
#[derive(Default)]
struct Essentials {
    assembly: MaybeUndefined<AssemblyKind>,
    title: MaybeUndefined<String>,
    term_number: MaybeUndefined<i32>,
    delegates_total: MaybeUndefined<i32>,
    industrial_worker_delegates: MaybeUndefined<i32>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: RepresentationQuotaSetInput,
) -> Result<RepresentationQuota> {
    let essentials = Essentials {
        assembly: MaybeUndefined::Value(input.assembly),
        title: MaybeUndefined::Value(input.title),
        term_number: MaybeUndefined::Value(input.term_number),
        delegates_total: MaybeUndefined::Value(input.delegates_total),
        industrial_worker_delegates: MaybeUndefined::Value(input.industrial_worker_delegates),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<RepresentationQuota>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: RepresentationQuotaUpdateInput,
) -> Result<RepresentationQuota> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        assembly: input.assembly,
        title: input.title,
        term_number: input.term_number,
        delegates_total: input.delegates_total,
        industrial_worker_delegates: input.industrial_worker_delegates,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<RepresentationQuota>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: RepresentationQuotaDetails,
) -> Result<ActiveModel> {
    work.refer("employerId", details.employer_id.value().copied()).await?;
    work.refer("unionOrganizationId", details.union_organization_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        assembly: form.plain("assembly", essentials.assembly),
        title: form.line("title", essentials.title, 200),
        term_number: form.number("termNumber", essentials.term_number, 1..=1_000),
        delegates_total: form.number("delegatesTotal", essentials.delegates_total, 1..=100_000),
        industrial_worker_delegates: form.number(
            "industrialWorkerDelegates",
            essentials.industrial_worker_delegates,
            0..=100_000,
        ),
        employer_id: form.id_option(details.employer_id),
        union_organization_id: form.id_option(details.union_organization_id),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
