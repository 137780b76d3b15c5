use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::employment_relation::{
    ActiveModel, Column, ContractType, EmploymentEndReason, EmploymentRelationStatus, Entity, Model,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, OccupationCode, Unchecked};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    operation::RecordInput,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// A relation of employment between a worker and an employer. A worker has one active at most.
///
/// 劳动关系，每名职工最多一条有效。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::EmploymentRelation)))]
#[sea_orm(entity = "Entity")]
pub struct EmploymentRelation {
    /// The id. 编号
    pub id: Id<EmploymentRelation>,
    /// The kind of contract. 合同类型
    pub contract_type: ContractType,
    /// The post. 岗位
    pub post_title: Option<String>,
    /// The occupation, such as `6-18-02-04`. 职业代码
    pub occupation_code: Option<OccupationCode>,
    /// Whether at the front line of production or service. 是否一线
    pub is_frontline: bool,
    /// The first day. 开始日期
    pub started_on: Date,
    /// The last day; null while it goes on. 结束日期
    pub ended_on: Option<Date>,
    /// Why it ended. 结束原因
    pub end_reason: Option<EmploymentEndReason>,
    /// The state. 状态
    pub status: EmploymentRelationStatus,
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
    worker_id: Id<Worker>,
    #[graphql(skip)]
    employer_id: Id<Employer>,
}

/// Narrows a list of relations of employment.
///
/// 劳动关系筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct EmploymentRelationWhere {
    /// All of these. 全部满足
    and: Option<Vec<EmploymentRelationWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<EmploymentRelationWhere>>,
    /// Not this. 不满足
    not: Option<Box<EmploymentRelationWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The kind of contract. 合同类型
    contract_type: Option<Equality<ContractType>>,
    /// The occupation, such as `6-18-02-04`. 职业代码
    occupation_code: Option<TextFilter>,
    /// Whether at the front line of production or service. 是否一线
    is_frontline: Option<Equality<bool>>,
    /// The first day. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day; null while it goes on. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<EmploymentRelationStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of relations of employment can be sorted by.
///
/// 劳动关系排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EmploymentRelationOrderField {
    /// The first day. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a relation of employment and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EmploymentRelationDetails {
    /// The post. 岗位
    post_title: MaybeUndefined<String>,
    /// The occupation, such as `6-18-02-04`. 职业代码
    occupation_code: MaybeUndefined<Unchecked<OccupationCode>>,
    /// Whether at the front line of production or service; false unless told otherwise. 是否一线
    is_frontline: MaybeUndefined<bool>,
}

/// Begins a relation of employment; the one before has to be ended first.
///
/// 建立劳动关系。
#[derive(Clone, Debug, InputObject)]
pub struct EmploymentRelationStartInput {
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// The kind of contract. 合同类型
    contract_type: ContractType,
    /// The first day. 开始日期
    started_on: Date,
    #[graphql(flatten)]
    details: EmploymentRelationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a relation of employment: absent keeps, null clears, a value sets.
///
/// 更新劳动关系：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct EmploymentRelationUpdateInput {
    /// The record. 记录编号
    id: Id<EmploymentRelation>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The kind of contract. 合同类型
    contract_type: MaybeUndefined<ContractType>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: EmploymentRelationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Ends a relation of employment.
///
/// 解除或终止劳动关系。
#[derive(Clone, Debug, InputObject)]
pub struct EmploymentRelationEndInput {
    /// The record. 记录编号
    id: Id<EmploymentRelation>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The last day. 结束日期
    ended_on: Date,
    /// Why it ended. 结束原因
    end_reason: EmploymentEndReason,
    #[graphql(flatten)]
    options: WriteOptions,
}

type ArchiveInput = RecordInput<EmploymentRelationArchive>;

groups! {
    /// Relations of employment, counted by what they have in common: at most 1,000 groups. 按字段分组统计劳动关系
    Groups("EmploymentRelationGroupQueries") of EmploymentRelation by EmploymentRelationWhere in employment_relation_groups: EmploymentRelationGroup by EmploymentRelationGroupField {
        /// The kind of contract. 合同类型
        ContractType = contract_type: ContractType,
        /// The occupation. 职业代码
        OccupationCode = occupation_code: OccupationCode,
        /// Whether at the front line of production or service. 是否一线
        IsFrontline = is_frontline: bool,
        /// Why it ended. 结束原因
        EndReason = end_reason: EmploymentEndReason,
        /// The state. 状态
        Status = status: EmploymentRelationStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

reads! {
    Queries("EmploymentRelationQueries") of EmploymentRelation by EmploymentRelationBy, EmploymentRelationWhere, EmploymentRelationOrderField {
        /// One relation of employment; null when there is none that the caller may see. 查询一条劳动关系
        employment_relation = "employmentRelation",
        /// Relations of employment, oldest record first unless told otherwise. 查询劳动关系列表
        employment_relations = "employmentRelations",
    }
}

writes! {
    Mutations("EmploymentRelationMutations") of EmploymentRelation {
        /// Begins a relation of employment; the one before has to be ended first. 建立劳动关系
        employment_relation_start: EmploymentRelationStartInput => EmploymentRelationStart = create,
        /// Ends a relation of employment: the worker has no employer then. 结束劳动关系
        employment_relation_end: EmploymentRelationEndInput => EmploymentRelationEnd = end,
        /// Changes a relation of employment. 更新劳动关系
        employment_relation_update: EmploymentRelationUpdateInput => EmploymentRelationUpdate = update,
        /// Archives a relation of employment: out of the lists, still there by id. 归档劳动关系
        employment_relation_archive: ArchiveInput => EmploymentRelationArchive = archive,
    }
    upsert {
        /// Creates a relation of employment, or changes the one that has this external id. 按外部编号新增或更新劳动关系
        employment_relation_upsert: EmploymentRelationUpsert of EmploymentRelationStartInput, EmploymentRelationUpdateInput
    }
    restore {
        /// Brings back an archived relation of employment. 恢复劳动关系
        employment_relation_restore: EmploymentRelationRestore
    }
}

#[ComplexObject]
impl EmploymentRelation {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(Some(self.employer_id)).await
    }
}

impl Resource for EmploymentRelation {
    const KIND: Kind = Kind::EmploymentRelation;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for EmploymentRelation {
    type Where = EmploymentRelationWhere;
    type Order = EmploymentRelationOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            _ => return None,
        })
    }
}

impl Filter for EmploymentRelationWhere {
    type Resource = EmploymentRelation;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::ContractType, self.contract_type)?
            .on(Column::OccupationCode, self.occupation_code)?
            .on(Column::IsFrontline, self.is_frontline)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for EmploymentRelationOrderField {
    type Resource = EmploymentRelation;

    fn column(self) -> Column {
        match self {
            EmploymentRelationOrderField::StartedOn => Column::StartedOn,
            EmploymentRelationOrderField::CreatedAt => Column::CreatedAt,
            EmploymentRelationOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a relation of employment, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_id: MaybeUndefined<Id<Worker>>,
    employer_id: MaybeUndefined<Id<Employer>>,
    contract_type: MaybeUndefined<ContractType>,
    started_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: EmploymentRelationStartInput,
) -> Result<EmploymentRelation> {
    let essentials = Essentials {
        worker_id: MaybeUndefined::Value(input.worker_id),
        employer_id: MaybeUndefined::Value(input.employer_id),
        contract_type: MaybeUndefined::Value(input.contract_type),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: EmploymentRelationUpdateInput,
) -> Result<EmploymentRelation> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        contract_type: input.contract_type,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<EmploymentRelation>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<EmploymentRelation> {
    if !draft.is_frontline.is_set() {
        draft.is_frontline = Set(false);
    }
    draft.status = Set(EmploymentRelationStatus::Active);
    if let Set(owner) = draft.worker_id {
        let owner = work.find_current::<Worker>("workerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    let relation = work.create::<EmploymentRelation>(draft).await?;
    employer_of(work, relation.worker_id, Some(relation.employer_id)).await?;
    Ok(relation)
}

async fn end(
    work: &mut UnitOfWork<'_>,
    input: EmploymentRelationEndInput,
) -> Result<EmploymentRelation> {
    let row = work.find_version(input.id, input.expected_version).await?;
    if row.status == EmploymentRelationStatus::Ended {
        return Err(Violation::inconsistent(
            "id",
            "The relation of employment has ended already.",
            "该劳动关系已经结束。",
        )
        .into());
    }
    let draft = ActiveModel {
        ended_on: Set(Some(input.ended_on.0)),
        end_reason: Set(Some(input.end_reason)),
        status: Set(EmploymentRelationStatus::Ended),
        ..Default::default()
    };
    let relation = work.update::<EmploymentRelation>(row, draft).await?;
    employer_of(work, relation.worker_id, None).await?;
    Ok(relation)
}

/// An active relation is ended first, or the worker would keep the employer of a relation that is gone.
async fn archive(work: &mut UnitOfWork<'_>, input: ArchiveInput) -> Result<EmploymentRelation> {
    let row = work.find_version(input.id, input.expected_version).await?;
    if row.status == EmploymentRelationStatus::Active {
        return Err(Violation::inconsistent(
            "id",
            "The relation of employment is active: end it first.",
            "该劳动关系尚未结束，请先结束。",
        )
        .into());
    }
    work.archive::<EmploymentRelation>(row).await
}

/// A worker's employer is that of the active relation.
async fn employer_of(
    work: &mut UnitOfWork<'_>,
    worker: Id<Worker>,
    employer: Option<Id<Employer>>,
) -> Result<()> {
    let row = work.find("workerId", worker).await?;
    let draft = entity::worker::ActiveModel {
        employer_id: Set(employer.map(Id::uuid)),
        ..Default::default()
    };
    work.update::<Worker>(row, draft).await?;
    Ok(())
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: EmploymentRelationDetails,
) -> Result<ActiveModel> {
    work.refer("employerId", essentials.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_id: form.id("workerId", essentials.worker_id),
        employer_id: form.id("employerId", essentials.employer_id),
        contract_type: form.plain("contractType", essentials.contract_type),
        started_on: form.day("startedOn", essentials.started_on),
        post_title: form.line_option("postTitle", details.post_title, 200),
        occupation_code: form.option("occupationCode", details.occupation_code),
        is_frontline: form.plain("isFrontline", details.is_frontline),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
