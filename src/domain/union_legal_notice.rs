use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    state_transition,
    union_legal_notice::{
        ActiveModel, Column, Entity, Model, UnionLegalNoticeStatus, UnionLegalNoticeStep,
    },
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Term, TermUnit};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        dispute_case::{DisputeCase, DisputeCaseWhere},
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        holiday::{self},
        union_organization::{UnionOrganization, UnionOrganizationWhere},
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
    operation::StepInput,
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// How a union supervises an employer: a reminder, an opinion, a recommendation to the authority.
///
/// 工会劳动法律监督文书（一函两书）。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::UnionLegalNotice)))]
#[sea_orm(entity = "Entity")]
pub struct UnionLegalNotice {
    /// The id. 编号
    pub id: Id<UnionLegalNotice>,
    /// What the employer is to mend. 事由
    pub subject: String,
    /// The day the reminder was sent. 提示函发出日期
    pub sent_on: Date,
    /// The number of the reminder. 文号
    pub document_no: Option<String>,
    /// The day the opinion was sent. 意见书发出日期
    pub opinion_on: Option<Date>,
    /// The last day to answer the opinion: the fifteenth working day after it. 答复期限
    pub reply_due_on: Option<Date>,
    /// The day the employer answered or mended it. 答复日期
    pub replied_on: Option<Date>,
    /// What came of it. 处理结果
    pub outcome: Option<String>,
    /// The state. 状态
    pub status: UnionLegalNoticeStatus,
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
    union_organization_id: Id<UnionOrganization>,
    #[graphql(skip)]
    employer_id: Id<Employer>,
    #[graphql(skip)]
    case_id: Option<Id<DisputeCase>>,
}

/// Narrows a list of union legal notices.
///
/// 工会劳动法律监督文书筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionLegalNoticeWhere {
    /// All of these. 全部满足
    and: Option<Vec<UnionLegalNoticeWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<UnionLegalNoticeWhere>>,
    /// Not this. 不满足
    not: Option<Box<UnionLegalNoticeWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What the employer is to mend. 事由
    subject: Option<TextFilter>,
    /// The day the reminder was sent. 提示函发出日期
    sent_on: Option<Ordering<Date>>,
    /// The number of the reminder. 文号
    document_no: Option<TextFilter>,
    /// The day the opinion was sent. 意见书发出日期
    opinion_on: Option<Ordering<Date>>,
    /// The last day to answer the opinion: the fifteenth working day after it. 答复期限
    reply_due_on: Option<Ordering<Date>>,
    /// The day the employer answered or mended it. 答复日期
    replied_on: Option<Ordering<Date>>,
    /// What came of it. 处理结果
    outcome: Option<TextFilter>,
    /// The state. 状态
    status: Option<Equality<UnionLegalNoticeStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The union that sends it. 发出工会
    union_organization: Option<Nested<UnionOrganizationWhere>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// The case behind it, if there is one. 相关案件
    case: Option<Nested<DisputeCaseWhere>>,
}

/// What a list of union legal notices can be sorted by.
///
/// 工会劳动法律监督文书排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnionLegalNoticeOrderField {
    /// The day the reminder was sent. 提示函发出日期
    SentOn,
    /// The day the opinion was sent. 意见书发出日期
    OpinionOn,
    /// The last day to answer the opinion: the fifteenth working day after it. 答复期限
    ReplyDueOn,
    /// The day the employer answered or mended it. 答复日期
    RepliedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a union legal notice and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionLegalNoticeDetails {
    /// The case behind it, if there is one. 相关案件
    case_id: MaybeUndefined<Id<DisputeCase>>,
    /// The number of the reminder. 文号
    document_no: MaybeUndefined<String>,
    /// What came of it. 处理结果
    outcome: MaybeUndefined<String>,
}

/// Sends a reminder to an employer.
///
/// 发出工会劳动法律监督提示函。
#[derive(Clone, Debug, InputObject)]
pub struct UnionLegalNoticeSendInput {
    /// The union that sends it. 发出工会
    union_organization_id: Id<UnionOrganization>,
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// What the employer is to mend. 事由
    subject: String,
    /// The day the reminder was sent. 提示函发出日期
    sent_on: Date,
    #[graphql(flatten)]
    details: UnionLegalNoticeDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a union legal notice: absent keeps, null clears, a value sets.
///
/// 更新工会劳动法律监督文书：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct UnionLegalNoticeUpdateInput {
    /// The record. 记录编号
    id: Id<UnionLegalNotice>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What the employer is to mend. 事由
    subject: MaybeUndefined<String>,
    /// The day the reminder was sent. 提示函发出日期
    sent_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: UnionLegalNoticeDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("UnionLegalNoticeQueries") of UnionLegalNotice by UnionLegalNoticeBy, UnionLegalNoticeWhere, UnionLegalNoticeOrderField {
        /// One union legal notice; null when there is none that the caller may see. 查询一条工会劳动法律监督文书
        union_legal_notice = "unionLegalNotice",
        /// Union legal notices, oldest record first unless told otherwise. 查询工会劳动法律监督文书列表
        union_legal_notices = "unionLegalNotices",
    }
}

writes! {
    Mutations("UnionLegalNoticeMutations") of UnionLegalNotice {
        /// Sends a reminder to an employer. 发出工会劳动法律监督提示函
        union_legal_notice_send: UnionLegalNoticeSendInput => UnionLegalNoticeSend = create,
        /// Changes a union legal notice. 更新工会劳动法律监督文书
        union_legal_notice_update: UnionLegalNoticeUpdateInput => UnionLegalNoticeUpdate = update,
        /// Sends the opinion; the employer has fifteen working days. 发出意见书
        union_legal_notice_send_opinion: SendOpinionInput => UnionLegalNoticeSendOpinion = send_opinion,
    }
    upsert {
        /// Creates a union legal notice, or changes the one that has this external id. 按外部编号新增或更新工会劳动法律监督文书
        union_legal_notice_upsert: UnionLegalNoticeUpsert of UnionLegalNoticeSendInput, UnionLegalNoticeUpdateInput
    }
    archive {
        /// Archives a union legal notice: out of the lists, still there by id. 归档工会劳动法律监督文书
        union_legal_notice_archive: UnionLegalNoticeArchive
    }
    restore {
        /// Brings back an archived union legal notice. 恢复工会劳动法律监督文书
        union_legal_notice_restore: UnionLegalNoticeRestore
    }
}

steps! {
    Steps("UnionLegalNoticeSteps") of UnionLegalNotice {
        /// Enters the answer to the reminder. 登记提示函回复
        union_legal_notice_reply: UnionLegalNoticeReply = UnionLegalNoticeStep::Reply,
        /// Notes that no answer came in time. 登记逾期
        union_legal_notice_mark_overdue: UnionLegalNoticeMarkOverdue = UnionLegalNoticeStep::MarkOverdue,
        /// Notes that the employer mended it. 登记整改
        union_legal_notice_correct: UnionLegalNoticeCorrect = UnionLegalNoticeStep::Correct,
        /// Asks the authority to act. 发出建议书
        union_legal_notice_recommend: UnionLegalNoticeRecommend = UnionLegalNoticeStep::Recommend,
        /// Notes that the authority opened a case. 登记行政立案
        union_legal_notice_file: UnionLegalNoticeFile = UnionLegalNoticeStep::File,
        /// Notes that the authority explained why not. 登记行政说明
        union_legal_notice_explain: UnionLegalNoticeExplain = UnionLegalNoticeStep::Explain,
        /// Closes it. 办结
        union_legal_notice_close: UnionLegalNoticeClose = UnionLegalNoticeStep::Close,
    }
}

groups! {
    /// Union legal notices, counted by what they have in common: at most 1,000 groups. 按字段分组统计工会劳动法律监督文书
    Groups("UnionLegalNoticeGroupQueries") of UnionLegalNotice by UnionLegalNoticeWhere in union_legal_notice_groups: UnionLegalNoticeGroup by UnionLegalNoticeGroupField {
        /// The state. 状态
        Status = status: UnionLegalNoticeStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl UnionLegalNotice {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The union that sends it; null when the caller may not see it. 发出工会
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.union_organization_id)).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(Some(self.employer_id)).await
    }

    /// The case behind it, if there is one; null when the caller may not see it. 相关案件
    async fn case(&self, ctx: &Context<'_>) -> Nullable<DisputeCase> {
        ctx.find(self.case_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<UnionLegalNoticeStep> {
        machine::steps_from::<UnionLegalNotice>(EDGES, self.status)
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

impl Resource for UnionLegalNotice {
    const KIND: Kind = Kind::UnionLegalNotice;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("opinionOn", Some(row.sent_on), row.opinion_on),
            Violation::out_of_order("repliedOn", Some(row.sent_on), row.replied_on),
        ];
        broken.into_iter().flatten().collect()
    }
}

/// The machine.
const EDGES: &[Edge<UnionLegalNotice>] = &[
    (
        UnionLegalNoticeStatus::ReminderSent,
        UnionLegalNoticeStep::Reply,
        UnionLegalNoticeStatus::Replied,
    ),
    (
        UnionLegalNoticeStatus::ReminderSent,
        UnionLegalNoticeStep::MarkOverdue,
        UnionLegalNoticeStatus::ReminderOverdue,
    ),
    (
        UnionLegalNoticeStatus::Replied,
        UnionLegalNoticeStep::SendOpinion,
        UnionLegalNoticeStatus::OpinionSent,
    ),
    (
        UnionLegalNoticeStatus::ReminderOverdue,
        UnionLegalNoticeStep::SendOpinion,
        UnionLegalNoticeStatus::OpinionSent,
    ),
    (
        UnionLegalNoticeStatus::OpinionSent,
        UnionLegalNoticeStep::Correct,
        UnionLegalNoticeStatus::Corrected,
    ),
    (
        UnionLegalNoticeStatus::OpinionSent,
        UnionLegalNoticeStep::MarkOverdue,
        UnionLegalNoticeStatus::OpinionOverdue,
    ),
    (
        UnionLegalNoticeStatus::OpinionOverdue,
        UnionLegalNoticeStep::Recommend,
        UnionLegalNoticeStatus::RecommendationSent,
    ),
    (
        UnionLegalNoticeStatus::RecommendationSent,
        UnionLegalNoticeStep::File,
        UnionLegalNoticeStatus::AuthorityFiled,
    ),
    (
        UnionLegalNoticeStatus::RecommendationSent,
        UnionLegalNoticeStep::Explain,
        UnionLegalNoticeStatus::Explained,
    ),
    (UnionLegalNoticeStatus::Replied, UnionLegalNoticeStep::Close, UnionLegalNoticeStatus::Closed),
    (
        UnionLegalNoticeStatus::Corrected,
        UnionLegalNoticeStep::Close,
        UnionLegalNoticeStatus::Closed,
    ),
    (
        UnionLegalNoticeStatus::AuthorityFiled,
        UnionLegalNoticeStep::Close,
        UnionLegalNoticeStatus::Closed,
    ),
    (
        UnionLegalNoticeStatus::Explained,
        UnionLegalNoticeStep::Close,
        UnionLegalNoticeStatus::Closed,
    ),
];

impl Machine for UnionLegalNotice {
    type State = UnionLegalNoticeStatus;
    type Step = UnionLegalNoticeStep;

    fn edges(_row: &Model) -> &'static [Edge<UnionLegalNotice>] {
        EDGES
    }

    fn state(row: &Model) -> UnionLegalNoticeStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: UnionLegalNoticeStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: UnionLegalNoticeStep, day: NaiveDate, draft: &mut ActiveModel) {
        match step {
            UnionLegalNoticeStep::Reply | UnionLegalNoticeStep::Correct => {
                draft.replied_on = Set(Some(day));
            }
            UnionLegalNoticeStep::SendOpinion => draft.opinion_on = Set(Some(day)),
            _ => {}
        }
    }
}

impl Linked for UnionLegalNotice {
    type Where = UnionLegalNoticeWhere;
    type Order = UnionLegalNoticeOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "openSteps" => machine::link(|it: &UnionLegalNotice| {
                machine::steps_from::<UnionLegalNotice>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for UnionLegalNoticeWhere {
    type Resource = UnionLegalNotice;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Subject, self.subject)?
            .on(Column::SentOn, self.sent_on)?
            .on(Column::DocumentNo, self.document_no)?
            .on(Column::OpinionOn, self.opinion_on)?
            .on(Column::ReplyDueOn, self.reply_due_on)?
            .on(Column::RepliedOn, self.replied_on)?
            .on(Column::Outcome, self.outcome)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::UnionOrganizationId, self.union_organization)?
            .to_one(Column::EmployerId, self.employer)?
            .to_one(Column::CaseId, self.case)
    }
}

impl OrderField for UnionLegalNoticeOrderField {
    type Resource = UnionLegalNotice;

    fn column(self) -> Column {
        match self {
            UnionLegalNoticeOrderField::SentOn => Column::SentOn,
            UnionLegalNoticeOrderField::OpinionOn => Column::OpinionOn,
            UnionLegalNoticeOrderField::ReplyDueOn => Column::ReplyDueOn,
            UnionLegalNoticeOrderField::RepliedOn => Column::RepliedOn,
            UnionLegalNoticeOrderField::CreatedAt => Column::CreatedAt,
            UnionLegalNoticeOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

type SendOpinionInput = StepInput<UnionLegalNoticeSendOpinion>;

/// In which an employer answers an opinion. What the province has is not confirmed: this is what others
/// have.
const TO_ANSWER: Term = Term::new(15, TermUnit::Workday);

async fn send_opinion(
    work: &mut UnitOfWork<'_>,
    input: SendOpinionInput,
) -> Result<UnionLegalNotice> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let day = input.details.occurred_on.map_or(work.rules().today, |it| it.0);
    let (calendar, _) = holiday::calendar(work, day).await?;
    let due_on = TO_ANSWER.due(day, &calendar);
    let step = UnionLegalNoticeStep::SendOpinion;
    work.step::<UnionLegalNotice>(row, step, input.details, |draft| {
        draft.reply_due_on = Set(due_on);
    })
    .await
}

/// What has to be said of a union legal notice, as a mutation says it.
#[derive(Default)]
struct Essentials {
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
    employer_id: MaybeUndefined<Id<Employer>>,
    subject: MaybeUndefined<String>,
    sent_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: UnionLegalNoticeSendInput,
) -> Result<UnionLegalNotice> {
    let essentials = Essentials {
        union_organization_id: MaybeUndefined::Value(input.union_organization_id),
        employer_id: MaybeUndefined::Value(input.employer_id),
        subject: MaybeUndefined::Value(input.subject),
        sent_on: MaybeUndefined::Value(input.sent_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(UnionLegalNoticeStatus::ReminderSent);
    if let Set(owner) = draft.union_organization_id {
        let owner =
            work.find_current::<UnionOrganization>("unionOrganizationId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<UnionLegalNotice>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: UnionLegalNoticeUpdateInput,
) -> Result<UnionLegalNotice> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { subject: input.subject, sent_on: input.sent_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<UnionLegalNotice>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: UnionLegalNoticeDetails,
) -> Result<ActiveModel> {
    work.refer("employerId", essentials.employer_id.value().copied()).await?;
    work.refer("caseId", details.case_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        union_organization_id: form.id("unionOrganizationId", essentials.union_organization_id),
        employer_id: form.id("employerId", essentials.employer_id),
        subject: form.line("subject", essentials.subject, 200),
        sent_on: form.day("sentOn", essentials.sent_on),
        case_id: form.id_option(details.case_id),
        document_no: form.line_option("documentNo", details.document_no, 100),
        outcome: form.line_option("outcome", details.outcome, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
