use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    pilot_batch::{
        ActiveModel, Column, Entity, Model, PilotBatchStatus, PilotBatchStep, PilotLevel,
    },
    pilot_unit, state_transition,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        pilot_unit::{PilotUnit, PilotUnitOrderField, PilotUnitWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Ordering,
        TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    resource::{Id, Resource},
    shell::{reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A batch of pilots of the reform of the industrial workforce.
///
/// 产业工人队伍建设改革试点批次。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PilotBatch)))]
#[sea_orm(entity = "Entity")]
pub struct PilotBatch {
    /// The id. 编号
    pub id: Id<PilotBatch>,
    /// The number of the batch, from 1. 批次序号
    pub ordinal: i32,
    /// The level. 级别
    pub level: PilotLevel,
    /// The title. 标题
    pub title: String,
    /// The number of the document. 文号
    pub document_no: Option<String>,
    /// Who issued it. 印发单位
    pub issuer: String,
    /// The first day. 开始日期
    pub started_on: Date,
    /// The last day; null while it goes on. 结束日期
    pub ended_on: Option<Date>,
    /// The state. 状态
    pub status: PilotBatchStatus,
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
}

/// Narrows a list of pilot batches.
///
/// 试点批次筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PilotBatchWhere {
    /// All of these. 全部满足
    and: Option<Vec<PilotBatchWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PilotBatchWhere>>,
    /// Not this. 不满足
    not: Option<Box<PilotBatchWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number of the batch, from 1. 批次序号
    ordinal: Option<Ordering<i32>>,
    /// The level. 级别
    level: Option<Equality<PilotLevel>>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The first day. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day; null while it goes on. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<PilotBatchStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The pilot units. 试点单位
    units: Option<ListFilter<PilotUnitWhere>>,
}

/// What a list of pilot batches can be sorted by.
///
/// 试点批次排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PilotBatchOrderField {
    /// The number of the batch, from 1. 批次序号
    Ordinal,
    /// The title. 标题
    Title,
    /// The first day. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a pilot batch and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PilotBatchDetails {
    /// The number of the document. 文号
    document_no: MaybeUndefined<String>,
    /// The last day; null while it goes on. 结束日期
    ended_on: MaybeUndefined<Date>,
}

/// Plans a batch of pilots.
///
/// 新建试点批次。
#[derive(Clone, Debug, InputObject)]
pub struct PilotBatchCreateInput {
    /// The number of the batch, from 1. 批次序号
    ordinal: i32,
    /// The level. 级别
    level: PilotLevel,
    /// The title. 标题
    title: String,
    /// Who issued it. 印发单位
    issuer: String,
    /// The first day. 开始日期
    started_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: PilotBatchDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a pilot batch: absent keeps, null clears, a value sets.
///
/// 更新试点批次：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PilotBatchUpdateInput {
    /// The record. 记录编号
    id: Id<PilotBatch>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// Who issued it. 印发单位
    issuer: MaybeUndefined<String>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PilotBatchDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

steps! {
    Steps("PilotBatchSteps") of PilotBatch {
        /// Starts the batch. 启动
        pilot_batch_start: PilotBatchStart = PilotBatchStep::Start,
        /// Begins its evaluation. 开展评估
        pilot_batch_begin_evaluation: PilotBatchBeginEvaluation = PilotBatchStep::BeginEvaluation,
        /// Closes it. 结束
        pilot_batch_close: PilotBatchClose = PilotBatchStep::Close,
    }
}

reads! {
    Queries("PilotBatchQueries") of PilotBatch by PilotBatchBy, PilotBatchWhere, PilotBatchOrderField {
        /// One pilot batch; null when there is none that the caller may see. 查询一条试点批次
        pilot_batch = "pilotBatch",
        /// Pilot batches, oldest record first unless told otherwise. 查询试点批次列表
        pilot_batches = "pilotBatches",
    }
}

writes! {
    Mutations("PilotBatchMutations") of PilotBatch {
        /// Plans a batch of pilots. 新建试点批次
        pilot_batch_create: PilotBatchCreateInput => PilotBatchCreate = create,
        /// Changes a pilot batch. 更新试点批次
        pilot_batch_update: PilotBatchUpdateInput => PilotBatchUpdate = update,
    }
    upsert {
        /// Creates a pilot batch, or changes the one that has this external id. 按外部编号新增或更新试点批次
        pilot_batch_upsert: PilotBatchUpsert of PilotBatchCreateInput, PilotBatchUpdateInput
    }
    archive {
        /// Archives a pilot batch: out of the lists, still there by id. 归档试点批次
        pilot_batch_archive: PilotBatchArchive
    }
    restore {
        /// Brings back an archived pilot batch. 恢复试点批次
        pilot_batch_restore: PilotBatchRestore
    }
}

#[ComplexObject]
impl PilotBatch {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The pilot units. 试点单位
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<PilotUnitWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<PilotUnitOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<PilotUnit>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, pilot_unit::Column::BatchId, filter, order_by, page).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<PilotBatchStep> {
        machine::steps_from::<PilotBatch>(EDGES, self.status)
    }

    /// The steps that were taken, oldest first. 状态变更记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn transitions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            StateTransitionWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<StateTransitionOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<StateTransition>> {
        let page = Page { first, after, last, before };
        let record = state_transition::Column::RecordId;
        ctx.children(self.id, record, filter, order_by, page).await
    }
}

impl Resource for PilotBatch {
    const KIND: Kind = Kind::PilotBatch;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

/// The machine.
const EDGES: &[Edge<PilotBatch>] = &[
    (PilotBatchStatus::Planned, PilotBatchStep::Start, PilotBatchStatus::Active),
    (PilotBatchStatus::Active, PilotBatchStep::BeginEvaluation, PilotBatchStatus::InEvaluation),
    (PilotBatchStatus::InEvaluation, PilotBatchStep::Close, PilotBatchStatus::Closed),
];

impl Machine for PilotBatch {
    type State = PilotBatchStatus;
    type Step = PilotBatchStep;

    fn edges(_row: &Model) -> &'static [Edge<PilotBatch>] {
        EDGES
    }

    fn state(row: &Model) -> PilotBatchStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: PilotBatchStatus) {
        draft.status = Set(state);
    }

    fn on_step(row: &Model, step: PilotBatchStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == PilotBatchStep::Close && row.ended_on.is_none() {
            draft.ended_on = Set(Some(day));
        }
    }
}

impl Linked for PilotBatch {
    type Where = PilotBatchWhere;
    type Order = PilotBatchOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "units" => Link::many::<PilotUnit>(pilot_unit::Column::BatchId),
            "openSteps" => {
                machine::link(|it: &PilotBatch| machine::steps_from::<PilotBatch>(EDGES, it.status))
            }
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for PilotBatchWhere {
    type Resource = PilotBatch;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Ordinal, self.ordinal)?
            .on(Column::Level, self.level)?
            .on(Column::Title, self.title)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, pilot_unit::Column::BatchId, self.units)
    }
}

impl OrderField for PilotBatchOrderField {
    type Resource = PilotBatch;

    fn column(self) -> Column {
        match self {
            PilotBatchOrderField::Ordinal => Column::Ordinal,
            PilotBatchOrderField::Title => Column::Title,
            PilotBatchOrderField::StartedOn => Column::StartedOn,
            PilotBatchOrderField::CreatedAt => Column::CreatedAt,
            PilotBatchOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a pilot batch, as a mutation says it.
#[derive(Default)]
struct Essentials {
    ordinal: MaybeUndefined<i32>,
    level: MaybeUndefined<PilotLevel>,
    title: MaybeUndefined<String>,
    issuer: MaybeUndefined<String>,
    started_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: PilotBatchCreateInput) -> Result<PilotBatch> {
    let essentials = Essentials {
        ordinal: MaybeUndefined::Value(input.ordinal),
        level: MaybeUndefined::Value(input.level),
        title: MaybeUndefined::Value(input.title),
        issuer: MaybeUndefined::Value(input.issuer),
        started_on: MaybeUndefined::Value(input.started_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: PilotBatchUpdateInput) -> Result<PilotBatch> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        issuer: input.issuer,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PilotBatch>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<PilotBatch> {
    draft.status = Set(PilotBatchStatus::Planned);
    work.create::<PilotBatch>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PilotBatchDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        ordinal: form.number("ordinal", essentials.ordinal, 1..=1_000),
        level: form.plain("level", essentials.level),
        title: form.line("title", essentials.title, 200),
        issuer: form.line("issuer", essentials.issuer, 200),
        started_on: form.day("startedOn", essentials.started_on),
        division_code: form.value("divisionCode", essentials.division_code),
        document_no: form.line_option("documentNo", details.document_no, 200),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
