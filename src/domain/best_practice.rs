use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::best_practice::{ActiveModel, Column, Entity};
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

/// A practice of a pilot unit that others can adopt.
///
/// 可复制、可推广的经验做法。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::BestPractice)))]
#[sea_orm(entity = "Entity")]
pub struct BestPractice {
    /// The id. 编号
    pub id: Id<BestPractice>,
    /// The title. 标题
    pub title: String,
    /// What it is about, at most 4,000 characters. 摘要
    pub summary: String,
    /// The day it was published. 发布日期
    pub published_on: Date,
    /// Whether others can adopt it. 是否可复制推广
    pub is_replicable: bool,
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

/// Narrows a list of best practices.
///
/// 典型经验筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct BestPracticeWhere {
    /// All of these. 全部满足
    and: Option<Vec<BestPracticeWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<BestPracticeWhere>>,
    /// Not this. 不满足
    not: Option<Box<BestPracticeWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The day it was published. 发布日期
    published_on: Option<Ordering<Date>>,
    /// Whether others can adopt it. 是否可复制推广
    is_replicable: Option<Equality<bool>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The pilot unit. 试点单位
    pilot_unit: Option<Nested<PilotUnitWhere>>,
}

/// What a list of best practices can be sorted by.
///
/// 典型经验排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum BestPracticeOrderField {
    /// The title. 标题
    Title,
    /// The day it was published. 发布日期
    PublishedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Publishes a practice of a pilot unit.
///
/// 发布典型经验。
#[derive(Clone, Debug, InputObject)]
pub struct BestPracticePublishInput {
    /// The pilot unit. 试点单位
    pilot_unit_id: Id<PilotUnit>,
    /// The title. 标题
    title: String,
    /// What it is about, at most 4,000 characters. 摘要
    summary: String,
    /// The day it was published. 发布日期
    published_on: Date,
    /// Whether others can adopt it. 是否可复制推广
    is_replicable: bool,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a best practice: absent keeps, null clears, a value sets.
///
/// 更新典型经验：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct BestPracticeUpdateInput {
    /// The record. 记录编号
    id: Id<BestPractice>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// What it is about, at most 4,000 characters. 摘要
    summary: MaybeUndefined<String>,
    /// The day it was published. 发布日期
    published_on: MaybeUndefined<Date>,
    /// Whether others can adopt it. 是否可复制推广
    is_replicable: MaybeUndefined<bool>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("BestPracticeQueries") of BestPractice by BestPracticeBy, BestPracticeWhere, BestPracticeOrderField {
        /// One best practice; null when there is none that the caller may see. 查询一条典型经验
        best_practice = "bestPractice",
        /// Best practices, oldest record first unless told otherwise. 查询典型经验列表
        best_practices = "bestPractices",
    }
}

writes! {
    Mutations("BestPracticeMutations") of BestPractice {
        /// Publishes a practice of a pilot unit. 发布典型经验
        best_practice_publish: BestPracticePublishInput => BestPracticePublish = create,
        /// Changes a best practice. 更新典型经验
        best_practice_update: BestPracticeUpdateInput => BestPracticeUpdate = update,
    }
    upsert {
        /// Creates a best practice, or changes the one that has this external id. 按外部编号新增或更新典型经验
        best_practice_upsert: BestPracticeUpsert of BestPracticePublishInput, BestPracticeUpdateInput
    }
    archive {
        /// Archives a best practice: out of the lists, still there by id. 归档典型经验
        best_practice_archive: BestPracticeArchive
    }
    restore {
        /// Brings back an archived best practice. 恢复典型经验
        best_practice_restore: BestPracticeRestore
    }
}

#[ComplexObject]
impl BestPractice {
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

impl Resource for BestPractice {
    const KIND: Kind = Kind::BestPractice;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for BestPractice {
    type Where = BestPracticeWhere;
    type Order = BestPracticeOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "pilotUnit" => Link::one::<PilotUnit>(Column::PilotUnitId),
            _ => return None,
        })
    }
}

impl Filter for BestPracticeWhere {
    type Resource = BestPractice;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::PublishedOn, self.published_on)?
            .on(Column::IsReplicable, self.is_replicable)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::PilotUnitId, self.pilot_unit)
    }
}

impl OrderField for BestPracticeOrderField {
    type Resource = BestPractice;

    fn column(self) -> Column {
        match self {
            BestPracticeOrderField::Title => Column::Title,
            BestPracticeOrderField::PublishedOn => Column::PublishedOn,
            BestPracticeOrderField::CreatedAt => Column::CreatedAt,
            BestPracticeOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a best practice, as a mutation says it.
#[derive(Default)]
struct Essentials {
    pilot_unit_id: MaybeUndefined<Id<PilotUnit>>,
    title: MaybeUndefined<String>,
    summary: MaybeUndefined<String>,
    published_on: MaybeUndefined<Date>,
    is_replicable: MaybeUndefined<bool>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: BestPracticePublishInput,
) -> Result<BestPractice> {
    let essentials = Essentials {
        pilot_unit_id: MaybeUndefined::Value(input.pilot_unit_id),
        title: MaybeUndefined::Value(input.title),
        summary: MaybeUndefined::Value(input.summary),
        published_on: MaybeUndefined::Value(input.published_on),
        is_replicable: MaybeUndefined::Value(input.is_replicable),
    };
    let draft = draft(work, essentials).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: BestPracticeUpdateInput) -> Result<BestPractice> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        summary: input.summary,
        published_on: input.published_on,
        is_replicable: input.is_replicable,
        ..Essentials::default()
    };
    let draft = draft(work, essentials).await?;
    work.update::<BestPractice>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<BestPractice> {
    if let Set(owner) = draft.pilot_unit_id {
        let owner = work.find_current::<PilotUnit>("pilotUnitId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<BestPractice>(draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        pilot_unit_id: form.id("pilotUnitId", essentials.pilot_unit_id),
        title: form.line("title", essentials.title, 200),
        summary: form.paragraphs("summary", essentials.summary, 4000),
        published_on: form.day("publishedOn", essentials.published_on),
        is_replicable: form.plain("isReplicable", essentials.is_replicable),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
