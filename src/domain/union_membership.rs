use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    state_transition,
    union_membership::{
        ActiveModel, Column, Entity, Model, UnionMembershipStatus, UnionMembershipStep,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
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
        union_organization::{UnionOrganization, UnionOrganizationWhere},
        worker::{Worker, WorkerWhere},
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
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A membership of a worker in a union organisation.
///
/// 会籍。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::UnionMembership)))]
#[sea_orm(entity = "Entity")]
pub struct UnionMembership {
    /// The id. 编号
    pub id: Id<UnionMembership>,
    /// The number shown on the card, unique within the union organisation. 会员编号
    pub member_no: String,
    /// The day of joining. 加入日期
    pub joined_on: Date,
    /// The last day; null while it goes on. 结束日期
    pub ended_on: Option<Date>,
    /// The state. 状态
    pub status: UnionMembershipStatus,
    /// Why the membership changed last. 变更原因
    pub change_reason: Option<String>,
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
}

/// Narrows a list of memberships.
///
/// 会籍筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionMembershipWhere {
    /// All of these. 全部满足
    and: Option<Vec<UnionMembershipWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<UnionMembershipWhere>>,
    /// Not this. 不满足
    not: Option<Box<UnionMembershipWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number shown on the card, unique within the union organisation. 会员编号
    member_no: Option<TextFilter>,
    /// The day of joining. 加入日期
    joined_on: Option<Ordering<Date>>,
    /// The last day; null while it goes on. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<UnionMembershipStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The union organisation. 工会组织
    union_organization: Option<Nested<UnionOrganizationWhere>>,
}

/// What a list of memberships can be sorted by.
///
/// 会籍排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnionMembershipOrderField {
    /// The number shown on the card, unique within the union organisation. 会员编号
    MemberNo,
    /// The day of joining. 加入日期
    JoinedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a membership and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionMembershipDetails {
    /// Why the membership changed last. 变更原因
    change_reason: MaybeUndefined<String>,
}

/// Admits a worker to a union organisation.
///
/// 吸收职工入会。
#[derive(Clone, Debug, InputObject)]
pub struct UnionMembershipAdmitInput {
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The union organisation. 工会组织
    union_organization_id: Id<UnionOrganization>,
    /// The number shown on the card, unique within the union organisation. 会员编号
    member_no: String,
    /// The day of joining. 加入日期
    joined_on: Date,
    #[graphql(flatten)]
    details: UnionMembershipDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a membership: absent keeps, null clears, a value sets.
///
/// 更新会籍：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct UnionMembershipUpdateInput {
    /// The record. 记录编号
    id: Id<UnionMembership>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The number shown on the card, unique within the union organisation. 会员编号
    member_no: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: UnionMembershipDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

steps! {
    Steps("UnionMembershipSteps") of UnionMembership {
        /// Begins a transfer to another union organisation. 转出
        union_membership_transfer_out: UnionMembershipTransferOut = UnionMembershipStep::TransferOut,
        /// Completes the transfer: the other organisation admitted the worker. 接收转会
        union_membership_accept_transfer: UnionMembershipAcceptTransfer = UnionMembershipStep::AcceptTransfer,
        /// Refuses the transfer, or lets it time out. 拒绝转会
        union_membership_refuse_transfer: UnionMembershipRefuseTransfer = UnionMembershipStep::RefuseTransfer,
        /// Retains the membership of a worker without employment. 保留会籍
        union_membership_retain: UnionMembershipRetain = UnionMembershipStep::Retain,
        /// Makes a retained membership active again. 恢复会籍
        union_membership_reactivate: UnionMembershipReactivate = UnionMembershipStep::Reactivate,
        /// Ends it at the wish of the worker. 退会
        union_membership_withdraw: UnionMembershipWithdraw = UnionMembershipStep::Withdraw,
        /// Ends it by expulsion. 除名
        union_membership_expel: UnionMembershipExpel = UnionMembershipStep::Expel,
        /// Ends it by death. 注销
        union_membership_close: UnionMembershipClose = UnionMembershipStep::Close,
    }
}

groups! {
    /// Memberships, counted by what they have in common: at most 1,000 groups. 按字段分组统计会籍
    Groups("UnionMembershipGroupQueries") of UnionMembership by UnionMembershipWhere in union_membership_groups: UnionMembershipGroup by UnionMembershipGroupField {
        /// The state. 状态
        Status = status: UnionMembershipStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

reads! {
    Queries("UnionMembershipQueries") of UnionMembership by UnionMembershipBy, UnionMembershipWhere, UnionMembershipOrderField {
        /// One membership; null when there is none that the caller may see. 查询一条会籍
        union_membership = "unionMembership",
        /// Memberships, oldest record first unless told otherwise. 查询会籍列表
        union_memberships = "unionMemberships",
    }
}

writes! {
    Mutations("UnionMembershipMutations") of UnionMembership {
        /// Admits a worker to a union organisation. 吸收职工入会
        union_membership_admit: UnionMembershipAdmitInput => UnionMembershipAdmit = create,
        /// Changes a membership. 更新会籍
        union_membership_update: UnionMembershipUpdateInput => UnionMembershipUpdate = update,
    }
    upsert {
        /// Creates a membership, or changes the one that has this external id. 按外部编号新增或更新会籍
        union_membership_upsert: UnionMembershipUpsert of UnionMembershipAdmitInput, UnionMembershipUpdateInput
    }
    archive {
        /// Archives a membership: out of the lists, still there by id. 归档会籍
        union_membership_archive: UnionMembershipArchive
    }
    restore {
        /// Brings back an archived membership. 恢复会籍
        union_membership_restore: UnionMembershipRestore
    }
}

#[ComplexObject]
impl UnionMembership {
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

    /// The union organisation; null when the caller may not see it. 工会组织
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.union_organization_id)).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<UnionMembershipStep> {
        machine::steps_from::<UnionMembership>(EDGES, self.status)
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

impl Resource for UnionMembership {
    const KIND: Kind = Kind::UnionMembership;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.joined_on), row.ended_on).into_iter().collect()
    }
}

/// The machine.
const EDGES: &[Edge<UnionMembership>] = &[
    (
        UnionMembershipStatus::Active,
        UnionMembershipStep::TransferOut,
        UnionMembershipStatus::Transferring,
    ),
    (
        UnionMembershipStatus::Transferring,
        UnionMembershipStep::AcceptTransfer,
        UnionMembershipStatus::Transferred,
    ),
    (
        UnionMembershipStatus::Transferring,
        UnionMembershipStep::RefuseTransfer,
        UnionMembershipStatus::Active,
    ),
    (UnionMembershipStatus::Active, UnionMembershipStep::Retain, UnionMembershipStatus::Retained),
    (
        UnionMembershipStatus::Retained,
        UnionMembershipStep::Reactivate,
        UnionMembershipStatus::Active,
    ),
    (
        UnionMembershipStatus::Active,
        UnionMembershipStep::Withdraw,
        UnionMembershipStatus::Withdrawn,
    ),
    (
        UnionMembershipStatus::Retained,
        UnionMembershipStep::Withdraw,
        UnionMembershipStatus::Withdrawn,
    ),
    (UnionMembershipStatus::Active, UnionMembershipStep::Expel, UnionMembershipStatus::Expelled),
    (UnionMembershipStatus::Active, UnionMembershipStep::Close, UnionMembershipStatus::Closed),
    (
        UnionMembershipStatus::Transferring,
        UnionMembershipStep::Close,
        UnionMembershipStatus::Closed,
    ),
    (UnionMembershipStatus::Transferred, UnionMembershipStep::Close, UnionMembershipStatus::Closed),
    (UnionMembershipStatus::Retained, UnionMembershipStep::Close, UnionMembershipStatus::Closed),
    (UnionMembershipStatus::Withdrawn, UnionMembershipStep::Close, UnionMembershipStatus::Closed),
    (UnionMembershipStatus::Expelled, UnionMembershipStep::Close, UnionMembershipStatus::Closed),
];

impl Machine for UnionMembership {
    type State = UnionMembershipStatus;
    type Step = UnionMembershipStep;

    fn edges(_row: &Model) -> &'static [Edge<UnionMembership>] {
        EDGES
    }

    fn state(row: &Model) -> UnionMembershipStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: UnionMembershipStatus) {
        draft.status = Set(state);
    }

    fn on_step(row: &Model, step: UnionMembershipStep, day: NaiveDate, draft: &mut ActiveModel) {
        let ends = matches!(
            step,
            UnionMembershipStep::AcceptTransfer
                | UnionMembershipStep::Withdraw
                | UnionMembershipStep::Expel
                | UnionMembershipStep::Close
        );
        if ends && row.ended_on.is_none() {
            draft.ended_on = Set(Some(day));
        }
    }
}

impl Linked for UnionMembership {
    type Where = UnionMembershipWhere;
    type Order = UnionMembershipOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            "openSteps" => machine::link(|it: &UnionMembership| {
                machine::steps_from::<UnionMembership>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for UnionMembershipWhere {
    type Resource = UnionMembership;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::MemberNo, self.member_no)?
            .on(Column::JoinedOn, self.joined_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::UnionOrganizationId, self.union_organization)
    }
}

impl OrderField for UnionMembershipOrderField {
    type Resource = UnionMembership;

    fn column(self) -> Column {
        match self {
            UnionMembershipOrderField::MemberNo => Column::MemberNo,
            UnionMembershipOrderField::JoinedOn => Column::JoinedOn,
            UnionMembershipOrderField::CreatedAt => Column::CreatedAt,
            UnionMembershipOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a membership, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_id: MaybeUndefined<Id<Worker>>,
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
    member_no: MaybeUndefined<String>,
    joined_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: UnionMembershipAdmitInput,
) -> Result<UnionMembership> {
    let essentials = Essentials {
        worker_id: MaybeUndefined::Value(input.worker_id),
        union_organization_id: MaybeUndefined::Value(input.union_organization_id),
        member_no: MaybeUndefined::Value(input.member_no),
        joined_on: MaybeUndefined::Value(input.joined_on),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: UnionMembershipUpdateInput,
) -> Result<UnionMembership> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { member_no: input.member_no, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<UnionMembership>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<UnionMembership> {
    draft.status = Set(UnionMembershipStatus::Active);
    if let Set(owner) = draft.worker_id {
        let owner = work.find_current::<Worker>("workerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<UnionMembership>(draft).await
}

/// Who becomes a member of which union, and from when on.
pub struct Joining {
    pub worker_id: Uuid,
    pub union_organization_id: Uuid,
    /// The number; the next that is free where none is told.
    pub member_no: Option<String>,
    pub joined_on: NaiveDate,
}

/// Makes a worker a member, who is in no union. The input of who calls names another record, by `id`.
pub async fn join(work: &mut UnitOfWork<'_>, joining: Joining) -> Result<UnionMembership> {
    let Joining { worker_id, union_organization_id, member_no, joined_on } = joining;
    let worker = work.find_current::<Worker>("id", Id::new(worker_id)).await?;
    let active = Condition::all()
        .add(Column::WorkerId.eq(worker_id))
        .add(Column::Status.eq(UnionMembershipStatus::Active))
        .add(Column::ArchivedAt.is_null());
    if work.is_any::<UnionMembership>(active).await? {
        return Err(Violation::new(
            UserErrorCode::Duplicate,
            "id",
            "The worker is a member of a union already: that membership can be transferred.",
            "该职工已有有效会籍，可办理转接。",
        )
        .into());
    }
    let member_no = match member_no {
        Some(told) => told,
        None => next_member_no(work, union_organization_id).await?,
    };
    work.create::<UnionMembership>(ActiveModel {
        division_code: Set(worker.division_code),
        worker_id: Set(worker_id),
        union_organization_id: Set(union_organization_id),
        member_no: Set(member_no),
        joined_on: Set(joined_on),
        status: Set(UnionMembershipStatus::Active),
        ..Default::default()
    })
    .await
}

/// Eight digits: one more than there are members, or the next that nobody has.
async fn next_member_no(work: &UnitOfWork<'_>, union_organization_id: Uuid) -> Result<String> {
    let union = Column::UnionOrganizationId.eq(union_organization_id);
    let mut number = work.count_all::<UnionMembership>(union.clone().into()).await?;
    loop {
        number += 1;
        let member_no = format!("{number:08}");
        let taken = Condition::all().add(union.clone()).add(Column::MemberNo.eq(&member_no));
        if !work.is_any::<UnionMembership>(taken).await? {
            return Ok(member_no);
        }
    }
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: UnionMembershipDetails,
) -> Result<ActiveModel> {
    work.refer("unionOrganizationId", essentials.union_organization_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_id: form.id("workerId", essentials.worker_id),
        union_organization_id: form.id("unionOrganizationId", essentials.union_organization_id),
        member_no: form.line("memberNo", essentials.member_no, 200),
        joined_on: form.day("joinedOn", essentials.joined_on),
        change_reason: form.line_option("changeReason", details.change_reason, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
