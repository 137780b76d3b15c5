use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::deadline::{ActiveModel, Column, DeadlineRule, Entity, Model};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Term, TermUnit};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        dispute_proceeding::{DisputeProceeding, DisputeProceedingWhere},
        division::Division,
        external_id,
        holiday::{self},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A time limit that runs in a proceeding.
///
/// 程序期限。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Deadline)))]
#[sea_orm(entity = "Entity")]
pub struct Deadline {
    /// The id. 编号
    pub id: Id<Deadline>,
    /// The rule. 期限规则
    pub rule: DeadlineRule,
    /// The day of the event, which is not counted. 起算事件日期
    pub started_on: Date,
    /// How long the rule gives, in its unit. 期限长度
    pub length: i32,
    /// What the limit is counted in. 期限单位
    pub unit: TermUnit,
    /// By how much it was extended, in the same unit. 延长长度
    pub extended_by: i32,
    /// The last day: a working day. 届满日期
    pub due_on: Date,
    /// The day it was met; null while it was not. 完成日期
    pub met_on: Option<Date>,
    /// The last notice of holidays that was on record; null where only weekends were known. 日历版本
    pub calendar_version: Option<String>,
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
    proceeding_id: Id<DisputeProceeding>,
}

/// Narrows a list of deadlines.
///
/// 法定期限筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DeadlineWhere {
    /// All of these. 全部满足
    and: Option<Vec<DeadlineWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DeadlineWhere>>,
    /// Not this. 不满足
    not: Option<Box<DeadlineWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The rule. 期限规则
    rule: Option<Equality<DeadlineRule>>,
    /// The day of the event, which is not counted. 起算事件日期
    started_on: Option<Ordering<Date>>,
    /// How long the rule gives, in its unit. 期限长度
    length: Option<Ordering<i32>>,
    /// What the limit is counted in. 期限单位
    unit: Option<Equality<TermUnit>>,
    /// By how much it was extended, in the same unit. 延长长度
    extended_by: Option<Ordering<i32>>,
    /// The last day: a working day. 届满日期
    due_on: Option<Ordering<Date>>,
    /// The day it was met; null while it was not. 完成日期
    met_on: Option<Ordering<Date>>,
    /// The last notice of holidays that was on record; null where only weekends were known. 日历版本
    calendar_version: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The proceeding. 所属程序
    proceeding: Option<Nested<DisputeProceedingWhere>>,
}

/// What a list of deadlines can be sorted by.
///
/// 法定期限排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DeadlineOrderField {
    /// The day of the event, which is not counted. 起算事件日期
    StartedOn,
    /// The last day: a working day. 届满日期
    DueOn,
    /// The day it was met; null while it was not. 完成日期
    MetOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a deadline and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DeadlineDetails {
    /// By how much it was extended, in the same unit. 延长长度
    extended_by: MaybeUndefined<i32>,
    /// The day it was met; null while it was not. 完成日期
    met_on: MaybeUndefined<Date>,
}

/// Has a time limit begin: the last day follows from the rule and the calendar.
///
/// 起算期限。
#[derive(Clone, Debug, InputObject)]
pub struct DeadlineStartInput {
    /// The proceeding. 所属程序
    proceeding_id: Id<DisputeProceeding>,
    /// The rule. 期限规则
    rule: DeadlineRule,
    /// The day of the event, which is not counted. 起算事件日期
    started_on: Date,
    #[graphql(flatten)]
    details: DeadlineDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a deadline: absent keeps, null clears, a value sets.
///
/// 更新法定期限：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct DeadlineUpdateInput {
    /// The record. 记录编号
    id: Id<Deadline>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day of the event, which is not counted. 起算事件日期
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: DeadlineDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("DeadlineQueries") of Deadline by DeadlineBy, DeadlineWhere, DeadlineOrderField {
        /// One deadline; null when there is none that the caller may see. 查询一条法定期限
        deadline = "deadline",
        /// Deadlines, oldest record first unless told otherwise. 查询法定期限列表
        deadlines = "deadlines",
    }
}

writes! {
    Mutations("DeadlineMutations") of Deadline {
        /// Has a time limit begin: the last day follows from the rule and the calendar. 起算期限
        deadline_start: DeadlineStartInput => DeadlineStart = create,
        /// Changes a deadline. 更新法定期限
        deadline_update: DeadlineUpdateInput => DeadlineUpdate = update,
    }
    upsert {
        /// Creates a deadline, or changes the one that has this external id. 按外部编号新增或更新法定期限
        deadline_upsert: DeadlineUpsert of DeadlineStartInput, DeadlineUpdateInput
    }
    archive {
        /// Archives a deadline: out of the lists, still there by id. 归档法定期限
        deadline_archive: DeadlineArchive
    }
    restore {
        /// Brings back an archived deadline. 恢复法定期限
        deadline_restore: DeadlineRestore
    }
}

groups! {
    /// Deadlines, counted by what they have in common: at most 1,000 groups. 按字段分组统计法定期限
    Groups("DeadlineGroupQueries") of Deadline by DeadlineWhere in deadline_groups: DeadlineGroup by DeadlineGroupField {
        /// The rule. 期限规则
        Rule = rule: DeadlineRule,
        /// What the limit is counted in. 期限单位
        Unit = unit: TermUnit,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl Deadline {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The proceeding; null when the caller may not see it. 所属程序
    async fn proceeding(&self, ctx: &Context<'_>) -> Nullable<DisputeProceeding> {
        ctx.find(Some(self.proceeding_id)).await
    }
}

impl Resource for Deadline {
    const KIND: Kind = Kind::Deadline;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("metOn", Some(row.started_on), row.met_on),
            (row.extended_by > terms(row.rule).1.cast_signed()).then(|| {
                Violation::inconsistent(
                    "extendedBy",
                    "The rule allows no such extension.",
                    "该期限不得如此延长。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for Deadline {
    type Where = DeadlineWhere;
    type Order = DeadlineOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "proceeding" => Link::one::<DisputeProceeding>(Column::ProceedingId),
            _ => return None,
        })
    }
}

impl Filter for DeadlineWhere {
    type Resource = Deadline;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Rule, self.rule)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::Length, self.length)?
            .on(Column::Unit, self.unit)?
            .on(Column::ExtendedBy, self.extended_by)?
            .on(Column::DueOn, self.due_on)?
            .on(Column::MetOn, self.met_on)?
            .on(Column::CalendarVersion, self.calendar_version)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ProceedingId, self.proceeding)
    }
}

impl OrderField for DeadlineOrderField {
    type Resource = Deadline;

    fn column(self) -> Column {
        match self {
            DeadlineOrderField::StartedOn => Column::StartedOn,
            DeadlineOrderField::DueOn => Column::DueOn,
            DeadlineOrderField::MetOn => Column::MetOn,
            DeadlineOrderField::CreatedAt => Column::CreatedAt,
            DeadlineOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// How long each rule gives, and by how much it can be extended.
fn terms(rule: DeadlineRule) -> (Term, u32) {
    use DeadlineRule as Rule;
    use TermUnit::{Day, Month, Workday, Year};
    let (length, unit, more) = match rule {
        Rule::NegotiationReply => (5, Day, 0),
        Rule::MediationAcceptance => (3, Workday, 0),
        Rule::Mediation => (15, Day, 0),
        Rule::PaymentOrderObjection => (15, Day, 0),
        Rule::ArbitrationLimitation => (1, Year, 0),
        Rule::ArbitrationAcceptance => (5, Day, 0),
        Rule::ArbitrationAnswer => (10, Day, 0),
        Rule::ArbitrationAward => (45, Day, 15),
        Rule::Lawsuit => (15, Day, 0),
        Rule::SetAside => (30, Day, 0),
        Rule::CourtFiling => (7, Day, 0),
        Rule::OrdinaryTrial => (6, Month, 6),
        Rule::SimplifiedTrial => (3, Month, 1),
        Rule::SmallClaim => (2, Month, 1),
        Rule::Appeal => (15, Day, 0),
        Rule::AppealTrial => (3, Month, 0),
        Rule::Enforcement => (2, Year, 0),
        Rule::Inspection => (60, Workday, 30),
    };
    (Term::new(length, unit), more)
}

/// The last day of a limit, and the calendar that says so.
async fn count(
    work: &UnitOfWork<'_>,
    draft: &mut ActiveModel,
    rule: DeadlineRule,
    started_on: NaiveDate,
    extended_by: i32,
) -> Result<()> {
    let (term, _) = terms(rule);
    let (calendar, version) = holiday::calendar(work, started_on).await?;
    let whole = Term::new(term.length + extended_by.unsigned_abs(), term.unit);
    let Some(due_on) = whole.due(started_on, &calendar) else {
        return Err(Violation::inconsistent(
            "startedOn",
            "The limit ends after the last day of the calendar.",
            "期限超出日历范围。",
        )
        .into());
    };
    draft.length = Set(term.length.cast_signed());
    draft.unit = Set(term.unit);
    draft.due_on = Set(due_on);
    draft.calendar_version = Set(version);
    Ok(())
}

/// What has to be said of a deadline, as a mutation says it.
#[derive(Default)]
struct Essentials {
    proceeding_id: MaybeUndefined<Id<DisputeProceeding>>,
    rule: MaybeUndefined<DeadlineRule>,
    started_on: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: DeadlineStartInput) -> Result<Deadline> {
    let essentials = Essentials {
        proceeding_id: MaybeUndefined::Value(input.proceeding_id),
        rule: MaybeUndefined::Value(input.rule),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if !draft.extended_by.is_set() {
        draft.extended_by = Set(0);
    }
    if let Set(owner) = draft.proceeding_id {
        let owner = work.find_current::<DisputeProceeding>("proceedingId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    if let (Set(rule), Set(started_on), Set(extended_by)) =
        (draft.rule.clone(), draft.started_on.clone(), draft.extended_by.clone())
    {
        count(work, &mut draft, rule, started_on, extended_by).await?;
    }
    work.create::<Deadline>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: DeadlineUpdateInput) -> Result<Deadline> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { started_on: input.started_on, ..Essentials::default() };
    let mut draft = draft(work, essentials, input.details).await?;
    let started_on = *draft.started_on.try_as_ref().unwrap_or(&row.started_on);
    let extended_by = *draft.extended_by.try_as_ref().unwrap_or(&row.extended_by);
    // What was counted stays as it was counted, unless it is counted anew.
    if (started_on, extended_by) != (row.started_on, row.extended_by) {
        count(work, &mut draft, row.rule, started_on, extended_by).await?;
    }
    work.update::<Deadline>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: DeadlineDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        proceeding_id: form.id("proceedingId", essentials.proceeding_id),
        rule: form.plain("rule", essentials.rule),
        started_on: form.day("startedOn", essentials.started_on),
        extended_by: form.number("extendedBy", details.extended_by, 0..=3_650),
        met_on: form.day_option(details.met_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
