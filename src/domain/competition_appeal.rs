use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    competition_appeal::{
        ActiveModel, Column, CompetitionAppealStatus, CompetitionAppealStep, Entity, Model,
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
        competition_entry::{self, CompetitionEntry, CompetitionEntryWhere, Corrected},
        division::Division,
        external_id,
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

/// An appeal against the score of an entry.
///
/// 竞赛成绩申诉。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CompetitionAppeal)))]
#[sea_orm(entity = "Entity")]
pub struct CompetitionAppeal {
    /// The id. 编号
    pub id: Id<CompetitionAppeal>,
    /// What is appealed against, and why. 申诉理由
    pub grounds: String,
    /// The day it was filed. 提出日期
    pub filed_on: Date,
    /// What was decided, in words. 裁定意见
    pub decision: Option<String>,
    /// The day it was decided. 裁定日期
    pub decided_on: Option<Date>,
    /// The state. 状态
    pub status: CompetitionAppealStatus,
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
    entry_id: Id<CompetitionEntry>,
}

/// Narrows a list of competition appeals.
///
/// 竞赛申诉筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionAppealWhere {
    /// All of these. 全部满足
    and: Option<Vec<CompetitionAppealWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CompetitionAppealWhere>>,
    /// Not this. 不满足
    not: Option<Box<CompetitionAppealWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The day it was filed. 提出日期
    filed_on: Option<Ordering<Date>>,
    /// The day it was decided. 裁定日期
    decided_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<CompetitionAppealStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The entry. 参赛
    entry: Option<Nested<CompetitionEntryWhere>>,
}

/// What a list of competition appeals can be sorted by.
///
/// 竞赛申诉排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompetitionAppealOrderField {
    /// The day it was filed. 提出日期
    FiledOn,
    /// The day it was decided. 裁定日期
    DecidedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a competition appeal and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionAppealDetails {
    /// What was decided, in words. 裁定意见
    decision: MaybeUndefined<String>,
}

/// Files an appeal.
///
/// 提出竞赛申诉。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionAppealFileInput {
    /// The entry. 参赛
    entry_id: Id<CompetitionEntry>,
    /// What is appealed against, and why. 申诉理由
    grounds: String,
    /// The day it was filed. 提出日期
    filed_on: Date,
    #[graphql(flatten)]
    details: CompetitionAppealDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a competition appeal: absent keeps, null clears, a value sets.
///
/// 更新竞赛申诉：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionAppealUpdateInput {
    /// The record. 记录编号
    id: Id<CompetitionAppeal>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What is appealed against, and why. 申诉理由
    grounds: MaybeUndefined<String>,
    /// The day it was filed. 提出日期
    filed_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: CompetitionAppealDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Upholds an appeal. The scores that it corrects are told here: absent keeps, null clears, a value sets. The
/// entries of the event that have a rank are ranked anew: by the total score, then by the parts of the score
/// in their order, then by practice and theory. Refused once that would change a rank after the results are
/// confirmed, or of an entry that has its award.
///
/// 裁定申诉成立：更正成绩并重新排定本赛项名次。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionAppealUpholdInput {
    /// The record. 记录编号
    id: Id<CompetitionAppeal>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The score in theory, in hundredths of a point: 0 to 10,000. 更正后的理论成绩（百分之一分）
    theory_score_centi: MaybeUndefined<i32>,
    /// The score in practice, in hundredths of a point: 0 to 10,000. 更正后的实操成绩（百分之一分）
    practice_score_centi: MaybeUndefined<i32>,
    /// The total score, in hundredths of a point: 0 to 10,000. 更正后的总成绩（百分之一分）
    total_score_centi: Option<i32>,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

reads! {
    Queries("CompetitionAppealQueries") of CompetitionAppeal by CompetitionAppealBy, CompetitionAppealWhere, CompetitionAppealOrderField {
        /// One competition appeal; null when there is none that the caller may see. 查询一条竞赛申诉
        competition_appeal = "competitionAppeal",
        /// Competition appeals, oldest record first unless told otherwise. 查询竞赛申诉列表
        competition_appeals = "competitionAppeals",
    }
}

writes! {
    Mutations("CompetitionAppealMutations") of CompetitionAppeal {
        /// Files an appeal. 提出竞赛申诉
        competition_appeal_file: CompetitionAppealFileInput => CompetitionAppealFile = create,
        /// Changes a competition appeal. 更新竞赛申诉
        competition_appeal_update: CompetitionAppealUpdateInput => CompetitionAppealUpdate = update,
        /// Upholds it: the score of the entry is corrected, and the entries of the event are ranked anew. 裁定成立，更正成绩并重新排定名次
        competition_appeal_uphold: CompetitionAppealUpholdInput => CompetitionAppealUphold = uphold,
    }
    upsert {
        /// Creates a competition appeal, or changes the one that has this external id. 按外部编号新增或更新竞赛申诉
        competition_appeal_upsert: CompetitionAppealUpsert of CompetitionAppealFileInput, CompetitionAppealUpdateInput
    }
    archive {
        /// Archives a competition appeal: out of the lists, still there by id. 归档竞赛申诉
        competition_appeal_archive: CompetitionAppealArchive
    }
    restore {
        /// Brings back an archived competition appeal. 恢复竞赛申诉
        competition_appeal_restore: CompetitionAppealRestore
    }
}

steps! {
    Steps("CompetitionAppealSteps") of CompetitionAppeal {
        /// Dismisses it. 驳回
        competition_appeal_dismiss: CompetitionAppealDismiss = CompetitionAppealStep::Dismiss,
    }
}

groups! {
    /// Competition appeals, counted by what they have in common: at most 1,000 groups. 按字段分组统计竞赛申诉
    Groups("CompetitionAppealGroupQueries") of CompetitionAppeal by CompetitionAppealWhere in competition_appeal_groups: CompetitionAppealGroup by CompetitionAppealGroupField {
        /// The state. 状态
        Status = status: CompetitionAppealStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl CompetitionAppeal {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The entry; null when the caller may not see it. 参赛
    async fn entry(&self, ctx: &Context<'_>) -> Nullable<CompetitionEntry> {
        ctx.find(Some(self.entry_id)).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<CompetitionAppealStep> {
        machine::steps_from::<CompetitionAppeal>(EDGES, self.status)
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

impl Resource for CompetitionAppeal {
    const KIND: Kind = Kind::CompetitionAppeal;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("decidedOn", Some(row.filed_on), row.decided_on)
            .into_iter()
            .collect()
    }
}

/// The machine.
const EDGES: &[Edge<CompetitionAppeal>] = &[
    (
        CompetitionAppealStatus::Filed,
        CompetitionAppealStep::Uphold,
        CompetitionAppealStatus::Upheld,
    ),
    (
        CompetitionAppealStatus::Filed,
        CompetitionAppealStep::Dismiss,
        CompetitionAppealStatus::Dismissed,
    ),
];

impl Machine for CompetitionAppeal {
    type State = CompetitionAppealStatus;
    type Step = CompetitionAppealStep;

    fn edges(_row: &Model) -> &'static [Edge<CompetitionAppeal>] {
        EDGES
    }

    fn state(row: &Model) -> CompetitionAppealStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: CompetitionAppealStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: CompetitionAppealStep, day: NaiveDate, draft: &mut ActiveModel) {
        if matches!(step, CompetitionAppealStep::Uphold | CompetitionAppealStep::Dismiss) {
            draft.decided_on = Set(Some(day));
        }
    }
}

impl Linked for CompetitionAppeal {
    type Where = CompetitionAppealWhere;
    type Order = CompetitionAppealOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "entry" => Link::one::<CompetitionEntry>(Column::EntryId),
            "openSteps" => machine::link(|it: &CompetitionAppeal| {
                machine::steps_from::<CompetitionAppeal>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for CompetitionAppealWhere {
    type Resource = CompetitionAppeal;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::FiledOn, self.filed_on)?
            .on(Column::DecidedOn, self.decided_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EntryId, self.entry)
    }
}

impl OrderField for CompetitionAppealOrderField {
    type Resource = CompetitionAppeal;

    fn column(self) -> Column {
        match self {
            CompetitionAppealOrderField::FiledOn => Column::FiledOn,
            CompetitionAppealOrderField::DecidedOn => Column::DecidedOn,
            CompetitionAppealOrderField::CreatedAt => Column::CreatedAt,
            CompetitionAppealOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a competition appeal, as a mutation says it.
#[derive(Default)]
struct Essentials {
    entry_id: MaybeUndefined<Id<CompetitionEntry>>,
    grounds: MaybeUndefined<String>,
    filed_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CompetitionAppealFileInput,
) -> Result<CompetitionAppeal> {
    let essentials = Essentials {
        entry_id: MaybeUndefined::Value(input.entry_id),
        grounds: MaybeUndefined::Value(input.grounds),
        filed_on: MaybeUndefined::Value(input.filed_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(CompetitionAppealStatus::Filed);
    if let Set(owner) = draft.entry_id {
        let owner = work.find_current::<CompetitionEntry>("entryId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<CompetitionAppeal>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CompetitionAppealUpdateInput,
) -> Result<CompetitionAppeal> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { grounds: input.grounds, filed_on: input.filed_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CompetitionAppeal>(row, draft).await
}

async fn uphold(
    work: &mut UnitOfWork<'_>,
    input: CompetitionAppealUpholdInput,
) -> Result<CompetitionAppeal> {
    let row: Model = work.find_version(input.id, input.expected_version).await?;
    let mut form = Form::new(work.rules());
    let points = 0..=10_000;
    let total = input.total_score_centi.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    let corrected = Corrected {
        theory: form.number_option("theoryScoreCenti", input.theory_score_centi, points.clone()),
        practice: form.number_option(
            "practiceScoreCenti",
            input.practice_score_centi,
            points.clone(),
        ),
        total: form.number_option("totalScoreCenti", total, points),
    };
    form.finish()?;
    let (entry, step, details) = (row.entry_id, CompetitionAppealStep::Uphold, input.details);
    let upheld = work.step::<CompetitionAppeal>(row, step, details.clone(), |_| ()).await?;
    competition_entry::correct(work, entry, corrected, &details).await?;
    Ok(upheld)
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CompetitionAppealDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        entry_id: form.id("entryId", essentials.entry_id),
        grounds: form.paragraphs("grounds", essentials.grounds, 2000),
        filed_on: form.day("filedOn", essentials.filed_on),
        decision: form.line_option("decision", details.decision, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
