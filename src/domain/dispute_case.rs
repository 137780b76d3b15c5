mod closing;

use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use chrono::NaiveDate;
use entity::{
    dispute_case::{
        ActiveModel, CaseSensitivity, Column, DisputeCaseStatus, DisputeCaseStep, DisputeCategory,
        DisputeChannel, DisputeGround, Entity, Model,
    },
    dispute_claim, dispute_party, dispute_proceeding, state_transition, wage_recovery,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DerivePartialModel,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    batch::{self, ErrorPolicy},
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    domain::{
        dispute_claim::{DisputeClaim, DisputeClaimOrderField, DisputeClaimWhere},
        dispute_party::{DisputeParty, DisputePartyOrderField, DisputePartyWhere},
        dispute_proceeding::{
            DisputeProceeding, DisputeProceedingOrderField, DisputeProceedingWhere,
        },
        division::Division,
        external_id,
        legal_aid_grant::{LegalAidGrant, LegalAidGrantOrderField, LegalAidGrantWhere},
        union_organization::{UnionOrganization, UnionOrganizationWhere},
        wage_recovery::{WageRecovery, WageRecoveryOrderField, WageRecoveryWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Criterion, Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine, StepDetails},
    operation::{self, Payload, RecordInput},
    repository::Repository,
    resource::{Id, Resource},
    shell::{groups, operation, payload, planned},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{Claim, ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// A labour dispute that a union handles, with its parties, claims and proceedings.
///
/// 工会受理的劳动争议案件。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::DisputeCase)))]
#[sea_orm(entity = "Entity")]
pub struct DisputeCase {
    /// The id. 编号
    pub id: Id<DisputeCase>,
    /// The number of the case, unique. 案号
    pub case_no: String,
    /// The title. 标题
    pub title: String,
    /// The ground in the law on mediation and arbitration, article 2. 法定事由
    pub ground: DisputeGround,
    /// The category. 案由
    pub category: DisputeCategory,
    /// Whether ten or more workers share the claim. 是否集体争议
    pub is_collective: bool,
    /// How many workers it is about. 涉及职工人数
    pub worker_count: i32,
    /// The day of what the dispute is about. 发生日期
    pub occurred_on: Option<Date>,
    /// The day the worker came to know; limitation runs from it. 知道之日
    pub known_on: Option<Date>,
    /// The day it was registered. 登记日期
    pub registered_on: Date,
    /// The day it was closed. 结案日期
    pub closed_on: Option<Date>,
    /// How it came in. 来源渠道
    pub channel: DisputeChannel,
    /// How carefully it has to be handled. 敏感程度
    pub sensitivity: CaseSensitivity,
    /// What it is about, at most 4,000 characters. 摘要
    pub summary: Option<String>,
    /// The state. 状态
    pub status: DisputeCaseStatus,
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
    handler_id: Option<Id<UnionOrganization>>,
}

/// What names one dispute case: exactly one of these.
///
/// 定位一条争议案件记录的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum DisputeCaseBy {
    /// The id. 编号
    Id(Id<DisputeCase>),
    /// The name a source system has for it. 外部编号
    ExternalId(ExternalId),
    /// The number of the case, unique. 案号
    CaseNo(String),
}

/// Narrows a list of dispute cases.
///
/// 争议案件筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputeCaseWhere {
    /// All of these. 全部满足
    and: Option<Vec<DisputeCaseWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DisputeCaseWhere>>,
    /// Not this. 不满足
    not: Option<Box<DisputeCaseWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number of the case, unique. 案号
    case_no: Option<TextFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The ground in the law on mediation and arbitration, article 2. 法定事由
    ground: Option<Equality<DisputeGround>>,
    /// The category. 案由
    category: Option<Equality<DisputeCategory>>,
    /// Whether ten or more workers share the claim. 是否集体争议
    is_collective: Option<Equality<bool>>,
    /// How many workers it is about. 涉及职工人数
    worker_count: Option<Ordering<i32>>,
    /// The day of what the dispute is about. 发生日期
    occurred_on: Option<Ordering<Date>>,
    /// The day it was registered. 登记日期
    registered_on: Option<Ordering<Date>>,
    /// The day it was closed. 结案日期
    closed_on: Option<Ordering<Date>>,
    /// How it came in. 来源渠道
    channel: Option<Equality<DisputeChannel>>,
    /// How carefully it has to be handled. 敏感程度
    sensitivity: Option<Equality<CaseSensitivity>>,
    /// The state. 状态
    status: Option<Equality<DisputeCaseStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The union organisation that handles it. 承办工会
    handler: Option<Nested<UnionOrganizationWhere>>,
    /// Its parties. 当事人
    parties: Option<ListFilter<DisputePartyWhere>>,
    /// Its claims. 请求
    claims: Option<ListFilter<DisputeClaimWhere>>,
    /// Its proceedings. 程序
    proceedings: Option<ListFilter<DisputeProceedingWhere>>,
    /// The wages recovered in it. 劳动报酬追讨
    wage_recoveries: Option<ListFilter<WageRecoveryWhere>>,
    /// The legal aid that was granted. 法律援助
    legal_aid_grants: Option<ListFilter<LegalAidGrantWhere>>,
}

/// What a list of dispute cases can be sorted by.
///
/// 争议案件排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DisputeCaseOrderField {
    /// The number of the case, unique. 案号
    CaseNo,
    /// The title. 标题
    Title,
    /// How many workers it is about. 涉及职工人数
    WorkerCount,
    /// The day it was registered. 登记日期
    RegisteredOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a dispute case and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputeCaseDetails {
    /// Whether ten or more workers share the claim; false unless told otherwise. 是否集体争议
    is_collective: MaybeUndefined<bool>,
    /// How many workers it is about; 1 unless told otherwise. 涉及职工人数
    worker_count: MaybeUndefined<i32>,
    /// The day of what the dispute is about. 发生日期
    occurred_on: MaybeUndefined<Date>,
    /// The day the worker came to know; limitation runs from it. 知道之日
    known_on: MaybeUndefined<Date>,
    /// The union organisation that handles it. 承办工会
    handler_id: MaybeUndefined<Id<UnionOrganization>>,
    /// How carefully it has to be handled; `NORMAL` unless told otherwise. 敏感程度
    sensitivity: MaybeUndefined<CaseSensitivity>,
    /// What it is about, at most 4,000 characters. 摘要
    summary: MaybeUndefined<String>,
}

/// Registers a case.
///
/// 登记案件。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeCaseRegisterInput {
    /// The number of the case, unique. 案号
    case_no: String,
    /// The title. 标题
    title: String,
    /// The ground in the law on mediation and arbitration, article 2. 法定事由
    ground: DisputeGround,
    /// The category. 案由
    category: DisputeCategory,
    /// The day it was registered. 登记日期
    registered_on: Date,
    /// How it came in. 来源渠道
    channel: DisputeChannel,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: DisputeCaseDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a dispute case: absent keeps, null clears, a value sets.
///
/// 更新争议案件：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeCaseUpdateInput {
    /// The record. 记录编号
    id: Id<DisputeCase>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The ground in the law on mediation and arbitration, article 2. 法定事由
    ground: MaybeUndefined<DisputeGround>,
    /// The category. 案由
    category: MaybeUndefined<DisputeCategory>,
    /// The day it was registered. 登记日期
    registered_on: MaybeUndefined<Date>,
    /// How it came in. 来源渠道
    channel: MaybeUndefined<DisputeChannel>,
    #[graphql(flatten)]
    details: DisputeCaseDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Creates a dispute case, or changes the one that has this external id.
///
/// 按外部编号新增或更新争议案件。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeCaseUpsertInput {
    #[graphql(flatten)]
    item: DisputeCaseUpsertItem,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Many dispute cases to create or change.
///
/// 批量新增或更新争议案件。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeCaseUpsertBatchInput {
    /// 1 to 100 of them. 列表
    items: Vec<DisputeCaseUpsertItem>,
    /// What happens when one of them is refused. 出错策略
    #[graphql(default)]
    error_policy: ErrorPolicy,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// One dispute case of a batch.
///
/// 批量中的一条争议案件。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeCaseUpsertItem {
    /// The name that the source system has for it. 外部编号
    external_id: ExternalId,
    /// Refuse when the record has another version by now; absent: whatever the version. 期望版本
    expected_version: Option<i32>,
    /// The number of the case, unique. 案号
    case_no: MaybeUndefined<String>,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The ground in the law on mediation and arbitration, article 2. 法定事由
    ground: MaybeUndefined<DisputeGround>,
    /// The category. 案由
    category: MaybeUndefined<DisputeCategory>,
    /// The day it was registered. 登记日期
    registered_on: MaybeUndefined<Date>,
    /// How it came in. 来源渠道
    channel: MaybeUndefined<DisputeChannel>,
    /// The division that keeps the record, for a new record. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: DisputeCaseDetails,
}

/// Closes a case.
///
/// 结案。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeCaseCloseInput {
    /// The record. 记录编号
    id: Id<DisputeCase>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Opens a closed case again.
///
/// 重新开启案件。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeCaseReopenInput {
    /// The record. 记录编号
    id: Id<DisputeCase>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

operation!(DisputeCaseClose of DisputeCase);
operation!(DisputeCaseReopen of DisputeCase);
operation!(DisputeCaseRegister of DisputeCase);
operation!(DisputeCaseUpdate of DisputeCase);
operation!(DisputeCaseUpsert of DisputeCase);
operation!(DisputeCaseArchive of DisputeCase);
operation!(DisputeCaseRestore of DisputeCase);
payload!(DisputeCaseUpsertBatchPayload of DisputeCaseUpsertResult { dispute_case: DisputeCase });

groups! {
    /// Dispute cases, counted by what they have in common: at most 1,000 groups. 按字段分组统计争议案件
    Groups("DisputeCaseGroupQueries") of DisputeCase by DisputeCaseWhere in dispute_case_groups: DisputeCaseGroup by DisputeCaseGroupField {
        /// The ground in the law. 法定事由
        Ground = ground: DisputeGround,
        /// The category. 案由
        Category = category: DisputeCategory,
        /// Whether ten or more workers share the claim. 是否集体争议
        IsCollective = is_collective: bool,
        /// How it came in. 来源渠道
        Channel = channel: DisputeChannel,
        /// How carefully it has to be handled. 敏感程度
        Sensitivity = sensitivity: CaseSensitivity,
        /// The state. 状态
        Status = status: DisputeCaseStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// How many workers the cases are about together. 涉及职工人数合计
        worker_total: i32 = WorkerCount,
    }
}

pub use closing::find_open;
use closing::{close, reopen};

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "DisputeCaseQueries")]
impl Queries {
    /// One dispute case; null when there is none that the caller may see. 查询一条争议案件
    async fn dispute_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it. 定位条件")] by: DisputeCaseBy,
    ) -> Nullable<DisputeCase> {
        ctx.find_by(by).await
    }

    /// Dispute cases, oldest record first unless told otherwise. 查询争议案件列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn dispute_cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            DisputeCaseWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DisputeCaseOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<DisputeCase>> {
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "DisputeCaseMutations")]
impl Mutations {
    /// Registers a case. 登记案件
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeCaseRegisterInput,
    ) -> Nullable<Payload<DisputeCaseRegister>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeCase, options, input, |work, it| Box::pin(create(work, it)))
                .await,
        )
    }

    /// Closes a case whose claims are decided, whose proceedings have ended and whose wages are paid
    /// or known to be lost. 结案
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeCaseCloseInput,
    ) -> Nullable<Payload<DisputeCaseClose>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeCase, options, input, |work, it| Box::pin(close(work, it)))
                .await,
        )
    }

    /// Opens a closed case again. 重新开启案件
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeCaseReopenInput,
    ) -> Nullable<Payload<DisputeCaseReopen>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeCase, options, input, |work, it| Box::pin(reopen(work, it)))
                .await,
        )
    }

    /// Changes a dispute case. 更新争议案件
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeCaseUpdateInput,
    ) -> Nullable<Payload<DisputeCaseUpdate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeCase, options, input, |work, it| Box::pin(update(work, it)))
                .await,
        )
    }

    /// Creates a dispute case, or changes the one that has this external id. Free of races. 新增或更新争议案件
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_upsert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeCaseUpsertInput,
    ) -> Nullable<Payload<DisputeCaseUpsert>> {
        let upsert =
            ctx.upsert(input.options, input.item, by_name, |work, it| Box::pin(upsert(work, it)));
        Some(upsert.await)
    }

    /// Creates or changes up to 100 dispute cases, with one result each, in the order given. 批量新增或更新争议案件
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_upsert_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeCaseUpsertBatchInput,
    ) -> Nullable<DisputeCaseUpsertBatchPayload> {
        let (options, policy) = (input.options.clone(), input.error_policy);
        Some(
            ctx.write(Kind::DisputeCase, options, input.items, move |work, items| {
                Box::pin(batch::run(work, policy, items, by_name, |work, it| {
                    Box::pin(upsert(work, it))
                }))
            })
            .await,
        )
    }

    /// Archives a dispute case: out of the lists, still there by id. 归档争议案件
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<DisputeCaseArchive>,
    ) -> Nullable<Payload<DisputeCaseArchive>> {
        operation::archive(ctx, input).await
    }

    /// Brings back an archived dispute case. 恢复争议案件
    #[graphql(directive = requires::apply(to_write(Kind::DisputeCase)))]
    async fn dispute_case_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<DisputeCaseRestore>,
    ) -> Nullable<Payload<DisputeCaseRestore>> {
        operation::restore(ctx, input).await
    }
}

#[ComplexObject]
impl DisputeCase {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// The names that source systems have for it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The union organisation that handles it; null when the caller may not see it. 承办工会
    async fn handler(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(self.handler_id).await
    }

    /// Its parties. 当事人
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn parties(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            DisputePartyWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DisputePartyOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<DisputeParty>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, dispute_party::Column::CaseId, filter, order_by, page).await
    }

    /// Its claims. 请求
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            DisputeClaimWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DisputeClaimOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<DisputeClaim>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, dispute_claim::Column::CaseId, filter, order_by, page).await
    }

    /// Its proceedings. 程序
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn proceedings(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            DisputeProceedingWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DisputeProceedingOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<DisputeProceeding>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, dispute_proceeding::Column::CaseId, filter, order_by, page).await
    }

    /// The wages recovered in it. 劳动报酬追讨
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn wage_recoveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            WageRecoveryWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<WageRecoveryOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<WageRecovery>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, wage_recovery::Column::CaseId, filter, order_by, page).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<DisputeCaseStep> {
        machine::steps_from::<DisputeCase>(EDGES, self.status)
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

    /// The legal aid that was granted. 法律援助
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn legal_aid_grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            LegalAidGrantWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<LegalAidGrantOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<LegalAidGrant>> {
        let page = Page { first, after, last, before };
        let owner = entity::legal_aid_grant::Column::CaseId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for DisputeCase {
    const KIND: Kind = Kind::DisputeCase;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("closedOn", Some(row.registered_on), row.closed_on)
            .into_iter()
            .collect()
    }
}

/// The machine.
const EDGES: &[Edge<DisputeCase>] = &[
    (DisputeCaseStatus::Registered, DisputeCaseStep::Close, DisputeCaseStatus::Closed),
    (DisputeCaseStatus::InNegotiation, DisputeCaseStep::Close, DisputeCaseStatus::Closed),
    (DisputeCaseStatus::InMediation, DisputeCaseStep::Close, DisputeCaseStatus::Closed),
    (DisputeCaseStatus::InArbitration, DisputeCaseStep::Close, DisputeCaseStatus::Closed),
    (DisputeCaseStatus::InCourt, DisputeCaseStep::Close, DisputeCaseStatus::Closed),
    (DisputeCaseStatus::InEnforcement, DisputeCaseStep::Close, DisputeCaseStatus::Closed),
    (DisputeCaseStatus::UnderInspection, DisputeCaseStep::Close, DisputeCaseStatus::Closed),
    (DisputeCaseStatus::Closed, DisputeCaseStep::Reopen, DisputeCaseStatus::Registered),
];

impl Machine for DisputeCase {
    type State = DisputeCaseStatus;
    type Step = DisputeCaseStep;

    fn edges(_row: &Model) -> &'static [Edge<DisputeCase>] {
        EDGES
    }

    fn state(row: &Model) -> DisputeCaseStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: DisputeCaseStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: DisputeCaseStep, day: NaiveDate, draft: &mut ActiveModel) {
        draft.closed_on = Set((step == DisputeCaseStep::Close).then_some(day));
    }
}

impl Linked for DisputeCase {
    type Where = DisputeCaseWhere;
    type Order = DisputeCaseOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "handler" => Link::one::<UnionOrganization>(Column::HandlerId),
            "parties" => Link::many::<DisputeParty>(dispute_party::Column::CaseId),
            "claims" => Link::many::<DisputeClaim>(dispute_claim::Column::CaseId),
            "proceedings" => Link::many::<DisputeProceeding>(dispute_proceeding::Column::CaseId),
            "wageRecoveries" => Link::many::<WageRecovery>(wage_recovery::Column::CaseId),
            "openSteps" => machine::link(|it: &DisputeCase| {
                machine::steps_from::<DisputeCase>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            "legalAidGrants" => {
                Link::many::<LegalAidGrant>(entity::legal_aid_grant::Column::CaseId)
            }
            _ => return None,
        })
    }
}

impl Root for DisputeCase {
    type By = DisputeCaseBy;

    const ONE: &'static str = "disputeCase";
    const MANY: &'static str = "disputeCases";
}

planned!(Queries of DisputeCase);

impl Key for DisputeCaseBy {
    type Resource = DisputeCase;

    fn criterion(self, _: &Repository) -> Result<Criterion> {
        Ok(match self {
            DisputeCaseBy::Id(id) => id.into(),
            DisputeCaseBy::ExternalId(name) => external_id::has_name::<DisputeCase>(&name).into(),
            DisputeCaseBy::CaseNo(it) => Column::CaseNo.eq(it).into(),
        })
    }
}

impl Filter for DisputeCaseWhere {
    type Resource = DisputeCase;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::legal_aid_grant::Column::CaseId, self.legal_aid_grants)?
            .on(Column::Id, self.id)?
            .on(Column::CaseNo, self.case_no)?
            .on(Column::Title, self.title)?
            .on(Column::Ground, self.ground)?
            .on(Column::Category, self.category)?
            .on(Column::IsCollective, self.is_collective)?
            .on(Column::WorkerCount, self.worker_count)?
            .on(Column::OccurredOn, self.occurred_on)?
            .on(Column::RegisteredOn, self.registered_on)?
            .on(Column::ClosedOn, self.closed_on)?
            .on(Column::Channel, self.channel)?
            .on(Column::Sensitivity, self.sensitivity)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::HandlerId, self.handler)?
            .to_many(Column::Id, dispute_party::Column::CaseId, self.parties)?
            .to_many(Column::Id, dispute_claim::Column::CaseId, self.claims)?
            .to_many(Column::Id, dispute_proceeding::Column::CaseId, self.proceedings)?
            .to_many(Column::Id, wage_recovery::Column::CaseId, self.wage_recoveries)
    }
}

impl OrderField for DisputeCaseOrderField {
    type Resource = DisputeCase;

    fn column(self) -> Column {
        match self {
            DisputeCaseOrderField::CaseNo => Column::CaseNo,
            DisputeCaseOrderField::Title => Column::Title,
            DisputeCaseOrderField::WorkerCount => Column::WorkerCount,
            DisputeCaseOrderField::RegisteredOn => Column::RegisteredOn,
            DisputeCaseOrderField::CreatedAt => Column::CreatedAt,
            DisputeCaseOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a dispute case, as a mutation says it.
#[derive(Default)]
struct Essentials {
    case_no: MaybeUndefined<String>,
    title: MaybeUndefined<String>,
    ground: MaybeUndefined<DisputeGround>,
    category: MaybeUndefined<DisputeCategory>,
    registered_on: MaybeUndefined<Date>,
    channel: MaybeUndefined<DisputeChannel>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: DisputeCaseRegisterInput) -> Result<DisputeCase> {
    let essentials = Essentials {
        case_no: MaybeUndefined::Value(input.case_no),
        title: MaybeUndefined::Value(input.title),
        ground: MaybeUndefined::Value(input.ground),
        category: MaybeUndefined::Value(input.category),
        registered_on: MaybeUndefined::Value(input.registered_on),
        channel: MaybeUndefined::Value(input.channel),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: DisputeCaseUpdateInput) -> Result<DisputeCase> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        ground: input.ground,
        category: input.category,
        registered_on: input.registered_on,
        channel: input.channel,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<DisputeCase>(row, draft).await
}

/// The order in which a batch takes its items.
fn by_name(item: &DisputeCaseUpsertItem) -> ExternalId {
    item.external_id.clone()
}

async fn upsert(work: &mut UnitOfWork<'_>, item: DisputeCaseUpsertItem) -> Result<DisputeCase> {
    let essentials = Essentials {
        case_no: item.case_no,
        title: item.title,
        ground: item.ground,
        category: item.category,
        registered_on: item.registered_on,
        channel: item.channel,
        division_code: item.division_code,
    };
    let draft = draft(work, essentials, item.details).await?;
    match work.claim::<DisputeCase>("externalId", &item.external_id).await? {
        Claim::New => register(work, draft).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<DisputeCase>(id, item.expected_version).await?;
            // These are told once, when the record is made.
            let draft = ActiveModel { division_code: NotSet, case_no: NotSet, ..draft };
            work.update::<DisputeCase>(row, draft).await
        }
    }
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<DisputeCase> {
    if !draft.worker_count.is_set() {
        draft.worker_count = Set(1);
    }
    if !draft.is_collective.is_set() {
        draft.is_collective = Set(false);
    }
    if !draft.sensitivity.is_set() {
        draft.sensitivity = Set(CaseSensitivity::Normal);
    }
    draft.status = Set(DisputeCaseStatus::Registered);
    work.create::<DisputeCase>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: DisputeCaseDetails,
) -> Result<ActiveModel> {
    work.refer("handlerId", details.handler_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        case_no: form.line("caseNo", essentials.case_no, 64),
        title: form.line("title", essentials.title, 200),
        ground: form.plain("ground", essentials.ground),
        category: form.plain("category", essentials.category),
        registered_on: form.day("registeredOn", essentials.registered_on),
        channel: form.plain("channel", essentials.channel),
        division_code: form.value("divisionCode", essentials.division_code),
        is_collective: form.plain("isCollective", details.is_collective),
        worker_count: form.number("workerCount", details.worker_count, 1..=1_000_000),
        occurred_on: form.day_option(details.occurred_on),
        known_on: form.day_option(details.known_on),
        handler_id: form.id_option(details.handler_id),
        sensitivity: form.plain("sensitivity", details.sensitivity),
        summary: form.paragraphs_option("summary", details.summary, 4000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
