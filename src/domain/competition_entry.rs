mod ranking;

use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    competition_award,
    competition_entry::{
        ActiveModel, Column, CompetitionEntryStatus, CompetitionEntryStep, Entity, Model,
    },
    state_transition,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition_appeal::{
            CompetitionAppeal, CompetitionAppealOrderField, CompetitionAppealWhere,
        },
        competition_award::{CompetitionAward, CompetitionAwardOrderField, CompetitionAwardWhere},
        competition_event::{CompetitionEvent, CompetitionEventWhere},
        division::Division,
        external_id, score_component,
        score_sheet::{self, ScoreSheet, ScoreSheetOrderField, ScoreSheetWhere},
        worker::{Worker, WorkerWhere},
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
    machine::{self, Edge, Machine, StepDetails},
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

pub use ranking::{Corrected, RANKED, correct};

/// The entry of a worker in an event: one per worker and event.
///
/// 职工参加某一赛项的记录。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CompetitionEntry)))]
#[sea_orm(entity = "Entity")]
pub struct CompetitionEntry {
    /// The id. 编号
    pub id: Id<CompetitionEntry>,
    /// The number of the contestant. 参赛号
    pub bib_no: String,
    /// The team. 代表队
    pub team_name: Option<String>,
    /// The state. 状态
    pub status: CompetitionEntryStatus,
    /// The score in theory, in hundredths of a point. 理论成绩（百分之一分）
    pub theory_score_centi: Option<i32>,
    /// The score in practice, in hundredths of a point. 实操成绩（百分之一分）
    pub practice_score_centi: Option<i32>,
    /// The total score, in hundredths of a point. 总成绩（百分之一分）
    pub total_score_centi: Option<i32>,
    /// The rank, from 1. 名次
    pub rank: Option<i32>,
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
    event_id: Id<CompetitionEvent>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of competition entries.
///
/// 参赛筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionEntryWhere {
    /// All of these. 全部满足
    and: Option<Vec<CompetitionEntryWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CompetitionEntryWhere>>,
    /// Not this. 不满足
    not: Option<Box<CompetitionEntryWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number of the contestant. 参赛号
    bib_no: Option<TextFilter>,
    /// The team. 代表队
    team_name: Option<TextFilter>,
    /// The state. 状态
    status: Option<Equality<CompetitionEntryStatus>>,
    /// The total score, in hundredths of a point. 总成绩（百分之一分）
    total_score_centi: Option<Ordering<i32>>,
    /// The rank, from 1. 名次
    rank: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The event. 赛项
    event: Option<Nested<CompetitionEventWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The awards. 奖项
    awards: Option<ListFilter<CompetitionAwardWhere>>,
    /// The score sheets. 评分表
    score_sheets: Option<ListFilter<ScoreSheetWhere>>,
    /// The appeals. 申诉
    appeals: Option<ListFilter<CompetitionAppealWhere>>,
}

/// What a list of competition entries can be sorted by.
///
/// 参赛排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompetitionEntryOrderField {
    /// The number of the contestant. 参赛号
    BibNo,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a competition entry and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionEntryDetails {
    /// The team. 代表队
    team_name: MaybeUndefined<String>,
}

/// Registers a worker for an event.
///
/// 报名参赛。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionEntryRegisterInput {
    /// The event. 赛项
    event_id: Id<CompetitionEvent>,
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The number of the contestant. 参赛号
    bib_no: String,
    #[graphql(flatten)]
    details: CompetitionEntryDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a competition entry: absent keeps, null clears, a value sets.
///
/// 更新参赛：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionEntryUpdateInput {
    /// The record. 记录编号
    id: Id<CompetitionEntry>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The number of the contestant. 参赛号
    bib_no: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: CompetitionEntryDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Scores an entry.
///
/// 录入成绩。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionEntryScoreInput {
    /// The record. 记录编号
    id: Id<CompetitionEntry>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The score in theory, in hundredths of a point: 0 to 10,000. 理论成绩（百分之一分）
    theory_score_centi: MaybeUndefined<i32>,
    /// The score in practice, in hundredths of a point: 0 to 10,000. 实操成绩（百分之一分）
    practice_score_centi: MaybeUndefined<i32>,
    /// The total score, in hundredths of a point: 0 to 10,000. Absent: what the score sheets make of a
    /// hundred points; a number that says otherwise is refused. 总成绩（百分之一分）
    total_score_centi: Option<i32>,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Ranks an entry, or ranks it anew after an appeal.
///
/// 排定名次。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionEntryRankInput {
    /// The record. 记录编号
    id: Id<CompetitionEntry>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The rank, from 1; entries may share it. 名次
    rank: i32,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

steps! {
    Steps("CompetitionEntrySteps") of CompetitionEntry {
        /// Finds that the worker may compete. 资格审查通过
        competition_entry_qualify: CompetitionEntryQualify = CompetitionEntryStep::Qualify,
        /// Disqualifies the entry. 取消资格
        competition_entry_disqualify: CompetitionEntryDisqualify = CompetitionEntryStep::Disqualify,
        /// Notes that the worker competed. 已参赛
        competition_entry_mark_competed: CompetitionEntryMarkCompeted = CompetitionEntryStep::MarkCompeted,
        /// Notes that the worker was absent. 缺赛
        competition_entry_mark_absent: CompetitionEntryMarkAbsent = CompetitionEntryStep::MarkAbsent,
        /// Notes that the entry wins an award. 获奖
        competition_entry_award: CompetitionEntryAward = CompetitionEntryStep::Award,
        /// Notes that the entry wins none. 未获奖
        competition_entry_pass_over: CompetitionEntryPassOver = CompetitionEntryStep::PassOver,
    }
}

groups! {
    /// Entries, counted by what they have in common: at most 1,000 groups. 按字段分组统计参赛
    Groups("CompetitionEntryGroupQueries") of CompetitionEntry by CompetitionEntryWhere in competition_entry_groups: CompetitionEntryGroup by CompetitionEntryGroupField {
        /// The state. 状态
        Status = status: CompetitionEntryStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

reads! {
    Queries("CompetitionEntryQueries") of CompetitionEntry by CompetitionEntryBy, CompetitionEntryWhere, CompetitionEntryOrderField {
        /// One competition entry; null when there is none that the caller may see. 查询一条参赛
        competition_entry = "competitionEntry",
        /// Competition entries, oldest record first unless told otherwise. 查询参赛列表
        competition_entries = "competitionEntries",
    }
}

writes! {
    Mutations("CompetitionEntryMutations") of CompetitionEntry {
        /// Registers a worker for an event. 报名参赛
        competition_entry_register: CompetitionEntryRegisterInput => CompetitionEntryRegister = create,
        /// Scores an entry that competed, until the scores are locked. 录入成绩（成绩锁定之前）
        competition_entry_score: CompetitionEntryScoreInput => CompetitionEntryScore = score,
        /// Ranks an entry that has its scores. 排定名次
        competition_entry_rank: CompetitionEntryRankInput => CompetitionEntryRank = rank,
        /// Changes a competition entry. 更新参赛
        competition_entry_update: CompetitionEntryUpdateInput => CompetitionEntryUpdate = update,
    }
    upsert {
        /// Creates a competition entry, or changes the one that has this external id. 按外部编号新增或更新参赛
        competition_entry_upsert: CompetitionEntryUpsert of CompetitionEntryRegisterInput, CompetitionEntryUpdateInput
    }
    archive {
        /// Archives a competition entry: out of the lists, still there by id. 归档参赛
        competition_entry_archive: CompetitionEntryArchive
    }
    restore {
        /// Brings back an archived competition entry. 恢复参赛
        competition_entry_restore: CompetitionEntryRestore
    }
}

#[ComplexObject]
impl CompetitionEntry {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The event; null when the caller may not see it. 赛项
    async fn event(&self, ctx: &Context<'_>) -> Nullable<CompetitionEvent> {
        ctx.find(Some(self.event_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The awards. 奖项
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn awards(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CompetitionAwardWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CompetitionAwardOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CompetitionAward>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, competition_award::Column::EntryId, filter, order_by, page).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<CompetitionEntryStep> {
        machine::steps_from::<CompetitionEntry>(EDGES, self.status)
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

    /// The score sheets. 评分表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn score_sheets(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<ScoreSheetWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ScoreSheetOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<ScoreSheet>> {
        let page = Page { first, after, last, before };
        let owner = entity::score_sheet::Column::EntryId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The appeals. 申诉
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn appeals(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CompetitionAppealWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CompetitionAppealOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CompetitionAppeal>> {
        let page = Page { first, after, last, before };
        let owner = entity::competition_appeal::Column::EntryId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for CompetitionEntry {
    const KIND: Kind = Kind::CompetitionEntry;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<CompetitionEntry>] = &[
    (
        CompetitionEntryStatus::Registered,
        CompetitionEntryStep::Qualify,
        CompetitionEntryStatus::Qualified,
    ),
    (
        CompetitionEntryStatus::Registered,
        CompetitionEntryStep::Disqualify,
        CompetitionEntryStatus::Disqualified,
    ),
    (
        CompetitionEntryStatus::Qualified,
        CompetitionEntryStep::MarkCompeted,
        CompetitionEntryStatus::Competed,
    ),
    (
        CompetitionEntryStatus::Qualified,
        CompetitionEntryStep::MarkAbsent,
        CompetitionEntryStatus::Absent,
    ),
    (CompetitionEntryStatus::Competed, CompetitionEntryStep::Score, CompetitionEntryStatus::Scored),
    (
        CompetitionEntryStatus::Competed,
        CompetitionEntryStep::Disqualify,
        CompetitionEntryStatus::Disqualified,
    ),
    (CompetitionEntryStatus::Scored, CompetitionEntryStep::Rank, CompetitionEntryStatus::Ranked),
    (CompetitionEntryStatus::Ranked, CompetitionEntryStep::Rank, CompetitionEntryStatus::Ranked),
    (CompetitionEntryStatus::Ranked, CompetitionEntryStep::Award, CompetitionEntryStatus::Awarded),
    (
        CompetitionEntryStatus::Ranked,
        CompetitionEntryStep::PassOver,
        CompetitionEntryStatus::NotAwarded,
    ),
];

impl Machine for CompetitionEntry {
    type State = CompetitionEntryStatus;
    type Step = CompetitionEntryStep;

    fn edges(_row: &Model) -> &'static [Edge<CompetitionEntry>] {
        EDGES
    }

    fn state(row: &Model) -> CompetitionEntryStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: CompetitionEntryStatus) {
        draft.status = Set(state);
    }
}

impl Linked for CompetitionEntry {
    type Where = CompetitionEntryWhere;
    type Order = CompetitionEntryOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "event" => Link::one::<CompetitionEvent>(Column::EventId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "awards" => Link::many::<CompetitionAward>(competition_award::Column::EntryId),
            "openSteps" => machine::link(|it: &CompetitionEntry| {
                machine::steps_from::<CompetitionEntry>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            "scoreSheets" => Link::many::<ScoreSheet>(entity::score_sheet::Column::EntryId),
            "appeals" => {
                Link::many::<CompetitionAppeal>(entity::competition_appeal::Column::EntryId)
            }
            _ => return None,
        })
    }
}

impl Filter for CompetitionEntryWhere {
    type Resource = CompetitionEntry;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::competition_appeal::Column::EntryId, self.appeals)?
            .to_many(Column::Id, entity::score_sheet::Column::EntryId, self.score_sheets)?
            .on(Column::Id, self.id)?
            .on(Column::BibNo, self.bib_no)?
            .on(Column::TeamName, self.team_name)?
            .on(Column::Status, self.status)?
            .on(Column::TotalScoreCenti, self.total_score_centi)?
            .on(Column::Rank, self.rank)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EventId, self.event)?
            .to_one(Column::WorkerId, self.worker)?
            .to_many(Column::Id, competition_award::Column::EntryId, self.awards)
    }
}

impl OrderField for CompetitionEntryOrderField {
    type Resource = CompetitionEntry;

    fn column(self) -> Column {
        match self {
            CompetitionEntryOrderField::BibNo => Column::BibNo,
            CompetitionEntryOrderField::CreatedAt => Column::CreatedAt,
            CompetitionEntryOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a competition entry, as a mutation says it.
#[derive(Default)]
struct Essentials {
    event_id: MaybeUndefined<Id<CompetitionEvent>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    bib_no: MaybeUndefined<String>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CompetitionEntryRegisterInput,
) -> Result<CompetitionEntry> {
    let essentials = Essentials {
        event_id: MaybeUndefined::Value(input.event_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        bib_no: MaybeUndefined::Value(input.bib_no),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CompetitionEntryUpdateInput,
) -> Result<CompetitionEntry> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { bib_no: input.bib_no, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CompetitionEntry>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<CompetitionEntry> {
    draft.status = Set(CompetitionEntryStatus::Registered);
    if let Set(owner) = draft.worker_id {
        let owner = work.find_current::<Worker>("workerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<CompetitionEntry>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CompetitionEntryDetails,
) -> Result<ActiveModel> {
    work.refer("eventId", essentials.event_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        event_id: form.id("eventId", essentials.event_id),
        worker_id: form.id("workerId", essentials.worker_id),
        bib_no: form.line("bibNo", essentials.bib_no, 32),
        team_name: form.line_option("teamName", details.team_name, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

async fn score(
    work: &mut UnitOfWork<'_>,
    input: CompetitionEntryScoreInput,
) -> Result<CompetitionEntry> {
    let row: Model = work.find_version(input.id, input.expected_version).await?;
    score_component::expect_open(work, "id", row.event_id).await?;
    let mut form = Form::new(work.rules());
    let points = 0..=10_000;
    let theory = form.number_option("theoryScoreCenti", input.theory_score_centi, points.clone());
    let practice =
        form.number_option("practiceScoreCenti", input.practice_score_centi, points.clone());
    let sheets = score_sheet::total(work, &row).await?;
    let given = match (input.total_score_centi, sheets) {
        (None, None) => return Err(Violation::required("totalScoreCenti").into()),
        (Some(given), Some(sheets)) if given != sheets => {
            return Err(Violation::inconsistent(
                "totalScoreCenti",
                &format!("The score sheets make {sheets}."),
                &format!("评分表合计为 {sheets}。"),
            )
            .into());
        }
        (given, sheets) => given.or(sheets),
    };
    let total = given.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    let total = form.number_option("totalScoreCenti", total, points);
    form.finish()?;
    work.step::<CompetitionEntry>(row, CompetitionEntryStep::Score, input.details, |draft| {
        draft.theory_score_centi = theory;
        draft.practice_score_centi = practice;
        draft.total_score_centi = total;
    })
    .await
}

async fn rank(
    work: &mut UnitOfWork<'_>,
    input: CompetitionEntryRankInput,
) -> Result<CompetitionEntry> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let mut form = Form::new(work.rules());
    let rank = form.number_option("rank", MaybeUndefined::Value(input.rank), 1..=10_000);
    form.finish()?;
    work.step::<CompetitionEntry>(row, CompetitionEntryStep::Rank, input.details, |draft| {
        draft.rank = rank;
    })
    .await
}
