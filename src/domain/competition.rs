mod promotion;
mod results;

use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use entity::{
    competition::{
        ActiveModel, Column, CompetitionKind, CompetitionLevel, CompetitionStatus, CompetitionStep,
        Entity, Model,
    },
    competition_event, state_transition,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DerivePartialModel,
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
        competition_event::{CompetitionEvent, CompetitionEventOrderField, CompetitionEventWhere},
        competition_team::{CompetitionTeam, CompetitionTeamOrderField, CompetitionTeamWhere},
        division::Division,
        external_id,
        hosting_right::{HostingRight, HostingRightOrderField, HostingRightWhere},
        union_organization::{UnionOrganization, UnionOrganizationWhere},
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
    machine::{self, Edge, Machine},
    operation::{self, Payload, RecordInput},
    repository::Repository,
    resource::{Id, Resource},
    shell::{groups, operation, payload, planned, steps},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{Claim, ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

pub use results::{Results, are_confirmed};

/// A labour or skill competition, with its events.
///
/// 劳动和技能竞赛。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Competition)))]
#[sea_orm(entity = "Entity")]
pub struct Competition {
    /// The id. 编号
    pub id: Id<Competition>,
    /// The title. 标题
    pub title: String,
    /// The kind. 类别
    pub kind: CompetitionKind,
    /// The level. 级别
    pub level: CompetitionLevel,
    /// Which edition, from 1. 届次
    pub edition: i32,
    /// The year. 年度
    pub year: i32,
    /// Who organises it. 主办单位
    pub organizer_name: String,
    /// The first day. 开始日期
    pub started_on: Option<Date>,
    /// The last day; null while it goes on. 结束日期
    pub ended_on: Option<Date>,
    /// The state. 状态
    pub status: CompetitionStatus,
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
    organizer_id: Option<Id<UnionOrganization>>,
}

/// What names one competition: exactly one of these.
///
/// 定位一条竞赛记录的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum CompetitionBy {
    /// The id. 编号
    Id(Id<Competition>),
    /// The name a source system has for it. 外部编号
    ExternalId(ExternalId),
}

/// Narrows a list of competitions.
///
/// 竞赛筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionWhere {
    /// All of these. 全部满足
    and: Option<Vec<CompetitionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CompetitionWhere>>,
    /// Not this. 不满足
    not: Option<Box<CompetitionWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<CompetitionKind>>,
    /// The level. 级别
    level: Option<Equality<CompetitionLevel>>,
    /// Which edition, from 1. 届次
    edition: Option<Ordering<i32>>,
    /// The year. 年度
    year: Option<Ordering<i32>>,
    /// Who organises it. 主办单位
    organizer_name: Option<TextFilter>,
    /// The first day. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day; null while it goes on. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<CompetitionStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The union organisation that organises it. 主办工会
    organizer: Option<Nested<UnionOrganizationWhere>>,
    /// Its events. 赛项
    events: Option<ListFilter<CompetitionEventWhere>>,
    /// The teams. 代表队
    teams: Option<ListFilter<CompetitionTeamWhere>>,
    /// The rights to host it. 承办权
    hosting_rights: Option<ListFilter<HostingRightWhere>>,
}

/// What a list of competitions can be sorted by.
///
/// 竞赛排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompetitionOrderField {
    /// The title. 标题
    Title,
    /// Which edition, from 1. 届次
    Edition,
    /// The year. 年度
    Year,
    /// Who organises it. 主办单位
    OrganizerName,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a competition and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionDetails {
    /// The union organisation that organises it. 主办工会
    organizer_id: MaybeUndefined<Id<UnionOrganization>>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    /// The last day; null while it goes on. 结束日期
    ended_on: MaybeUndefined<Date>,
}

/// Plans a competition.
///
/// 新建竞赛。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionCreateInput {
    /// The title. 标题
    title: String,
    /// The kind. 类别
    kind: CompetitionKind,
    /// The level. 级别
    level: CompetitionLevel,
    /// Which edition, from 1. 届次
    edition: i32,
    /// The year. 年度
    year: i32,
    /// Who organises it. 主办单位
    organizer_name: String,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: CompetitionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a competition: absent keeps, null clears, a value sets.
///
/// 更新竞赛：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionUpdateInput {
    /// The record. 记录编号
    id: Id<Competition>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<CompetitionKind>,
    /// Which edition, from 1. 届次
    edition: MaybeUndefined<i32>,
    /// The year. 年度
    year: MaybeUndefined<i32>,
    /// Who organises it. 主办单位
    organizer_name: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: CompetitionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Creates a competition, or changes the one that has this external id.
///
/// 按外部编号新增或更新竞赛。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionUpsertInput {
    #[graphql(flatten)]
    item: CompetitionUpsertItem,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Many competitions to create or change.
///
/// 批量新增或更新竞赛。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionUpsertBatchInput {
    /// 1 to 100 of them. 列表
    items: Vec<CompetitionUpsertItem>,
    /// What happens when one of them is refused. 出错策略
    #[graphql(default)]
    error_policy: ErrorPolicy,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// One competition of a batch.
///
/// 批量中的一条竞赛。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionUpsertItem {
    /// The name that the source system has for it. 外部编号
    external_id: ExternalId,
    /// Refuse when the record has another version by now; absent: whatever the version. 期望版本
    expected_version: Option<i32>,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<CompetitionKind>,
    /// The level. 级别
    level: MaybeUndefined<CompetitionLevel>,
    /// Which edition, from 1. 届次
    edition: MaybeUndefined<i32>,
    /// The year. 年度
    year: MaybeUndefined<i32>,
    /// Who organises it. 主办单位
    organizer_name: MaybeUndefined<String>,
    /// The division that keeps the record, for a new record. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: CompetitionDetails,
}

operation!(CompetitionCreate of Competition);
operation!(CompetitionUpdate of Competition);
operation!(CompetitionUpsert of Competition);
operation!(CompetitionArchive of Competition);
operation!(CompetitionRestore of Competition);
payload!(CompetitionUpsertBatchPayload of CompetitionUpsertResult { competition: Competition });

steps! {
    Steps("CompetitionSteps") of Competition {
        /// Announces it. 发布通知
        competition_announce: CompetitionAnnounce = CompetitionStep::Announce,
        /// Opens the registration. 开放报名
        competition_open_registration: CompetitionOpenRegistration = CompetitionStep::OpenRegistration,
        /// Begins to check who may compete. 资格审查
        competition_begin_qualification_check: CompetitionBeginQualificationCheck = CompetitionStep::BeginQualificationCheck,
        /// Begins the preliminary round. 初赛
        competition_begin_preliminary: CompetitionBeginPreliminary = CompetitionStep::BeginPreliminary,
        /// Begins the semi-final. 复赛
        competition_begin_semi_final: CompetitionBeginSemiFinal = CompetitionStep::BeginSemiFinal,
        /// Begins the final. 决赛
        competition_begin_final: CompetitionBeginFinal = CompetitionStep::BeginFinal,
        /// Opens the window for appeals. 受理申诉
        competition_open_appeal_window: CompetitionOpenAppealWindow = CompetitionStep::OpenAppealWindow,
        /// Publishes the notice. 公示
        competition_publish_notice: CompetitionPublishNotice = CompetitionStep::PublishNotice,
        /// Gives the awards. 表彰
        competition_award: CompetitionAward = CompetitionStep::Award,
        /// Files it away. 存档
        competition_file_away: CompetitionFileAway = CompetitionStep::FileAway,
        /// Cancels it. 取消
        competition_cancel: CompetitionCancel = CompetitionStep::Cancel,
        /// Makes it an exhibition, without awards. 转为表演赛
        competition_downgrade_to_exhibition: CompetitionDowngradeToExhibition = CompetitionStep::DowngradeToExhibition,
    }
}

groups! {
    /// Competitions, counted by what they have in common: at most 1,000 groups. 按字段分组统计竞赛
    Groups("CompetitionGroupQueries") of Competition by CompetitionWhere in competition_groups: CompetitionGroup by CompetitionGroupField {
        /// The kind. 类别
        Kind = kind: CompetitionKind,
        /// The level. 级别
        Level = level: CompetitionLevel,
        /// The year. 年度
        Year = year: i32,
        /// The state. 状态
        Status = status: CompetitionStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "CompetitionQueries")]
impl Queries {
    /// One competition; null when there is none that the caller may see. 查询一条竞赛
    async fn competition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it. 定位条件")] by: CompetitionBy,
    ) -> Nullable<Competition> {
        ctx.find_by(by).await
    }

    /// Competitions, oldest record first unless told otherwise. 查询竞赛列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn competitions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CompetitionWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CompetitionOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Competition>> {
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "CompetitionMutations")]
impl Mutations {
    /// Plans a competition. 新建竞赛
    #[graphql(directive = requires::apply(to_write(Kind::Competition)))]
    async fn competition_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: CompetitionCreateInput,
    ) -> Nullable<Payload<CompetitionCreate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::Competition, options, input, |work, it| Box::pin(create(work, it)))
                .await,
        )
    }

    /// Changes a competition. 更新竞赛
    #[graphql(directive = requires::apply(to_write(Kind::Competition)))]
    async fn competition_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: CompetitionUpdateInput,
    ) -> Nullable<Payload<CompetitionUpdate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::Competition, options, input, |work, it| Box::pin(update(work, it)))
                .await,
        )
    }

    /// Creates a competition, or changes the one that has this external id. Free of races. 新增或更新竞赛
    #[graphql(directive = requires::apply(to_write(Kind::Competition)))]
    async fn competition_upsert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: CompetitionUpsertInput,
    ) -> Nullable<Payload<CompetitionUpsert>> {
        let upsert =
            ctx.upsert(input.options, input.item, by_name, |work, it| Box::pin(upsert(work, it)));
        Some(upsert.await)
    }

    /// Creates or changes up to 100 competitions, with one result each, in the order given. 批量新增或更新竞赛
    #[graphql(directive = requires::apply(to_write(Kind::Competition)))]
    async fn competition_upsert_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: CompetitionUpsertBatchInput,
    ) -> Nullable<CompetitionUpsertBatchPayload> {
        let (options, policy) = (input.options.clone(), input.error_policy);
        Some(
            ctx.write(Kind::Competition, options, input.items, move |work, items| {
                Box::pin(batch::run(work, policy, items, by_name, |work, it| {
                    Box::pin(upsert(work, it))
                }))
            })
            .await,
        )
    }

    /// Archives a competition: out of the lists, still there by id. 归档竞赛
    #[graphql(directive = requires::apply(to_write(Kind::Competition)))]
    async fn competition_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<CompetitionArchive>,
    ) -> Nullable<Payload<CompetitionArchive>> {
        operation::archive(ctx, input).await
    }

    /// Brings back an archived competition. 恢复竞赛
    #[graphql(directive = requires::apply(to_write(Kind::Competition)))]
    async fn competition_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<CompetitionRestore>,
    ) -> Nullable<Payload<CompetitionRestore>> {
        operation::restore(ctx, input).await
    }
}

#[ComplexObject]
impl Competition {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// The names that source systems have for it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The union organisation that organises it; null when the caller may not see it. 主办工会
    async fn organizer(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(self.organizer_id).await
    }

    /// Its events. 赛项
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CompetitionEventWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CompetitionEventOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CompetitionEvent>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, competition_event::Column::CompetitionId, filter, order_by, page)
            .await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<CompetitionStep> {
        machine::steps_from::<Competition>(EDGES, self.status)
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

    /// The teams. 代表队
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CompetitionTeamWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CompetitionTeamOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CompetitionTeam>> {
        let page = Page { first, after, last, before };
        let owner = entity::competition_team::Column::CompetitionId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The rights to host it. 承办权
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn hosting_rights(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            HostingRightWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<HostingRightOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<HostingRight>> {
        let page = Page { first, after, last, before };
        let owner = entity::hosting_right::Column::CompetitionId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for Competition {
    const KIND: Kind = Kind::Competition;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", row.started_on, row.ended_on).into_iter().collect()
    }
}

/// The machine.
const EDGES: &[Edge<Competition>] = &[
    (CompetitionStatus::Planned, CompetitionStep::Announce, CompetitionStatus::Announced),
    (
        CompetitionStatus::Announced,
        CompetitionStep::OpenRegistration,
        CompetitionStatus::Registration,
    ),
    (
        CompetitionStatus::Registration,
        CompetitionStep::BeginQualificationCheck,
        CompetitionStatus::QualificationCheck,
    ),
    (
        CompetitionStatus::Registration,
        CompetitionStep::BeginPreliminary,
        CompetitionStatus::Preliminary,
    ),
    (
        CompetitionStatus::QualificationCheck,
        CompetitionStep::BeginPreliminary,
        CompetitionStatus::Preliminary,
    ),
    (CompetitionStatus::Preliminary, CompetitionStep::BeginSemiFinal, CompetitionStatus::SemiFinal),
    (CompetitionStatus::Preliminary, CompetitionStep::BeginFinal, CompetitionStatus::Final),
    (CompetitionStatus::SemiFinal, CompetitionStep::BeginFinal, CompetitionStatus::Final),
    (CompetitionStatus::Final, CompetitionStep::LockScores, CompetitionStatus::ScoresLocked),
    (
        CompetitionStatus::ScoresLocked,
        CompetitionStep::OpenAppealWindow,
        CompetitionStatus::AppealWindow,
    ),
    (
        CompetitionStatus::AppealWindow,
        CompetitionStep::ConfirmResults,
        CompetitionStatus::ResultsConfirmed,
    ),
    (
        CompetitionStatus::ResultsConfirmed,
        CompetitionStep::PublishNotice,
        CompetitionStatus::PublicNotice,
    ),
    (CompetitionStatus::PublicNotice, CompetitionStep::Award, CompetitionStatus::Awarded),
    (
        CompetitionStatus::Awarded,
        CompetitionStep::ProcessPromotion,
        CompetitionStatus::PromotionProcessed,
    ),
    (CompetitionStatus::PromotionProcessed, CompetitionStep::FileAway, CompetitionStatus::Archived),
    (CompetitionStatus::Planned, CompetitionStep::Cancel, CompetitionStatus::Cancelled),
    (CompetitionStatus::Announced, CompetitionStep::Cancel, CompetitionStatus::Cancelled),
    (CompetitionStatus::Registration, CompetitionStep::Cancel, CompetitionStatus::Cancelled),
    (CompetitionStatus::QualificationCheck, CompetitionStep::Cancel, CompetitionStatus::Cancelled),
    (CompetitionStatus::Preliminary, CompetitionStep::Cancel, CompetitionStatus::Cancelled),
    (
        CompetitionStatus::Registration,
        CompetitionStep::DowngradeToExhibition,
        CompetitionStatus::DowngradedToExhibition,
    ),
    (
        CompetitionStatus::QualificationCheck,
        CompetitionStep::DowngradeToExhibition,
        CompetitionStatus::DowngradedToExhibition,
    ),
];

impl Machine for Competition {
    type State = CompetitionStatus;
    type Step = CompetitionStep;

    fn edges(_row: &Model) -> &'static [Edge<Competition>] {
        EDGES
    }

    fn state(row: &Model) -> CompetitionStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: CompetitionStatus) {
        draft.status = Set(state);
    }
}

impl Linked for Competition {
    type Where = CompetitionWhere;
    type Order = CompetitionOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "organizer" => Link::one::<UnionOrganization>(Column::OrganizerId),
            "events" => Link::many::<CompetitionEvent>(competition_event::Column::CompetitionId),
            "openSteps" => machine::link(|it: &Competition| {
                machine::steps_from::<Competition>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            "teams" => {
                Link::many::<CompetitionTeam>(entity::competition_team::Column::CompetitionId)
            }
            "hostingRights" => {
                Link::many::<HostingRight>(entity::hosting_right::Column::CompetitionId)
            }
            _ => return None,
        })
    }
}

impl Root for Competition {
    type By = CompetitionBy;

    const ONE: &'static str = "competition";
    const MANY: &'static str = "competitions";
}

planned!(Queries of Competition);

impl Key for CompetitionBy {
    type Resource = Competition;

    fn criterion(self, _: &Repository) -> Result<Criterion> {
        Ok(match self {
            CompetitionBy::Id(id) => id.into(),
            CompetitionBy::ExternalId(name) => external_id::has_name::<Competition>(&name).into(),
        })
    }
}

impl Filter for CompetitionWhere {
    type Resource = Competition;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::hosting_right::Column::CompetitionId, self.hosting_rights)?
            .to_many(Column::Id, entity::competition_team::Column::CompetitionId, self.teams)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Kind, self.kind)?
            .on(Column::Level, self.level)?
            .on(Column::Edition, self.edition)?
            .on(Column::Year, self.year)?
            .on(Column::OrganizerName, self.organizer_name)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::OrganizerId, self.organizer)?
            .to_many(Column::Id, competition_event::Column::CompetitionId, self.events)
    }
}

impl OrderField for CompetitionOrderField {
    type Resource = Competition;

    fn column(self) -> Column {
        match self {
            CompetitionOrderField::Title => Column::Title,
            CompetitionOrderField::Edition => Column::Edition,
            CompetitionOrderField::Year => Column::Year,
            CompetitionOrderField::OrganizerName => Column::OrganizerName,
            CompetitionOrderField::CreatedAt => Column::CreatedAt,
            CompetitionOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a competition, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title: MaybeUndefined<String>,
    kind: MaybeUndefined<CompetitionKind>,
    level: MaybeUndefined<CompetitionLevel>,
    edition: MaybeUndefined<i32>,
    year: MaybeUndefined<i32>,
    organizer_name: MaybeUndefined<String>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: CompetitionCreateInput) -> Result<Competition> {
    let essentials = Essentials {
        title: MaybeUndefined::Value(input.title),
        kind: MaybeUndefined::Value(input.kind),
        level: MaybeUndefined::Value(input.level),
        edition: MaybeUndefined::Value(input.edition),
        year: MaybeUndefined::Value(input.year),
        organizer_name: MaybeUndefined::Value(input.organizer_name),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: CompetitionUpdateInput) -> Result<Competition> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        kind: input.kind,
        edition: input.edition,
        year: input.year,
        organizer_name: input.organizer_name,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<Competition>(row, draft).await
}

/// The order in which a batch takes its items.
fn by_name(item: &CompetitionUpsertItem) -> ExternalId {
    item.external_id.clone()
}

async fn upsert(work: &mut UnitOfWork<'_>, item: CompetitionUpsertItem) -> Result<Competition> {
    let essentials = Essentials {
        title: item.title,
        kind: item.kind,
        level: item.level,
        edition: item.edition,
        year: item.year,
        organizer_name: item.organizer_name,
        division_code: item.division_code,
    };
    let draft = draft(work, essentials, item.details).await?;
    match work.claim::<Competition>("externalId", &item.external_id).await? {
        Claim::New => register(work, draft).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<Competition>(id, item.expected_version).await?;
            // These are told once, when the record is made.
            let draft = ActiveModel { division_code: NotSet, level: NotSet, ..draft };
            work.update::<Competition>(row, draft).await
        }
    }
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<Competition> {
    draft.status = Set(CompetitionStatus::Planned);
    work.create::<Competition>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CompetitionDetails,
) -> Result<ActiveModel> {
    work.refer("organizerId", details.organizer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title: form.line("title", essentials.title, 200),
        kind: form.plain("kind", essentials.kind),
        level: form.plain("level", essentials.level),
        edition: form.number("edition", essentials.edition, 1..=1_000),
        year: form.number("year", essentials.year, 1949..=2100),
        organizer_name: form.line("organizerName", essentials.organizer_name, 200),
        division_code: form.value("divisionCode", essentials.division_code),
        organizer_id: form.id_option(details.organizer_id),
        started_on: form.day_option(details.started_on),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
