use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    hotline_ticket::{
        ActiveModel, Column, Entity, HotlineTicketStatus, HotlineTicketStep, Model, TicketCategory,
        TicketChannel, TicketDifficulty, TicketSatisfaction,
    },
    state_transition,
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
        dispute_case::{DisputeCase, DisputeCaseWhere},
        division::Division,
        external_id,
        union_organization::{UnionOrganization, UnionOrganizationWhere},
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
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

/// What somebody asked of the hotline of the union.
///
/// 12351职工服务热线工单。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::HotlineTicket)))]
#[sea_orm(entity = "Entity")]
pub struct HotlineTicket {
    /// The id. 编号
    pub id: Id<HotlineTicket>,
    /// The number of the ticket. 工单编号
    pub ticket_no: String,
    /// What it is. 类别
    pub category: TicketCategory,
    /// By which way it came. 来源
    pub channel: TicketChannel,
    /// What it is about, without names. 事由
    pub topic: String,
    /// The day it came. 受理日期
    pub received_on: Date,
    /// How hard it is. 难易程度
    pub difficulty: Option<TicketDifficulty>,
    /// The last day to handle it. 办理期限
    pub due_on: Option<Date>,
    /// What the caller said when called back. 满意度
    pub satisfaction: Option<TicketSatisfaction>,
    /// The day it was closed. 办结日期
    pub closed_on: Option<Date>,
    /// The state. 状态
    pub status: HotlineTicketStatus,
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
    worker_id: Option<Id<Worker>>,
    #[graphql(skip)]
    handler_id: Option<Id<UnionOrganization>>,
    #[graphql(skip)]
    case_id: Option<Id<DisputeCase>>,
}

/// Narrows a list of hotline tickets.
///
/// 职工热线工单筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct HotlineTicketWhere {
    /// All of these. 全部满足
    and: Option<Vec<HotlineTicketWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<HotlineTicketWhere>>,
    /// Not this. 不满足
    not: Option<Box<HotlineTicketWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number of the ticket. 工单编号
    ticket_no: Option<TextFilter>,
    /// What it is. 类别
    category: Option<Equality<TicketCategory>>,
    /// By which way it came. 来源
    channel: Option<Equality<TicketChannel>>,
    /// What it is about, without names. 事由
    topic: Option<TextFilter>,
    /// The day it came. 受理日期
    received_on: Option<Ordering<Date>>,
    /// How hard it is. 难易程度
    difficulty: Option<Equality<TicketDifficulty>>,
    /// The last day to handle it. 办理期限
    due_on: Option<Ordering<Date>>,
    /// What the caller said when called back. 满意度
    satisfaction: Option<Equality<TicketSatisfaction>>,
    /// The day it was closed. 办结日期
    closed_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<HotlineTicketStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// Who asked, where that is on record. 来电职工
    worker: Option<Nested<WorkerWhere>>,
    /// The union that handles it. 承办工会
    handler: Option<Nested<UnionOrganizationWhere>>,
    /// The case that came of it. 转立案件
    case: Option<Nested<DisputeCaseWhere>>,
}

/// What a list of hotline tickets can be sorted by.
///
/// 职工热线工单排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HotlineTicketOrderField {
    /// The number of the ticket. 工单编号
    TicketNo,
    /// The day it came. 受理日期
    ReceivedOn,
    /// The last day to handle it. 办理期限
    DueOn,
    /// The day it was closed. 办结日期
    ClosedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a hotline ticket and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HotlineTicketDetails {
    /// Who asked, where that is on record. 来电职工
    worker_id: MaybeUndefined<Id<Worker>>,
    /// The union that handles it. 承办工会
    handler_id: MaybeUndefined<Id<UnionOrganization>>,
    /// The case that came of it. 转立案件
    case_id: MaybeUndefined<Id<DisputeCase>>,
    /// How hard it is. 难易程度
    difficulty: MaybeUndefined<TicketDifficulty>,
    /// The last day to handle it. 办理期限
    due_on: MaybeUndefined<Date>,
    /// What the caller said when called back. 满意度
    satisfaction: MaybeUndefined<TicketSatisfaction>,
}

/// Takes a call, or a letter, of the hotline.
///
/// 登记来电来信。
#[derive(Clone, Debug, InputObject)]
pub struct HotlineTicketReceiveInput {
    /// The number of the ticket. 工单编号
    ticket_no: String,
    /// What it is. 类别
    category: TicketCategory,
    /// By which way it came. 来源
    channel: TicketChannel,
    /// What it is about, without names. 事由
    topic: String,
    /// The day it came. 受理日期
    received_on: Date,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: HotlineTicketDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a hotline ticket: absent keeps, null clears, a value sets.
///
/// 更新职工热线工单：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct HotlineTicketUpdateInput {
    /// The record. 记录编号
    id: Id<HotlineTicket>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The number of the ticket. 工单编号
    ticket_no: MaybeUndefined<String>,
    /// What it is. 类别
    category: MaybeUndefined<TicketCategory>,
    /// By which way it came. 来源
    channel: MaybeUndefined<TicketChannel>,
    /// What it is about, without names. 事由
    topic: MaybeUndefined<String>,
    /// The day it came. 受理日期
    received_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: HotlineTicketDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("HotlineTicketQueries") of HotlineTicket by HotlineTicketBy, HotlineTicketWhere, HotlineTicketOrderField {
        /// One hotline ticket; null when there is none that the caller may see. 查询一条职工热线工单
        hotline_ticket = "hotlineTicket",
        /// Hotline tickets, oldest record first unless told otherwise. 查询职工热线工单列表
        hotline_tickets = "hotlineTickets",
    }
}

writes! {
    Mutations("HotlineTicketMutations") of HotlineTicket {
        /// Takes a call, or a letter, of the hotline. 登记来电来信
        hotline_ticket_receive: HotlineTicketReceiveInput => HotlineTicketReceive = create,
        /// Changes a hotline ticket. 更新职工热线工单
        hotline_ticket_update: HotlineTicketUpdateInput => HotlineTicketUpdate = update,
    }
    upsert {
        /// Creates a hotline ticket, or changes the one that has this external id. 按外部编号新增或更新职工热线工单
        hotline_ticket_upsert: HotlineTicketUpsert of HotlineTicketReceiveInput, HotlineTicketUpdateInput
    }
    archive {
        /// Archives a hotline ticket: out of the lists, still there by id. 归档职工热线工单
        hotline_ticket_archive: HotlineTicketArchive
    }
    restore {
        /// Brings back an archived hotline ticket. 恢复职工热线工单
        hotline_ticket_restore: HotlineTicketRestore
    }
}

steps! {
    Steps("HotlineTicketSteps") of HotlineTicket {
        /// Registers it. 登记
        hotline_ticket_register: HotlineTicketRegister = HotlineTicketStep::Register,
        /// Answers it at once. 当场答复
        hotline_ticket_answer_on_line: HotlineTicketAnswerOnLine = HotlineTicketStep::AnswerOnLine,
        /// Sends it to a union. 派单
        hotline_ticket_dispatch: HotlineTicketDispatch = HotlineTicketStep::Dispatch,
        /// Sends it back. 退单
        hotline_ticket_return: HotlineTicketReturn = HotlineTicketStep::Return,
        /// Accepts it. 签收
        hotline_ticket_accept: HotlineTicketAccept = HotlineTicketStep::Accept,
        /// Begins to handle it. 开始办理
        hotline_ticket_handle: HotlineTicketHandle = HotlineTicketStep::Handle,
        /// Extends the time. 延期
        hotline_ticket_extend: HotlineTicketExtend = HotlineTicketStep::Extend,
        /// Resolves it. 办复
        hotline_ticket_resolve: HotlineTicketResolve = HotlineTicketStep::Resolve,
        /// Calls the caller back. 回访
        hotline_ticket_call_back: HotlineTicketCallBack = HotlineTicketStep::CallBack,
        /// Closes it. 办结
        hotline_ticket_close: HotlineTicketClose = HotlineTicketStep::Close,
        /// Opens it again. 重新办理
        hotline_ticket_reopen: HotlineTicketReopen = HotlineTicketStep::Reopen,
    }
}

groups! {
    /// Hotline tickets, counted by what they have in common: at most 1,000 groups. 按字段分组统计职工热线工单
    Groups("HotlineTicketGroupQueries") of HotlineTicket by HotlineTicketWhere in hotline_ticket_groups: HotlineTicketGroup by HotlineTicketGroupField {
        /// What it is. 类别
        Category = category: TicketCategory,
        /// By which way it came. 来源
        Channel = channel: TicketChannel,
        /// How hard it is. 难易程度
        Difficulty = difficulty: TicketDifficulty,
        /// What the caller said when called back. 满意度
        Satisfaction = satisfaction: TicketSatisfaction,
        /// The state. 状态
        Status = status: HotlineTicketStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl HotlineTicket {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// Who asked, where that is on record; null when the caller may not see it. 来电职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(self.worker_id).await
    }

    /// The union that handles it; null when the caller may not see it. 承办工会
    async fn handler(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(self.handler_id).await
    }

    /// The case that came of it; null when the caller may not see it. 转立案件
    async fn case(&self, ctx: &Context<'_>) -> Nullable<DisputeCase> {
        ctx.find(self.case_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<HotlineTicketStep> {
        machine::steps_from::<HotlineTicket>(EDGES, self.status)
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

impl Resource for HotlineTicket {
    const KIND: Kind = Kind::HotlineTicket;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("dueOn", Some(row.received_on), row.due_on),
            Violation::out_of_order("closedOn", Some(row.received_on), row.closed_on),
        ];
        broken.into_iter().flatten().collect()
    }
}

/// The machine.
const EDGES: &[Edge<HotlineTicket>] = &[
    (HotlineTicketStatus::Received, HotlineTicketStep::Register, HotlineTicketStatus::Registered),
    (
        HotlineTicketStatus::Registered,
        HotlineTicketStep::AnswerOnLine,
        HotlineTicketStatus::AnsweredOnLine,
    ),
    (HotlineTicketStatus::Registered, HotlineTicketStep::Dispatch, HotlineTicketStatus::Dispatched),
    (HotlineTicketStatus::Dispatched, HotlineTicketStep::Accept, HotlineTicketStatus::Accepted),
    (HotlineTicketStatus::Dispatched, HotlineTicketStep::Return, HotlineTicketStatus::Returned),
    (HotlineTicketStatus::Returned, HotlineTicketStep::Dispatch, HotlineTicketStatus::Dispatched),
    (HotlineTicketStatus::Accepted, HotlineTicketStep::Handle, HotlineTicketStatus::Handling),
    (HotlineTicketStatus::Handling, HotlineTicketStep::Extend, HotlineTicketStatus::Extended),
    (HotlineTicketStatus::Handling, HotlineTicketStep::Resolve, HotlineTicketStatus::Resolved),
    (HotlineTicketStatus::Extended, HotlineTicketStep::Resolve, HotlineTicketStatus::Resolved),
    (HotlineTicketStatus::Resolved, HotlineTicketStep::CallBack, HotlineTicketStatus::Callback),
    (
        HotlineTicketStatus::AnsweredOnLine,
        HotlineTicketStep::CallBack,
        HotlineTicketStatus::Callback,
    ),
    (HotlineTicketStatus::Callback, HotlineTicketStep::Close, HotlineTicketStatus::Closed),
    (HotlineTicketStatus::Callback, HotlineTicketStep::Reopen, HotlineTicketStatus::Reopened),
    (HotlineTicketStatus::Closed, HotlineTicketStep::Reopen, HotlineTicketStatus::Reopened),
    (HotlineTicketStatus::Reopened, HotlineTicketStep::Dispatch, HotlineTicketStatus::Dispatched),
];

impl Machine for HotlineTicket {
    type State = HotlineTicketStatus;
    type Step = HotlineTicketStep;

    fn edges(_row: &Model) -> &'static [Edge<HotlineTicket>] {
        EDGES
    }

    fn state(row: &Model) -> HotlineTicketStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: HotlineTicketStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: HotlineTicketStep, day: NaiveDate, draft: &mut ActiveModel) {
        match step {
            HotlineTicketStep::Close => draft.closed_on = Set(Some(day)),
            HotlineTicketStep::Reopen => draft.closed_on = Set(None),
            _ => {}
        }
    }
}

impl Linked for HotlineTicket {
    type Where = HotlineTicketWhere;
    type Order = HotlineTicketOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "handler" => Link::one::<UnionOrganization>(Column::HandlerId),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "openSteps" => machine::link(|it: &HotlineTicket| {
                machine::steps_from::<HotlineTicket>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for HotlineTicketWhere {
    type Resource = HotlineTicket;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::TicketNo, self.ticket_no)?
            .on(Column::Category, self.category)?
            .on(Column::Channel, self.channel)?
            .on(Column::Topic, self.topic)?
            .on(Column::ReceivedOn, self.received_on)?
            .on(Column::Difficulty, self.difficulty)?
            .on(Column::DueOn, self.due_on)?
            .on(Column::Satisfaction, self.satisfaction)?
            .on(Column::ClosedOn, self.closed_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::HandlerId, self.handler)?
            .to_one(Column::CaseId, self.case)
    }
}

impl OrderField for HotlineTicketOrderField {
    type Resource = HotlineTicket;

    fn column(self) -> Column {
        match self {
            HotlineTicketOrderField::TicketNo => Column::TicketNo,
            HotlineTicketOrderField::ReceivedOn => Column::ReceivedOn,
            HotlineTicketOrderField::DueOn => Column::DueOn,
            HotlineTicketOrderField::ClosedOn => Column::ClosedOn,
            HotlineTicketOrderField::CreatedAt => Column::CreatedAt,
            HotlineTicketOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a hotline ticket, as a mutation says it.
#[derive(Default)]
struct Essentials {
    ticket_no: MaybeUndefined<String>,
    category: MaybeUndefined<TicketCategory>,
    channel: MaybeUndefined<TicketChannel>,
    topic: MaybeUndefined<String>,
    received_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: HotlineTicketReceiveInput,
) -> Result<HotlineTicket> {
    let essentials = Essentials {
        ticket_no: MaybeUndefined::Value(input.ticket_no),
        category: MaybeUndefined::Value(input.category),
        channel: MaybeUndefined::Value(input.channel),
        topic: MaybeUndefined::Value(input.topic),
        received_on: MaybeUndefined::Value(input.received_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(HotlineTicketStatus::Received);
    work.create::<HotlineTicket>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: HotlineTicketUpdateInput,
) -> Result<HotlineTicket> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        ticket_no: input.ticket_no,
        category: input.category,
        channel: input.channel,
        topic: input.topic,
        received_on: input.received_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<HotlineTicket>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: HotlineTicketDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", details.worker_id.value().copied()).await?;
    work.refer("handlerId", details.handler_id.value().copied()).await?;
    work.refer("caseId", details.case_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        ticket_no: form.line("ticketNo", essentials.ticket_no, 32),
        category: form.plain("category", essentials.category),
        channel: form.plain("channel", essentials.channel),
        topic: form.line("topic", essentials.topic, 200),
        received_on: form.day("receivedOn", essentials.received_on),
        worker_id: form.id_option(details.worker_id),
        handler_id: form.id_option(details.handler_id),
        case_id: form.id_option(details.case_id),
        difficulty: form.plain_option(details.difficulty),
        due_on: form.day_option(details.due_on),
        satisfaction: form.plain_option(details.satisfaction),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
