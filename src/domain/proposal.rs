use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    proposal::{ActiveModel, Column, Entity, Model, ProposalStatus, ProposalStep},
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
        division::Division,
        external_id,
        worker::{Worker, WorkerWhere},
        workers_congress::{WorkersCongress, WorkersCongressWhere},
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

/// What a delegate proposed to a workers' congress.
///
/// 职工代表提案。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Proposal)))]
#[sea_orm(entity = "Entity")]
pub struct Proposal {
    /// The id. 编号
    pub id: Id<Proposal>,
    /// What it is about. 提案主题
    pub topic: String,
    /// What is proposed. 提案内容
    pub content: String,
    /// The day it was submitted. 提交日期
    pub submitted_on: Date,
    /// The department that is to answer. 承办部门
    pub assignee_name: Option<String>,
    /// The last day to answer. 答复期限
    pub reply_due_on: Option<Date>,
    /// The answer. 答复内容
    pub reply: Option<String>,
    /// The day it was answered. 答复日期
    pub replied_on: Option<Date>,
    /// Whether who proposed it was satisfied; null before that was said. 提案人是否满意
    pub is_satisfied: Option<bool>,
    /// The state. 状态
    pub status: ProposalStatus,
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
    #[graphql(skip)]
    merged_into_id: Option<Id<Proposal>>,
}

/// Narrows a list of proposals.
///
/// 职工代表提案筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProposalWhere {
    /// All of these. 全部满足
    and: Option<Vec<ProposalWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ProposalWhere>>,
    /// Not this. 不满足
    not: Option<Box<ProposalWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What it is about. 提案主题
    topic: Option<TextFilter>,
    /// The day it was submitted. 提交日期
    submitted_on: Option<Ordering<Date>>,
    /// The department that is to answer. 承办部门
    assignee_name: Option<TextFilter>,
    /// The last day to answer. 答复期限
    reply_due_on: Option<Ordering<Date>>,
    /// The day it was answered. 答复日期
    replied_on: Option<Ordering<Date>>,
    /// Whether who proposed it was satisfied; null before that was said. 提案人是否满意
    is_satisfied: Option<Equality<bool>>,
    /// The state. 状态
    status: Option<Equality<ProposalStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The congress. 职工代表大会
    congress: Option<Nested<WorkersCongressWhere>>,
    /// Who proposed it. 提案人
    worker: Option<Nested<WorkerWhere>>,
    /// The proposal that it was merged into. 并入的提案
    merged_into: Option<Nested<ProposalWhere>>,
}

/// What a list of proposals can be sorted by.
///
/// 职工代表提案排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProposalOrderField {
    /// The day it was submitted. 提交日期
    SubmittedOn,
    /// The last day to answer. 答复期限
    ReplyDueOn,
    /// The day it was answered. 答复日期
    RepliedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a proposal and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProposalDetails {
    /// The proposal that it was merged into. 并入的提案
    merged_into_id: MaybeUndefined<Id<Proposal>>,
    /// The department that is to answer. 承办部门
    assignee_name: MaybeUndefined<String>,
    /// The last day to answer. 答复期限
    reply_due_on: MaybeUndefined<Date>,
    /// The answer. 答复内容
    reply: MaybeUndefined<String>,
}

/// Submits a proposal to a workers' congress.
///
/// 提交职工代表提案。
#[derive(Clone, Debug, InputObject)]
pub struct ProposalSubmitInput {
    /// The congress. 职工代表大会
    congress_id: Id<WorkersCongress>,
    /// Who proposed it. 提案人
    worker_id: Id<Worker>,
    /// What it is about. 提案主题
    topic: String,
    /// What is proposed. 提案内容
    content: String,
    /// The day it was submitted. 提交日期
    submitted_on: Date,
    #[graphql(flatten)]
    details: ProposalDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a proposal: absent keeps, null clears, a value sets.
///
/// 更新职工代表提案：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ProposalUpdateInput {
    /// The record. 记录编号
    id: Id<Proposal>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What it is about. 提案主题
    topic: MaybeUndefined<String>,
    /// What is proposed. 提案内容
    content: MaybeUndefined<String>,
    /// The day it was submitted. 提交日期
    submitted_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: ProposalDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ProposalQueries") of Proposal by ProposalBy, ProposalWhere, ProposalOrderField {
        /// One proposal; null when there is none that the caller may see. 查询一条职工代表提案
        proposal = "proposal",
        /// Proposals, oldest record first unless told otherwise. 查询职工代表提案列表
        proposals = "proposals",
    }
}

writes! {
    Mutations("ProposalMutations") of Proposal {
        /// Submits a proposal to a workers' congress. 提交职工代表提案
        proposal_submit: ProposalSubmitInput => ProposalSubmit = create,
        /// Changes a proposal. 更新职工代表提案
        proposal_update: ProposalUpdateInput => ProposalUpdate = update,
    }
    upsert {
        /// Creates a proposal, or changes the one that has this external id. 按外部编号新增或更新职工代表提案
        proposal_upsert: ProposalUpsert of ProposalSubmitInput, ProposalUpdateInput
    }
    archive {
        /// Archives a proposal: out of the lists, still there by id. 归档职工代表提案
        proposal_archive: ProposalArchive
    }
    restore {
        /// Brings back an archived proposal. 恢复职工代表提案
        proposal_restore: ProposalRestore
    }
}

steps! {
    Steps("ProposalSteps") of Proposal {
        /// Accepts it. 立案
        proposal_accept: ProposalAccept = ProposalStep::Accept,
        /// Merges it into another. 并案
        proposal_merge: ProposalMerge = ProposalStep::Merge,
        /// Declines it. 不予立案
        proposal_decline: ProposalDecline = ProposalStep::Decline,
        /// Assigns it to a department. 交办
        proposal_assign: ProposalAssign = ProposalStep::Assign,
        /// Answers it. 答复
        proposal_answer: ProposalAnswer = ProposalStep::Answer,
        /// Asks who proposed it. 征求提案人意见
        proposal_ask_feedback: ProposalAskFeedback = ProposalStep::AskFeedback,
        /// Has it handled again: who proposed it was not satisfied. 重新办理
        proposal_handle_again: ProposalHandleAgain = ProposalStep::HandleAgain,
        /// Closes it: who proposed it was satisfied. 办结
        proposal_close: ProposalClose = ProposalStep::Close,
    }
}

groups! {
    /// Proposals, counted by what they have in common: at most 1,000 groups. 按字段分组统计职工代表提案
    Groups("ProposalGroupQueries") of Proposal by ProposalWhere in proposal_groups: ProposalGroup by ProposalGroupField {
        /// The state. 状态
        Status = status: ProposalStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl Proposal {
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

    /// Who proposed it; null when the caller may not see it. 提案人
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The proposal that it was merged into; null when the caller may not see it. 并入的提案
    async fn merged_into(&self, ctx: &Context<'_>) -> Nullable<Proposal> {
        ctx.find(self.merged_into_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<ProposalStep> {
        machine::steps_from::<Proposal>(EDGES, self.status)
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

impl Resource for Proposal {
    const KIND: Kind = Kind::Proposal;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("replyDueOn", Some(row.submitted_on), row.reply_due_on),
            Violation::out_of_order("repliedOn", Some(row.submitted_on), row.replied_on),
        ];
        broken.into_iter().flatten().collect()
    }
}

/// The machine.
const EDGES: &[Edge<Proposal>] = &[
    (ProposalStatus::Submitted, ProposalStep::Accept, ProposalStatus::Accepted),
    (ProposalStatus::Submitted, ProposalStep::Merge, ProposalStatus::Merged),
    (ProposalStatus::Submitted, ProposalStep::Decline, ProposalStatus::Declined),
    (ProposalStatus::Accepted, ProposalStep::Assign, ProposalStatus::Assigned),
    (ProposalStatus::Assigned, ProposalStep::Answer, ProposalStatus::Answered),
    (ProposalStatus::Answered, ProposalStep::AskFeedback, ProposalStatus::Feedback),
    (ProposalStatus::Feedback, ProposalStep::HandleAgain, ProposalStatus::Assigned),
    (ProposalStatus::Feedback, ProposalStep::Close, ProposalStatus::Closed),
];

impl Machine for Proposal {
    type State = ProposalStatus;
    type Step = ProposalStep;

    fn edges(_row: &Model) -> &'static [Edge<Proposal>] {
        EDGES
    }

    fn state(row: &Model) -> ProposalStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: ProposalStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: ProposalStep, day: NaiveDate, draft: &mut ActiveModel) {
        match step {
            ProposalStep::Answer => draft.replied_on = Set(Some(day)),
            ProposalStep::HandleAgain => draft.is_satisfied = Set(Some(false)),
            ProposalStep::Close => draft.is_satisfied = Set(Some(true)),
            _ => {}
        }
    }
}

impl Linked for Proposal {
    type Where = ProposalWhere;
    type Order = ProposalOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "congress" => Link::one::<WorkersCongress>(Column::CongressId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "mergedInto" => Link::one::<Proposal>(Column::MergedIntoId),
            "openSteps" => {
                machine::link(|it: &Proposal| machine::steps_from::<Proposal>(EDGES, it.status))
            }
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for ProposalWhere {
    type Resource = Proposal;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Topic, self.topic)?
            .on(Column::SubmittedOn, self.submitted_on)?
            .on(Column::AssigneeName, self.assignee_name)?
            .on(Column::ReplyDueOn, self.reply_due_on)?
            .on(Column::RepliedOn, self.replied_on)?
            .on(Column::IsSatisfied, self.is_satisfied)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CongressId, self.congress)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::MergedIntoId, self.merged_into)
    }
}

impl OrderField for ProposalOrderField {
    type Resource = Proposal;

    fn column(self) -> Column {
        match self {
            ProposalOrderField::SubmittedOn => Column::SubmittedOn,
            ProposalOrderField::ReplyDueOn => Column::ReplyDueOn,
            ProposalOrderField::RepliedOn => Column::RepliedOn,
            ProposalOrderField::CreatedAt => Column::CreatedAt,
            ProposalOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a proposal, as a mutation says it.
#[derive(Default)]
struct Essentials {
    congress_id: MaybeUndefined<Id<WorkersCongress>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    topic: MaybeUndefined<String>,
    content: MaybeUndefined<String>,
    submitted_on: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: ProposalSubmitInput) -> Result<Proposal> {
    let essentials = Essentials {
        congress_id: MaybeUndefined::Value(input.congress_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        topic: MaybeUndefined::Value(input.topic),
        content: MaybeUndefined::Value(input.content),
        submitted_on: MaybeUndefined::Value(input.submitted_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(ProposalStatus::Submitted);
    if let Set(owner) = draft.congress_id {
        let owner = work.find_current::<WorkersCongress>("congressId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<Proposal>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: ProposalUpdateInput) -> Result<Proposal> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        topic: input.topic,
        content: input.content,
        submitted_on: input.submitted_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<Proposal>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ProposalDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    work.refer("mergedIntoId", details.merged_into_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        congress_id: form.id("congressId", essentials.congress_id),
        worker_id: form.id("workerId", essentials.worker_id),
        topic: form.line("topic", essentials.topic, 200),
        content: form.paragraphs("content", essentials.content, 2000),
        submitted_on: form.day("submittedOn", essentials.submitted_on),
        merged_into_id: form.id_option(details.merged_into_id),
        assignee_name: form.line_option("assigneeName", details.assignee_name, 200),
        reply_due_on: form.day_option(details.reply_due_on),
        reply: form.paragraphs_option("reply", details.reply, 2000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
