use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use chrono::NaiveDate;
use entity::{
    best_practice,
    employer::OwnershipGroup,
    pilot_batch::PilotLevel,
    pilot_measure,
    pilot_unit::{
        ActiveModel, Column, Entity, Model, PilotUnitKind, PilotUnitStatus, PilotUnitStep,
    },
    state_transition,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DerivePartialModel,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    batch::{self, ErrorPolicy},
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    domain::{
        best_practice::{BestPractice, BestPracticeOrderField, BestPracticeWhere},
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        pilot_batch::{PilotBatch, PilotBatchWhere},
        pilot_measure::{PilotMeasure, PilotMeasureOrderField, PilotMeasureWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Criterion, Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    operation::{self, Payload, RecordInput},
    repository::Repository,
    resource::{Id, Resource},
    shell::{groups, operation, payload, planned, steps},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{Claim, ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// A county, district or grassroots unit that pilots the reform: not always an employer.
///
/// 产改试点单位：县区或基层单位。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PilotUnit)))]
#[sea_orm(entity = "Entity")]
pub struct PilotUnit {
    /// The id. 编号
    pub id: Id<PilotUnit>,
    /// The kind. 类别
    pub kind: PilotUnitKind,
    /// The name. 名称
    pub name: String,
    /// The level. 级别
    pub level: PilotLevel,
    /// The kind of ownership. 所有制类别
    pub ownership_group: Option<OwnershipGroup>,
    /// The day it was designated. 确定日期
    pub designated_on: Option<Date>,
    /// The state. 状态
    pub status: PilotUnitStatus,
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
    batch_id: Id<PilotBatch>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

/// What names one pilot unit: exactly one of these.
///
/// 定位一条试点单位记录的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum PilotUnitBy {
    /// The id. 编号
    Id(Id<PilotUnit>),
    /// The name a source system has for it. 外部编号
    ExternalId(ExternalId),
}

/// Narrows a list of pilot units.
///
/// 试点单位筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PilotUnitWhere {
    /// All of these. 全部满足
    and: Option<Vec<PilotUnitWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PilotUnitWhere>>,
    /// Not this. 不满足
    not: Option<Box<PilotUnitWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The kind. 类别
    kind: Option<Equality<PilotUnitKind>>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The level. 级别
    level: Option<Equality<PilotLevel>>,
    /// The kind of ownership. 所有制类别
    ownership_group: Option<Equality<OwnershipGroup>>,
    /// The day it was designated. 确定日期
    designated_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<PilotUnitStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The batch. 批次
    batch: Option<Nested<PilotBatchWhere>>,
    /// The employer, where the unit is one. 对应的用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// Its measures. 举措
    measures: Option<ListFilter<PilotMeasureWhere>>,
    /// Practices of it that others can adopt. 可复制推广的经验
    best_practices: Option<ListFilter<BestPracticeWhere>>,
}

/// What a list of pilot units can be sorted by.
///
/// 试点单位排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PilotUnitOrderField {
    /// The name. 名称
    Name,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a pilot unit and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PilotUnitDetails {
    /// The employer, where the unit is one. 对应的用人单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The kind of ownership. 所有制类别
    ownership_group: MaybeUndefined<OwnershipGroup>,
}

/// Nominates a pilot unit.
///
/// 推荐试点单位。
#[derive(Clone, Debug, InputObject)]
pub struct PilotUnitNominateInput {
    /// The batch. 批次
    batch_id: Id<PilotBatch>,
    /// The kind. 类别
    kind: PilotUnitKind,
    /// The name. 名称
    name: String,
    /// The level. 级别
    level: PilotLevel,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: PilotUnitDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a pilot unit: absent keeps, null clears, a value sets.
///
/// 更新试点单位：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PilotUnitUpdateInput {
    /// The record. 记录编号
    id: Id<PilotUnit>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<PilotLevel>,
    #[graphql(flatten)]
    details: PilotUnitDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Creates a pilot unit, or changes the one that has this external id.
///
/// 按外部编号新增或更新试点单位。
#[derive(Clone, Debug, InputObject)]
pub struct PilotUnitUpsertInput {
    #[graphql(flatten)]
    item: PilotUnitUpsertItem,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Many pilot units to create or change.
///
/// 批量新增或更新试点单位。
#[derive(Clone, Debug, InputObject)]
pub struct PilotUnitUpsertBatchInput {
    /// 1 to 100 of them. 列表
    items: Vec<PilotUnitUpsertItem>,
    /// What happens when one of them is refused. 出错策略
    #[graphql(default)]
    error_policy: ErrorPolicy,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// One pilot unit of a batch.
///
/// 批量中的一条试点单位。
#[derive(Clone, Debug, InputObject)]
pub struct PilotUnitUpsertItem {
    /// The name that the source system has for it. 外部编号
    external_id: ExternalId,
    /// Refuse when the record has another version by now; absent: whatever the version. 期望版本
    expected_version: Option<i32>,
    /// The batch. 批次
    batch_id: MaybeUndefined<Id<PilotBatch>>,
    /// The kind. 类别
    kind: MaybeUndefined<PilotUnitKind>,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<PilotLevel>,
    /// The division that keeps the record, for a new record. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: PilotUnitDetails,
}

operation!(PilotUnitNominate of PilotUnit);
operation!(PilotUnitUpdate of PilotUnit);
operation!(PilotUnitUpsert of PilotUnit);
operation!(PilotUnitArchive of PilotUnit);
operation!(PilotUnitRestore of PilotUnit);
payload!(PilotUnitUpsertBatchPayload of PilotUnitUpsertResult { pilot_unit: PilotUnit });

steps! {
    Steps("PilotUnitSteps") of PilotUnit {
        /// Designates the unit a pilot. 确定为试点单位
        pilot_unit_designate: PilotUnitDesignate = PilotUnitStep::Designate,
        /// Begins its survey. 开展调研
        pilot_unit_begin_survey: PilotUnitBeginSurvey = PilotUnitStep::BeginSurvey,
        /// Begins to put its measures into practice. 开始实施
        pilot_unit_begin_implementation: PilotUnitBeginImplementation = PilotUnitStep::BeginImplementation,
        /// Begins the mid-term check. 开展中期检查
        pilot_unit_begin_mid_term_check: PilotUnitBeginMidTermCheck = PilotUnitStep::BeginMidTermCheck,
        /// Goes on after a check or an extension. 继续实施
        pilot_unit_resume_implementation: PilotUnitResumeImplementation = PilotUnitStep::ResumeImplementation,
        /// Begins the evaluation. 开展评估
        pilot_unit_begin_evaluation: PilotUnitBeginEvaluation = PilotUnitStep::BeginEvaluation,
        /// Accepts the results. 验收通过
        pilot_unit_accept: PilotUnitAccept = PilotUnitStep::Accept,
        /// Promotes its experience elsewhere. 推广经验
        pilot_unit_promote: PilotUnitPromote = PilotUnitStep::Promote,
        /// Gives it more time. 延期
        pilot_unit_extend: PilotUnitExtend = PilotUnitStep::Extend,
        /// Ends the pilot before its time. 终止试点
        pilot_unit_terminate: PilotUnitTerminate = PilotUnitStep::Terminate,
    }
}

groups! {
    /// Pilot units, counted by what they have in common: at most 1,000 groups. 按字段分组统计试点单位
    Groups("PilotUnitGroupQueries") of PilotUnit by PilotUnitWhere in pilot_unit_groups: PilotUnitGroup by PilotUnitGroupField {
        /// The kind. 类别
        Kind = kind: PilotUnitKind,
        /// The level. 级别
        Level = level: PilotLevel,
        /// The kind of ownership. 所有制类别
        OwnershipGroup = ownership_group: OwnershipGroup,
        /// The state. 状态
        Status = status: PilotUnitStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "PilotUnitQueries")]
impl Queries {
    /// One pilot unit; null when there is none that the caller may see. 查询一条试点单位
    async fn pilot_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it. 定位条件")] by: PilotUnitBy,
    ) -> Nullable<PilotUnit> {
        ctx.find_by(by).await
    }

    /// Pilot units, oldest record first unless told otherwise. 查询试点单位列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn pilot_units(
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
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "PilotUnitMutations")]
impl Mutations {
    /// Nominates a pilot unit. 推荐试点单位
    #[graphql(directive = requires::apply(to_write(Kind::PilotUnit)))]
    async fn pilot_unit_nominate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: PilotUnitNominateInput,
    ) -> Nullable<Payload<PilotUnitNominate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::PilotUnit, options, input, |work, it| Box::pin(create(work, it))).await,
        )
    }

    /// Changes a pilot unit. 更新试点单位
    #[graphql(directive = requires::apply(to_write(Kind::PilotUnit)))]
    async fn pilot_unit_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: PilotUnitUpdateInput,
    ) -> Nullable<Payload<PilotUnitUpdate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::PilotUnit, options, input, |work, it| Box::pin(update(work, it))).await,
        )
    }

    /// Creates a pilot unit, or changes the one that has this external id. Free of races. 新增或更新试点单位
    #[graphql(directive = requires::apply(to_write(Kind::PilotUnit)))]
    async fn pilot_unit_upsert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: PilotUnitUpsertInput,
    ) -> Nullable<Payload<PilotUnitUpsert>> {
        let upsert =
            ctx.upsert(input.options, input.item, by_name, |work, it| Box::pin(upsert(work, it)));
        Some(upsert.await)
    }

    /// Creates or changes up to 100 pilot units, with one result each, in the order given. 批量新增或更新试点单位
    #[graphql(directive = requires::apply(to_write(Kind::PilotUnit)))]
    async fn pilot_unit_upsert_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: PilotUnitUpsertBatchInput,
    ) -> Nullable<PilotUnitUpsertBatchPayload> {
        let (options, policy) = (input.options.clone(), input.error_policy);
        Some(
            ctx.write(Kind::PilotUnit, options, input.items, move |work, items| {
                Box::pin(batch::run(work, policy, items, by_name, |work, it| {
                    Box::pin(upsert(work, it))
                }))
            })
            .await,
        )
    }

    /// Archives a pilot unit: out of the lists, still there by id. 归档试点单位
    #[graphql(directive = requires::apply(to_write(Kind::PilotUnit)))]
    async fn pilot_unit_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<PilotUnitArchive>,
    ) -> Nullable<Payload<PilotUnitArchive>> {
        operation::archive(ctx, input).await
    }

    /// Brings back an archived pilot unit. 恢复试点单位
    #[graphql(directive = requires::apply(to_write(Kind::PilotUnit)))]
    async fn pilot_unit_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<PilotUnitRestore>,
    ) -> Nullable<Payload<PilotUnitRestore>> {
        operation::restore(ctx, input).await
    }
}

#[ComplexObject]
impl PilotUnit {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// The names that source systems have for it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The batch; null when the caller may not see it. 批次
    async fn batch(&self, ctx: &Context<'_>) -> Nullable<PilotBatch> {
        ctx.find(Some(self.batch_id)).await
    }

    /// The employer, where the unit is one; null when the caller may not see it. 对应的用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// Its measures. 举措
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn measures(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            PilotMeasureWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<PilotMeasureOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<PilotMeasure>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, pilot_measure::Column::PilotUnitId, filter, order_by, page).await
    }

    /// Practices of it that others can adopt. 可复制推广的经验
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn best_practices(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            BestPracticeWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<BestPracticeOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<BestPractice>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, best_practice::Column::PilotUnitId, filter, order_by, page).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<PilotUnitStep> {
        machine::steps_from::<PilotUnit>(EDGES, self.status)
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

impl Resource for PilotUnit {
    const KIND: Kind = Kind::PilotUnit;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<PilotUnit>] = &[
    (PilotUnitStatus::Nominated, PilotUnitStep::Designate, PilotUnitStatus::Designated),
    (PilotUnitStatus::Designated, PilotUnitStep::BeginSurvey, PilotUnitStatus::Surveying),
    (PilotUnitStatus::Surveying, PilotUnitStep::BeginImplementation, PilotUnitStatus::Implementing),
    (
        PilotUnitStatus::Implementing,
        PilotUnitStep::BeginMidTermCheck,
        PilotUnitStatus::MidTermCheck,
    ),
    (
        PilotUnitStatus::MidTermCheck,
        PilotUnitStep::ResumeImplementation,
        PilotUnitStatus::Implementing,
    ),
    (PilotUnitStatus::Implementing, PilotUnitStep::BeginEvaluation, PilotUnitStatus::Evaluation),
    (PilotUnitStatus::Evaluation, PilotUnitStep::Accept, PilotUnitStatus::Accepted),
    (PilotUnitStatus::Evaluation, PilotUnitStep::Extend, PilotUnitStatus::Extended),
    (PilotUnitStatus::Evaluation, PilotUnitStep::Terminate, PilotUnitStatus::Terminated),
    (PilotUnitStatus::Accepted, PilotUnitStep::Promote, PilotUnitStatus::Promoted),
    (PilotUnitStatus::Extended, PilotUnitStep::ResumeImplementation, PilotUnitStatus::Implementing),
];

impl Machine for PilotUnit {
    type State = PilotUnitStatus;
    type Step = PilotUnitStep;

    fn edges(_row: &Model) -> &'static [Edge<PilotUnit>] {
        EDGES
    }

    fn state(row: &Model) -> PilotUnitStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: PilotUnitStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: PilotUnitStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == PilotUnitStep::Designate {
            draft.designated_on = Set(Some(day));
        }
    }
}

impl Linked for PilotUnit {
    type Where = PilotUnitWhere;
    type Order = PilotUnitOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "batch" => Link::one::<PilotBatch>(Column::BatchId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "measures" => Link::many::<PilotMeasure>(pilot_measure::Column::PilotUnitId),
            "bestPractices" => Link::many::<BestPractice>(best_practice::Column::PilotUnitId),
            "openSteps" => {
                machine::link(|it: &PilotUnit| machine::steps_from::<PilotUnit>(EDGES, it.status))
            }
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Root for PilotUnit {
    type By = PilotUnitBy;

    const ONE: &'static str = "pilotUnit";
    const MANY: &'static str = "pilotUnits";
}

planned!(Queries of PilotUnit);

impl Key for PilotUnitBy {
    type Resource = PilotUnit;

    fn criterion(self, _: &Repository) -> Result<Criterion> {
        Ok(match self {
            PilotUnitBy::Id(id) => id.into(),
            PilotUnitBy::ExternalId(name) => external_id::has_name::<PilotUnit>(&name).into(),
        })
    }
}

impl Filter for PilotUnitWhere {
    type Resource = PilotUnit;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Kind, self.kind)?
            .on(Column::Name, self.name)?
            .on(Column::Level, self.level)?
            .on(Column::OwnershipGroup, self.ownership_group)?
            .on(Column::DesignatedOn, self.designated_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::BatchId, self.batch)?
            .to_one(Column::EmployerId, self.employer)?
            .to_many(Column::Id, pilot_measure::Column::PilotUnitId, self.measures)?
            .to_many(Column::Id, best_practice::Column::PilotUnitId, self.best_practices)
    }
}

impl OrderField for PilotUnitOrderField {
    type Resource = PilotUnit;

    fn column(self) -> Column {
        match self {
            PilotUnitOrderField::Name => Column::Name,
            PilotUnitOrderField::CreatedAt => Column::CreatedAt,
            PilotUnitOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a pilot unit, as a mutation says it.
#[derive(Default)]
struct Essentials {
    batch_id: MaybeUndefined<Id<PilotBatch>>,
    kind: MaybeUndefined<PilotUnitKind>,
    name: MaybeUndefined<String>,
    level: MaybeUndefined<PilotLevel>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: PilotUnitNominateInput) -> Result<PilotUnit> {
    let essentials = Essentials {
        batch_id: MaybeUndefined::Value(input.batch_id),
        kind: MaybeUndefined::Value(input.kind),
        name: MaybeUndefined::Value(input.name),
        level: MaybeUndefined::Value(input.level),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: PilotUnitUpdateInput) -> Result<PilotUnit> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { name: input.name, level: input.level, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PilotUnit>(row, draft).await
}

/// The order in which a batch takes its items.
fn by_name(item: &PilotUnitUpsertItem) -> ExternalId {
    item.external_id.clone()
}

async fn upsert(work: &mut UnitOfWork<'_>, item: PilotUnitUpsertItem) -> Result<PilotUnit> {
    let essentials = Essentials {
        batch_id: item.batch_id,
        kind: item.kind,
        name: item.name,
        level: item.level,
        division_code: item.division_code,
    };
    let draft = draft(work, essentials, item.details).await?;
    match work.claim::<PilotUnit>("externalId", &item.external_id).await? {
        Claim::New => register(work, draft).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<PilotUnit>(id, item.expected_version).await?;
            // These are told once, when the record is made.
            let draft =
                ActiveModel { division_code: NotSet, batch_id: NotSet, kind: NotSet, ..draft };
            work.update::<PilotUnit>(row, draft).await
        }
    }
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<PilotUnit> {
    draft.status = Set(PilotUnitStatus::Nominated);
    work.create::<PilotUnit>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PilotUnitDetails,
) -> Result<ActiveModel> {
    work.refer("batchId", essentials.batch_id.value().copied()).await?;
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        batch_id: form.id("batchId", essentials.batch_id),
        kind: form.plain("kind", essentials.kind),
        name: form.line("name", essentials.name, 200),
        level: form.plain("level", essentials.level),
        division_code: form.value("divisionCode", essentials.division_code),
        employer_id: form.id_option(details.employer_id),
        ownership_group: form.plain_option(details.ownership_group),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
