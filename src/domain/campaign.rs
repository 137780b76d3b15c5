use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    activity,
    campaign::{ActiveModel, CampaignKind, Column, Entity, Model},
    volunteer_enrollment,
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
        activity::{Activity, ActivityOrderField, ActivityWhere},
        division::Division,
        external_id,
        volunteer_enrollment::{
            VolunteerEnrollment, VolunteerEnrollmentOrderField, VolunteerEnrollmentWhere,
        },
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Ordering,
        TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A campaign, such as one of volunteers or of labour competitions.
///
/// 主题活动。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Campaign)))]
#[sea_orm(entity = "Entity")]
pub struct Campaign {
    /// The id. 编号
    pub id: Id<Campaign>,
    /// The title. 标题
    pub title: String,
    /// The slogan. 口号
    pub slogan: Option<String>,
    /// The kind. 类别
    pub kind: CampaignKind,
    /// Who organises it. 主办单位
    pub organizer_name: String,
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
}

/// Narrows a list of campaigns.
///
/// 主题活动筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CampaignWhere {
    /// All of these. 全部满足
    and: Option<Vec<CampaignWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CampaignWhere>>,
    /// Not this. 不满足
    not: Option<Box<CampaignWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The slogan. 口号
    slogan: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<CampaignKind>>,
    /// Who organises it. 主办单位
    organizer_name: Option<TextFilter>,
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
    /// What is done. 活动
    activities: Option<ListFilter<ActivityWhere>>,
    /// Who volunteers. 志愿者
    volunteers: Option<ListFilter<VolunteerEnrollmentWhere>>,
}

/// What a list of campaigns can be sorted by.
///
/// 主题活动排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CampaignOrderField {
    /// The title. 标题
    Title,
    /// The first day. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a campaign and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CampaignDetails {
    /// The slogan. 口号
    slogan: MaybeUndefined<String>,
    /// The last day; null while it goes on. 结束日期
    ended_on: MaybeUndefined<Date>,
}

/// Creates a campaign.
///
/// 新增主题活动。
#[derive(Clone, Debug, InputObject)]
pub struct CampaignCreateInput {
    /// The title. 标题
    title: String,
    /// The kind. 类别
    kind: CampaignKind,
    /// Who organises it. 主办单位
    organizer_name: String,
    /// The first day. 开始日期
    started_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: CampaignDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a campaign: absent keeps, null clears, a value sets.
///
/// 更新主题活动：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CampaignUpdateInput {
    /// The record. 记录编号
    id: Id<Campaign>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<CampaignKind>,
    /// Who organises it. 主办单位
    organizer_name: MaybeUndefined<String>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: CampaignDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CampaignQueries") of Campaign by CampaignBy, CampaignWhere, CampaignOrderField {
        /// One campaign; null when there is none that the caller may see. 查询一条主题活动
        campaign = "campaign",
        /// Campaigns, oldest record first unless told otherwise. 查询主题活动列表
        campaigns = "campaigns",
    }
}

writes! {
    Mutations("CampaignMutations") of Campaign {
        /// Creates a campaign. 新增主题活动
        campaign_create: CampaignCreateInput => CampaignCreate = create,
        /// Changes a campaign. 更新主题活动
        campaign_update: CampaignUpdateInput => CampaignUpdate = update,
    }
    upsert {
        /// Creates a campaign, or changes the one that has this external id. 按外部编号新增或更新主题活动
        campaign_upsert: CampaignUpsert of CampaignCreateInput, CampaignUpdateInput
    }
    archive {
        /// Archives a campaign: out of the lists, still there by id. 归档主题活动
        campaign_archive: CampaignArchive
    }
    restore {
        /// Brings back an archived campaign. 恢复主题活动
        campaign_restore: CampaignRestore
    }
}

groups! {
    /// Campaigns, counted by what they have in common: at most 1,000 groups. 按字段分组统计主题活动
    Groups("CampaignGroupQueries") of Campaign by CampaignWhere in campaign_groups: CampaignGroup by CampaignGroupField {
        /// The kind. 类别
        Kind = kind: CampaignKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl Campaign {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// What is done. 活动
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<ActivityWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ActivityOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Activity>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, activity::Column::CampaignId, filter, order_by, page).await
    }

    /// Who volunteers. 志愿者
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn volunteers(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            VolunteerEnrollmentWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<VolunteerEnrollmentOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<VolunteerEnrollment>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, volunteer_enrollment::Column::CampaignId, filter, order_by, page)
            .await
    }
}

impl Resource for Campaign {
    const KIND: Kind = Kind::Campaign;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for Campaign {
    type Where = CampaignWhere;
    type Order = CampaignOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "activities" => Link::many::<Activity>(activity::Column::CampaignId),
            "volunteers" => {
                Link::many::<VolunteerEnrollment>(volunteer_enrollment::Column::CampaignId)
            }
            _ => return None,
        })
    }
}

impl Filter for CampaignWhere {
    type Resource = Campaign;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Slogan, self.slogan)?
            .on(Column::Kind, self.kind)?
            .on(Column::OrganizerName, self.organizer_name)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, activity::Column::CampaignId, self.activities)?
            .to_many(Column::Id, volunteer_enrollment::Column::CampaignId, self.volunteers)
    }
}

impl OrderField for CampaignOrderField {
    type Resource = Campaign;

    fn column(self) -> Column {
        match self {
            CampaignOrderField::Title => Column::Title,
            CampaignOrderField::StartedOn => Column::StartedOn,
            CampaignOrderField::CreatedAt => Column::CreatedAt,
            CampaignOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a campaign, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title: MaybeUndefined<String>,
    kind: MaybeUndefined<CampaignKind>,
    organizer_name: MaybeUndefined<String>,
    started_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: CampaignCreateInput) -> Result<Campaign> {
    let essentials = Essentials {
        title: MaybeUndefined::Value(input.title),
        kind: MaybeUndefined::Value(input.kind),
        organizer_name: MaybeUndefined::Value(input.organizer_name),
        started_on: MaybeUndefined::Value(input.started_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<Campaign>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: CampaignUpdateInput) -> Result<Campaign> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        kind: input.kind,
        organizer_name: input.organizer_name,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<Campaign>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CampaignDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title: form.line("title", essentials.title, 200),
        kind: form.plain("kind", essentials.kind),
        organizer_name: form.line("organizerName", essentials.organizer_name, 200),
        started_on: form.day("startedOn", essentials.started_on),
        division_code: form.value("divisionCode", essentials.division_code),
        slogan: form.line_option("slogan", details.slogan, 200),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
