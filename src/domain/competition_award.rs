use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    competition::CompetitionStatus,
    competition_award::{ActiveModel, AwardTier, Column, Entity},
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition::{Competition, are_confirmed},
        competition_entry::{CompetitionEntry, CompetitionEntryWhere},
        competition_event::{CompetitionEvent, CompetitionEventWhere},
        division::Division,
        external_id,
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

/// An award that an entry won.
///
/// 参赛者获得的奖项。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CompetitionAward)))]
#[sea_orm(entity = "Entity")]
pub struct CompetitionAward {
    /// The id. 编号
    pub id: Id<CompetitionAward>,
    /// The tier. 奖项等级
    pub tier: AwardTier,
    /// The rank, from 1. 名次
    pub rank: Option<i32>,
    /// The title. 标题
    pub title: String,
    /// The bonus. 奖金
    #[graphql(name = "bonus")]
    pub bonus_fen: Fen,
    /// The day it was awarded. 颁发日期
    pub awarded_on: Date,
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
    entry_id: Id<CompetitionEntry>,
}

/// Narrows a list of competition awards.
///
/// 竞赛奖项筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionAwardWhere {
    /// All of these. 全部满足
    and: Option<Vec<CompetitionAwardWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CompetitionAwardWhere>>,
    /// Not this. 不满足
    not: Option<Box<CompetitionAwardWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The tier. 奖项等级
    tier: Option<Equality<AwardTier>>,
    /// The rank, from 1. 名次
    rank: Option<Ordering<i32>>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The bonus in fen. 奖金（分）
    bonus_fen: Option<Ordering<BigInt>>,
    /// The day it was awarded. 颁发日期
    awarded_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The event. 赛项
    event: Option<Nested<CompetitionEventWhere>>,
    /// The entry. 参赛
    entry: Option<Nested<CompetitionEntryWhere>>,
}

/// What a list of competition awards can be sorted by.
///
/// 竞赛奖项排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompetitionAwardOrderField {
    /// The title. 标题
    Title,
    /// The bonus in fen. 奖金（分）
    Bonus,
    /// The day it was awarded. 颁发日期
    AwardedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a competition award and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionAwardDetails {
    /// The rank, from 1. 名次
    rank: MaybeUndefined<i32>,
}

/// Gives an award to an entry of a competition whose results are confirmed.
///
/// 颁发奖项。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionAwardCreateInput {
    /// The event. 赛项
    event_id: Id<CompetitionEvent>,
    /// The entry. 参赛
    entry_id: Id<CompetitionEntry>,
    /// The tier. 奖项等级
    tier: AwardTier,
    /// The title. 标题
    title: String,
    /// The bonus in fen. 奖金（分）
    bonus_fen: BigInt,
    /// The day it was awarded. 颁发日期
    awarded_on: Date,
    #[graphql(flatten)]
    details: CompetitionAwardDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a competition award: absent keeps, null clears, a value sets.
///
/// 更新竞赛奖项：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionAwardUpdateInput {
    /// The record. 记录编号
    id: Id<CompetitionAward>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The bonus in fen. 奖金（分）
    bonus_fen: MaybeUndefined<BigInt>,
    /// The day it was awarded. 颁发日期
    awarded_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: CompetitionAwardDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CompetitionAwardQueries") of CompetitionAward by CompetitionAwardBy, CompetitionAwardWhere, CompetitionAwardOrderField {
        /// One competition award; null when there is none that the caller may see. 查询一条竞赛奖项
        competition_award = "competitionAward",
        /// Competition awards, oldest record first unless told otherwise. 查询竞赛奖项列表
        competition_awards = "competitionAwards",
    }
}

writes! {
    Mutations("CompetitionAwardMutations") of CompetitionAward {
        /// Gives an award to an entry of a competition whose results are confirmed. 颁发奖项
        competition_award_create: CompetitionAwardCreateInput => CompetitionAwardCreate = create,
        /// Changes a competition award. 更新竞赛奖项
        competition_award_update: CompetitionAwardUpdateInput => CompetitionAwardUpdate = update,
    }
    upsert {
        /// Creates a competition award, or changes the one that has this external id. 按外部编号新增或更新竞赛奖项
        competition_award_upsert: CompetitionAwardUpsert of CompetitionAwardCreateInput, CompetitionAwardUpdateInput
    }
    archive {
        /// Archives a competition award: out of the lists, still there by id. 归档竞赛奖项
        competition_award_archive: CompetitionAwardArchive
    }
    restore {
        /// Brings back an archived competition award. 恢复竞赛奖项
        competition_award_restore: CompetitionAwardRestore
    }
}

#[ComplexObject]
impl CompetitionAward {
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

    /// The entry; null when the caller may not see it. 参赛
    async fn entry(&self, ctx: &Context<'_>) -> Nullable<CompetitionEntry> {
        ctx.find(Some(self.entry_id)).await
    }
}

impl Resource for CompetitionAward {
    const KIND: Kind = Kind::CompetitionAward;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for CompetitionAward {
    type Where = CompetitionAwardWhere;
    type Order = CompetitionAwardOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "event" => Link::one::<CompetitionEvent>(Column::EventId),
            "entry" => Link::one::<CompetitionEntry>(Column::EntryId),
            _ => return None,
        })
    }
}

impl Filter for CompetitionAwardWhere {
    type Resource = CompetitionAward;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Tier, self.tier)?
            .on(Column::Rank, self.rank)?
            .on(Column::Title, self.title)?
            .on(Column::BonusFen, self.bonus_fen)?
            .on(Column::AwardedOn, self.awarded_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EventId, self.event)?
            .to_one(Column::EntryId, self.entry)
    }
}

impl OrderField for CompetitionAwardOrderField {
    type Resource = CompetitionAward;

    fn column(self) -> Column {
        match self {
            CompetitionAwardOrderField::Title => Column::Title,
            CompetitionAwardOrderField::Bonus => Column::BonusFen,
            CompetitionAwardOrderField::AwardedOn => Column::AwardedOn,
            CompetitionAwardOrderField::CreatedAt => Column::CreatedAt,
            CompetitionAwardOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a competition award, as a mutation says it.
#[derive(Default)]
struct Essentials {
    event_id: MaybeUndefined<Id<CompetitionEvent>>,
    entry_id: MaybeUndefined<Id<CompetitionEntry>>,
    tier: MaybeUndefined<AwardTier>,
    title: MaybeUndefined<String>,
    bonus_fen: MaybeUndefined<BigInt>,
    awarded_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CompetitionAwardCreateInput,
) -> Result<CompetitionAward> {
    let essentials = Essentials {
        event_id: MaybeUndefined::Value(input.event_id),
        entry_id: MaybeUndefined::Value(input.entry_id),
        tier: MaybeUndefined::Value(input.tier),
        title: MaybeUndefined::Value(input.title),
        bonus_fen: MaybeUndefined::Value(input.bonus_fen),
        awarded_on: MaybeUndefined::Value(input.awarded_on),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CompetitionAwardUpdateInput,
) -> Result<CompetitionAward> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        bonus_fen: input.bonus_fen,
        awarded_on: input.awarded_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CompetitionAward>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<CompetitionAward> {
    if let (Set(entry), Set(event)) = (&draft.entry_id, &draft.event_id) {
        let entry = work.find_current::<CompetitionEntry>("entryId", Id::new(*entry)).await?;
        if entry.event_id != *event {
            return Err(Violation::inconsistent(
                "entryId",
                "The entry is one of another event.",
                "该参赛记录不属于此赛项。",
            )
            .into());
        }
        if !has_results(work, *event).await? {
            return Err(Violation::inconsistent(
                "eventId",
                "The results of the competition are not confirmed.",
                "竞赛结果尚未确认。",
            )
            .into());
        }
        draft.division_code = Set(entry.division_code);
    }
    work.create::<CompetitionAward>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CompetitionAwardDetails,
) -> Result<ActiveModel> {
    work.refer("eventId", essentials.event_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        event_id: form.id("eventId", essentials.event_id),
        entry_id: form.id("entryId", essentials.entry_id),
        tier: form.plain("tier", essentials.tier),
        title: form.line("title", essentials.title, 200),
        bonus_fen: form.fen("bonusFen", essentials.bonus_fen),
        awarded_on: form.day("awardedOn", essentials.awarded_on),
        rank: form.number_option("rank", details.rank, 1..=10_000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

/// Awards come after the results are confirmed.
async fn has_results(work: &UnitOfWork<'_>, event: Uuid) -> Result<bool> {
    let event = work.find::<CompetitionEvent>("eventId", Id::new(event)).await?;
    let competition = work.find::<Competition>("eventId", Id::new(event.competition_id)).await?;
    Ok(are_confirmed(competition.status) && competition.status != CompetitionStatus::Archived)
}
