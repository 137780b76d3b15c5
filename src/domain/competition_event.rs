use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    competition_award, competition_entry,
    competition_event::{ActiveModel, Column, CompetitionClass, Entity, EventFormat, EventGroup},
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, OccupationCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition::{Competition, CompetitionWhere},
        competition_award::{CompetitionAward, CompetitionAwardOrderField, CompetitionAwardWhere},
        competition_entry::{CompetitionEntry, CompetitionEntryOrderField, CompetitionEntryWhere},
        division::Division,
        external_id,
        score_component::{ScoreComponent, ScoreComponentOrderField, ScoreComponentWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An event of a competition, for one occupation.
///
/// 竞赛中的一个赛项（职业或工种）。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CompetitionEvent)))]
#[sea_orm(entity = "Entity")]
pub struct CompetitionEvent {
    /// The id. 编号
    pub id: Id<CompetitionEvent>,
    /// The title. 标题
    pub title: String,
    /// The occupation, such as `6-18-02-04`. 职业代码
    pub occupation_code: Option<OccupationCode>,
    /// Class I is cross-industry, class II of one industry. 竞赛类别
    pub competition_class: CompetitionClass,
    /// How many compete together. 比赛形式
    pub format: EventFormat,
    /// Who competes. 组别
    pub participant_group: EventGroup,
    /// With fewer teams it is an exhibition, without awards. 最少参赛队数
    pub min_teams: i32,
    /// Where. 地点
    pub venue: Option<String>,
    /// The day it is held. 举办日期
    pub held_on: Option<Date>,
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
    competition_id: Id<Competition>,
}

/// Narrows a list of competition events.
///
/// 赛项筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionEventWhere {
    /// All of these. 全部满足
    and: Option<Vec<CompetitionEventWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CompetitionEventWhere>>,
    /// Not this. 不满足
    not: Option<Box<CompetitionEventWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The occupation, such as `6-18-02-04`. 职业代码
    occupation_code: Option<TextFilter>,
    /// Class I is cross-industry, class II of one industry. 竞赛类别
    competition_class: Option<Equality<CompetitionClass>>,
    /// How many compete together. 比赛形式
    format: Option<Equality<EventFormat>>,
    /// Who competes. 组别
    participant_group: Option<Equality<EventGroup>>,
    /// The day it is held. 举办日期
    held_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The competition. 竞赛
    competition: Option<Nested<CompetitionWhere>>,
    /// The entries. 参赛
    entries: Option<ListFilter<CompetitionEntryWhere>>,
    /// The awards. 奖项
    awards: Option<ListFilter<CompetitionAwardWhere>>,
    /// What is scored. 评分项
    score_components: Option<ListFilter<ScoreComponentWhere>>,
}

/// What a list of competition events can be sorted by.
///
/// 赛项排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompetitionEventOrderField {
    /// The title. 标题
    Title,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a competition event and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionEventDetails {
    /// The occupation, such as `6-18-02-04`. 职业代码
    occupation_code: MaybeUndefined<Unchecked<OccupationCode>>,
    /// With fewer teams it is an exhibition, without awards; 6 unless told otherwise. 最少参赛队数
    min_teams: MaybeUndefined<i32>,
    /// Where. 地点
    venue: MaybeUndefined<String>,
    /// The day it is held. 举办日期
    held_on: MaybeUndefined<Date>,
}

/// Adds an event to a competition.
///
/// 新增赛项。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionEventCreateInput {
    /// The competition. 竞赛
    competition_id: Id<Competition>,
    /// The title. 标题
    title: String,
    /// Class I is cross-industry, class II of one industry. 竞赛类别
    competition_class: CompetitionClass,
    /// How many compete together. 比赛形式
    format: EventFormat,
    /// Who competes. 组别
    participant_group: EventGroup,
    #[graphql(flatten)]
    details: CompetitionEventDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a competition event: absent keeps, null clears, a value sets.
///
/// 更新赛项：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionEventUpdateInput {
    /// The record. 记录编号
    id: Id<CompetitionEvent>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// Class I is cross-industry, class II of one industry. 竞赛类别
    competition_class: MaybeUndefined<CompetitionClass>,
    /// How many compete together. 比赛形式
    format: MaybeUndefined<EventFormat>,
    /// Who competes. 组别
    participant_group: MaybeUndefined<EventGroup>,
    #[graphql(flatten)]
    details: CompetitionEventDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CompetitionEventQueries") of CompetitionEvent by CompetitionEventBy, CompetitionEventWhere, CompetitionEventOrderField {
        /// One competition event; null when there is none that the caller may see. 查询一条赛项
        competition_event = "competitionEvent",
        /// Competition events, oldest record first unless told otherwise. 查询赛项列表
        competition_events = "competitionEvents",
    }
}

writes! {
    Mutations("CompetitionEventMutations") of CompetitionEvent {
        /// Adds an event to a competition. 新增赛项
        competition_event_create: CompetitionEventCreateInput => CompetitionEventCreate = create,
        /// Changes a competition event. 更新赛项
        competition_event_update: CompetitionEventUpdateInput => CompetitionEventUpdate = update,
    }
    upsert {
        /// Creates a competition event, or changes the one that has this external id. 按外部编号新增或更新赛项
        competition_event_upsert: CompetitionEventUpsert of CompetitionEventCreateInput, CompetitionEventUpdateInput
    }
    archive {
        /// Archives a competition event: out of the lists, still there by id. 归档赛项
        competition_event_archive: CompetitionEventArchive
    }
    restore {
        /// Brings back an archived competition event. 恢复赛项
        competition_event_restore: CompetitionEventRestore
    }
}

#[ComplexObject]
impl CompetitionEvent {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The competition; null when the caller may not see it. 竞赛
    async fn competition(&self, ctx: &Context<'_>) -> Nullable<Competition> {
        ctx.find(Some(self.competition_id)).await
    }

    /// The entries. 参赛
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CompetitionEntryWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CompetitionEntryOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CompetitionEntry>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, competition_entry::Column::EventId, filter, order_by, page).await
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
        ctx.children(self.id, competition_award::Column::EventId, filter, order_by, page).await
    }

    /// What is scored. 评分项
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn score_components(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            ScoreComponentWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ScoreComponentOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<ScoreComponent>> {
        let page = Page { first, after, last, before };
        let owner = entity::score_component::Column::EventId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for CompetitionEvent {
    const KIND: Kind = Kind::CompetitionEvent;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for CompetitionEvent {
    type Where = CompetitionEventWhere;
    type Order = CompetitionEventOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "competition" => Link::one::<Competition>(Column::CompetitionId),
            "entries" => Link::many::<CompetitionEntry>(competition_entry::Column::EventId),
            "awards" => Link::many::<CompetitionAward>(competition_award::Column::EventId),
            "scoreComponents" => {
                Link::many::<ScoreComponent>(entity::score_component::Column::EventId)
            }
            _ => return None,
        })
    }
}

impl Filter for CompetitionEventWhere {
    type Resource = CompetitionEvent;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::score_component::Column::EventId, self.score_components)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::OccupationCode, self.occupation_code)?
            .on(Column::CompetitionClass, self.competition_class)?
            .on(Column::Format, self.format)?
            .on(Column::ParticipantGroup, self.participant_group)?
            .on(Column::HeldOn, self.held_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CompetitionId, self.competition)?
            .to_many(Column::Id, competition_entry::Column::EventId, self.entries)?
            .to_many(Column::Id, competition_award::Column::EventId, self.awards)
    }
}

impl OrderField for CompetitionEventOrderField {
    type Resource = CompetitionEvent;

    fn column(self) -> Column {
        match self {
            CompetitionEventOrderField::Title => Column::Title,
            CompetitionEventOrderField::CreatedAt => Column::CreatedAt,
            CompetitionEventOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a competition event, as a mutation says it.
#[derive(Default)]
struct Essentials {
    competition_id: MaybeUndefined<Id<Competition>>,
    title: MaybeUndefined<String>,
    competition_class: MaybeUndefined<CompetitionClass>,
    format: MaybeUndefined<EventFormat>,
    participant_group: MaybeUndefined<EventGroup>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CompetitionEventCreateInput,
) -> Result<CompetitionEvent> {
    let essentials = Essentials {
        competition_id: MaybeUndefined::Value(input.competition_id),
        title: MaybeUndefined::Value(input.title),
        competition_class: MaybeUndefined::Value(input.competition_class),
        format: MaybeUndefined::Value(input.format),
        participant_group: MaybeUndefined::Value(input.participant_group),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CompetitionEventUpdateInput,
) -> Result<CompetitionEvent> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        competition_class: input.competition_class,
        format: input.format,
        participant_group: input.participant_group,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CompetitionEvent>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<CompetitionEvent> {
    if !draft.min_teams.is_set() {
        draft.min_teams = Set(6);
    }
    if let Set(owner) = draft.competition_id {
        let owner = work.find_current::<Competition>("competitionId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<CompetitionEvent>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CompetitionEventDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        competition_id: form.id("competitionId", essentials.competition_id),
        title: form.line("title", essentials.title, 200),
        competition_class: form.plain("competitionClass", essentials.competition_class),
        format: form.plain("format", essentials.format),
        participant_group: form.plain("participantGroup", essentials.participant_group),
        occupation_code: form.option("occupationCode", details.occupation_code),
        min_teams: form.number("minTeams", details.min_teams, 1..=1_000),
        venue: form.line_option("venue", details.venue, 200),
        held_on: form.day_option(details.held_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
