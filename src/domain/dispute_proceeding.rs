use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    dispute_case::{self, DisputeCaseStatus},
    dispute_proceeding::{
        ActiveModel, Column, Entity, Model, ProceedingStage, ProceedingState, ProceedingStep,
    },
    state_transition,
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
        deadline::{Deadline, DeadlineOrderField, DeadlineWhere},
        dispute_case::{DisputeCase, DisputeCaseWhere, find_open},
        division::Division,
        external_id,
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
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

/// One stage that a dispute goes through, before one body. Each stage has a machine of its own.
///
/// 争议处理程序，每一阶段有各自的状态机。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::DisputeProceeding)))]
#[sea_orm(entity = "Entity")]
pub struct DisputeProceeding {
    /// The id. 编号
    pub id: Id<DisputeProceeding>,
    /// The stage. 程序阶段
    pub stage: ProceedingStage,
    /// Before whom. 受理机构
    pub body: String,
    /// The number there. 案件编号
    pub docket_no: Option<String>,
    /// The day it was opened. 启动日期
    pub opened_on: Date,
    /// The day it was accepted. 受理日期
    pub accepted_on: Option<Date>,
    /// The day it is due to end. 届满日期
    pub due_on: Option<Date>,
    /// The last day; null while it goes on. 结束日期
    pub ended_on: Option<Date>,
    /// The outcome. 结果
    pub outcome: Option<String>,
    /// The state. 状态
    pub state: ProceedingState,
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
}

/// Narrows a list of proceedings.
///
/// 程序筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputeProceedingWhere {
    /// All of these. 全部满足
    and: Option<Vec<DisputeProceedingWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DisputeProceedingWhere>>,
    /// Not this. 不满足
    not: Option<Box<DisputeProceedingWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The stage. 程序阶段
    stage: Option<Equality<ProceedingStage>>,
    /// Before whom. 受理机构
    body: Option<TextFilter>,
    /// The number there. 案件编号
    docket_no: Option<TextFilter>,
    /// The day it was opened. 启动日期
    opened_on: Option<Ordering<Date>>,
    /// The day it was accepted. 受理日期
    accepted_on: Option<Ordering<Date>>,
    /// The day it is due to end. 届满日期
    due_on: Option<Ordering<Date>>,
    /// The last day; null while it goes on. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The state. 状态
    state: Option<Equality<ProceedingState>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The case. 案件
    case: Option<Nested<DisputeCaseWhere>>,
    /// The time limits. 法定期限
    deadlines: Option<ListFilter<DeadlineWhere>>,
}

/// What a list of proceedings can be sorted by.
///
/// 程序排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DisputeProceedingOrderField {
    /// Before whom. 受理机构
    Body,
    /// The day it was opened. 启动日期
    OpenedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a proceeding and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputeProceedingDetails {
    /// The number there. 案件编号
    docket_no: MaybeUndefined<String>,
    /// The day it is due to end. 届满日期
    due_on: MaybeUndefined<Date>,
    /// The outcome. 结果
    outcome: MaybeUndefined<String>,
}

/// Opens a proceeding.
///
/// 启动程序。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeProceedingOpenInput {
    /// The case. 案件
    case_id: Id<DisputeCase>,
    /// The stage. 程序阶段
    stage: ProceedingStage,
    /// Before whom. 受理机构
    body: String,
    /// The day it was opened. 启动日期
    opened_on: Date,
    #[graphql(flatten)]
    details: DisputeProceedingDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a proceeding: absent keeps, null clears, a value sets.
///
/// 更新程序：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeProceedingUpdateInput {
    /// The record. 记录编号
    id: Id<DisputeProceeding>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Before whom. 受理机构
    body: MaybeUndefined<String>,
    /// The day it was opened. 启动日期
    opened_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: DisputeProceedingDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

steps! {
    Steps("DisputeProceedingSteps") of DisputeProceeding {
        /// Begins to negotiate. 开始协商
        dispute_proceeding_begin_negotiation: DisputeProceedingBeginNegotiation = ProceedingStep::BeginNegotiation,
        /// Reaches a settlement. 达成和解
        dispute_proceeding_settle: DisputeProceedingSettle = ProceedingStep::Settle,
        /// Refuses to negotiate, or to accept the case. 拒绝
        dispute_proceeding_refuse: DisputeProceedingRefuse = ProceedingStep::Refuse,
        /// Ends without agreement. 未达成一致
        dispute_proceeding_fail: DisputeProceedingFail = ProceedingStep::Fail,
        /// Accepts the application. 受理
        dispute_proceeding_accept: DisputeProceedingAccept = ProceedingStep::Accept,
        /// Does not accept the application for mediation. 不予受理（调解）
        dispute_proceeding_decline: DisputeProceedingDecline = ProceedingStep::Decline,
        /// Begins to mediate. 开始调解
        dispute_proceeding_begin_mediation: DisputeProceedingBeginMediation = ProceedingStep::BeginMediation,
        /// Reaches an agreement. 达成调解协议
        dispute_proceeding_agree: DisputeProceedingAgree = ProceedingStep::Agree,
        /// Ends because the 15 days are over. 调解超期
        dispute_proceeding_time_out: DisputeProceedingTimeOut = ProceedingStep::TimeOut,
        /// Notes that the agreement was performed. 履行协议
        dispute_proceeding_perform: DisputeProceedingPerform = ProceedingStep::Perform,
        /// Notes that the agreement was breached. 不履行协议
        dispute_proceeding_breach: DisputeProceedingBreach = ProceedingStep::Breach,
        /// Applies for an order of payment. 申请支付令
        dispute_proceeding_seek_payment_order: DisputeProceedingSeekPaymentOrder = ProceedingStep::SeekPaymentOrder,
        /// Notes that nothing was decided in five days. 逾期未作决定
        dispute_proceeding_lapse_undecided: DisputeProceedingLapseUndecided = ProceedingStep::LapseUndecided,
        /// Serves the application. 送达
        dispute_proceeding_serve: DisputeProceedingServe = ProceedingStep::Serve,
        /// Receives the answer. 答辩
        dispute_proceeding_answer: DisputeProceedingAnswer = ProceedingStep::Answer,
        /// Forms the tribunal. 组成仲裁庭
        dispute_proceeding_form_tribunal: DisputeProceedingFormTribunal = ProceedingStep::FormTribunal,
        /// Begins the hearing. 开庭
        dispute_proceeding_begin_hearing: DisputeProceedingBeginHearing = ProceedingStep::BeginHearing,
        /// Suspends the proceeding. 中止
        dispute_proceeding_suspend: DisputeProceedingSuspend = ProceedingStep::Suspend,
        /// Resumes the proceeding. 恢复
        dispute_proceeding_resume: DisputeProceedingResume = ProceedingStep::Resume,
        /// Ends by a mediated agreement. 调解结案
        dispute_proceeding_mediate: DisputeProceedingMediate = ProceedingStep::Mediate,
        /// Ends by a final award. 终局裁决
        dispute_proceeding_award_final: DisputeProceedingAwardFinal = ProceedingStep::AwardFinal,
        /// Ends by an award that can be taken to court. 非终局裁决
        dispute_proceeding_award_non_final: DisputeProceedingAwardNonFinal = ProceedingStep::AwardNonFinal,
        /// Ends by an award in default. 缺席裁决
        dispute_proceeding_award_by_default: DisputeProceedingAwardByDefault = ProceedingStep::AwardByDefault,
        /// Ends by withdrawal. 撤回
        dispute_proceeding_withdraw: DisputeProceedingWithdraw = ProceedingStep::Withdraw,
        /// Notes that no award came in time. 逾期未裁决
        dispute_proceeding_mark_overdue: DisputeProceedingMarkOverdue = ProceedingStep::MarkOverdue,
        /// Begins the trial. 开庭审理
        dispute_proceeding_begin_trial: DisputeProceedingBeginTrial = ProceedingStep::BeginTrial,
        /// Ends the instance by a judgment. 判决
        dispute_proceeding_judge: DisputeProceedingJudge = ProceedingStep::Judge,
        /// Appeals. 上诉
        dispute_proceeding_appeal: DisputeProceedingAppeal = ProceedingStep::Appeal,
        /// Sets the award aside. 撤销裁决
        dispute_proceeding_set_aside: DisputeProceedingSetAside = ProceedingStep::SetAside,
        /// Ends by a final judgment. 终审判决
        dispute_proceeding_judge_finally: DisputeProceedingJudgeFinally = ProceedingStep::JudgeFinally,
        /// Begins to enforce. 开始执行
        dispute_proceeding_begin_enforcement: DisputeProceedingBeginEnforcement = ProceedingStep::BeginEnforcement,
        /// Notes that all was paid. 全部履行
        dispute_proceeding_record_payment: DisputeProceedingRecordPayment = ProceedingStep::RecordPayment,
        /// Notes that a part was paid. 部分履行
        dispute_proceeding_record_partial_payment: DisputeProceedingRecordPartialPayment = ProceedingStep::RecordPartialPayment,
        /// Ends the enforcement. 终结执行
        dispute_proceeding_terminate: DisputeProceedingTerminate = ProceedingStep::Terminate,
        /// Files the report. 立案
        dispute_proceeding_file: DisputeProceedingFile = ProceedingStep::File,
        /// Begins to investigate. 开始调查
        dispute_proceeding_begin_investigation: DisputeProceedingBeginInvestigation = ProceedingStep::BeginInvestigation,
        /// Orders the employer to comply. 责令改正
        dispute_proceeding_order: DisputeProceedingOrder = ProceedingStep::Order,
        /// Penalises the employer. 行政处罚
        dispute_proceeding_penalise: DisputeProceedingPenalise = ProceedingStep::Penalise,
        /// Applies to the court to enforce. 申请法院强制执行
        dispute_proceeding_enforce_through_court: DisputeProceedingEnforceThroughCourt = ProceedingStep::EnforceThroughCourt,
        /// Refers it to the police. 移送公安
        dispute_proceeding_refer_criminal: DisputeProceedingReferCriminal = ProceedingStep::ReferCriminal,
    }
}

reads! {
    Queries("DisputeProceedingQueries") of DisputeProceeding by DisputeProceedingBy, DisputeProceedingWhere, DisputeProceedingOrderField {
        /// One proceeding; null when there is none that the caller may see. 查询一条程序
        dispute_proceeding = "disputeProceeding",
        /// Proceedings, oldest record first unless told otherwise. 查询程序列表
        dispute_proceedings = "disputeProceedings",
    }
}

writes! {
    Mutations("DisputeProceedingMutations") of DisputeProceeding {
        /// Opens a proceeding. 启动程序
        dispute_proceeding_open: DisputeProceedingOpenInput => DisputeProceedingOpen = create,
        /// Changes a proceeding. 更新程序
        dispute_proceeding_update: DisputeProceedingUpdateInput => DisputeProceedingUpdate = update,
    }
    upsert {
        /// Creates a proceeding, or changes the one that has this external id. 按外部编号新增或更新程序
        dispute_proceeding_upsert: DisputeProceedingUpsert of DisputeProceedingOpenInput, DisputeProceedingUpdateInput
    }
    archive {
        /// Archives a proceeding: out of the lists, still there by id. 归档程序
        dispute_proceeding_archive: DisputeProceedingArchive
    }
    restore {
        /// Brings back an archived proceeding. 恢复程序
        dispute_proceeding_restore: DisputeProceedingRestore
    }
}

#[ComplexObject]
impl DisputeProceeding {
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

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<ProceedingStep> {
        machine::steps_from::<DisputeProceeding>(edges(self.stage), self.state)
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

    /// The time limits. 法定期限
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn deadlines(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<DeadlineWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DeadlineOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Deadline>> {
        let page = Page { first, after, last, before };
        let owner = entity::deadline::Column::ProceedingId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for DisputeProceeding {
    const KIND: Kind = Kind::DisputeProceeding;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.opened_on), row.ended_on).into_iter().collect()
    }
}

impl Machine for DisputeProceeding {
    type State = ProceedingState;
    type Step = ProceedingStep;

    fn edges(row: &Model) -> &'static [Edge<DisputeProceeding>] {
        edges(row.stage)
    }

    fn state(row: &Model) -> ProceedingState {
        row.state
    }

    fn set_state(draft: &mut ActiveModel, state: ProceedingState) {
        draft.state = Set(state);
    }

    fn on_step(row: &Model, step: ProceedingStep, day: NaiveDate, draft: &mut ActiveModel) {
        let accepted = matches!(
            step,
            ProceedingStep::Accept | ProceedingStep::File | ProceedingStep::BeginEnforcement
        );
        if accepted && row.accepted_on.is_none() {
            draft.accepted_on = Set(Some(day));
        }
        if let Set(state) = draft.state {
            let ended = is_end(row.stage, state);
            draft.ended_on = Set(ended.then_some(day));
        }
    }
}

impl Linked for DisputeProceeding {
    type Where = DisputeProceedingWhere;
    type Order = DisputeProceedingOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "openSteps" => machine::link(|it: &DisputeProceeding| {
                machine::steps_from::<DisputeProceeding>(edges(it.stage), it.state)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            "deadlines" => Link::many::<Deadline>(entity::deadline::Column::ProceedingId),
            _ => return None,
        })
    }
}

impl Filter for DisputeProceedingWhere {
    type Resource = DisputeProceeding;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::deadline::Column::ProceedingId, self.deadlines)?
            .on(Column::Id, self.id)?
            .on(Column::Stage, self.stage)?
            .on(Column::Body, self.body)?
            .on(Column::DocketNo, self.docket_no)?
            .on(Column::OpenedOn, self.opened_on)?
            .on(Column::AcceptedOn, self.accepted_on)?
            .on(Column::DueOn, self.due_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::State, self.state)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CaseId, self.case)
    }
}

impl OrderField for DisputeProceedingOrderField {
    type Resource = DisputeProceeding;

    fn column(self) -> Column {
        match self {
            DisputeProceedingOrderField::Body => Column::Body,
            DisputeProceedingOrderField::OpenedOn => Column::OpenedOn,
            DisputeProceedingOrderField::CreatedAt => Column::CreatedAt,
            DisputeProceedingOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a proceeding, as a mutation says it.
#[derive(Default)]
struct Essentials {
    case_id: MaybeUndefined<Id<DisputeCase>>,
    stage: MaybeUndefined<ProceedingStage>,
    body: MaybeUndefined<String>,
    opened_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: DisputeProceedingOpenInput,
) -> Result<DisputeProceeding> {
    let essentials = Essentials {
        case_id: MaybeUndefined::Value(input.case_id),
        stage: MaybeUndefined::Value(input.stage),
        body: MaybeUndefined::Value(input.body),
        opened_on: MaybeUndefined::Value(input.opened_on),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: DisputeProceedingUpdateInput,
) -> Result<DisputeProceeding> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { body: input.body, opened_on: input.opened_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<DisputeProceeding>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<DisputeProceeding> {
    let (Set(case_id), Set(stage)) = (&draft.case_id, &draft.stage) else {
        return work.create::<DisputeProceeding>(draft).await;
    };
    let case = find_open(work, *case_id).await?;
    let status = case_status(*stage);
    draft.state = Set(first_state(*stage));
    draft.division_code = Set(case.division_code.clone());
    let proceeding = work.create::<DisputeProceeding>(draft).await?;
    // A case is where its latest proceeding is.
    let moved = dispute_case::ActiveModel { status: Set(status), ..Default::default() };
    work.update::<DisputeCase>(case, moved).await?;
    Ok(proceeding)
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: DisputeProceedingDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        case_id: form.id("caseId", essentials.case_id),
        stage: form.plain("stage", essentials.stage),
        body: form.line("body", essentials.body, 200),
        opened_on: form.day("openedOn", essentials.opened_on),
        docket_no: form.line_option("docketNo", details.docket_no, 200),
        due_on: form.day_option(details.due_on),
        outcome: form.line_option("outcome", details.outcome, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

macro_rules! machine {
    ($($from:ident $step:ident $to:ident),* $(,)?) => {
        &[$((ProceedingState::$from, ProceedingStep::$step, ProceedingState::$to)),*]
    };
}

const NEGOTIATION: &[Edge<DisputeProceeding>] = machine![
    Requested BeginNegotiation Negotiating,
    Requested Refuse Refused,
    Negotiating Settle Settled,
    Negotiating Fail Failed,
];

const MEDIATION: &[Edge<DisputeProceeding>] = machine![
    Applied Accept Accepted,
    Applied Decline NotAccepted,
    Accepted BeginMediation Mediating,
    Mediating Agree Agreed,
    Mediating Fail Failed,
    Mediating TimeOut Timeout,
    Agreed Perform Performed,
    Agreed Breach Breached,
    Breached SeekPaymentOrder PaymentOrder,
];

const ARBITRATION: &[Edge<DisputeProceeding>] = machine![
    Applied Accept Accepted,
    Applied Refuse Refused,
    Applied LapseUndecided NoDecision,
    Accepted Serve Served,
    Served Answer Answered,
    Served FormTribunal TribunalFormed,
    Answered FormTribunal TribunalFormed,
    TribunalFormed BeginHearing Hearing,
    Hearing Suspend Suspended,
    Suspended Resume Hearing,
    Hearing Mediate ArbitralMediation,
    Hearing AwardFinal AwardFinal,
    Hearing AwardNonFinal AwardNonFinal,
    Hearing AwardByDefault DefaultAward,
    Hearing Withdraw Withdrawn,
    Hearing MarkOverdue Overdue,
];

const COURT_FIRST: &[Edge<DisputeProceeding>] = machine![
    Filed BeginTrial Trial,
    Trial Judge Judged,
    Trial Mediate Mediated,
    Trial Withdraw Withdrawn,
    Trial SetAside SetAside,
    Judged Appeal Appealed,
];

const COURT_SECOND: &[Edge<DisputeProceeding>] = machine![
    Filed BeginTrial Trial,
    Trial JudgeFinally Final,
    Trial Mediate Mediated,
    Trial Withdraw Withdrawn,
];

const ENFORCEMENT: &[Edge<DisputeProceeding>] = machine![
    Applied BeginEnforcement Enforcing,
    Enforcing RecordPayment Paid,
    Enforcing RecordPartialPayment Partial,
    Enforcing Terminate Terminated,
];

const INSPECTION: &[Edge<DisputeProceeding>] = machine![
    Reported File Filed,
    Filed BeginInvestigation Investigating,
    Investigating Order Ordered,
    Ordered RecordPayment Paid,
    Ordered Penalise Penalised,
    Ordered EnforceThroughCourt CourtEnforced,
    Ordered ReferCriminal ReferredCriminal,
];

/// The machine of a stage.
fn edges(stage: ProceedingStage) -> &'static [Edge<DisputeProceeding>] {
    match stage {
        ProceedingStage::Negotiation => NEGOTIATION,
        ProceedingStage::Mediation => MEDIATION,
        ProceedingStage::Arbitration => ARBITRATION,
        ProceedingStage::CourtFirst => COURT_FIRST,
        ProceedingStage::CourtSecond => COURT_SECOND,
        ProceedingStage::Enforcement => ENFORCEMENT,
        ProceedingStage::Inspection => INSPECTION,
    }
}

/// The state that the machine of a stage begins in.
fn first_state(stage: ProceedingStage) -> ProceedingState {
    edges(stage)[0].0
}

fn steps_after(stage: ProceedingStage, state: ProceedingState) -> Vec<ProceedingStep> {
    machine::steps_from::<DisputeProceeding>(edges(stage), state)
}

/// Whether a proceeding ends here. A judgment and a breach can be the end, although a step is open:
/// nobody has to appeal or to seek an order, and a breach may be taken to arbitration instead.
fn is_end(stage: ProceedingStage, state: ProceedingState) -> bool {
    matches!(state, ProceedingState::Judged | ProceedingState::Breached)
        || steps_after(stage, state).is_empty()
}

/// Where a case is when a proceeding of this stage was opened last.
fn case_status(stage: ProceedingStage) -> DisputeCaseStatus {
    match stage {
        ProceedingStage::Negotiation => DisputeCaseStatus::InNegotiation,
        ProceedingStage::Mediation => DisputeCaseStatus::InMediation,
        ProceedingStage::Arbitration => DisputeCaseStatus::InArbitration,
        ProceedingStage::CourtFirst | ProceedingStage::CourtSecond => DisputeCaseStatus::InCourt,
        ProceedingStage::Enforcement => DisputeCaseStatus::InEnforcement,
        ProceedingStage::Inspection => DisputeCaseStatus::UnderInspection,
    }
}
