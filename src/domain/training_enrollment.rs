use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    state_transition,
    training_enrollment::{
        ActiveModel, Column, Entity, Model, TrainingEnrollmentStatus, TrainingEnrollmentStep,
    },
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        training_program::{TrainingProgram, TrainingProgramWhere},
        training_subsidy_payment::{
            TrainingSubsidyPayment, TrainingSubsidyPaymentOrderField, TrainingSubsidyPaymentWhere,
        },
        worker::{Worker, WorkerWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested, Ordering,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The place of a worker in a course.
///
/// 培训学员。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::TrainingEnrollment)))]
#[sea_orm(entity = "Entity")]
pub struct TrainingEnrollment {
    /// The id. 编号
    pub id: Id<TrainingEnrollment>,
    /// How many hours were attended. 实际学时
    pub attended_hours: i32,
    /// The day of completion. 结业日期
    pub completed_on: Option<Date>,
    /// The state. 状态
    pub status: TrainingEnrollmentStatus,
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
    program_id: Id<TrainingProgram>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of training enrollments.
///
/// 培训学员筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct TrainingEnrollmentWhere {
    /// All of these. 全部满足
    and: Option<Vec<TrainingEnrollmentWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<TrainingEnrollmentWhere>>,
    /// Not this. 不满足
    not: Option<Box<TrainingEnrollmentWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// How many hours were attended. 实际学时
    attended_hours: Option<Ordering<i32>>,
    /// The day of completion. 结业日期
    completed_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<TrainingEnrollmentStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The course. 培训班次
    program: Option<Nested<TrainingProgramWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The subsidies. 培训补贴
    subsidy_payments: Option<ListFilter<TrainingSubsidyPaymentWhere>>,
}

/// What a list of training enrollments can be sorted by.
///
/// 培训学员排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TrainingEnrollmentOrderField {
    /// The day of completion. 结业日期
    CompletedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a training enrollment and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TrainingEnrollmentDetails {
    /// How many hours were attended. 实际学时
    attended_hours: MaybeUndefined<i32>,
}

/// Enrols a worker.
///
/// 学员报名。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingEnrollmentEnrollInput {
    /// The course. 培训班次
    program_id: Id<TrainingProgram>,
    /// The worker. 职工
    worker_id: Id<Worker>,
    #[graphql(flatten)]
    details: TrainingEnrollmentDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a training enrollment: absent keeps, null clears, a value sets.
///
/// 更新培训学员：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingEnrollmentUpdateInput {
    /// The record. 记录编号
    id: Id<TrainingEnrollment>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    details: TrainingEnrollmentDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("TrainingEnrollmentQueries") of TrainingEnrollment by TrainingEnrollmentBy, TrainingEnrollmentWhere, TrainingEnrollmentOrderField {
        /// One training enrollment; null when there is none that the caller may see. 查询一条培训学员
        training_enrollment = "trainingEnrollment",
        /// Training enrollments, oldest record first unless told otherwise. 查询培训学员列表
        training_enrollments = "trainingEnrollments",
    }
}

writes! {
    Mutations("TrainingEnrollmentMutations") of TrainingEnrollment {
        /// Enrols a worker. 学员报名
        training_enrollment_enroll: TrainingEnrollmentEnrollInput => TrainingEnrollmentEnroll = create,
        /// Changes a training enrollment. 更新培训学员
        training_enrollment_update: TrainingEnrollmentUpdateInput => TrainingEnrollmentUpdate = update,
    }
    upsert {
        /// Creates a training enrollment, or changes the one that has this external id. 按外部编号新增或更新培训学员
        training_enrollment_upsert: TrainingEnrollmentUpsert of TrainingEnrollmentEnrollInput, TrainingEnrollmentUpdateInput
    }
    archive {
        /// Archives a training enrollment: out of the lists, still there by id. 归档培训学员
        training_enrollment_archive: TrainingEnrollmentArchive
    }
    restore {
        /// Brings back an archived training enrollment. 恢复培训学员
        training_enrollment_restore: TrainingEnrollmentRestore
    }
}

steps! {
    Steps("TrainingEnrollmentSteps") of TrainingEnrollment {
        /// Completes the training. 结业
        training_enrollment_complete: TrainingEnrollmentComplete = TrainingEnrollmentStep::Complete,
        /// Fails the examination. 考核未通过
        training_enrollment_fail: TrainingEnrollmentFail = TrainingEnrollmentStep::Fail,
        /// Leaves the training. 退学
        training_enrollment_drop: TrainingEnrollmentDrop = TrainingEnrollmentStep::Drop,
    }
}

groups! {
    /// Training enrollments, counted by what they have in common: at most 1,000 groups. 按字段分组统计培训学员
    Groups("TrainingEnrollmentGroupQueries") of TrainingEnrollment by TrainingEnrollmentWhere in training_enrollment_groups: TrainingEnrollmentGroup by TrainingEnrollmentGroupField {
        /// The state. 状态
        Status = status: TrainingEnrollmentStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl TrainingEnrollment {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The course; null when the caller may not see it. 培训班次
    async fn program(&self, ctx: &Context<'_>) -> Nullable<TrainingProgram> {
        ctx.find(Some(self.program_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<TrainingEnrollmentStep> {
        machine::steps_from::<TrainingEnrollment>(EDGES, self.status)
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

    /// The subsidies. 培训补贴
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn subsidy_payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            TrainingSubsidyPaymentWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<TrainingSubsidyPaymentOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<TrainingSubsidyPayment>> {
        let page = Page { first, after, last, before };
        let owner = entity::training_subsidy_payment::Column::EnrollmentId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for TrainingEnrollment {
    const KIND: Kind = Kind::TrainingEnrollment;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<TrainingEnrollment>] = &[
    (
        TrainingEnrollmentStatus::Enrolled,
        TrainingEnrollmentStep::Complete,
        TrainingEnrollmentStatus::Completed,
    ),
    (
        TrainingEnrollmentStatus::Enrolled,
        TrainingEnrollmentStep::Fail,
        TrainingEnrollmentStatus::Failed,
    ),
    (
        TrainingEnrollmentStatus::Enrolled,
        TrainingEnrollmentStep::Drop,
        TrainingEnrollmentStatus::Dropped,
    ),
];

impl Machine for TrainingEnrollment {
    type State = TrainingEnrollmentStatus;
    type Step = TrainingEnrollmentStep;

    fn edges(_row: &Model) -> &'static [Edge<TrainingEnrollment>] {
        EDGES
    }

    fn state(row: &Model) -> TrainingEnrollmentStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: TrainingEnrollmentStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: TrainingEnrollmentStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == TrainingEnrollmentStep::Complete {
            draft.completed_on = Set(Some(day));
        }
    }
}

impl Linked for TrainingEnrollment {
    type Where = TrainingEnrollmentWhere;
    type Order = TrainingEnrollmentOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "program" => Link::one::<TrainingProgram>(Column::ProgramId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "openSteps" => machine::link(|it: &TrainingEnrollment| {
                machine::steps_from::<TrainingEnrollment>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            "subsidyPayments" => Link::many::<TrainingSubsidyPayment>(
                entity::training_subsidy_payment::Column::EnrollmentId,
            ),
            _ => return None,
        })
    }
}

impl Filter for TrainingEnrollmentWhere {
    type Resource = TrainingEnrollment;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(
                Column::Id,
                entity::training_subsidy_payment::Column::EnrollmentId,
                self.subsidy_payments,
            )?
            .on(Column::Id, self.id)?
            .on(Column::AttendedHours, self.attended_hours)?
            .on(Column::CompletedOn, self.completed_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ProgramId, self.program)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for TrainingEnrollmentOrderField {
    type Resource = TrainingEnrollment;

    fn column(self) -> Column {
        match self {
            TrainingEnrollmentOrderField::CompletedOn => Column::CompletedOn,
            TrainingEnrollmentOrderField::CreatedAt => Column::CreatedAt,
            TrainingEnrollmentOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a training enrollment, as a mutation says it.
#[derive(Default)]
struct Essentials {
    program_id: MaybeUndefined<Id<TrainingProgram>>,
    worker_id: MaybeUndefined<Id<Worker>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: TrainingEnrollmentEnrollInput,
) -> Result<TrainingEnrollment> {
    let essentials = Essentials {
        program_id: MaybeUndefined::Value(input.program_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(TrainingEnrollmentStatus::Enrolled);
    if !draft.attended_hours.is_set() {
        draft.attended_hours = Set(0);
    }
    if let Set(owner) = draft.program_id {
        let owner = work.find_current::<TrainingProgram>("programId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<TrainingEnrollment>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: TrainingEnrollmentUpdateInput,
) -> Result<TrainingEnrollment> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials::default();
    let draft = draft(work, essentials, input.details).await?;
    work.update::<TrainingEnrollment>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: TrainingEnrollmentDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        program_id: form.id("programId", essentials.program_id),
        worker_id: form.id("workerId", essentials.worker_id),
        attended_hours: form.number("attendedHours", details.attended_hours, 0..=10_000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
