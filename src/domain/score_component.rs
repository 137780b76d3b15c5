use std::collections::BTreeMap;

use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    competition::CompetitionStatus,
    competition_event,
    score_component::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition::Competition,
        competition_event::{CompetitionEvent, CompetitionEventWhere},
        division::Division,
        external_id,
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    operation::RecordInput,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A part of the score of an event, such as theory or practice.
///
/// 赛项评分项。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::ScoreComponent)))]
#[sea_orm(entity = "Entity")]
pub struct ScoreComponent {
    /// The id. 编号
    pub id: Id<ScoreComponent>,
    /// The name. 名称
    pub name: String,
    /// Its weight in ten-thousandths: 7,000 is 70 %. Those of an event add up to 10,000. 权重（万分比）
    pub weight_basis_points: i32,
    /// The most there is, in hundredths of a point. 满分（百分之一分）
    pub max_score_centi: i32,
    /// Its place in the order in which ties are broken. 同分比较次序
    pub tie_order: i32,
    /// What it takes to pass, in hundredths of a point; null where nothing does. 合格线（百分之一分）
    pub pass_mark_centi: Option<i32>,
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
}

/// Narrows a list of score components.
///
/// 评分项筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ScoreComponentWhere {
    /// All of these. 全部满足
    and: Option<Vec<ScoreComponentWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ScoreComponentWhere>>,
    /// Not this. 不满足
    not: Option<Box<ScoreComponentWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// Its weight in ten-thousandths: 7,000 is 70 %. Those of an event add up to 10,000. 权重（万分比）
    weight_basis_points: Option<Ordering<i32>>,
    /// The most there is, in hundredths of a point. 满分（百分之一分）
    max_score_centi: Option<Ordering<i32>>,
    /// Its place in the order in which ties are broken. 同分比较次序
    tie_order: Option<Ordering<i32>>,
    /// What it takes to pass, in hundredths of a point; null where nothing does. 合格线（百分之一分）
    pass_mark_centi: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The event. 赛项
    event: Option<Nested<CompetitionEventWhere>>,
}

/// What a list of score components can be sorted by.
///
/// 评分项排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ScoreComponentOrderField {
    /// Its place in the order in which ties are broken. 同分比较次序
    TieOrder,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a score component and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ScoreComponentDetails {
    /// What it takes to pass, in hundredths of a point; null where nothing does. 合格线（百分之一分）
    pass_mark_centi: MaybeUndefined<i32>,
}

/// Adds a part to the score of an event.
///
/// 设置评分项。
#[derive(Clone, Debug, InputObject)]
pub struct ScoreComponentCreateInput {
    /// The event. 赛项
    event_id: Id<CompetitionEvent>,
    /// The name. 名称
    name: String,
    /// Its weight in ten-thousandths: 7,000 is 70 %. Those of an event add up to 10,000. 权重（万分比）
    weight_basis_points: i32,
    /// The most there is, in hundredths of a point. 满分（百分之一分）
    max_score_centi: i32,
    /// Its place in the order in which ties are broken. 同分比较次序
    tie_order: i32,
    #[graphql(flatten)]
    details: ScoreComponentDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a score component: absent keeps, null clears, a value sets.
///
/// 更新评分项：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ScoreComponentUpdateInput {
    /// The record. 记录编号
    id: Id<ScoreComponent>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// Its weight in ten-thousandths: 7,000 is 70 %. Those of an event add up to 10,000. 权重（万分比）
    weight_basis_points: MaybeUndefined<i32>,
    /// The most there is, in hundredths of a point. 满分（百分之一分）
    max_score_centi: MaybeUndefined<i32>,
    /// Its place in the order in which ties are broken. 同分比较次序
    tie_order: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: ScoreComponentDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ScoreComponentQueries") of ScoreComponent by ScoreComponentBy, ScoreComponentWhere, ScoreComponentOrderField {
        /// One score component; null when there is none that the caller may see. 查询一条评分项
        score_component = "scoreComponent",
        /// Score components, oldest record first unless told otherwise. 查询评分项列表
        score_components = "scoreComponents",
    }
}

writes! {
    Mutations("ScoreComponentMutations") of ScoreComponent {
        /// Adds a part to the score of an event. 设置评分项
        score_component_create: ScoreComponentCreateInput => ScoreComponentCreate = create,
        /// Changes a score component. 更新评分项
        score_component_update: ScoreComponentUpdateInput => ScoreComponentUpdate = update,
        /// Archives a score component, until the scores are locked: out of the lists, still there by id. 归档评分项（成绩锁定之前）
        score_component_archive: ArchiveInput => ScoreComponentArchive = archive,
        /// Brings back an archived score component, until the scores are locked. 恢复评分项（成绩锁定之前）
        score_component_restore: RestoreInput => ScoreComponentRestore = restore,
    }
    upsert {
        /// Creates a score component, or changes the one that has this external id. 按外部编号新增或更新评分项
        score_component_upsert: ScoreComponentUpsert of ScoreComponentCreateInput, ScoreComponentUpdateInput
    }
}

#[ComplexObject]
impl ScoreComponent {
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
}

impl Resource for ScoreComponent {
    const KIND: Kind = Kind::ScoreComponent;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        row.pass_mark_centi
            .is_some_and(|it| it > row.max_score_centi)
            .then(|| {
                Violation::inconsistent(
                    "passMarkCenti",
                    "No more is needed to pass than there is.",
                    "合格线不能超过满分。",
                )
            })
            .into_iter()
            .collect()
    }
}

impl Linked for ScoreComponent {
    type Where = ScoreComponentWhere;
    type Order = ScoreComponentOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "event" => Link::one::<CompetitionEvent>(Column::EventId),
            _ => return None,
        })
    }
}

impl Filter for ScoreComponentWhere {
    type Resource = ScoreComponent;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::WeightBasisPoints, self.weight_basis_points)?
            .on(Column::MaxScoreCenti, self.max_score_centi)?
            .on(Column::TieOrder, self.tie_order)?
            .on(Column::PassMarkCenti, self.pass_mark_centi)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EventId, self.event)
    }
}

impl OrderField for ScoreComponentOrderField {
    type Resource = ScoreComponent;

    fn column(self) -> Column {
        match self {
            ScoreComponentOrderField::TieOrder => Column::TieOrder,
            ScoreComponentOrderField::CreatedAt => Column::CreatedAt,
            ScoreComponentOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What the weights of an event add up to.
const WHOLE: i32 = 10_000;

/// The scores of an event are open until the competition locks them.
pub async fn expect_open(work: &UnitOfWork<'_>, path: &str, event_id: Uuid) -> Result<()> {
    let event = work.find::<CompetitionEvent>(path, Id::new(event_id)).await?;
    let competition = work.find::<Competition>(path, Id::new(event.competition_id)).await?;
    let is_open = matches!(
        competition.status,
        CompetitionStatus::Planned
            | CompetitionStatus::Announced
            | CompetitionStatus::Registration
            | CompetitionStatus::QualificationCheck
            | CompetitionStatus::Preliminary
            | CompetitionStatus::SemiFinal
            | CompetitionStatus::Final
    );
    if is_open {
        return Ok(());
    }
    Err(Violation::inconsistent(path, "The scores of the event are locked.", "该赛项成绩已锁定。")
        .into())
}

/// The weights of each event of a competition that has any add up.
pub async fn expect_whole(work: &UnitOfWork<'_>, competition_id: Uuid) -> Result<()> {
    let events = Condition::all()
        .add(competition_event::Column::CompetitionId.eq(competition_id))
        .add(competition_event::Column::ArchivedAt.is_null());
    let events = work.read_all::<CompetitionEvent>(events).await?;
    let parts = Condition::all()
        .add(Column::EventId.is_in(events.iter().map(|it| it.id)))
        .add(Column::ArchivedAt.is_null());
    let mut weights: BTreeMap<Uuid, i32> = BTreeMap::new();
    for part in work.read_all::<ScoreComponent>(parts).await? {
        *weights.entry(part.event_id).or_default() += part.weight_basis_points;
    }
    if weights.values().all(|it| *it == WHOLE) {
        return Ok(());
    }
    Err(Violation::inconsistent(
        "id",
        "The weights of each event have to add up to 10,000.",
        "赛项评分项权重之和应为 10000（万分比）。",
    )
    .into())
}

/// What has to be said of a score component, as a mutation says it.
#[derive(Default)]
struct Essentials {
    event_id: MaybeUndefined<Id<CompetitionEvent>>,
    name: MaybeUndefined<String>,
    weight_basis_points: MaybeUndefined<i32>,
    max_score_centi: MaybeUndefined<i32>,
    tie_order: MaybeUndefined<i32>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: ScoreComponentCreateInput,
) -> Result<ScoreComponent> {
    let essentials = Essentials {
        event_id: MaybeUndefined::Value(input.event_id),
        name: MaybeUndefined::Value(input.name),
        weight_basis_points: MaybeUndefined::Value(input.weight_basis_points),
        max_score_centi: MaybeUndefined::Value(input.max_score_centi),
        tie_order: MaybeUndefined::Value(input.tie_order),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.event_id {
        let owner = work.find_current::<CompetitionEvent>("eventId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    if let Set(event) = draft.event_id {
        expect_open(work, "eventId", event).await?;
    }
    work.create::<ScoreComponent>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: ScoreComponentUpdateInput,
) -> Result<ScoreComponent> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        name: input.name,
        weight_basis_points: input.weight_basis_points,
        max_score_centi: input.max_score_centi,
        tie_order: input.tie_order,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    expect_open(work, "id", row.event_id).await?;
    work.update::<ScoreComponent>(row, draft).await
}

type ArchiveInput = RecordInput<ScoreComponentArchive>;
type RestoreInput = RecordInput<ScoreComponentRestore>;

async fn archive(work: &mut UnitOfWork<'_>, input: ArchiveInput) -> Result<ScoreComponent> {
    let row = work.find::<ScoreComponent>("id", input.id).await?;
    expect_open(work, "id", row.event_id).await?;
    work.archive_version(input.id, input.expected_version).await
}

async fn restore(work: &mut UnitOfWork<'_>, input: RestoreInput) -> Result<ScoreComponent> {
    let row = work.find::<ScoreComponent>("id", input.id).await?;
    expect_open(work, "id", row.event_id).await?;
    work.restore_version(input.id, input.expected_version).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ScoreComponentDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        event_id: form.id("eventId", essentials.event_id),
        name: form.line("name", essentials.name, 100),
        weight_basis_points: form.number(
            "weightBasisPoints",
            essentials.weight_basis_points,
            1..=10_000,
        ),
        max_score_centi: form.number("maxScoreCenti", essentials.max_score_centi, 1..=100_000),
        tie_order: form.number("tieOrder", essentials.tie_order, 1..=100),
        pass_mark_centi: form.number_option("passMarkCenti", details.pass_mark_centi, 0..=100_000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
