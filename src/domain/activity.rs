use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    activity::{ActiveModel, Column, Entity},
    activity_participation,
    campaign::CampaignKind,
};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        activity_participation::{
            ActivityParticipation, ActivityParticipationOrderField, ActivityParticipationWhere,
        },
        campaign::{Campaign, CampaignWhere},
        division::Division,
        external_id,
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
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An activity for workers.
///
/// 职工活动。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Activity)))]
#[sea_orm(entity = "Entity")]
pub struct Activity {
    /// The id. 编号
    pub id: Id<Activity>,
    /// The title. 标题
    pub title: String,
    /// The kind. 类别
    pub kind: CampaignKind,
    /// The day. 日期
    pub held_on: Date,
    /// How many sessions. 场次
    pub sessions: i32,
    /// How many can take part. 容纳人数
    pub capacity: Option<i32>,
    /// Where. 地点
    pub venue: Option<String>,
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
    campaign_id: Option<Id<Campaign>>,
}

/// Narrows a list of activities.
///
/// 活动筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ActivityWhere {
    /// All of these. 全部满足
    and: Option<Vec<ActivityWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ActivityWhere>>,
    /// Not this. 不满足
    not: Option<Box<ActivityWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<CampaignKind>>,
    /// The day. 日期
    held_on: Option<Ordering<Date>>,
    /// How many sessions. 场次
    sessions: Option<Ordering<i32>>,
    /// How many can take part. 容纳人数
    capacity: Option<Ordering<i32>>,
    /// Where. 地点
    venue: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The campaign. 主题活动
    campaign: Option<Nested<CampaignWhere>>,
    /// Who took part. 参与记录
    participations: Option<ListFilter<ActivityParticipationWhere>>,
}

/// What a list of activities can be sorted by.
///
/// 活动排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActivityOrderField {
    /// The title. 标题
    Title,
    /// The day. 日期
    HeldOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an activity and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ActivityDetails {
    /// The campaign. 主题活动
    campaign_id: MaybeUndefined<Id<Campaign>>,
    /// How many can take part. 容纳人数
    capacity: MaybeUndefined<i32>,
    /// Where. 地点
    venue: MaybeUndefined<String>,
}

/// Creates an activity.
///
/// 新增活动。
#[derive(Clone, Debug, InputObject)]
pub struct ActivityCreateInput {
    /// The title. 标题
    title: String,
    /// The kind. 类别
    kind: CampaignKind,
    /// The day. 日期
    held_on: Date,
    /// How many sessions. 场次
    sessions: i32,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: ActivityDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an activity: absent keeps, null clears, a value sets.
///
/// 更新活动：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ActivityUpdateInput {
    /// The record. 记录编号
    id: Id<Activity>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<CampaignKind>,
    /// The day. 日期
    held_on: MaybeUndefined<Date>,
    /// How many sessions. 场次
    sessions: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: ActivityDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ActivityQueries") of Activity by ActivityBy, ActivityWhere, ActivityOrderField {
        /// One activity; null when there is none that the caller may see. 查询一条活动
        activity = "activity",
        /// Activities, oldest record first unless told otherwise. 查询活动列表
        activities = "activities",
    }
}

writes! {
    Mutations("ActivityMutations") of Activity {
        /// Creates an activity. 新增活动
        activity_create: ActivityCreateInput => ActivityCreate = create,
        /// Changes an activity. 更新活动
        activity_update: ActivityUpdateInput => ActivityUpdate = update,
    }
    upsert {
        /// Creates an activity, or changes the one that has this external id. 按外部编号新增或更新活动
        activity_upsert: ActivityUpsert of ActivityCreateInput, ActivityUpdateInput
    }
    archive {
        /// Archives an activity: out of the lists, still there by id. 归档活动
        activity_archive: ActivityArchive
    }
    restore {
        /// Brings back an archived activity. 恢复活动
        activity_restore: ActivityRestore
    }
}

groups! {
    /// Activities, counted by what they have in common: at most 1,000 groups. 按字段分组统计活动
    Groups("ActivityGroupQueries") of Activity by ActivityWhere in activity_groups: ActivityGroup by ActivityGroupField {
        /// The kind. 类别
        Kind = kind: CampaignKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl Activity {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The campaign; null when the caller may not see it. 主题活动
    async fn campaign(&self, ctx: &Context<'_>) -> Nullable<Campaign> {
        ctx.find(self.campaign_id).await
    }

    /// Who took part. 参与记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn participations(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            ActivityParticipationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ActivityParticipationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<ActivityParticipation>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, activity_participation::Column::ActivityId, filter, order_by, page)
            .await
    }
}

impl Resource for Activity {
    const KIND: Kind = Kind::Activity;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for Activity {
    type Where = ActivityWhere;
    type Order = ActivityOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "campaign" => Link::one::<Campaign>(Column::CampaignId),
            "participations" => {
                Link::many::<ActivityParticipation>(activity_participation::Column::ActivityId)
            }
            _ => return None,
        })
    }
}

impl Filter for ActivityWhere {
    type Resource = Activity;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Kind, self.kind)?
            .on(Column::HeldOn, self.held_on)?
            .on(Column::Sessions, self.sessions)?
            .on(Column::Capacity, self.capacity)?
            .on(Column::Venue, self.venue)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CampaignId, self.campaign)?
            .to_many(Column::Id, activity_participation::Column::ActivityId, self.participations)
    }
}

impl OrderField for ActivityOrderField {
    type Resource = Activity;

    fn column(self) -> Column {
        match self {
            ActivityOrderField::Title => Column::Title,
            ActivityOrderField::HeldOn => Column::HeldOn,
            ActivityOrderField::CreatedAt => Column::CreatedAt,
            ActivityOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an activity, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title: MaybeUndefined<String>,
    kind: MaybeUndefined<CampaignKind>,
    held_on: MaybeUndefined<Date>,
    sessions: MaybeUndefined<i32>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: ActivityCreateInput) -> Result<Activity> {
    let essentials = Essentials {
        title: MaybeUndefined::Value(input.title),
        kind: MaybeUndefined::Value(input.kind),
        held_on: MaybeUndefined::Value(input.held_on),
        sessions: MaybeUndefined::Value(input.sessions),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<Activity>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: ActivityUpdateInput) -> Result<Activity> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        kind: input.kind,
        held_on: input.held_on,
        sessions: input.sessions,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<Activity>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ActivityDetails,
) -> Result<ActiveModel> {
    work.refer("campaignId", details.campaign_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title: form.line("title", essentials.title, 200),
        kind: form.plain("kind", essentials.kind),
        held_on: form.day("heldOn", essentials.held_on),
        sessions: form.number("sessions", essentials.sessions, 1..=10_000),
        division_code: form.value("divisionCode", essentials.division_code),
        campaign_id: form.id_option(details.campaign_id),
        capacity: form.number_option("capacity", details.capacity, 0..=10_000_000),
        venue: form.line_option("venue", details.venue, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
