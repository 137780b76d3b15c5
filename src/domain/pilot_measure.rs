use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::pilot_measure::{ActiveModel, Column, Entity, FocusArea, Model, ReformTask};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        pilot_unit::{PilotUnit, PilotUnitWhere},
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
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A measure that a pilot unit takes for one of the five tasks.
///
/// 试点单位针对五大任务采取的举措。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PilotMeasure)))]
#[sea_orm(entity = "Entity")]
pub struct PilotMeasure {
    /// The id. 编号
    pub id: Id<PilotMeasure>,
    /// Which of the five tasks of the reform. 改革任务
    pub task: ReformTask,
    /// Which of the three focus areas. 重点领域
    pub focus_area: Option<FocusArea>,
    /// The title. 标题
    pub title: String,
    /// What it is about, at most 4,000 characters. 摘要
    pub summary: Option<String>,
    /// The first day. 开始日期
    pub started_on: Date,
    /// The last day; null while it goes on. 结束日期
    pub ended_on: Option<Date>,
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
    pilot_unit_id: Id<PilotUnit>,
}

/// Narrows a list of pilot measures.
///
/// 试点举措筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PilotMeasureWhere {
    /// All of these. 全部满足
    and: Option<Vec<PilotMeasureWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PilotMeasureWhere>>,
    /// Not this. 不满足
    not: Option<Box<PilotMeasureWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// Which of the five tasks of the reform. 改革任务
    task: Option<Equality<ReformTask>>,
    /// Which of the three focus areas. 重点领域
    focus_area: Option<Equality<FocusArea>>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The first day. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day; null while it goes on. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The pilot unit. 试点单位
    pilot_unit: Option<Nested<PilotUnitWhere>>,
}

/// What a list of pilot measures can be sorted by.
///
/// 试点举措排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PilotMeasureOrderField {
    /// The title. 标题
    Title,
    /// The first day. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a pilot measure and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PilotMeasureDetails {
    /// Which of the three focus areas. 重点领域
    focus_area: MaybeUndefined<FocusArea>,
    /// What it is about, at most 4,000 characters. 摘要
    summary: MaybeUndefined<String>,
    /// The last day; null while it goes on. 结束日期
    ended_on: MaybeUndefined<Date>,
}

/// Adds a measure to a pilot unit.
///
/// 新增试点举措。
#[derive(Clone, Debug, InputObject)]
pub struct PilotMeasureCreateInput {
    /// The pilot unit. 试点单位
    pilot_unit_id: Id<PilotUnit>,
    /// Which of the five tasks of the reform. 改革任务
    task: ReformTask,
    /// The title. 标题
    title: String,
    /// The first day. 开始日期
    started_on: Date,
    #[graphql(flatten)]
    details: PilotMeasureDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a pilot measure: absent keeps, null clears, a value sets.
///
/// 更新试点举措：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PilotMeasureUpdateInput {
    /// The record. 记录编号
    id: Id<PilotMeasure>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Which of the five tasks of the reform. 改革任务
    task: MaybeUndefined<ReformTask>,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PilotMeasureDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("PilotMeasureQueries") of PilotMeasure by PilotMeasureBy, PilotMeasureWhere, PilotMeasureOrderField {
        /// One pilot measure; null when there is none that the caller may see. 查询一条试点举措
        pilot_measure = "pilotMeasure",
        /// Pilot measures, oldest record first unless told otherwise. 查询试点举措列表
        pilot_measures = "pilotMeasures",
    }
}

writes! {
    Mutations("PilotMeasureMutations") of PilotMeasure {
        /// Adds a measure to a pilot unit. 新增试点举措
        pilot_measure_create: PilotMeasureCreateInput => PilotMeasureCreate = create,
        /// Changes a pilot measure. 更新试点举措
        pilot_measure_update: PilotMeasureUpdateInput => PilotMeasureUpdate = update,
    }
    upsert {
        /// Creates a pilot measure, or changes the one that has this external id. 按外部编号新增或更新试点举措
        pilot_measure_upsert: PilotMeasureUpsert of PilotMeasureCreateInput, PilotMeasureUpdateInput
    }
    archive {
        /// Archives a pilot measure: out of the lists, still there by id. 归档试点举措
        pilot_measure_archive: PilotMeasureArchive
    }
    restore {
        /// Brings back an archived pilot measure. 恢复试点举措
        pilot_measure_restore: PilotMeasureRestore
    }
}

#[ComplexObject]
impl PilotMeasure {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The pilot unit; null when the caller may not see it. 试点单位
    async fn pilot_unit(&self, ctx: &Context<'_>) -> Nullable<PilotUnit> {
        ctx.find(Some(self.pilot_unit_id)).await
    }
}

impl Resource for PilotMeasure {
    const KIND: Kind = Kind::PilotMeasure;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for PilotMeasure {
    type Where = PilotMeasureWhere;
    type Order = PilotMeasureOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "pilotUnit" => Link::one::<PilotUnit>(Column::PilotUnitId),
            _ => return None,
        })
    }
}

impl Filter for PilotMeasureWhere {
    type Resource = PilotMeasure;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Task, self.task)?
            .on(Column::FocusArea, self.focus_area)?
            .on(Column::Title, self.title)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::PilotUnitId, self.pilot_unit)
    }
}

impl OrderField for PilotMeasureOrderField {
    type Resource = PilotMeasure;

    fn column(self) -> Column {
        match self {
            PilotMeasureOrderField::Title => Column::Title,
            PilotMeasureOrderField::StartedOn => Column::StartedOn,
            PilotMeasureOrderField::CreatedAt => Column::CreatedAt,
            PilotMeasureOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a pilot measure, as a mutation says it.
#[derive(Default)]
struct Essentials {
    pilot_unit_id: MaybeUndefined<Id<PilotUnit>>,
    task: MaybeUndefined<ReformTask>,
    title: MaybeUndefined<String>,
    started_on: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: PilotMeasureCreateInput) -> Result<PilotMeasure> {
    let essentials = Essentials {
        pilot_unit_id: MaybeUndefined::Value(input.pilot_unit_id),
        task: MaybeUndefined::Value(input.task),
        title: MaybeUndefined::Value(input.title),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: PilotMeasureUpdateInput) -> Result<PilotMeasure> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        task: input.task,
        title: input.title,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PilotMeasure>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<PilotMeasure> {
    if let Set(owner) = draft.pilot_unit_id {
        let owner = work.find_current::<PilotUnit>("pilotUnitId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<PilotMeasure>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PilotMeasureDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        pilot_unit_id: form.id("pilotUnitId", essentials.pilot_unit_id),
        task: form.plain("task", essentials.task),
        title: form.line("title", essentials.title, 200),
        started_on: form.day("startedOn", essentials.started_on),
        focus_area: form.plain_option(details.focus_area),
        summary: form.paragraphs_option("summary", details.summary, 4000),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
