use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::title_series::{ActiveModel, Column, Entity, Model};
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
        external_id,
        pathway_rule::{PathwayRule, PathwayRuleOrderField, PathwayRuleWhere},
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

/// A series of professional titles, as the national list has it.
///
/// 职称系列。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::TitleSeries)))]
#[sea_orm(entity = "Entity")]
pub struct TitleSeries {
    /// The id. 编号
    pub id: Id<TitleSeries>,
    /// The place in the list. 序号
    pub ordinal: i32,
    /// The name. 名称
    pub name: String,
    /// The name in English. 英文名称
    pub name_en: Option<String>,
    /// Whether it is linked with skill levels. 是否与职业技能等级贯通
    pub is_pathway_linked: bool,
    /// The first day it is valid. 有效期起
    pub valid_from: Date,
    /// The last day it is valid; null while it is. 有效期止
    pub valid_to: Option<Date>,
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

/// Narrows a list of title series.
///
/// 职称系列筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct TitleSeriesWhere {
    /// All of these. 全部满足
    and: Option<Vec<TitleSeriesWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<TitleSeriesWhere>>,
    /// Not this. 不满足
    not: Option<Box<TitleSeriesWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The place in the list. 序号
    ordinal: Option<Ordering<i32>>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The name in English. 英文名称
    name_en: Option<TextFilter>,
    /// Whether it is linked with skill levels. 是否与职业技能等级贯通
    is_pathway_linked: Option<Equality<bool>>,
    /// The first day it is valid. 有效期起
    valid_from: Option<Ordering<Date>>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The rules that link it with skill levels. 贯通规则
    pathway_rules: Option<ListFilter<PathwayRuleWhere>>,
}

/// What a list of title series can be sorted by.
///
/// 职称系列排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TitleSeriesOrderField {
    /// The place in the list. 序号
    Ordinal,
    /// The name. 名称
    Name,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a title series and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TitleSeriesDetails {
    /// The name in English. 英文名称
    name_en: MaybeUndefined<String>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: MaybeUndefined<Date>,
}

/// Creates a title series.
///
/// 新增职称系列。
#[derive(Clone, Debug, InputObject)]
pub struct TitleSeriesCreateInput {
    /// The place in the list. 序号
    ordinal: i32,
    /// The name. 名称
    name: String,
    /// Whether it is linked with skill levels. 是否与职业技能等级贯通
    is_pathway_linked: bool,
    /// The first day it is valid. 有效期起
    valid_from: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: TitleSeriesDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a title series: absent keeps, null clears, a value sets.
///
/// 更新职称系列：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct TitleSeriesUpdateInput {
    /// The record. 记录编号
    id: Id<TitleSeries>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The place in the list. 序号
    ordinal: MaybeUndefined<i32>,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// Whether it is linked with skill levels. 是否与职业技能等级贯通
    is_pathway_linked: MaybeUndefined<bool>,
    /// The first day it is valid. 有效期起
    valid_from: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: TitleSeriesDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("TitleSeriesQueries") of TitleSeries by TitleSeriesBy, TitleSeriesWhere, TitleSeriesOrderField {
        /// One title series; null when there is none that the caller may see. 查询一条职称系列
        title_series = "titleSeries",
        /// Title series, oldest record first unless told otherwise. 查询职称系列列表
        title_series_list = "titleSeriesList",
    }
}

writes! {
    Mutations("TitleSeriesMutations") of TitleSeries {
        /// Creates a title series. 新增职称系列
        title_series_create: TitleSeriesCreateInput => TitleSeriesCreate = create,
        /// Changes a title series. 更新职称系列
        title_series_update: TitleSeriesUpdateInput => TitleSeriesUpdate = update,
    }
    upsert {
        /// Creates a title series, or changes the one that has this external id. 按外部编号新增或更新职称系列
        title_series_upsert: TitleSeriesUpsert of TitleSeriesCreateInput, TitleSeriesUpdateInput
    }
    archive {
        /// Archives a title series: out of the lists, still there by id. 归档职称系列
        title_series_archive: TitleSeriesArchive
    }
    restore {
        /// Brings back an archived title series. 恢复职称系列
        title_series_restore: TitleSeriesRestore
    }
}

groups! {
    /// Title series, counted by what they have in common: at most 1,000 groups. 按字段分组统计职称系列
    Groups("TitleSeriesGroupQueries") of TitleSeries by TitleSeriesWhere in title_series_groups: TitleSeriesGroup by TitleSeriesGroupField {
        /// Whether it is linked with skill levels. 是否与职业技能等级贯通
        IsPathwayLinked = is_pathway_linked: bool,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl TitleSeries {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The rules that link it with skill levels. 贯通规则
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn pathway_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            PathwayRuleWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<PathwayRuleOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<PathwayRule>> {
        let page = Page { first, after, last, before };
        let owner = entity::pathway_rule::Column::SeriesId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for TitleSeries {
    const KIND: Kind = Kind::TitleSeries;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("validTo", Some(row.valid_from), row.valid_to).into_iter().collect()
    }
}

impl Linked for TitleSeries {
    type Where = TitleSeriesWhere;
    type Order = TitleSeriesOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "pathwayRules" => Link::many::<PathwayRule>(entity::pathway_rule::Column::SeriesId),
            _ => return None,
        })
    }
}

impl Filter for TitleSeriesWhere {
    type Resource = TitleSeries;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::pathway_rule::Column::SeriesId, self.pathway_rules)?
            .on(Column::Id, self.id)?
            .on(Column::Ordinal, self.ordinal)?
            .on(Column::Name, self.name)?
            .on(Column::NameEn, self.name_en)?
            .on(Column::IsPathwayLinked, self.is_pathway_linked)?
            .on(Column::ValidFrom, self.valid_from)?
            .on(Column::ValidTo, self.valid_to)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)
    }
}

impl OrderField for TitleSeriesOrderField {
    type Resource = TitleSeries;

    fn column(self) -> Column {
        match self {
            TitleSeriesOrderField::Ordinal => Column::Ordinal,
            TitleSeriesOrderField::Name => Column::Name,
            TitleSeriesOrderField::CreatedAt => Column::CreatedAt,
            TitleSeriesOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a title series, as a mutation says it.
#[derive(Default)]
struct Essentials {
    ordinal: MaybeUndefined<i32>,
    name: MaybeUndefined<String>,
    is_pathway_linked: MaybeUndefined<bool>,
    valid_from: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: TitleSeriesCreateInput) -> Result<TitleSeries> {
    let essentials = Essentials {
        ordinal: MaybeUndefined::Value(input.ordinal),
        name: MaybeUndefined::Value(input.name),
        is_pathway_linked: MaybeUndefined::Value(input.is_pathway_linked),
        valid_from: MaybeUndefined::Value(input.valid_from),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<TitleSeries>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: TitleSeriesUpdateInput) -> Result<TitleSeries> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        ordinal: input.ordinal,
        name: input.name,
        is_pathway_linked: input.is_pathway_linked,
        valid_from: input.valid_from,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<TitleSeries>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: TitleSeriesDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        ordinal: form.number("ordinal", essentials.ordinal, 1..=1_000),
        name: form.line("name", essentials.name, 100),
        is_pathway_linked: form.plain("isPathwayLinked", essentials.is_pathway_linked),
        valid_from: form.day("validFrom", essentials.valid_from),
        division_code: form.value("divisionCode", essentials.division_code),
        name_en: form.line_option("nameEn", details.name_en, 100),
        valid_to: form.day_option(details.valid_to),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
