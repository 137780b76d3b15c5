use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    state_transition, training_enrollment, training_program,
    training_subsidy_payment::{
        ActiveModel, Column, Entity, Model, PayeeKind, TrainingSubsidyPaymentStatus,
        TrainingSubsidyPaymentStep,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        training_enrollment::{TrainingEnrollment, TrainingEnrollmentWhere},
        training_program::TrainingProgram,
        worker::Worker,
    },
    error::{UserErrorCode, Violation},
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    operation::RecordInput,
    repository::unseen_rows,
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A subsidy for training, from application to payment.
///
/// 职业培训补贴。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::TrainingSubsidyPayment)))]
#[sea_orm(entity = "Entity")]
pub struct TrainingSubsidyPayment {
    /// The id. 编号
    pub id: Id<TrainingSubsidyPayment>,
    /// Who is paid. 收款方类别
    pub payee_kind: PayeeKind,
    /// Where the money comes from. 资金来源
    pub fund_source: String,
    /// The amount. 金额
    #[graphql(name = "amount")]
    pub amount_fen: Fen,
    /// The day of the application. 申请日期
    pub applied_on: Date,
    /// The day it was paid out. 拨付日期
    pub disbursed_on: Option<Date>,
    /// The state. 状态
    pub status: TrainingSubsidyPaymentStatus,
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
    enrollment_id: Id<TrainingEnrollment>,
}

/// Narrows a list of training subsidy payments.
///
/// 培训补贴筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct TrainingSubsidyPaymentWhere {
    /// All of these. 全部满足
    and: Option<Vec<TrainingSubsidyPaymentWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<TrainingSubsidyPaymentWhere>>,
    /// Not this. 不满足
    not: Option<Box<TrainingSubsidyPaymentWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// Who is paid. 收款方类别
    payee_kind: Option<Equality<PayeeKind>>,
    /// Where the money comes from. 资金来源
    fund_source: Option<TextFilter>,
    /// The amount, in fen. 金额（分）
    amount_fen: Option<Ordering<BigInt>>,
    /// The day of the application. 申请日期
    applied_on: Option<Ordering<Date>>,
    /// The day it was paid out. 拨付日期
    disbursed_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<TrainingSubsidyPaymentStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The enrolment that it is for. 对应的培训学员
    enrollment: Option<Nested<TrainingEnrollmentWhere>>,
}

/// What a list of training subsidy payments can be sorted by.
///
/// 培训补贴排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TrainingSubsidyPaymentOrderField {
    /// The amount. 金额
    Amount,
    /// The day of the application. 申请日期
    AppliedOn,
    /// The day it was paid out. 拨付日期
    DisbursedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Applies for a subsidy.
///
/// 申请培训补贴。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingSubsidyPaymentApplyInput {
    /// The enrolment that it is for. 对应的培训学员
    enrollment_id: Id<TrainingEnrollment>,
    /// Who is paid. 收款方类别
    payee_kind: PayeeKind,
    /// Where the money comes from. 资金来源
    fund_source: String,
    /// The amount. 金额
    amount_fen: BigInt,
    /// The day of the application. 申请日期
    applied_on: Date,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a training subsidy payment: absent keeps, null clears, a value sets.
///
/// 更新培训补贴：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingSubsidyPaymentUpdateInput {
    /// The record. 记录编号
    id: Id<TrainingSubsidyPayment>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Who is paid. 收款方类别
    payee_kind: MaybeUndefined<PayeeKind>,
    /// Where the money comes from. 资金来源
    fund_source: MaybeUndefined<String>,
    /// The amount. 金额
    amount_fen: MaybeUndefined<BigInt>,
    /// The day of the application. 申请日期
    applied_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("TrainingSubsidyPaymentQueries") of TrainingSubsidyPayment by TrainingSubsidyPaymentBy, TrainingSubsidyPaymentWhere, TrainingSubsidyPaymentOrderField {
        /// One training subsidy payment; null when there is none that the caller may see. 查询一条培训补贴
        training_subsidy_payment = "trainingSubsidyPayment",
        /// Training subsidy payments, oldest record first unless told otherwise. 查询培训补贴列表
        training_subsidy_payments = "trainingSubsidyPayments",
    }
}

writes! {
    Mutations("TrainingSubsidyPaymentMutations") of TrainingSubsidyPayment {
        /// Applies for a subsidy. 申请培训补贴
        training_subsidy_payment_apply: TrainingSubsidyPaymentApplyInput => TrainingSubsidyPaymentApply = create,
        /// Changes a training subsidy payment. 更新培训补贴
        training_subsidy_payment_update: TrainingSubsidyPaymentUpdateInput => TrainingSubsidyPaymentUpdate = update,
        /// Brings back an archived training subsidy payment. 恢复培训补贴
        training_subsidy_payment_restore: RestoreInput => TrainingSubsidyPaymentRestore = restore,
    }
    upsert {
        /// Creates a training subsidy payment, or changes the one that has this external id. 按外部编号新增或更新培训补贴
        training_subsidy_payment_upsert: TrainingSubsidyPaymentUpsert of TrainingSubsidyPaymentApplyInput, TrainingSubsidyPaymentUpdateInput
    }
    archive {
        /// Archives a training subsidy payment: out of the lists, still there by id. 归档培训补贴
        training_subsidy_payment_archive: TrainingSubsidyPaymentArchive
    }
}

steps! {
    Steps("TrainingSubsidyPaymentSteps") of TrainingSubsidyPayment {
        /// Verifies it. 名单核验
        training_subsidy_payment_verify: TrainingSubsidyPaymentVerify = TrainingSubsidyPaymentStep::Verify,
        /// Begins the public notice. 开始公示
        training_subsidy_payment_begin_notice: TrainingSubsidyPaymentBeginNotice = TrainingSubsidyPaymentStep::BeginNotice,
        /// Approves it. 批准
        training_subsidy_payment_approve: TrainingSubsidyPaymentApprove = TrainingSubsidyPaymentStep::Approve,
        /// Pays it out. 拨付
        training_subsidy_payment_disburse: TrainingSubsidyPaymentDisburse = TrainingSubsidyPaymentStep::Disburse,
        /// Reconciles it. 对账
        training_subsidy_payment_reconcile: TrainingSubsidyPaymentReconcile = TrainingSubsidyPaymentStep::Reconcile,
        /// Takes it back. 追回
        training_subsidy_payment_recover: TrainingSubsidyPaymentRecover = TrainingSubsidyPaymentStep::Recover,
        /// Rejects it. 驳回
        training_subsidy_payment_reject: TrainingSubsidyPaymentReject = TrainingSubsidyPaymentStep::Reject,
    }
}

groups! {
    /// Training subsidy payments, counted by what they have in common: at most 1,000 groups. 按字段分组统计培训补贴
    Groups("TrainingSubsidyPaymentGroupQueries") of TrainingSubsidyPayment by TrainingSubsidyPaymentWhere in training_subsidy_payment_groups: TrainingSubsidyPaymentGroup by TrainingSubsidyPaymentGroupField {
        /// Who is paid. 收款方类别
        PayeeKind = payee_kind: PayeeKind,
        /// The state. 状态
        Status = status: TrainingSubsidyPaymentStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// The amounts together. 金额合计
        amount_total: Fen = AmountFen,
    }
}

#[ComplexObject]
impl TrainingSubsidyPayment {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The enrolment that it is for; null when the caller may not see it. 对应的培训学员
    async fn enrollment(&self, ctx: &Context<'_>) -> Nullable<TrainingEnrollment> {
        ctx.find(Some(self.enrollment_id)).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<TrainingSubsidyPaymentStep> {
        machine::steps_from::<TrainingSubsidyPayment>(EDGES, self.status)
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

impl Resource for TrainingSubsidyPayment {
    const KIND: Kind = Kind::TrainingSubsidyPayment;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<TrainingSubsidyPayment>] = &[
    (
        TrainingSubsidyPaymentStatus::Applied,
        TrainingSubsidyPaymentStep::Verify,
        TrainingSubsidyPaymentStatus::Verified,
    ),
    (
        TrainingSubsidyPaymentStatus::Verified,
        TrainingSubsidyPaymentStep::BeginNotice,
        TrainingSubsidyPaymentStatus::PublicNotice,
    ),
    (
        TrainingSubsidyPaymentStatus::PublicNotice,
        TrainingSubsidyPaymentStep::Approve,
        TrainingSubsidyPaymentStatus::Approved,
    ),
    (
        TrainingSubsidyPaymentStatus::Approved,
        TrainingSubsidyPaymentStep::Disburse,
        TrainingSubsidyPaymentStatus::Disbursed,
    ),
    (
        TrainingSubsidyPaymentStatus::Disbursed,
        TrainingSubsidyPaymentStep::Reconcile,
        TrainingSubsidyPaymentStatus::Reconciled,
    ),
    (
        TrainingSubsidyPaymentStatus::Disbursed,
        TrainingSubsidyPaymentStep::Recover,
        TrainingSubsidyPaymentStatus::Recovered,
    ),
    (
        TrainingSubsidyPaymentStatus::Reconciled,
        TrainingSubsidyPaymentStep::Recover,
        TrainingSubsidyPaymentStatus::Recovered,
    ),
    (
        TrainingSubsidyPaymentStatus::Applied,
        TrainingSubsidyPaymentStep::Reject,
        TrainingSubsidyPaymentStatus::Rejected,
    ),
    (
        TrainingSubsidyPaymentStatus::Verified,
        TrainingSubsidyPaymentStep::Reject,
        TrainingSubsidyPaymentStatus::Rejected,
    ),
    (
        TrainingSubsidyPaymentStatus::PublicNotice,
        TrainingSubsidyPaymentStep::Reject,
        TrainingSubsidyPaymentStatus::Rejected,
    ),
];

impl Machine for TrainingSubsidyPayment {
    type State = TrainingSubsidyPaymentStatus;
    type Step = TrainingSubsidyPaymentStep;

    fn edges(_row: &Model) -> &'static [Edge<TrainingSubsidyPayment>] {
        EDGES
    }

    fn state(row: &Model) -> TrainingSubsidyPaymentStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: TrainingSubsidyPaymentStatus) {
        draft.status = Set(state);
    }

    fn on_step(
        _: &Model,
        step: TrainingSubsidyPaymentStep,
        day: NaiveDate,
        draft: &mut ActiveModel,
    ) {
        if step == TrainingSubsidyPaymentStep::Disburse {
            draft.disbursed_on = Set(Some(day));
        }
    }
}

impl Linked for TrainingSubsidyPayment {
    type Where = TrainingSubsidyPaymentWhere;
    type Order = TrainingSubsidyPaymentOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "enrollment" => Link::one::<TrainingEnrollment>(Column::EnrollmentId),
            "openSteps" => machine::link(|it: &TrainingSubsidyPayment| {
                machine::steps_from::<TrainingSubsidyPayment>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for TrainingSubsidyPaymentWhere {
    type Resource = TrainingSubsidyPayment;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::PayeeKind, self.payee_kind)?
            .on(Column::FundSource, self.fund_source)?
            .on(Column::AmountFen, self.amount_fen)?
            .on(Column::AppliedOn, self.applied_on)?
            .on(Column::DisbursedOn, self.disbursed_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EnrollmentId, self.enrollment)
    }
}

impl OrderField for TrainingSubsidyPaymentOrderField {
    type Resource = TrainingSubsidyPayment;

    fn column(self) -> Column {
        match self {
            TrainingSubsidyPaymentOrderField::Amount => Column::AmountFen,
            TrainingSubsidyPaymentOrderField::AppliedOn => Column::AppliedOn,
            TrainingSubsidyPaymentOrderField::DisbursedOn => Column::DisbursedOn,
            TrainingSubsidyPaymentOrderField::CreatedAt => Column::CreatedAt,
            TrainingSubsidyPaymentOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a training subsidy payment, as a mutation says it.
#[derive(Default)]
struct Essentials {
    enrollment_id: MaybeUndefined<Id<TrainingEnrollment>>,
    payee_kind: MaybeUndefined<PayeeKind>,
    fund_source: MaybeUndefined<String>,
    amount_fen: MaybeUndefined<BigInt>,
    applied_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: TrainingSubsidyPaymentApplyInput,
) -> Result<TrainingSubsidyPayment> {
    let essentials = Essentials {
        enrollment_id: MaybeUndefined::Value(input.enrollment_id),
        payee_kind: MaybeUndefined::Value(input.payee_kind),
        fund_source: MaybeUndefined::Value(input.fund_source),
        amount_fen: MaybeUndefined::Value(input.amount_fen),
        applied_on: MaybeUndefined::Value(input.applied_on),
    };
    let mut draft = draft(work, essentials).await?;
    draft.status = Set(TrainingSubsidyPaymentStatus::Applied);
    if let Set(owner) = draft.enrollment_id {
        let owner = work.find_current::<TrainingEnrollment>("enrollmentId", Id::new(owner)).await?;
        expect_unpaid(work, "enrollmentId", &owner).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<TrainingSubsidyPayment>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: TrainingSubsidyPaymentUpdateInput,
) -> Result<TrainingSubsidyPayment> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        payee_kind: input.payee_kind,
        fund_source: input.fund_source,
        amount_fen: input.amount_fen,
        applied_on: input.applied_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials).await?;
    work.update::<TrainingSubsidyPayment>(row, draft).await
}

type RestoreInput = RecordInput<TrainingSubsidyPaymentRestore>;

/// What is brought back counts again: another may have been applied for meanwhile.
async fn restore(work: &mut UnitOfWork<'_>, input: RestoreInput) -> Result<TrainingSubsidyPayment> {
    let row = work.find::<TrainingSubsidyPayment>("id", input.id).await?;
    if row.archived_at.is_some() && !GIVEN_UP.contains(&row.status) {
        let place = work.find::<TrainingEnrollment>("id", Id::new(row.enrollment_id)).await?;
        expect_unpaid(work, "id", &place).await?;
    }
    work.restore_version(input.id, input.expected_version).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        enrollment_id: form.id("enrollmentId", essentials.enrollment_id),
        payee_kind: form.plain("payeeKind", essentials.payee_kind),
        fund_source: form.line("fundSource", essentials.fund_source, 200),
        amount_fen: form.fen("amountFen", essentials.amount_fen),
        applied_on: form.day("appliedOn", essentials.applied_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

/// An application that came to nothing, or whose money came back, does not count.
const GIVEN_UP: [TrainingSubsidyPaymentStatus; 2] =
    [TrainingSubsidyPaymentStatus::Rejected, TrainingSubsidyPaymentStatus::Recovered];

/// One person is subsidised once for one level of one occupation, whatever the course.
async fn expect_unpaid(
    work: &UnitOfWork<'_>,
    path: &str,
    place: &training_enrollment::Model,
) -> Result<()> {
    let program = work.find::<TrainingProgram>(path, Id::new(place.program_id)).await?;
    let (Some(occupation), Some(rank)) = (program.occupation_code, program.target_rank) else {
        return Ok(());
    };
    // Of two applications at once, for two courses, neither would see the other.
    work.hold::<Worker>(Id::new(place.worker_id)).await?;
    let mut programs = unseen_rows::<TrainingProgram>();
    programs
        .column(training_program::Column::Id)
        .and_where(training_program::Column::OccupationCode.eq(occupation))
        .and_where(training_program::Column::TargetRank.eq(rank));
    let mut places = unseen_rows::<TrainingEnrollment>();
    places
        .column(training_enrollment::Column::Id)
        .and_where(training_enrollment::Column::WorkerId.eq(place.worker_id))
        .and_where(training_enrollment::Column::ProgramId.in_subquery(programs));
    let paid = Condition::all()
        .add(Column::EnrollmentId.in_subquery(places))
        .add(Column::Status.is_not_in(GIVEN_UP))
        .add(Column::ArchivedAt.is_null());
    if !work.is_any::<TrainingSubsidyPayment>(paid).await? {
        return Ok(());
    }
    Err(Violation::new(
        UserErrorCode::Duplicate,
        path,
        "The worker was subsidised for this level of this occupation before.",
        "该职工同一职业同一等级的培训补贴已申领。",
    )
    .into())
}
