use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use chrono::NaiveDate;
use entity::{
    state_transition, union_membership,
    union_organization::{
        ActiveModel, Column, Entity, Model, UnionKind, UnionLevel, UnionOrganizationStatus,
        UnionOrganizationStep,
    },
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DerivePartialModel,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{CreditCode, Date, DateTime, DivisionCode, Unchecked, text};

use crate::{
    Result,
    batch::{self, ErrorPolicy},
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        membership_drive::{MembershipDrive, MembershipDriveOrderField, MembershipDriveWhere},
        union_membership::{UnionMembership, UnionMembershipOrderField, UnionMembershipWhere},
        union_officer::{UnionOfficer, UnionOfficerOrderField, UnionOfficerWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Criterion, Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    operation::{self, Payload, RecordInput},
    repository::Repository,
    resource::{Id, Resource},
    shell::{groups, operation, payload, planned, steps},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{Claim, ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// A union organisation, in the tree from the city federation down.
///
/// 工会组织。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::UnionOrganization)))]
#[sea_orm(entity = "Entity")]
pub struct UnionOrganization {
    /// The id. 编号
    pub id: Id<UnionOrganization>,
    /// The name. 名称
    pub name: String,
    /// The unified social credit code, GB 32100. 统一社会信用代码
    pub credit_code: Option<CreditCode>,
    /// The level. 级别
    pub level: UnionLevel,
    /// The kind. 类别
    pub kind: UnionKind,
    /// The day it was established. 成立日期
    pub established_on: Option<Date>,
    /// The state. 状态
    pub status: UnionOrganizationStatus,
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
    parent_id: Option<Id<UnionOrganization>>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

/// What names one union organisation: exactly one of these.
///
/// 定位一条工会组织记录的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum UnionOrganizationBy {
    /// The id. 编号
    Id(Id<UnionOrganization>),
    /// The name a source system has for it. 外部编号
    ExternalId(ExternalId),
    /// The unified social credit code, GB 32100. 统一社会信用代码
    CreditCode(String),
}

/// Narrows a list of union organisations.
///
/// 工会组织筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionOrganizationWhere {
    /// All of these. 全部满足
    and: Option<Vec<UnionOrganizationWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<UnionOrganizationWhere>>,
    /// Not this. 不满足
    not: Option<Box<UnionOrganizationWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The unified social credit code, GB 32100. 统一社会信用代码
    credit_code: Option<TextFilter>,
    /// The level. 级别
    level: Option<Equality<UnionLevel>>,
    /// The kind. 类别
    kind: Option<Equality<UnionKind>>,
    /// The day it was established. 成立日期
    established_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<UnionOrganizationStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The union organisation above. 上级工会
    parent: Option<Nested<UnionOrganizationWhere>>,
    /// The employer it is in. 所在单位
    employer: Option<Nested<EmployerWhere>>,
    /// The union organisations right below. 下级工会
    branches: Option<ListFilter<UnionOrganizationWhere>>,
    /// The memberships, present and past. 会籍
    memberships: Option<ListFilter<UnionMembershipWhere>>,
    /// The officers. 工会干部
    officers: Option<ListFilter<UnionOfficerWhere>>,
    /// The drives for members. 入会活动
    membership_drives: Option<ListFilter<MembershipDriveWhere>>,
}

/// What a list of union organisations can be sorted by.
///
/// 工会组织排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnionOrganizationOrderField {
    /// The name. 名称
    Name,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a union organisation and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UnionOrganizationDetails {
    /// The unified social credit code, GB 32100. 统一社会信用代码
    credit_code: MaybeUndefined<Unchecked<CreditCode>>,
    /// The union organisation above. 上级工会
    parent_id: MaybeUndefined<Id<UnionOrganization>>,
    /// The employer it is in. 所在单位
    employer_id: MaybeUndefined<Id<Employer>>,
}

/// Registers a union organisation that is being prepared.
///
/// 登记筹建中的工会组织。
#[derive(Clone, Debug, InputObject)]
pub struct UnionOrganizationCreateInput {
    /// The name. 名称
    name: String,
    /// The level. 级别
    level: UnionLevel,
    /// The kind. 类别
    kind: UnionKind,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: UnionOrganizationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a union organisation: absent keeps, null clears, a value sets.
///
/// 更新工会组织：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct UnionOrganizationUpdateInput {
    /// The record. 记录编号
    id: Id<UnionOrganization>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<UnionLevel>,
    /// The kind. 类别
    kind: MaybeUndefined<UnionKind>,
    #[graphql(flatten)]
    details: UnionOrganizationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Creates a union organisation, or changes the one that has this external id.
///
/// 按外部编号新增或更新工会组织。
#[derive(Clone, Debug, InputObject)]
pub struct UnionOrganizationUpsertInput {
    #[graphql(flatten)]
    item: UnionOrganizationUpsertItem,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Many union organisations to create or change.
///
/// 批量新增或更新工会组织。
#[derive(Clone, Debug, InputObject)]
pub struct UnionOrganizationUpsertBatchInput {
    /// 1 to 100 of them. 列表
    items: Vec<UnionOrganizationUpsertItem>,
    /// What happens when one of them is refused. 出错策略
    #[graphql(default)]
    error_policy: ErrorPolicy,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// One union organisation of a batch.
///
/// 批量中的一条工会组织。
#[derive(Clone, Debug, InputObject)]
pub struct UnionOrganizationUpsertItem {
    /// The name that the source system has for it. 外部编号
    external_id: ExternalId,
    /// Refuse when the record has another version by now; absent: whatever the version. 期望版本
    expected_version: Option<i32>,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<UnionLevel>,
    /// The kind. 类别
    kind: MaybeUndefined<UnionKind>,
    /// The division that keeps the record, for a new record. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: UnionOrganizationDetails,
}

operation!(UnionOrganizationCreate of UnionOrganization);
operation!(UnionOrganizationUpdate of UnionOrganization);
operation!(UnionOrganizationUpsert of UnionOrganization);
operation!(UnionOrganizationArchive of UnionOrganization);
operation!(UnionOrganizationRestore of UnionOrganization);
payload!(UnionOrganizationUpsertBatchPayload of UnionOrganizationUpsertResult { union_organization: UnionOrganization });

steps! {
    Steps("UnionOrganizationSteps") of UnionOrganization {
        /// Applies for approval. 申请成立
        union_organization_apply: UnionOrganizationApply = UnionOrganizationStep::Apply,
        /// Approves the establishment. 批准成立
        union_organization_approve: UnionOrganizationApprove = UnionOrganizationStep::Approve,
        /// Registers the legal person. 取得法人资格
        union_organization_register_legal_person: UnionOrganizationRegisterLegalPerson = UnionOrganizationStep::RegisterLegalPerson,
        /// Notes that the term is over. 任期届满
        union_organization_end_term: UnionOrganizationEndTerm = UnionOrganizationStep::EndTerm,
        /// Elects a new committee. 换届选举
        union_organization_elect: UnionOrganizationElect = UnionOrganizationStep::Elect,
        /// Begins the dissolution. 启动撤销
        union_organization_begin_dissolution: UnionOrganizationBeginDissolution = UnionOrganizationStep::BeginDissolution,
        /// Dissolves the organisation. 撤销
        union_organization_dissolve: UnionOrganizationDissolve = UnionOrganizationStep::Dissolve,
        /// Merges it into another. 合并
        union_organization_merge: UnionOrganizationMerge = UnionOrganizationStep::Merge,
    }
}

groups! {
    /// Union organisations, counted by what they have in common: at most 1,000 groups. 按字段分组统计工会组织
    Groups("UnionOrganizationGroupQueries") of UnionOrganization by UnionOrganizationWhere in union_organization_groups: UnionOrganizationGroup by UnionOrganizationGroupField {
        /// The level. 级别
        Level = level: UnionLevel,
        /// The kind. 类别
        Kind = kind: UnionKind,
        /// The state. 状态
        Status = status: UnionOrganizationStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "UnionOrganizationQueries")]
impl Queries {
    /// One union organisation; null when there is none that the caller may see. 查询一条工会组织
    async fn union_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it. 定位条件")] by: UnionOrganizationBy,
    ) -> Nullable<UnionOrganization> {
        ctx.find_by(by).await
    }

    /// Union organisations, oldest record first unless told otherwise. 查询工会组织列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn union_organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            UnionOrganizationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<UnionOrganizationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<UnionOrganization>> {
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "UnionOrganizationMutations")]
impl Mutations {
    /// Registers a union organisation that is being prepared. 登记筹建中的工会组织
    #[graphql(directive = requires::apply(to_write(Kind::UnionOrganization)))]
    async fn union_organization_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: UnionOrganizationCreateInput,
    ) -> Nullable<Payload<UnionOrganizationCreate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::UnionOrganization, options, input, |work, it| {
                Box::pin(create(work, it))
            })
            .await,
        )
    }

    /// Changes a union organisation. 更新工会组织
    #[graphql(directive = requires::apply(to_write(Kind::UnionOrganization)))]
    async fn union_organization_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: UnionOrganizationUpdateInput,
    ) -> Nullable<Payload<UnionOrganizationUpdate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::UnionOrganization, options, input, |work, it| {
                Box::pin(update(work, it))
            })
            .await,
        )
    }

    /// Creates a union organisation, or changes the one that has this external id. Free of races. 新增或更新工会组织
    #[graphql(directive = requires::apply(to_write(Kind::UnionOrganization)))]
    async fn union_organization_upsert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: UnionOrganizationUpsertInput,
    ) -> Nullable<Payload<UnionOrganizationUpsert>> {
        let upsert =
            ctx.upsert(input.options, input.item, by_name, |work, it| Box::pin(upsert(work, it)));
        Some(upsert.await)
    }

    /// Creates or changes up to 100 union organisations, with one result each, in the order given. 批量新增或更新工会组织
    #[graphql(directive = requires::apply(to_write(Kind::UnionOrganization)))]
    async fn union_organization_upsert_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: UnionOrganizationUpsertBatchInput,
    ) -> Nullable<UnionOrganizationUpsertBatchPayload> {
        let (options, policy) = (input.options.clone(), input.error_policy);
        Some(
            ctx.write(Kind::UnionOrganization, options, input.items, move |work, items| {
                Box::pin(batch::run(work, policy, items, by_name, |work, it| {
                    Box::pin(upsert(work, it))
                }))
            })
            .await,
        )
    }

    /// Archives a union organisation: out of the lists, still there by id. 归档工会组织
    #[graphql(directive = requires::apply(to_write(Kind::UnionOrganization)))]
    async fn union_organization_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<UnionOrganizationArchive>,
    ) -> Nullable<Payload<UnionOrganizationArchive>> {
        operation::archive(ctx, input).await
    }

    /// Brings back an archived union organisation. 恢复工会组织
    #[graphql(directive = requires::apply(to_write(Kind::UnionOrganization)))]
    async fn union_organization_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<UnionOrganizationRestore>,
    ) -> Nullable<Payload<UnionOrganizationRestore>> {
        operation::restore(ctx, input).await
    }
}

#[ComplexObject]
impl UnionOrganization {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// The names that source systems have for it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The union organisation above; null when the caller may not see it. 上级工会
    async fn parent(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(self.parent_id).await
    }

    /// The employer it is in; null when the caller may not see it. 所在单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The union organisations right below. 下级工会
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn branches(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            UnionOrganizationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<UnionOrganizationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<UnionOrganization>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, Column::ParentId, filter, order_by, page).await
    }

    /// The memberships, present and past. 会籍
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            UnionMembershipWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<UnionMembershipOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<UnionMembership>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, union_membership::Column::UnionOrganizationId, filter, order_by, page)
            .await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<UnionOrganizationStep> {
        machine::steps_from::<UnionOrganization>(EDGES, self.status)
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

    /// The officers. 工会干部
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn officers(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            UnionOfficerWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<UnionOfficerOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<UnionOfficer>> {
        let page = Page { first, after, last, before };
        let owner = entity::union_officer::Column::UnionOrganizationId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The drives for members. 入会活动
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn membership_drives(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            MembershipDriveWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<MembershipDriveOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<MembershipDrive>> {
        let page = Page { first, after, last, before };
        let owner = entity::membership_drive::Column::UnionOrganizationId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for UnionOrganization {
    const KIND: Kind = Kind::UnionOrganization;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<UnionOrganization>] = &[
    (
        UnionOrganizationStatus::Preparing,
        UnionOrganizationStep::Apply,
        UnionOrganizationStatus::PendingApproval,
    ),
    (
        UnionOrganizationStatus::PendingApproval,
        UnionOrganizationStep::Approve,
        UnionOrganizationStatus::Established,
    ),
    (
        UnionOrganizationStatus::Established,
        UnionOrganizationStep::RegisterLegalPerson,
        UnionOrganizationStatus::LegalPerson,
    ),
    (
        UnionOrganizationStatus::Established,
        UnionOrganizationStep::EndTerm,
        UnionOrganizationStatus::TermOverdue,
    ),
    (
        UnionOrganizationStatus::LegalPerson,
        UnionOrganizationStep::EndTerm,
        UnionOrganizationStatus::TermOverdue,
    ),
    (
        UnionOrganizationStatus::TermOverdue,
        UnionOrganizationStep::Elect,
        UnionOrganizationStatus::Established,
    ),
    (
        UnionOrganizationStatus::Established,
        UnionOrganizationStep::BeginDissolution,
        UnionOrganizationStatus::Dissolving,
    ),
    (
        UnionOrganizationStatus::LegalPerson,
        UnionOrganizationStep::BeginDissolution,
        UnionOrganizationStatus::Dissolving,
    ),
    (
        UnionOrganizationStatus::TermOverdue,
        UnionOrganizationStep::BeginDissolution,
        UnionOrganizationStatus::Dissolving,
    ),
    (
        UnionOrganizationStatus::Dissolving,
        UnionOrganizationStep::Dissolve,
        UnionOrganizationStatus::Dissolved,
    ),
    (
        UnionOrganizationStatus::Established,
        UnionOrganizationStep::Merge,
        UnionOrganizationStatus::Merged,
    ),
    (
        UnionOrganizationStatus::LegalPerson,
        UnionOrganizationStep::Merge,
        UnionOrganizationStatus::Merged,
    ),
    (
        UnionOrganizationStatus::TermOverdue,
        UnionOrganizationStep::Merge,
        UnionOrganizationStatus::Merged,
    ),
];

impl Machine for UnionOrganization {
    type State = UnionOrganizationStatus;
    type Step = UnionOrganizationStep;

    fn edges(_row: &Model) -> &'static [Edge<UnionOrganization>] {
        EDGES
    }

    fn state(row: &Model) -> UnionOrganizationStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: UnionOrganizationStatus) {
        draft.status = Set(state);
    }

    fn on_step(row: &Model, step: UnionOrganizationStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == UnionOrganizationStep::Approve && row.established_on.is_none() {
            draft.established_on = Set(Some(day));
        }
    }
}

impl Linked for UnionOrganization {
    type Where = UnionOrganizationWhere;
    type Order = UnionOrganizationOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "parent" => Link::one::<UnionOrganization>(Column::ParentId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "branches" => Link::many::<UnionOrganization>(Column::ParentId),
            "memberships" => {
                Link::many::<UnionMembership>(union_membership::Column::UnionOrganizationId)
            }
            "openSteps" => machine::link(|it: &UnionOrganization| {
                machine::steps_from::<UnionOrganization>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            "officers" => {
                Link::many::<UnionOfficer>(entity::union_officer::Column::UnionOrganizationId)
            }
            "membershipDrives" => {
                Link::many::<MembershipDrive>(entity::membership_drive::Column::UnionOrganizationId)
            }
            _ => return None,
        })
    }
}

impl Root for UnionOrganization {
    type By = UnionOrganizationBy;

    const ONE: &'static str = "unionOrganization";
    const MANY: &'static str = "unionOrganizations";
}

planned!(Queries of UnionOrganization);

impl Key for UnionOrganizationBy {
    type Resource = UnionOrganization;

    fn criterion(self, _: &Repository) -> Result<Criterion> {
        Ok(match self {
            UnionOrganizationBy::Id(id) => id.into(),
            UnionOrganizationBy::ExternalId(name) => {
                external_id::has_name::<UnionOrganization>(&name).into()
            }
            UnionOrganizationBy::CreditCode(it) => Column::CreditCode.eq(text::code(&it)).into(),
        })
    }
}

impl Filter for UnionOrganizationWhere {
    type Resource = UnionOrganization;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(
                Column::Id,
                entity::membership_drive::Column::UnionOrganizationId,
                self.membership_drives,
            )?
            .to_many(Column::Id, entity::union_officer::Column::UnionOrganizationId, self.officers)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::CreditCode, self.credit_code)?
            .on(Column::Level, self.level)?
            .on(Column::Kind, self.kind)?
            .on(Column::EstablishedOn, self.established_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ParentId, self.parent)?
            .to_one(Column::EmployerId, self.employer)?
            .to_many(Column::Id, Column::ParentId, self.branches)?
            .to_many(Column::Id, union_membership::Column::UnionOrganizationId, self.memberships)
    }
}

impl OrderField for UnionOrganizationOrderField {
    type Resource = UnionOrganization;

    fn column(self) -> Column {
        match self {
            UnionOrganizationOrderField::Name => Column::Name,
            UnionOrganizationOrderField::CreatedAt => Column::CreatedAt,
            UnionOrganizationOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a union organisation, as a mutation says it.
#[derive(Default)]
struct Essentials {
    name: MaybeUndefined<String>,
    level: MaybeUndefined<UnionLevel>,
    kind: MaybeUndefined<UnionKind>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: UnionOrganizationCreateInput,
) -> Result<UnionOrganization> {
    let essentials = Essentials {
        name: MaybeUndefined::Value(input.name),
        level: MaybeUndefined::Value(input.level),
        kind: MaybeUndefined::Value(input.kind),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: UnionOrganizationUpdateInput,
) -> Result<UnionOrganization> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        name: input.name,
        level: input.level,
        kind: input.kind,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<UnionOrganization>(row, draft).await
}

/// The order in which a batch takes its items.
fn by_name(item: &UnionOrganizationUpsertItem) -> ExternalId {
    item.external_id.clone()
}

async fn upsert(
    work: &mut UnitOfWork<'_>,
    item: UnionOrganizationUpsertItem,
) -> Result<UnionOrganization> {
    let essentials = Essentials {
        name: item.name,
        level: item.level,
        kind: item.kind,
        division_code: item.division_code,
    };
    let draft = draft(work, essentials, item.details).await?;
    match work.claim::<UnionOrganization>("externalId", &item.external_id).await? {
        Claim::New => register(work, draft).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<UnionOrganization>(id, item.expected_version).await?;
            // These are told once, when the record is made.
            let draft = ActiveModel { division_code: NotSet, ..draft };
            work.update::<UnionOrganization>(row, draft).await
        }
    }
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<UnionOrganization> {
    draft.status = Set(UnionOrganizationStatus::Preparing);
    work.create::<UnionOrganization>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: UnionOrganizationDetails,
) -> Result<ActiveModel> {
    work.refer("parentId", details.parent_id.value().copied()).await?;
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", essentials.name, 200),
        level: form.plain("level", essentials.level),
        kind: form.plain("kind", essentials.kind),
        division_code: form.value("divisionCode", essentials.division_code),
        credit_code: form.option_with("creditCode", details.credit_code, |it, rules| {
            CreditCode::for_union(it.expose(), rules)
        }),
        parent_id: form.id_option(details.parent_id),
        employer_id: form.id_option(details.employer_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
