use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    membership_application::{
        ActiveModel, ApplicationChannel, Column, Entity, MembershipApplicationStatus,
        MembershipApplicationStep, Model, WorkCategory,
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
        division::Division,
        external_id,
        membership_drive::{MembershipDrive, MembershipDriveWhere},
        union_membership::{self, Joining},
        union_organization::{UnionOrganization, UnionOrganizationWhere},
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
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

/// The application of a worker to join a union.
///
/// 入会申请。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::MembershipApplication)))]
#[sea_orm(entity = "Entity")]
pub struct MembershipApplication {
    /// The id. 编号
    pub id: Id<MembershipApplication>,
    /// How it came. 申请渠道
    pub channel: ApplicationChannel,
    /// The kind of work. 从业类别
    pub category: WorkCategory,
    /// The day it was submitted. 提交日期
    pub submitted_on: Option<Date>,
    /// The day it was decided. 审批日期
    pub decided_on: Option<Date>,
    /// The state. 状态
    pub status: MembershipApplicationStatus,
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
    worker_id: Id<Worker>,
    #[graphql(skip)]
    union_organization_id: Id<UnionOrganization>,
    #[graphql(skip)]
    drive_id: Option<Id<MembershipDrive>>,
}

/// Narrows a list of membership applications.
///
/// 入会申请筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct MembershipApplicationWhere {
    /// All of these. 全部满足
    and: Option<Vec<MembershipApplicationWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<MembershipApplicationWhere>>,
    /// Not this. 不满足
    not: Option<Box<MembershipApplicationWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// How it came. 申请渠道
    channel: Option<Equality<ApplicationChannel>>,
    /// The kind of work. 从业类别
    category: Option<Equality<WorkCategory>>,
    /// The day it was submitted. 提交日期
    submitted_on: Option<Ordering<Date>>,
    /// The day it was decided. 审批日期
    decided_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<MembershipApplicationStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The union. 工会组织
    union_organization: Option<Nested<UnionOrganizationWhere>>,
    /// The event at which it was made. 入会活动
    drive: Option<Nested<MembershipDriveWhere>>,
}

/// What a list of membership applications can be sorted by.
///
/// 入会申请排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MembershipApplicationOrderField {
    /// The day it was submitted. 提交日期
    SubmittedOn,
    /// The day it was decided. 审批日期
    DecidedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a membership application and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct MembershipApplicationDetails {
    /// The event at which it was made. 入会活动
    drive_id: MaybeUndefined<Id<MembershipDrive>>,
}

/// Drafts an application.
///
/// 起草入会申请。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipApplicationDraftInput {
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The union. 工会组织
    union_organization_id: Id<UnionOrganization>,
    /// How it came. 申请渠道
    channel: ApplicationChannel,
    /// The kind of work. 从业类别
    category: WorkCategory,
    #[graphql(flatten)]
    details: MembershipApplicationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a membership application: absent keeps, null clears, a value sets.
///
/// 更新入会申请：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipApplicationUpdateInput {
    /// The record. 记录编号
    id: Id<MembershipApplication>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The kind of work. 从业类别
    category: MaybeUndefined<WorkCategory>,
    #[graphql(flatten)]
    details: MembershipApplicationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Approves an application, with which the worker becomes a member.
///
/// 批准入会申请，职工自当日起成为会员。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipApplicationApproveInput {
    /// The record. 记录编号
    id: Id<MembershipApplication>,
    /// The version of the record that the caller knows. 期望版本
    expected_version: i32,
    /// The number of the member; absent: the next that is free. 会员编号
    member_no: Option<String>,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

reads! {
    Queries("MembershipApplicationQueries") of MembershipApplication by MembershipApplicationBy, MembershipApplicationWhere, MembershipApplicationOrderField {
        /// One membership application; null when there is none that the caller may see. 查询一条入会申请
        membership_application = "membershipApplication",
        /// Membership applications, oldest record first unless told otherwise. 查询入会申请列表
        membership_applications = "membershipApplications",
    }
}

writes! {
    Mutations("MembershipApplicationMutations") of MembershipApplication {
        /// Drafts an application. 起草入会申请
        membership_application_draft: MembershipApplicationDraftInput => MembershipApplicationDraft = create,
        /// Changes a membership application. 更新入会申请
        membership_application_update: MembershipApplicationUpdateInput => MembershipApplicationUpdate = update,
        /// Approves it: the worker is a member from that day on. 批准入会
        membership_application_approve: MembershipApplicationApproveInput => MembershipApplicationApprove = approve,
    }
    upsert {
        /// Creates a membership application, or changes the one that has this external id. 按外部编号新增或更新入会申请
        membership_application_upsert: MembershipApplicationUpsert of MembershipApplicationDraftInput, MembershipApplicationUpdateInput
    }
    archive {
        /// Archives a membership application: out of the lists, still there by id. 归档入会申请
        membership_application_archive: MembershipApplicationArchive
    }
    restore {
        /// Brings back an archived membership application. 恢复入会申请
        membership_application_restore: MembershipApplicationRestore
    }
}

steps! {
    Steps("MembershipApplicationSteps") of MembershipApplication {
        /// Submits it. 提交
        membership_application_submit: MembershipApplicationSubmit = MembershipApplicationStep::Submit,
        /// Begins the review. 开始审核
        membership_application_screen: MembershipApplicationScreen = MembershipApplicationStep::Screen,
        /// Rejects it. 不予批准
        membership_application_reject: MembershipApplicationReject = MembershipApplicationStep::Reject,
        /// Asks for more. 退回补充
        membership_application_ask_for_more: MembershipApplicationAskForMore = MembershipApplicationStep::AskForMore,
        /// Submits it again. 重新提交
        membership_application_resubmit: MembershipApplicationResubmit = MembershipApplicationStep::Resubmit,
        /// Withdraws it. 撤回
        membership_application_withdraw: MembershipApplicationWithdraw = MembershipApplicationStep::Withdraw,
        /// The code has expired. 二维码过期
        membership_application_expire: MembershipApplicationExpire = MembershipApplicationStep::Expire,
        /// The worker is a member already. 标记为重复
        membership_application_mark_duplicate: MembershipApplicationMarkDuplicate = MembershipApplicationStep::MarkDuplicate,
    }
}

groups! {
    /// Membership applications, counted by what they have in common: at most 1,000 groups. 按字段分组统计入会申请
    Groups("MembershipApplicationGroupQueries") of MembershipApplication by MembershipApplicationWhere in membership_application_groups: MembershipApplicationGroup by MembershipApplicationGroupField {
        /// How it came. 申请渠道
        Channel = channel: ApplicationChannel,
        /// The kind of work. 从业类别
        Category = category: WorkCategory,
        /// The state. 状态
        Status = status: MembershipApplicationStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl MembershipApplication {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The union; null when the caller may not see it. 工会组织
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.union_organization_id)).await
    }

    /// The event at which it was made; null when the caller may not see it. 入会活动
    async fn drive(&self, ctx: &Context<'_>) -> Nullable<MembershipDrive> {
        ctx.find(self.drive_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<MembershipApplicationStep> {
        machine::steps_from::<MembershipApplication>(EDGES, self.status)
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

impl Resource for MembershipApplication {
    const KIND: Kind = Kind::MembershipApplication;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<MembershipApplication>] = &[
    (
        MembershipApplicationStatus::Draft,
        MembershipApplicationStep::Submit,
        MembershipApplicationStatus::Submitted,
    ),
    (
        MembershipApplicationStatus::Submitted,
        MembershipApplicationStep::Screen,
        MembershipApplicationStatus::UnderReview,
    ),
    (
        MembershipApplicationStatus::UnderReview,
        MembershipApplicationStep::Approve,
        MembershipApplicationStatus::Approved,
    ),
    (
        MembershipApplicationStatus::UnderReview,
        MembershipApplicationStep::Reject,
        MembershipApplicationStatus::Rejected,
    ),
    (
        MembershipApplicationStatus::UnderReview,
        MembershipApplicationStep::AskForMore,
        MembershipApplicationStatus::Returned,
    ),
    (
        MembershipApplicationStatus::Returned,
        MembershipApplicationStep::Resubmit,
        MembershipApplicationStatus::Submitted,
    ),
    (
        MembershipApplicationStatus::Submitted,
        MembershipApplicationStep::Withdraw,
        MembershipApplicationStatus::Withdrawn,
    ),
    (
        MembershipApplicationStatus::UnderReview,
        MembershipApplicationStep::Withdraw,
        MembershipApplicationStatus::Withdrawn,
    ),
    (
        MembershipApplicationStatus::Draft,
        MembershipApplicationStep::Expire,
        MembershipApplicationStatus::Expired,
    ),
    (
        MembershipApplicationStatus::Submitted,
        MembershipApplicationStep::MarkDuplicate,
        MembershipApplicationStatus::Duplicate,
    ),
    (
        MembershipApplicationStatus::UnderReview,
        MembershipApplicationStep::MarkDuplicate,
        MembershipApplicationStatus::Duplicate,
    ),
];

impl Machine for MembershipApplication {
    type State = MembershipApplicationStatus;
    type Step = MembershipApplicationStep;

    fn edges(_row: &Model) -> &'static [Edge<MembershipApplication>] {
        EDGES
    }

    fn state(row: &Model) -> MembershipApplicationStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: MembershipApplicationStatus) {
        draft.status = Set(state);
    }

    fn on_step(
        _: &Model,
        step: MembershipApplicationStep,
        day: NaiveDate,
        draft: &mut ActiveModel,
    ) {
        match step {
            MembershipApplicationStep::Submit => draft.submitted_on = Set(Some(day)),
            MembershipApplicationStep::Approve => draft.decided_on = Set(Some(day)),
            MembershipApplicationStep::Reject => draft.decided_on = Set(Some(day)),
            _ => {}
        }
    }
}

impl Linked for MembershipApplication {
    type Where = MembershipApplicationWhere;
    type Order = MembershipApplicationOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            "drive" => Link::one::<MembershipDrive>(Column::DriveId),
            "openSteps" => machine::link(|it: &MembershipApplication| {
                machine::steps_from::<MembershipApplication>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for MembershipApplicationWhere {
    type Resource = MembershipApplication;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Channel, self.channel)?
            .on(Column::Category, self.category)?
            .on(Column::SubmittedOn, self.submitted_on)?
            .on(Column::DecidedOn, self.decided_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::UnionOrganizationId, self.union_organization)?
            .to_one(Column::DriveId, self.drive)
    }
}

impl OrderField for MembershipApplicationOrderField {
    type Resource = MembershipApplication;

    fn column(self) -> Column {
        match self {
            MembershipApplicationOrderField::SubmittedOn => Column::SubmittedOn,
            MembershipApplicationOrderField::DecidedOn => Column::DecidedOn,
            MembershipApplicationOrderField::CreatedAt => Column::CreatedAt,
            MembershipApplicationOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a membership application, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_id: MaybeUndefined<Id<Worker>>,
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
    channel: MaybeUndefined<ApplicationChannel>,
    category: MaybeUndefined<WorkCategory>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: MembershipApplicationDraftInput,
) -> Result<MembershipApplication> {
    let essentials = Essentials {
        worker_id: MaybeUndefined::Value(input.worker_id),
        union_organization_id: MaybeUndefined::Value(input.union_organization_id),
        channel: MaybeUndefined::Value(input.channel),
        category: MaybeUndefined::Value(input.category),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(MembershipApplicationStatus::Draft);
    if let Set(owner) = draft.union_organization_id {
        let owner =
            work.find_current::<UnionOrganization>("unionOrganizationId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    if let Set(Some(drive)) = draft.drive_id {
        let drive = work.find_current::<MembershipDrive>("driveId", Id::new(drive)).await?;
        if drive.expires_on < work.rules().today {
            return Err(Violation::inconsistent(
                "driveId",
                "The code of this event has expired.",
                "该入会活动的二维码已过期。",
            )
            .into());
        }
    }
    work.create::<MembershipApplication>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: MembershipApplicationUpdateInput,
) -> Result<MembershipApplication> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { category: input.category, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<MembershipApplication>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: MembershipApplicationDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    work.refer("driveId", details.drive_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_id: form.id("workerId", essentials.worker_id),
        union_organization_id: form.id("unionOrganizationId", essentials.union_organization_id),
        channel: form.plain("channel", essentials.channel),
        category: form.plain("category", essentials.category),
        drive_id: form.id_option(details.drive_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

/// The application and the membership change together.
async fn approve(
    work: &mut UnitOfWork<'_>,
    input: MembershipApplicationApproveInput,
) -> Result<MembershipApplication> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let mut form = Form::new(work.rules());
    let told = input.member_no.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    let mut told = form.line_option("memberNo", told, 200);
    form.finish()?;
    let joining = Joining {
        worker_id: row.worker_id,
        union_organization_id: row.union_organization_id,
        member_no: told.take().flatten(),
        joined_on: input.details.occurred_on.map_or(work.rules().today, |it| it.0),
    };
    let step = MembershipApplicationStep::Approve;
    let approved = work.step::<MembershipApplication>(row, step, input.details, |_| ()).await?;
    union_membership::join(work, joining).await?;
    Ok(approved)
}
