use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    membership_transfer::{
        ActiveModel, Column, Entity, MembershipTransferStatus, MembershipTransferStep, Model,
    },
    state_transition,
    union_membership::{UnionMembershipStatus, UnionMembershipStep},
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
        union_membership::{self, Joining, UnionMembership, UnionMembershipWhere},
        union_organization::{UnionOrganization, UnionOrganizationWhere},
    },
    error::{UserErrorCode, Violation},
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::StepDetails,
    machine::{self, Edge, Machine},
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// The transfer of a membership to another union.
///
/// 会员组织关系转接。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::MembershipTransfer)))]
#[sea_orm(entity = "Entity")]
pub struct MembershipTransfer {
    /// The id. 编号
    pub id: Id<MembershipTransfer>,
    /// The day it was asked for. 申请日期
    pub requested_on: Date,
    /// Why. 转接原因
    pub reason: Option<String>,
    /// The day the other union decided. 办理日期
    pub decided_on: Option<Date>,
    /// The state. 状态
    pub status: MembershipTransferStatus,
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
    membership_id: Id<UnionMembership>,
    #[graphql(skip)]
    from_union_id: Id<UnionOrganization>,
    #[graphql(skip)]
    to_union_organization_id: Id<UnionOrganization>,
    #[graphql(skip)]
    new_membership_id: Option<Id<UnionMembership>>,
}

/// Narrows a list of membership transfers.
///
/// 会员组织关系转接筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct MembershipTransferWhere {
    /// All of these. 全部满足
    and: Option<Vec<MembershipTransferWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<MembershipTransferWhere>>,
    /// Not this. 不满足
    not: Option<Box<MembershipTransferWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The day it was asked for. 申请日期
    requested_on: Option<Ordering<Date>>,
    /// Why. 转接原因
    reason: Option<TextFilter>,
    /// The day the other union decided. 办理日期
    decided_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<MembershipTransferStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The membership that is to be transferred. 原会籍
    membership: Option<Nested<UnionMembershipWhere>>,
    /// The union that the worker leaves. 转出工会
    from_union: Option<Nested<UnionOrganizationWhere>>,
    /// The union that is asked. 转入工会
    to_union_organization: Option<Nested<UnionOrganizationWhere>>,
    /// The membership in the other union, once it accepted. 转入后的会籍
    new_membership: Option<Nested<UnionMembershipWhere>>,
}

/// What a list of membership transfers can be sorted by.
///
/// 会员组织关系转接排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MembershipTransferOrderField {
    /// The day it was asked for. 申请日期
    RequestedOn,
    /// The day the other union decided. 办理日期
    DecidedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a membership transfer and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct MembershipTransferDetails {
    /// Why. 转接原因
    reason: MaybeUndefined<String>,
}

/// Asks another union to take over a membership.
///
/// 申请转接会员组织关系。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipTransferRequestInput {
    /// The membership that is to be transferred. 原会籍
    membership_id: Id<UnionMembership>,
    /// The union that is asked. 转入工会
    to_union_organization_id: Id<UnionOrganization>,
    /// The day it was asked for. 申请日期
    requested_on: Date,
    #[graphql(flatten)]
    details: MembershipTransferDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a membership transfer: absent keeps, null clears, a value sets.
///
/// 更新会员组织关系转接：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipTransferUpdateInput {
    /// The record. 记录编号
    id: Id<MembershipTransfer>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day it was asked for. 申请日期
    requested_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: MembershipTransferDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Accepts a worker whose membership is transferred.
///
/// 接收转入会员。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipTransferAcceptInput {
    /// The record. 记录编号
    id: Id<MembershipTransfer>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The number of the member in the other union; absent: the next that is free. 新会员编号
    member_no: Option<String>,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

reads! {
    Queries("MembershipTransferQueries") of MembershipTransfer by MembershipTransferBy, MembershipTransferWhere, MembershipTransferOrderField {
        /// One membership transfer; null when there is none that the caller may see. 查询一条会员组织关系转接
        membership_transfer = "membershipTransfer",
        /// Membership transfers, oldest record first unless told otherwise. 查询会员组织关系转接列表
        membership_transfers = "membershipTransfers",
    }
}

writes! {
    Mutations("MembershipTransferMutations") of MembershipTransfer {
        /// Asks another union to take over a membership. 申请转接会员组织关系
        membership_transfer_request: MembershipTransferRequestInput => MembershipTransferRequest = create,
        /// Changes a membership transfer. 更新会员组织关系转接
        membership_transfer_update: MembershipTransferUpdateInput => MembershipTransferUpdate = update,
        /// Accepts the worker: the membership ends, and one in the other union begins. 接收
        membership_transfer_accept: MembershipTransferAcceptInput => MembershipTransferAccept = accept,
    }
    upsert {
        /// Creates a membership transfer, or changes the one that has this external id. 按外部编号新增或更新会员组织关系转接
        membership_transfer_upsert: MembershipTransferUpsert of MembershipTransferRequestInput, MembershipTransferUpdateInput
    }
    archive {
        /// Archives a membership transfer: out of the lists, still there by id. 归档会员组织关系转接
        membership_transfer_archive: MembershipTransferArchive
    }
    restore {
        /// Brings back an archived membership transfer. 恢复会员组织关系转接
        membership_transfer_restore: MembershipTransferRestore
    }
}

steps! {
    Steps("MembershipTransferSteps") of MembershipTransfer {
        /// Refuses it. 拒绝
        membership_transfer_refuse: MembershipTransferRefuse = MembershipTransferStep::Refuse,
    }
}

groups! {
    /// Membership transfers, counted by what they have in common: at most 1,000 groups. 按字段分组统计会员组织关系转接
    Groups("MembershipTransferGroupQueries") of MembershipTransfer by MembershipTransferWhere in membership_transfer_groups: MembershipTransferGroup by MembershipTransferGroupField {
        /// The state. 状态
        Status = status: MembershipTransferStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl MembershipTransfer {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The membership that is to be transferred; null when the caller may not see it. 原会籍
    async fn membership(&self, ctx: &Context<'_>) -> Nullable<UnionMembership> {
        ctx.find(Some(self.membership_id)).await
    }

    /// The union that the worker leaves; null when the caller may not see it. 转出工会
    async fn from_union(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.from_union_id)).await
    }

    /// The union that is asked; null when the caller may not see it. 转入工会
    async fn to_union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.to_union_organization_id)).await
    }

    /// The membership in the other union, once it accepted; null when the caller may not see it. 转入后的会籍
    async fn new_membership(&self, ctx: &Context<'_>) -> Nullable<UnionMembership> {
        ctx.find(self.new_membership_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<MembershipTransferStep> {
        machine::steps_from::<MembershipTransfer>(EDGES, self.status)
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

impl Resource for MembershipTransfer {
    const KIND: Kind = Kind::MembershipTransfer;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("decidedOn", Some(row.requested_on), row.decided_on),
            (row.from_union_id == row.to_union_organization_id).then(|| {
                Violation::inconsistent(
                    "toUnionOrganizationId",
                    "A membership is transferred to another union.",
                    "转入工会与转出工会相同。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

/// The machine.
const EDGES: &[Edge<MembershipTransfer>] = &[
    (
        MembershipTransferStatus::Requested,
        MembershipTransferStep::Accept,
        MembershipTransferStatus::Accepted,
    ),
    (
        MembershipTransferStatus::Requested,
        MembershipTransferStep::Refuse,
        MembershipTransferStatus::Refused,
    ),
];

impl Machine for MembershipTransfer {
    type State = MembershipTransferStatus;
    type Step = MembershipTransferStep;

    fn edges(_row: &Model) -> &'static [Edge<MembershipTransfer>] {
        EDGES
    }

    fn state(row: &Model) -> MembershipTransferStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: MembershipTransferStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: MembershipTransferStep, day: NaiveDate, draft: &mut ActiveModel) {
        if matches!(step, MembershipTransferStep::Accept | MembershipTransferStep::Refuse) {
            draft.decided_on = Set(Some(day));
        }
    }
}

impl Linked for MembershipTransfer {
    type Where = MembershipTransferWhere;
    type Order = MembershipTransferOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "membership" => Link::one::<UnionMembership>(Column::MembershipId),
            "fromUnion" => Link::one::<UnionOrganization>(Column::FromUnionId),
            "toUnionOrganization" => Link::one::<UnionOrganization>(Column::ToUnionOrganizationId),
            "newMembership" => Link::one::<UnionMembership>(Column::NewMembershipId),
            "openSteps" => machine::link(|it: &MembershipTransfer| {
                machine::steps_from::<MembershipTransfer>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for MembershipTransferWhere {
    type Resource = MembershipTransfer;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::RequestedOn, self.requested_on)?
            .on(Column::Reason, self.reason)?
            .on(Column::DecidedOn, self.decided_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::MembershipId, self.membership)?
            .to_one(Column::FromUnionId, self.from_union)?
            .to_one(Column::ToUnionOrganizationId, self.to_union_organization)?
            .to_one(Column::NewMembershipId, self.new_membership)
    }
}

impl OrderField for MembershipTransferOrderField {
    type Resource = MembershipTransfer;

    fn column(self) -> Column {
        match self {
            MembershipTransferOrderField::RequestedOn => Column::RequestedOn,
            MembershipTransferOrderField::DecidedOn => Column::DecidedOn,
            MembershipTransferOrderField::CreatedAt => Column::CreatedAt,
            MembershipTransferOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// A membership is asked for by one union at a time.
async fn expect_none_open(work: &UnitOfWork<'_>, membership_id: Uuid) -> Result<()> {
    let open = Condition::all()
        .add(Column::MembershipId.eq(membership_id))
        .add(Column::Status.eq(MembershipTransferStatus::Requested))
        .add(Column::ArchivedAt.is_null());
    if !work.is_any::<MembershipTransfer>(open).await? {
        return Ok(());
    }
    Err(Violation::new(
        UserErrorCode::Duplicate,
        "membershipId",
        "A transfer of this membership is under way.",
        "该会籍正在办理转接。",
    )
    .into())
}

/// The three changes are one: the old membership ends, the new begins, and the transfer is accepted.
async fn accept(
    work: &mut UnitOfWork<'_>,
    input: MembershipTransferAcceptInput,
) -> Result<MembershipTransfer> {
    let row = work.find_version(input.id, input.expected_version).await?;
    // A step that is not open is refused before anything is done for it.
    if row.status != MembershipTransferStatus::Requested {
        let step = MembershipTransferStep::Accept;
        return work.step::<MembershipTransfer>(row, step, input.details, |_| ()).await;
    }
    let mut form = Form::new(work.rules());
    let told = input.member_no.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    let mut told = form.line_option("memberNo", told, 200);
    form.finish()?;
    let mut old = work.find_current::<UnionMembership>("id", Id::new(row.membership_id)).await?;
    let basis = input.details.clone();
    if old.status == UnionMembershipStatus::Active {
        let step = UnionMembershipStep::TransferOut;
        work.step::<UnionMembership>(old, step, basis.clone(), |_| ()).await?;
        old = work.find_current::<UnionMembership>("id", Id::new(row.membership_id)).await?;
    }
    let joining = Joining {
        worker_id: old.worker_id,
        union_organization_id: row.to_union_organization_id,
        member_no: told.take().flatten(),
        joined_on: input.details.occurred_on.map_or(work.rules().today, |it| it.0),
    };
    work.step::<UnionMembership>(old, UnionMembershipStep::AcceptTransfer, basis, |_| ()).await?;
    let new = union_membership::join(work, joining).await?.id;
    let step = MembershipTransferStep::Accept;
    work.step::<MembershipTransfer>(row, step, input.details, |draft| {
        draft.new_membership_id = Set(Some(new.uuid()));
    })
    .await
}

/// What has to be said of a membership transfer, as a mutation says it.
#[derive(Default)]
struct Essentials {
    membership_id: MaybeUndefined<Id<UnionMembership>>,
    to_union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
    requested_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: MembershipTransferRequestInput,
) -> Result<MembershipTransfer> {
    let essentials = Essentials {
        membership_id: MaybeUndefined::Value(input.membership_id),
        to_union_organization_id: MaybeUndefined::Value(input.to_union_organization_id),
        requested_on: MaybeUndefined::Value(input.requested_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(MembershipTransferStatus::Requested);
    if let Set(owner) = draft.membership_id {
        let owner = work.find_current::<UnionMembership>("membershipId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
        if owner.status != UnionMembershipStatus::Active {
            return Err(Violation::inconsistent(
                "membershipId",
                "Only an active membership can be transferred.",
                "只有有效会籍可以转接。",
            )
            .into());
        }
        draft.from_union_id = Set(owner.union_organization_id);
    }
    if let Set(membership) = draft.membership_id {
        expect_none_open(work, membership).await?;
    }
    work.create::<MembershipTransfer>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: MembershipTransferUpdateInput,
) -> Result<MembershipTransfer> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { requested_on: input.requested_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<MembershipTransfer>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: MembershipTransferDetails,
) -> Result<ActiveModel> {
    work.refer("toUnionOrganizationId", essentials.to_union_organization_id.value().copied())
        .await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        membership_id: form.id("membershipId", essentials.membership_id),
        to_union_organization_id: form
            .id("toUnionOrganizationId", essentials.to_union_organization_id),
        requested_on: form.day("requestedOn", essentials.requested_on),
        reason: form.line_option("reason", details.reason, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
