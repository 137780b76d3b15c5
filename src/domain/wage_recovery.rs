use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    state_transition,
    wage_recovery::{
        ActiveModel, Column, Entity, Model, RecoveryMethod, WageRecoveryStatus, WageRecoveryStep,
    },
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        dispute_case::{DisputeCase, DisputeCaseWhere, find_open},
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        worker::{Worker, WorkerWhere},
    },
    error::{UserErrorCode, Violation},
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine, StepDetails},
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// Wages recovered for one worker in one case: claimed, agreed and paid are kept apart.
///
/// 为一名职工在一个案件中追讨的劳动报酬。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::WageRecovery)))]
#[sea_orm(entity = "Entity")]
pub struct WageRecovery {
    /// The id. 编号
    pub id: Id<WageRecovery>,
    /// What is claimed. 请求金额
    #[graphql(name = "claimed")]
    pub claimed_fen: Fen,
    /// What was agreed. 约定金额
    #[graphql(name = "agreed")]
    pub agreed_fen: Option<Fen>,
    /// The day it was agreed. 约定日期
    pub agreed_on: Option<Date>,
    /// What was paid. 已付金额
    #[graphql(name = "paid")]
    pub paid_fen: Fen,
    /// The day of the last payment. 支付日期
    pub paid_on: Option<Date>,
    /// How it was paid. 支付方式
    pub method: Option<RecoveryMethod>,
    /// The state. 状态
    pub status: WageRecoveryStatus,
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
    case_id: Id<DisputeCase>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

/// Narrows a list of wage recoveries.
///
/// 劳动报酬追讨筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct WageRecoveryWhere {
    /// All of these. 全部满足
    and: Option<Vec<WageRecoveryWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<WageRecoveryWhere>>,
    /// Not this. 不满足
    not: Option<Box<WageRecoveryWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What is claimed, in fen. 请求金额（分）
    claimed_fen: Option<Ordering<BigInt>>,
    /// The day it was agreed. 约定日期
    agreed_on: Option<Ordering<Date>>,
    /// What was paid, in fen. 已付金额（分）
    paid_fen: Option<Ordering<BigInt>>,
    /// The day of the last payment. 支付日期
    paid_on: Option<Ordering<Date>>,
    /// How it was paid. 支付方式
    method: Option<Equality<RecoveryMethod>>,
    /// The state. 状态
    status: Option<Equality<WageRecoveryStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The case. 案件
    case: Option<Nested<DisputeCaseWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The employer that owes them. 欠薪单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of wage recoveries can be sorted by.
///
/// 劳动报酬追讨排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WageRecoveryOrderField {
    /// What is claimed, in fen. 请求金额（分）
    Claimed,
    /// What was paid, in fen. 已付金额（分）
    Paid,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a wage recovery and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WageRecoveryDetails {
    /// The employer that owes them. 欠薪单位
    employer_id: MaybeUndefined<Id<Employer>>,
}

/// Claims wages for a worker in a case.
///
/// 提出追讨。
#[derive(Clone, Debug, InputObject)]
pub struct WageRecoveryClaimInput {
    /// The case. 案件
    case_id: Id<DisputeCase>,
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// What is claimed, in fen. 请求金额（分）
    claimed_fen: BigInt,
    #[graphql(flatten)]
    details: WageRecoveryDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a wage recovery: absent keeps, null clears, a value sets.
///
/// 更新劳动报酬追讨：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct WageRecoveryUpdateInput {
    /// The record. 记录编号
    id: Id<WageRecovery>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What is claimed, in fen. 请求金额（分）
    claimed_fen: MaybeUndefined<BigInt>,
    #[graphql(flatten)]
    details: WageRecoveryDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Agrees on what is to be paid.
///
/// 达成支付约定。
#[derive(Clone, Debug, InputObject)]
pub struct WageRecoveryAgreeInput {
    /// The record. 记录编号
    id: Id<WageRecovery>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What is to be paid, in fen; above zero. 约定金额（分）
    agreed_fen: BigInt,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Records a payment of wages that were agreed on.
///
/// 登记支付。
#[derive(Clone, Debug, InputObject)]
pub struct WageRecoveryPayInput {
    /// The record. 记录编号
    id: Id<WageRecovery>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What was paid now, in fen; above zero, and with earlier payments not above what was agreed.
    /// 本次支付金额（分）
    amount_fen: BigInt,
    /// How it was paid. 支付方式
    method: RecoveryMethod,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

steps! {
    Steps("WageRecoverySteps") of WageRecovery {
        /// Notes that the employer does not pay. 违约
        wage_recovery_mark_defaulted: WageRecoveryMarkDefaulted = WageRecoveryStep::MarkDefaulted,
    }
}

groups! {
    /// Wage recoveries, counted by what they have in common: at most 1,000 groups. 按字段分组统计劳动报酬追讨
    Groups("WageRecoveryGroupQueries") of WageRecovery by WageRecoveryWhere in wage_recovery_groups: WageRecoveryGroup by WageRecoveryGroupField {
        /// How it was paid. 支付方式
        Method = method: RecoveryMethod,
        /// The state. 状态
        Status = status: WageRecoveryStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// What is claimed together. 请求金额合计
        claimed_total: Fen = ClaimedFen,
        /// What was agreed together. 约定金额合计
        agreed_total: Fen = AgreedFen,
        /// What was paid together. 已付金额合计
        paid_total: Fen = PaidFen,
    }
}

reads! {
    Queries("WageRecoveryQueries") of WageRecovery by WageRecoveryBy, WageRecoveryWhere, WageRecoveryOrderField {
        /// One wage recovery; null when there is none that the caller may see. 查询一条劳动报酬追讨
        wage_recovery = "wageRecovery",
        /// Wage recoveries, oldest record first unless told otherwise. 查询劳动报酬追讨列表
        wage_recoveries = "wageRecoveries",
    }
}

writes! {
    Mutations("WageRecoveryMutations") of WageRecovery {
        /// Claims wages for a worker in a case. 提出追讨
        wage_recovery_claim: WageRecoveryClaimInput => WageRecoveryClaim = create,
        /// Agrees on what is to be paid. 达成支付约定
        wage_recovery_agree: WageRecoveryAgreeInput => WageRecoveryAgree = agree,
        /// Records a payment: the step to `PARTIALLY_PAID`, or to `PAID` when all that was agreed is
        /// there. 登记支付
        wage_recovery_pay: WageRecoveryPayInput => WageRecoveryPay = pay,
        /// Changes a wage recovery. 更新劳动报酬追讨
        wage_recovery_update: WageRecoveryUpdateInput => WageRecoveryUpdate = update,
    }
    upsert {
        /// Creates a wage recovery, or changes the one that has this external id. 按外部编号新增或更新劳动报酬追讨
        wage_recovery_upsert: WageRecoveryUpsert of WageRecoveryClaimInput, WageRecoveryUpdateInput
    }
    archive {
        /// Archives a wage recovery: out of the lists, still there by id. 归档劳动报酬追讨
        wage_recovery_archive: WageRecoveryArchive
    }
    restore {
        /// Brings back an archived wage recovery. 恢复劳动报酬追讨
        wage_recovery_restore: WageRecoveryRestore
    }
}

#[ComplexObject]
impl WageRecovery {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The case; null when the caller may not see it. 案件
    async fn case(&self, ctx: &Context<'_>) -> Nullable<DisputeCase> {
        ctx.find(Some(self.case_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The employer that owes them; null when the caller may not see it. 欠薪单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<WageRecoveryStep> {
        machine::steps_from::<WageRecovery>(EDGES, self.status)
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

impl Resource for WageRecovery {
    const KIND: Kind = Kind::WageRecovery;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<WageRecovery>] = &[
    (WageRecoveryStatus::Claimed, WageRecoveryStep::Agree, WageRecoveryStatus::Agreed),
    (
        WageRecoveryStatus::Agreed,
        WageRecoveryStep::RecordPartialPayment,
        WageRecoveryStatus::PartiallyPaid,
    ),
    (
        WageRecoveryStatus::PartiallyPaid,
        WageRecoveryStep::RecordPartialPayment,
        WageRecoveryStatus::PartiallyPaid,
    ),
    (WageRecoveryStatus::Agreed, WageRecoveryStep::RecordPayment, WageRecoveryStatus::Paid),
    (WageRecoveryStatus::PartiallyPaid, WageRecoveryStep::RecordPayment, WageRecoveryStatus::Paid),
    (WageRecoveryStatus::Agreed, WageRecoveryStep::MarkDefaulted, WageRecoveryStatus::Defaulted),
    (
        WageRecoveryStatus::PartiallyPaid,
        WageRecoveryStep::MarkDefaulted,
        WageRecoveryStatus::Defaulted,
    ),
];

impl Machine for WageRecovery {
    type State = WageRecoveryStatus;
    type Step = WageRecoveryStep;

    fn edges(_row: &Model) -> &'static [Edge<WageRecovery>] {
        EDGES
    }

    fn state(row: &Model) -> WageRecoveryStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: WageRecoveryStatus) {
        draft.status = Set(state);
    }
}

impl Linked for WageRecovery {
    type Where = WageRecoveryWhere;
    type Order = WageRecoveryOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "openSteps" => machine::link(|it: &WageRecovery| {
                machine::steps_from::<WageRecovery>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for WageRecoveryWhere {
    type Resource = WageRecovery;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::ClaimedFen, self.claimed_fen)?
            .on(Column::AgreedOn, self.agreed_on)?
            .on(Column::PaidFen, self.paid_fen)?
            .on(Column::PaidOn, self.paid_on)?
            .on(Column::Method, self.method)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CaseId, self.case)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for WageRecoveryOrderField {
    type Resource = WageRecovery;

    fn column(self) -> Column {
        match self {
            WageRecoveryOrderField::Claimed => Column::ClaimedFen,
            WageRecoveryOrderField::Paid => Column::PaidFen,
            WageRecoveryOrderField::CreatedAt => Column::CreatedAt,
            WageRecoveryOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a wage recovery, as a mutation says it.
#[derive(Default)]
struct Essentials {
    case_id: MaybeUndefined<Id<DisputeCase>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    claimed_fen: MaybeUndefined<BigInt>,
}

async fn create(work: &mut UnitOfWork<'_>, input: WageRecoveryClaimInput) -> Result<WageRecovery> {
    let essentials = Essentials {
        case_id: MaybeUndefined::Value(input.case_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        claimed_fen: MaybeUndefined::Value(input.claimed_fen),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: WageRecoveryUpdateInput) -> Result<WageRecovery> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { claimed_fen: input.claimed_fen, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<WageRecovery>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<WageRecovery> {
    draft.status = Set(WageRecoveryStatus::Claimed);
    draft.paid_fen = Set(Fen(0));
    if let Set(owner) = draft.case_id {
        let owner = find_open(work, owner).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<WageRecovery>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: WageRecoveryDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        case_id: form.id("caseId", essentials.case_id),
        worker_id: form.id("workerId", essentials.worker_id),
        claimed_fen: form.fen("claimedFen", essentials.claimed_fen),
        employer_id: form.id_option(details.employer_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

async fn agree(work: &mut UnitOfWork<'_>, input: WageRecoveryAgreeInput) -> Result<WageRecovery> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let agreed = amount("agreedFen", input.agreed_fen)?;
    let day = input.details.occurred_on.map_or(work.rules().today, |it| it.0);
    work.step::<WageRecovery>(row, WageRecoveryStep::Agree, input.details, |draft| {
        draft.agreed_fen = Set(Some(agreed));
        draft.agreed_on = Set(Some(day));
    })
    .await
}

async fn pay(work: &mut UnitOfWork<'_>, input: WageRecoveryPayInput) -> Result<WageRecovery> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let amount = amount("amountFen", input.amount_fen)?;
    let day = input.details.occurred_on.map_or(work.rules().today, |it| it.0);
    // Where the machine has no payment to take, it says so below.
    let is_payable = !machine::steps_from::<WageRecovery>(EDGES, row.status).is_empty();
    let agreed = row.agreed_fen.filter(|_| is_payable).unwrap_or(amount);
    let paid = if is_payable { row.paid_fen.checked_add(amount) } else { Some(amount) };
    let Some(paid) = paid.filter(|it| *it <= agreed) else {
        return Err(Violation::inconsistent(
            "amountFen",
            "More would be paid than was agreed.",
            "支付总额超过约定金额。",
        )
        .into());
    };
    let step = if paid == agreed {
        WageRecoveryStep::RecordPayment
    } else {
        WageRecoveryStep::RecordPartialPayment
    };
    let method = input.method;
    work.step::<WageRecovery>(row, step, input.details, |draft| {
        draft.paid_fen = Set(paid);
        draft.paid_on = Set(Some(day));
        draft.method = Set(Some(method));
    })
    .await
}

fn amount(path: &str, input: BigInt) -> Result<Fen> {
    if input.0 > 0 {
        return Ok(Fen(input.0));
    }
    let mut violation = Violation::new(
        UserErrorCode::InvalidValue,
        path,
        "An amount that is paid is above zero.",
        "金额必须大于零。",
    );
    violation.rule = Some("MONEY-01".to_owned());
    Err(violation.into())
}
