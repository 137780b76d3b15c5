use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    gig_engagement::{ActiveModel, Column, Entity, Model},
    membership_application::WorkCategory,
};
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
        worker::{Worker, WorkerWhere},
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

/// The work of a person for a platform.
///
/// 新就业形态从业。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::GigEngagement)))]
#[sea_orm(entity = "Entity")]
pub struct GigEngagement {
    /// The id. 编号
    pub id: Id<GigEngagement>,
    /// The platform. 平台
    pub platform_name: String,
    /// The kind of work. 从业类别
    pub category: WorkCategory,
    /// The station. 站点
    pub station_name: Option<String>,
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
    worker_id: Id<Worker>,
}

/// Narrows a list of gig engagements.
///
/// 新就业形态从业筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct GigEngagementWhere {
    /// All of these. 全部满足
    and: Option<Vec<GigEngagementWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<GigEngagementWhere>>,
    /// Not this. 不满足
    not: Option<Box<GigEngagementWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The platform. 平台
    platform_name: Option<TextFilter>,
    /// The kind of work. 从业类别
    category: Option<Equality<WorkCategory>>,
    /// The station. 站点
    station_name: Option<TextFilter>,
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
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of gig engagements can be sorted by.
///
/// 新就业形态从业排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum GigEngagementOrderField {
    /// The first day. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a gig engagement and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct GigEngagementDetails {
    /// The station. 站点
    station_name: MaybeUndefined<String>,
    /// The last day; null while it goes on. 结束日期
    ended_on: MaybeUndefined<Date>,
}

/// Enters work for a platform.
///
/// 登记新就业形态从业。
#[derive(Clone, Debug, InputObject)]
pub struct GigEngagementStartInput {
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The platform. 平台
    platform_name: String,
    /// The kind of work. 从业类别
    category: WorkCategory,
    /// The first day. 开始日期
    started_on: Date,
    #[graphql(flatten)]
    details: GigEngagementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a gig engagement: absent keeps, null clears, a value sets.
///
/// 更新新就业形态从业：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct GigEngagementUpdateInput {
    /// The record. 记录编号
    id: Id<GigEngagement>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The platform. 平台
    platform_name: MaybeUndefined<String>,
    /// The kind of work. 从业类别
    category: MaybeUndefined<WorkCategory>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: GigEngagementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("GigEngagementQueries") of GigEngagement by GigEngagementBy, GigEngagementWhere, GigEngagementOrderField {
        /// One gig engagement; null when there is none that the caller may see. 查询一条新就业形态从业
        gig_engagement = "gigEngagement",
        /// Gig engagements, oldest record first unless told otherwise. 查询新就业形态从业列表
        gig_engagements = "gigEngagements",
    }
}

writes! {
    Mutations("GigEngagementMutations") of GigEngagement {
        /// Enters work for a platform. 登记新就业形态从业
        gig_engagement_start: GigEngagementStartInput => GigEngagementStart = create,
        /// Changes a gig engagement. 更新新就业形态从业
        gig_engagement_update: GigEngagementUpdateInput => GigEngagementUpdate = update,
    }
    upsert {
        /// Creates a gig engagement, or changes the one that has this external id. 按外部编号新增或更新新就业形态从业
        gig_engagement_upsert: GigEngagementUpsert of GigEngagementStartInput, GigEngagementUpdateInput
    }
    archive {
        /// Archives a gig engagement: out of the lists, still there by id. 归档新就业形态从业
        gig_engagement_archive: GigEngagementArchive
    }
    restore {
        /// Brings back an archived gig engagement. 恢复新就业形态从业
        gig_engagement_restore: GigEngagementRestore
    }
}

groups! {
    /// Gig engagements, counted by what they have in common: at most 1,000 groups. 按字段分组统计新就业形态从业
    Groups("GigEngagementGroupQueries") of GigEngagement by GigEngagementWhere in gig_engagement_groups: GigEngagementGroup by GigEngagementGroupField {
        /// The kind of work. 从业类别
        Category = category: WorkCategory,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl GigEngagement {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for GigEngagement {
    const KIND: Kind = Kind::GigEngagement;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for GigEngagement {
    type Where = GigEngagementWhere;
    type Order = GigEngagementOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for GigEngagementWhere {
    type Resource = GigEngagement;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::PlatformName, self.platform_name)?
            .on(Column::Category, self.category)?
            .on(Column::StationName, self.station_name)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for GigEngagementOrderField {
    type Resource = GigEngagement;

    fn column(self) -> Column {
        match self {
            GigEngagementOrderField::StartedOn => Column::StartedOn,
            GigEngagementOrderField::CreatedAt => Column::CreatedAt,
            GigEngagementOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a gig engagement, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_id: MaybeUndefined<Id<Worker>>,
    platform_name: MaybeUndefined<String>,
    category: MaybeUndefined<WorkCategory>,
    started_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: GigEngagementStartInput,
) -> Result<GigEngagement> {
    let essentials = Essentials {
        worker_id: MaybeUndefined::Value(input.worker_id),
        platform_name: MaybeUndefined::Value(input.platform_name),
        category: MaybeUndefined::Value(input.category),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.worker_id {
        let owner = work.find_current::<Worker>("workerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<GigEngagement>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: GigEngagementUpdateInput,
) -> Result<GigEngagement> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        platform_name: input.platform_name,
        category: input.category,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<GigEngagement>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: GigEngagementDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_id: form.id("workerId", essentials.worker_id),
        platform_name: form.line("platformName", essentials.platform_name, 200),
        category: form.plain("category", essentials.category),
        started_on: form.day("startedOn", essentials.started_on),
        station_name: form.line_option("stationName", details.station_name, 200),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
