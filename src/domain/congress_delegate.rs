use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::congress_delegate::{ActiveModel, Column, DelegateCategory, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
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
        worker::{Worker, WorkerWhere},
        workers_congress::{WorkersCongress, WorkersCongressWhere},
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

/// A worker whom the workers of an employer elected to their congress.
///
/// 职工代表。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CongressDelegate)))]
#[sea_orm(entity = "Entity")]
pub struct CongressDelegate {
    /// The id. 编号
    pub id: Id<CongressDelegate>,
    /// Whom the delegate is one of. 代表类别
    pub category: DelegateCategory,
    /// The first day as a delegate. 任职起
    pub started_on: Date,
    /// The last day as a delegate; null while it goes on. 任职止
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
    congress_id: Id<WorkersCongress>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of congress delegates.
///
/// 职工代表筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CongressDelegateWhere {
    /// All of these. 全部满足
    and: Option<Vec<CongressDelegateWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CongressDelegateWhere>>,
    /// Not this. 不满足
    not: Option<Box<CongressDelegateWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// Whom the delegate is one of. 代表类别
    category: Option<Equality<DelegateCategory>>,
    /// The first day as a delegate. 任职起
    started_on: Option<Ordering<Date>>,
    /// The last day as a delegate; null while it goes on. 任职止
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The congress. 职工代表大会
    congress: Option<Nested<WorkersCongressWhere>>,
    /// The delegate. 职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of congress delegates can be sorted by.
///
/// 职工代表排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CongressDelegateOrderField {
    /// The first day as a delegate. 任职起
    StartedOn,
    /// The last day as a delegate; null while it goes on. 任职止
    EndedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a congress delegate and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CongressDelegateDetails {
    /// The last day as a delegate; null while it goes on. 任职止
    ended_on: MaybeUndefined<Date>,
}

/// Enters a delegate who was elected.
///
/// 登记当选职工代表。
#[derive(Clone, Debug, InputObject)]
pub struct CongressDelegateElectInput {
    /// The congress. 职工代表大会
    congress_id: Id<WorkersCongress>,
    /// The delegate. 职工
    worker_id: Id<Worker>,
    /// Whom the delegate is one of. 代表类别
    category: DelegateCategory,
    /// The first day as a delegate. 任职起
    started_on: Date,
    #[graphql(flatten)]
    details: CongressDelegateDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a congress delegate: absent keeps, null clears, a value sets.
///
/// 更新职工代表：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CongressDelegateUpdateInput {
    /// The record. 记录编号
    id: Id<CongressDelegate>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Whom the delegate is one of. 代表类别
    category: MaybeUndefined<DelegateCategory>,
    /// The first day as a delegate. 任职起
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: CongressDelegateDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CongressDelegateQueries") of CongressDelegate by CongressDelegateBy, CongressDelegateWhere, CongressDelegateOrderField {
        /// One congress delegate; null when there is none that the caller may see. 查询一条职工代表
        congress_delegate = "congressDelegate",
        /// Congress delegates, oldest record first unless told otherwise. 查询职工代表列表
        congress_delegates = "congressDelegates",
    }
}

writes! {
    Mutations("CongressDelegateMutations") of CongressDelegate {
        /// Enters a delegate who was elected. 登记当选职工代表
        congress_delegate_elect: CongressDelegateElectInput => CongressDelegateElect = create,
        /// Changes a congress delegate. 更新职工代表
        congress_delegate_update: CongressDelegateUpdateInput => CongressDelegateUpdate = update,
    }
    upsert {
        /// Creates a congress delegate, or changes the one that has this external id. 按外部编号新增或更新职工代表
        congress_delegate_upsert: CongressDelegateUpsert of CongressDelegateElectInput, CongressDelegateUpdateInput
    }
    archive {
        /// Archives a congress delegate: out of the lists, still there by id. 归档职工代表
        congress_delegate_archive: CongressDelegateArchive
    }
    restore {
        /// Brings back an archived congress delegate. 恢复职工代表
        congress_delegate_restore: CongressDelegateRestore
    }
}

groups! {
    /// Congress delegates, counted by what they have in common: at most 1,000 groups. 按字段分组统计职工代表
    Groups("CongressDelegateGroupQueries") of CongressDelegate by CongressDelegateWhere in congress_delegate_groups: CongressDelegateGroup by CongressDelegateGroupField {
        /// Whom the delegate is one of. 代表类别
        Category = category: DelegateCategory,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl CongressDelegate {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The congress; null when the caller may not see it. 职工代表大会
    async fn congress(&self, ctx: &Context<'_>) -> Nullable<WorkersCongress> {
        ctx.find(Some(self.congress_id)).await
    }

    /// The delegate; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for CongressDelegate {
    const KIND: Kind = Kind::CongressDelegate;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for CongressDelegate {
    type Where = CongressDelegateWhere;
    type Order = CongressDelegateOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "congress" => Link::one::<WorkersCongress>(Column::CongressId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for CongressDelegateWhere {
    type Resource = CongressDelegate;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Category, self.category)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CongressId, self.congress)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for CongressDelegateOrderField {
    type Resource = CongressDelegate;

    fn column(self) -> Column {
        match self {
            CongressDelegateOrderField::StartedOn => Column::StartedOn,
            CongressDelegateOrderField::EndedOn => Column::EndedOn,
            CongressDelegateOrderField::CreatedAt => Column::CreatedAt,
            CongressDelegateOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// At most a fifth of the delegates are middle managers and above (rules of democratic management,
/// art. 9).
async fn expect_few_managers(work: &UnitOfWork<'_>, record: &CongressDelegate) -> Result<()> {
    if record.category != DelegateCategory::Manager {
        return Ok(());
    }
    let congress = work.find::<WorkersCongress>("congressId", record.congress_id).await?;
    let managers = Condition::all()
        .add(Column::CongressId.eq(congress.id))
        .add(Column::Category.eq(DelegateCategory::Manager))
        .add(Column::ArchivedAt.is_null());
    let managers = work.find_all::<CongressDelegate>(managers).await?.len();
    if managers * 5 > usize::try_from(congress.delegates_total).unwrap_or_default() {
        return Err(Violation::inconsistent(
            "category",
            "At most a fifth of the delegates are middle managers and above.",
            "中层以上管理人员代表不得超过代表总数的百分之二十。",
        )
        .into());
    }
    Ok(())
}

/// What has to be said of a congress delegate, as a mutation says it.
#[derive(Default)]
struct Essentials {
    congress_id: MaybeUndefined<Id<WorkersCongress>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    category: MaybeUndefined<DelegateCategory>,
    started_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CongressDelegateElectInput,
) -> Result<CongressDelegate> {
    let essentials = Essentials {
        congress_id: MaybeUndefined::Value(input.congress_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        category: MaybeUndefined::Value(input.category),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.congress_id {
        let owner = work.find_current::<WorkersCongress>("congressId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    let record = work.create::<CongressDelegate>(draft).await?;
    expect_few_managers(work, &record).await?;
    Ok(record)
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CongressDelegateUpdateInput,
) -> Result<CongressDelegate> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        category: input.category,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    let record = work.update::<CongressDelegate>(row, draft).await?;
    expect_few_managers(work, &record).await?;
    Ok(record)
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CongressDelegateDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        congress_id: form.id("congressId", essentials.congress_id),
        worker_id: form.id("workerId", essentials.worker_id),
        category: form.plain("category", essentials.category),
        started_on: form.day("startedOn", essentials.started_on),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
