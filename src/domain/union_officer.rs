use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::union_officer::{ActiveModel, Column, Entity, Model, UnionPost};
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
        external_id,
        union_organization::{UnionOrganization, UnionOrganizationWhere},
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// Who holds an office of a union.
///
/// 工会干部。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::UnionOfficer)))]
#[sea_orm(entity = "Entity")]
pub struct UnionOfficer {
    /// The id. 编号
    pub id: Id<UnionOfficer>,
    /// The office. 职务
    pub post: UnionPost,
    /// Whether it is held full-time. 是否专职
    pub is_full_time: bool,
    /// The first day in office. 任职起
    pub started_on: Date,
    /// The last day in office; null while it goes on. 任职止
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
    union_organization_id: Id<UnionOrganization>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of union officers.
///
/// 工会干部筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionOfficerWhere {
    /// All of these. 全部满足
    and: Option<Vec<UnionOfficerWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<UnionOfficerWhere>>,
    /// Not this. 不满足
    not: Option<Box<UnionOfficerWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The office. 职务
    post: Option<Equality<UnionPost>>,
    /// Whether it is held full-time. 是否专职
    is_full_time: Option<Equality<bool>>,
    /// The first day in office. 任职起
    started_on: Option<Ordering<Date>>,
    /// The last day in office; null while it goes on. 任职止
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The union. 工会组织
    union_organization: Option<Nested<UnionOrganizationWhere>>,
    /// Who holds the office. 任职人员
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of union officers can be sorted by.
///
/// 工会干部排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnionOfficerOrderField {
    /// The first day in office. 任职起
    StartedOn,
    /// The last day in office; null while it goes on. 任职止
    EndedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a union officer and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionOfficerDetails {
    /// The last day in office; null while it goes on. 任职止
    ended_on: MaybeUndefined<Date>,
}

/// Enters who was elected or appointed to an office.
///
/// 登记工会干部任职。
#[derive(Clone, Debug, InputObject)]
pub struct UnionOfficerAppointInput {
    /// The union. 工会组织
    union_organization_id: Id<UnionOrganization>,
    /// Who holds the office. 任职人员
    worker_id: Id<Worker>,
    /// The office. 职务
    post: UnionPost,
    /// Whether it is held full-time. 是否专职
    is_full_time: bool,
    /// The first day in office. 任职起
    started_on: Date,
    #[graphql(flatten)]
    details: UnionOfficerDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a union officer: absent keeps, null clears, a value sets.
///
/// 更新工会干部：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct UnionOfficerUpdateInput {
    /// The record. 记录编号
    id: Id<UnionOfficer>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The office. 职务
    post: MaybeUndefined<UnionPost>,
    /// Whether it is held full-time. 是否专职
    is_full_time: MaybeUndefined<bool>,
    /// The first day in office. 任职起
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: UnionOfficerDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("UnionOfficerQueries") of UnionOfficer by UnionOfficerBy, UnionOfficerWhere, UnionOfficerOrderField {
        /// One union officer; null when there is none that the caller may see. 查询一条工会干部
        union_officer = "unionOfficer",
        /// Union officers, oldest record first unless told otherwise. 查询工会干部列表
        union_officers = "unionOfficers",
    }
}

writes! {
    Mutations("UnionOfficerMutations") of UnionOfficer {
        /// Enters who was elected or appointed to an office. 登记工会干部任职
        union_officer_appoint: UnionOfficerAppointInput => UnionOfficerAppoint = create,
        /// Changes a union officer. 更新工会干部
        union_officer_update: UnionOfficerUpdateInput => UnionOfficerUpdate = update,
    }
    upsert {
        /// Creates a union officer, or changes the one that has this external id. 按外部编号新增或更新工会干部
        union_officer_upsert: UnionOfficerUpsert of UnionOfficerAppointInput, UnionOfficerUpdateInput
    }
    archive {
        /// Archives a union officer: out of the lists, still there by id. 归档工会干部
        union_officer_archive: UnionOfficerArchive
    }
    restore {
        /// Brings back an archived union officer. 恢复工会干部
        union_officer_restore: UnionOfficerRestore
    }
}

groups! {
    /// Union officers, counted by what they have in common: at most 1,000 groups. 按字段分组统计工会干部
    Groups("UnionOfficerGroupQueries") of UnionOfficer by UnionOfficerWhere in union_officer_groups: UnionOfficerGroup by UnionOfficerGroupField {
        /// The office. 职务
        Post = post: UnionPost,
        /// Whether it is held full-time. 是否专职
        IsFullTime = is_full_time: bool,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl UnionOfficer {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The union; null when the caller may not see it. 工会组织
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.union_organization_id)).await
    }

    /// Who holds the office; null when the caller may not see it. 任职人员
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for UnionOfficer {
    const KIND: Kind = Kind::UnionOfficer;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for UnionOfficer {
    type Where = UnionOfficerWhere;
    type Order = UnionOfficerOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for UnionOfficerWhere {
    type Resource = UnionOfficer;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Post, self.post)?
            .on(Column::IsFullTime, self.is_full_time)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::UnionOrganizationId, self.union_organization)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for UnionOfficerOrderField {
    type Resource = UnionOfficer;

    fn column(self) -> Column {
        match self {
            UnionOfficerOrderField::StartedOn => Column::StartedOn,
            UnionOfficerOrderField::EndedOn => Column::EndedOn,
            UnionOfficerOrderField::CreatedAt => Column::CreatedAt,
            UnionOfficerOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a union officer, as a mutation says it.
#[derive(Default)]
struct Essentials {
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    post: MaybeUndefined<UnionPost>,
    is_full_time: MaybeUndefined<bool>,
    started_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: UnionOfficerAppointInput,
) -> Result<UnionOfficer> {
    let essentials = Essentials {
        union_organization_id: MaybeUndefined::Value(input.union_organization_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        post: MaybeUndefined::Value(input.post),
        is_full_time: MaybeUndefined::Value(input.is_full_time),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.union_organization_id {
        let owner =
            work.find_current::<UnionOrganization>("unionOrganizationId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<UnionOfficer>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: UnionOfficerUpdateInput) -> Result<UnionOfficer> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        post: input.post,
        is_full_time: input.is_full_time,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<UnionOfficer>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: UnionOfficerDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        union_organization_id: form.id("unionOrganizationId", essentials.union_organization_id),
        worker_id: form.id("workerId", essentials.worker_id),
        post: form.plain("post", essentials.post),
        is_full_time: form.plain("isFullTime", essentials.is_full_time),
        started_on: form.day("startedOn", essentials.started_on),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
