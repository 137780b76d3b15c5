use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    competition_entry, score_component as part,
    score_sheet::{ActiveModel, Column, Entity},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition_entry::{CompetitionEntry, CompetitionEntryWhere},
        division::Division,
        external_id,
        score_component::{self, ScoreComponent, ScoreComponentWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    operation::RecordInput,
    resource::{Id, Resource, current},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// What a referee gave an entry for a part of the score.
///
/// 裁判评分表。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::ScoreSheet)))]
#[sea_orm(entity = "Entity")]
pub struct ScoreSheet {
    /// The id. 编号
    pub id: Id<ScoreSheet>,
    /// The number of the referee in the event; no name. 裁判编号
    pub referee_no: String,
    /// The score, in hundredths of a point. 原始得分（百分之一分）
    pub raw_score_centi: i32,
    /// The day it was signed. 签字日期
    pub signed_on: Date,
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
    #[graphql(skip)]
    component_id: Id<ScoreComponent>,
}

/// Narrows a list of score sheets.
///
/// 评分表筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ScoreSheetWhere {
    /// All of these. 全部满足
    and: Option<Vec<ScoreSheetWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ScoreSheetWhere>>,
    /// Not this. 不满足
    not: Option<Box<ScoreSheetWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number of the referee in the event; no name. 裁判编号
    referee_no: Option<TextFilter>,
    /// The score, in hundredths of a point. 原始得分（百分之一分）
    raw_score_centi: Option<Ordering<i32>>,
    /// The day it was signed. 签字日期
    signed_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The entry. 参赛
    entry: Option<Nested<CompetitionEntryWhere>>,
    /// The part of the score. 评分项
    component: Option<Nested<ScoreComponentWhere>>,
}

/// What a list of score sheets can be sorted by.
///
/// 评分表排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ScoreSheetOrderField {
    /// The score, in hundredths of a point. 原始得分（百分之一分）
    RawScoreCenti,
    /// The day it was signed. 签字日期
    SignedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Enters a score that a referee signed.
///
/// 登记裁判评分。
#[derive(Clone, Debug, InputObject)]
pub struct ScoreSheetSignInput {
    /// The entry. 参赛
    entry_id: Id<CompetitionEntry>,
    /// The part of the score. 评分项
    component_id: Id<ScoreComponent>,
    /// The number of the referee in the event; no name. 裁判编号
    referee_no: String,
    /// The score, in hundredths of a point. 原始得分（百分之一分）
    raw_score_centi: i32,
    /// The day it was signed. 签字日期
    signed_on: Date,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a score sheet: absent keeps, null clears, a value sets.
///
/// 更新评分表：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ScoreSheetUpdateInput {
    /// The record. 记录编号
    id: Id<ScoreSheet>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The number of the referee in the event; no name. 裁判编号
    referee_no: MaybeUndefined<String>,
    /// The score, in hundredths of a point. 原始得分（百分之一分）
    raw_score_centi: MaybeUndefined<i32>,
    /// The day it was signed. 签字日期
    signed_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ScoreSheetQueries") of ScoreSheet by ScoreSheetBy, ScoreSheetWhere, ScoreSheetOrderField {
        /// One score sheet; null when there is none that the caller may see. 查询一条评分表
        score_sheet = "scoreSheet",
        /// Score sheets, oldest record first unless told otherwise. 查询评分表列表
        score_sheets = "scoreSheets",
    }
}

writes! {
    Mutations("ScoreSheetMutations") of ScoreSheet {
        /// Enters a score that a referee signed. 登记裁判评分
        score_sheet_sign: ScoreSheetSignInput => ScoreSheetSign = create,
        /// Changes a score sheet. 更新评分表
        score_sheet_update: ScoreSheetUpdateInput => ScoreSheetUpdate = update,
        /// Archives a score sheet, until the scores are locked: out of the lists, still there by id. 归档评分表（成绩锁定之前）
        score_sheet_archive: ArchiveInput => ScoreSheetArchive = archive,
        /// Brings back an archived score sheet, until the scores are locked. 恢复评分表（成绩锁定之前）
        score_sheet_restore: RestoreInput => ScoreSheetRestore = restore,
    }
    upsert {
        /// Creates a score sheet, or changes the one that has this external id. 按外部编号新增或更新评分表
        score_sheet_upsert: ScoreSheetUpsert of ScoreSheetSignInput, ScoreSheetUpdateInput
    }
}

#[ComplexObject]
impl ScoreSheet {
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

    /// The part of the score; null when the caller may not see it. 评分项
    async fn component(&self, ctx: &Context<'_>) -> Nullable<ScoreComponent> {
        ctx.find(Some(self.component_id)).await
    }
}

impl Resource for ScoreSheet {
    const KIND: Kind = Kind::ScoreSheet;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for ScoreSheet {
    type Where = ScoreSheetWhere;
    type Order = ScoreSheetOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "entry" => Link::one::<CompetitionEntry>(Column::EntryId),
            "component" => Link::one::<ScoreComponent>(Column::ComponentId),
            _ => return None,
        })
    }
}

impl Filter for ScoreSheetWhere {
    type Resource = ScoreSheet;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::RefereeNo, self.referee_no)?
            .on(Column::RawScoreCenti, self.raw_score_centi)?
            .on(Column::SignedOn, self.signed_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EntryId, self.entry)?
            .to_one(Column::ComponentId, self.component)
    }
}

impl OrderField for ScoreSheetOrderField {
    type Resource = ScoreSheet;

    fn column(self) -> Column {
        match self {
            ScoreSheetOrderField::RawScoreCenti => Column::RawScoreCenti,
            ScoreSheetOrderField::SignedOn => Column::SignedOn,
            ScoreSheetOrderField::CreatedAt => Column::CreatedAt,
            ScoreSheetOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// A score is of the event of its entry, within what there is, and given before scores are locked.
async fn expect_fitting(work: &UnitOfWork<'_>, row: &ScoreSheet) -> Result<()> {
    let entry = work.find::<CompetitionEntry>("entryId", row.entry_id).await?;
    let component = work.find::<ScoreComponent>("componentId", row.component_id).await?;
    if entry.event_id != component.event_id {
        return Err(Violation::inconsistent(
            "componentId",
            "The part of the score is of another event.",
            "评分项不属于该参赛所在赛项。",
        )
        .into());
    }
    if row.raw_score_centi > component.max_score_centi {
        return Err(Violation::inconsistent(
            "rawScoreCenti",
            "The score is more than there is.",
            "得分不能超过满分。",
        )
        .into());
    }
    score_component::expect_open(work, "entryId", entry.event_id).await
}

/// What has to be said of a score sheet, as a mutation says it.
#[derive(Default)]
struct Essentials {
    entry_id: MaybeUndefined<Id<CompetitionEntry>>,
    component_id: MaybeUndefined<Id<ScoreComponent>>,
    referee_no: MaybeUndefined<String>,
    raw_score_centi: MaybeUndefined<i32>,
    signed_on: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: ScoreSheetSignInput) -> Result<ScoreSheet> {
    let essentials = Essentials {
        entry_id: MaybeUndefined::Value(input.entry_id),
        component_id: MaybeUndefined::Value(input.component_id),
        referee_no: MaybeUndefined::Value(input.referee_no),
        raw_score_centi: MaybeUndefined::Value(input.raw_score_centi),
        signed_on: MaybeUndefined::Value(input.signed_on),
    };
    let mut draft = draft(work, essentials).await?;
    if let Set(owner) = draft.entry_id {
        let owner = work.find_current::<CompetitionEntry>("entryId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    let record = work.create::<ScoreSheet>(draft).await?;
    expect_fitting(work, &record).await?;
    Ok(record)
}

async fn update(work: &mut UnitOfWork<'_>, input: ScoreSheetUpdateInput) -> Result<ScoreSheet> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        referee_no: input.referee_no,
        raw_score_centi: input.raw_score_centi,
        signed_on: input.signed_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials).await?;
    let record = work.update::<ScoreSheet>(row, draft).await?;
    expect_fitting(work, &record).await?;
    Ok(record)
}

type ArchiveInput = RecordInput<ScoreSheetArchive>;
type RestoreInput = RecordInput<ScoreSheetRestore>;

async fn archive(work: &mut UnitOfWork<'_>, input: ArchiveInput) -> Result<ScoreSheet> {
    expect_open(work, input.id).await?;
    work.archive_version(input.id, input.expected_version).await
}

async fn restore(work: &mut UnitOfWork<'_>, input: RestoreInput) -> Result<ScoreSheet> {
    expect_open(work, input.id).await?;
    work.restore_version(input.id, input.expected_version).await
}

async fn expect_open(work: &UnitOfWork<'_>, id: Id<ScoreSheet>) -> Result<()> {
    let sheet = work.find::<ScoreSheet>("id", id).await?;
    let entry = work.find::<CompetitionEntry>("id", Id::new(sheet.entry_id)).await?;
    score_component::expect_open(work, "id", entry.event_id).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    work.refer("componentId", essentials.component_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        entry_id: form.id("entryId", essentials.entry_id),
        component_id: form.id("componentId", essentials.component_id),
        referee_no: form.line("refereeNo", essentials.referee_no, 32),
        raw_score_centi: form.number("rawScoreCenti", essentials.raw_score_centi, 0..=100_000),
        signed_on: form.day("signedOn", essentials.signed_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

/// The mean of the sheets that entries have for parts of the score, in hundredths of a point.
pub struct Means(HashMap<(Uuid, Uuid), f64>);

impl Means {
    pub fn of(&self, entry: Uuid, part: Uuid) -> Option<f64> {
        self.0.get(&(entry, part)).copied()
    }
}

pub async fn means(work: &UnitOfWork<'_>, entries: impl Iterator<Item = Uuid>) -> Result<Means> {
    let sheets = current::<ScoreSheet>().add(Column::EntryId.is_in(entries));
    let mut scores: HashMap<(Uuid, Uuid), (i32, i32)> = HashMap::new();
    for it in work.all::<ScoreSheet>(sheets).await? {
        let (sum, count) = scores.entry((it.entry_id, it.component_id)).or_default();
        *sum += it.raw_score_centi;
        *count += 1;
    }
    let mean = |(sum, count)| f64::from(sum) / f64::from(count);
    Ok(Means(scores.into_iter().map(|(of, it)| (of, mean(it))).collect()))
}

/// What the sheets of an entry make of a hundred points, in hundredths of one: of each part the mean of its
/// sheets as a share of what there is, by its weight. None where there are no sheets.
pub async fn total(work: &UnitOfWork<'_>, entry: &competition_entry::Model) -> Result<Option<i32>> {
    let means = means(work, std::iter::once(entry.id)).await?;
    if means.0.is_empty() {
        return Ok(None);
    }
    let parts = current::<ScoreComponent>().add(part::Column::EventId.eq(entry.event_id));
    let mut total = 0.0;
    for part in work.all::<ScoreComponent>(parts).await? {
        let Some(mean) = means.of(entry.id, part.id) else {
            return Err(Violation::inconsistent(
                "id",
                "A part of the score has no sheet.",
                "有评分项尚无评分表。",
            )
            .into());
        };
        total += f64::from(part.weight_basis_points) * mean / f64::from(part.max_score_centi);
    }
    Ok(Some(total.round() as i32))
}
