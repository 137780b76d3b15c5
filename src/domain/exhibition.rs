use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    exhibition::{ActiveModel, Column, Entity, ExhibitionLevel, Model},
    exhibition_entry,
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
        division::Division,
        exhibition_entry::{ExhibitionEntry, ExhibitionEntryOrderField, ExhibitionEntryWhere},
        external_id,
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

/// An exhibition or exchange where innovations are shown.
///
/// 展览交流活动。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Exhibition)))]
#[sea_orm(entity = "Entity")]
pub struct Exhibition {
    /// The id. 编号
    pub id: Id<Exhibition>,
    /// The name. 名称
    pub name: String,
    /// The level. 级别
    pub level: ExhibitionLevel,
    /// Which edition: 1 is the first. 届次
    pub ordinal: Option<i32>,
    /// Where. 地点
    pub place: Option<String>,
    /// The first day. 开始日期
    pub started_on: Date,
    /// The last day. 结束日期
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

/// Narrows a list of exhibitions.
///
/// 展会筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ExhibitionWhere {
    /// All of these. 全部满足
    and: Option<Vec<ExhibitionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ExhibitionWhere>>,
    /// Not this. 不满足
    not: Option<Box<ExhibitionWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The level. 级别
    level: Option<Equality<ExhibitionLevel>>,
    /// Which edition: 1 is the first. 届次
    ordinal: Option<Ordering<i32>>,
    /// Where. 地点
    place: Option<TextFilter>,
    /// The first day. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// What was shown. 参展记录
    entries: Option<ListFilter<ExhibitionEntryWhere>>,
}

/// What a list of exhibitions can be sorted by.
///
/// 展会排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ExhibitionOrderField {
    /// The name. 名称
    Name,
    /// The first day. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an exhibition and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ExhibitionDetails {
    /// Which edition: 1 is the first. 届次
    ordinal: MaybeUndefined<i32>,
    /// Where. 地点
    place: MaybeUndefined<String>,
    /// The last day. 结束日期
    ended_on: MaybeUndefined<Date>,
}

/// Creates an exhibition.
///
/// 新增展会。
#[derive(Clone, Debug, InputObject)]
pub struct ExhibitionCreateInput {
    /// The name. 名称
    name: String,
    /// The level. 级别
    level: ExhibitionLevel,
    /// The first day. 开始日期
    started_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: ExhibitionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an exhibition: absent keeps, null clears, a value sets.
///
/// 更新展会：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ExhibitionUpdateInput {
    /// The record. 记录编号
    id: Id<Exhibition>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<ExhibitionLevel>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: ExhibitionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ExhibitionQueries") of Exhibition by ExhibitionBy, ExhibitionWhere, ExhibitionOrderField {
        /// One exhibition; null when there is none that the caller may see. 查询一条展会
        exhibition = "exhibition",
        /// Exhibitions, oldest record first unless told otherwise. 查询展会列表
        exhibitions = "exhibitions",
    }
}

writes! {
    Mutations("ExhibitionMutations") of Exhibition {
        /// Creates an exhibition. 新增展会
        exhibition_create: ExhibitionCreateInput => ExhibitionCreate = create,
        /// Changes an exhibition. 更新展会
        exhibition_update: ExhibitionUpdateInput => ExhibitionUpdate = update,
    }
    upsert {
        /// Creates an exhibition, or changes the one that has this external id. 按外部编号新增或更新展会
        exhibition_upsert: ExhibitionUpsert of ExhibitionCreateInput, ExhibitionUpdateInput
    }
    archive {
        /// Archives an exhibition: out of the lists, still there by id. 归档展会
        exhibition_archive: ExhibitionArchive
    }
    restore {
        /// Brings back an archived exhibition. 恢复展会
        exhibition_restore: ExhibitionRestore
    }
}

groups! {
    /// Exhibitions, counted by what they have in common: at most 1,000 groups. 按字段分组统计展会
    Groups("ExhibitionGroupQueries") of Exhibition by ExhibitionWhere in exhibition_groups: ExhibitionGroup by ExhibitionGroupField {
        /// The level. 级别
        Level = level: ExhibitionLevel,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl Exhibition {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// What was shown. 参展记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            ExhibitionEntryWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ExhibitionEntryOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<ExhibitionEntry>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, exhibition_entry::Column::ExhibitionId, filter, order_by, page).await
    }
}

impl Resource for Exhibition {
    const KIND: Kind = Kind::Exhibition;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for Exhibition {
    type Where = ExhibitionWhere;
    type Order = ExhibitionOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "entries" => Link::many::<ExhibitionEntry>(exhibition_entry::Column::ExhibitionId),
            _ => return None,
        })
    }
}

impl Filter for ExhibitionWhere {
    type Resource = Exhibition;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::Level, self.level)?
            .on(Column::Ordinal, self.ordinal)?
            .on(Column::Place, self.place)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, exhibition_entry::Column::ExhibitionId, self.entries)
    }
}

impl OrderField for ExhibitionOrderField {
    type Resource = Exhibition;

    fn column(self) -> Column {
        match self {
            ExhibitionOrderField::Name => Column::Name,
            ExhibitionOrderField::StartedOn => Column::StartedOn,
            ExhibitionOrderField::CreatedAt => Column::CreatedAt,
            ExhibitionOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an exhibition, as a mutation says it.
#[derive(Default)]
struct Essentials {
    name: MaybeUndefined<String>,
    level: MaybeUndefined<ExhibitionLevel>,
    started_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: ExhibitionCreateInput) -> Result<Exhibition> {
    let essentials = Essentials {
        name: MaybeUndefined::Value(input.name),
        level: MaybeUndefined::Value(input.level),
        started_on: MaybeUndefined::Value(input.started_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<Exhibition>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: ExhibitionUpdateInput) -> Result<Exhibition> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        name: input.name,
        level: input.level,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<Exhibition>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ExhibitionDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", essentials.name, 200),
        level: form.plain("level", essentials.level),
        started_on: form.day("startedOn", essentials.started_on),
        division_code: form.value("divisionCode", essentials.division_code),
        ordinal: form.number_option("ordinal", details.ordinal, 1..=1_000),
        place: form.line_option("place", details.place, 200),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
