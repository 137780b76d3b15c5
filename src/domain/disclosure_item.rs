use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::disclosure_item::{ActiveModel, Column, DisclosureCategory, DisclosureChannel, Entity};
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
        employer::{Employer, EmployerWhere},
        external_id,
    },
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

/// What an employer disclosed to its workers.
///
/// 厂务公开事项。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::DisclosureItem)))]
#[sea_orm(entity = "Entity")]
pub struct DisclosureItem {
    /// The id. 编号
    pub id: Id<DisclosureItem>,
    /// What was disclosed. 公开事项
    pub title: String,
    /// What it is one of. 内容类别
    pub category: DisclosureCategory,
    /// By which way. 公开渠道
    pub channel: DisclosureChannel,
    /// The day it was disclosed. 公开日期
    pub disclosed_on: Date,
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
    employer_id: Id<Employer>,
}

/// Narrows a list of disclosure items.
///
/// 厂务公开事项筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisclosureItemWhere {
    /// All of these. 全部满足
    and: Option<Vec<DisclosureItemWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DisclosureItemWhere>>,
    /// Not this. 不满足
    not: Option<Box<DisclosureItemWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What was disclosed. 公开事项
    title: Option<TextFilter>,
    /// What it is one of. 内容类别
    category: Option<Equality<DisclosureCategory>>,
    /// By which way. 公开渠道
    channel: Option<Equality<DisclosureChannel>>,
    /// The day it was disclosed. 公开日期
    disclosed_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of disclosure items can be sorted by.
///
/// 厂务公开事项排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DisclosureItemOrderField {
    /// The day it was disclosed. 公开日期
    DisclosedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Enters what an employer disclosed.
///
/// 登记厂务公开事项。
#[derive(Clone, Debug, InputObject)]
pub struct DisclosureItemPublishInput {
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// What was disclosed. 公开事项
    title: String,
    /// What it is one of. 内容类别
    category: DisclosureCategory,
    /// By which way. 公开渠道
    channel: DisclosureChannel,
    /// The day it was disclosed. 公开日期
    disclosed_on: Date,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a disclosure item: absent keeps, null clears, a value sets.
///
/// 更新厂务公开事项：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct DisclosureItemUpdateInput {
    /// The record. 记录编号
    id: Id<DisclosureItem>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What was disclosed. 公开事项
    title: MaybeUndefined<String>,
    /// What it is one of. 内容类别
    category: MaybeUndefined<DisclosureCategory>,
    /// By which way. 公开渠道
    channel: MaybeUndefined<DisclosureChannel>,
    /// The day it was disclosed. 公开日期
    disclosed_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("DisclosureItemQueries") of DisclosureItem by DisclosureItemBy, DisclosureItemWhere, DisclosureItemOrderField {
        /// One disclosure item; null when there is none that the caller may see. 查询一条厂务公开事项
        disclosure_item = "disclosureItem",
        /// Disclosure items, oldest record first unless told otherwise. 查询厂务公开事项列表
        disclosure_items = "disclosureItems",
    }
}

writes! {
    Mutations("DisclosureItemMutations") of DisclosureItem {
        /// Enters what an employer disclosed. 登记厂务公开事项
        disclosure_item_publish: DisclosureItemPublishInput => DisclosureItemPublish = create,
        /// Changes a disclosure item. 更新厂务公开事项
        disclosure_item_update: DisclosureItemUpdateInput => DisclosureItemUpdate = update,
    }
    upsert {
        /// Creates a disclosure item, or changes the one that has this external id. 按外部编号新增或更新厂务公开事项
        disclosure_item_upsert: DisclosureItemUpsert of DisclosureItemPublishInput, DisclosureItemUpdateInput
    }
    archive {
        /// Archives a disclosure item: out of the lists, still there by id. 归档厂务公开事项
        disclosure_item_archive: DisclosureItemArchive
    }
    restore {
        /// Brings back an archived disclosure item. 恢复厂务公开事项
        disclosure_item_restore: DisclosureItemRestore
    }
}

groups! {
    /// Disclosure items, counted by what they have in common: at most 1,000 groups. 按字段分组统计厂务公开事项
    Groups("DisclosureItemGroupQueries") of DisclosureItem by DisclosureItemWhere in disclosure_item_groups: DisclosureItemGroup by DisclosureItemGroupField {
        /// What it is one of. 内容类别
        Category = category: DisclosureCategory,
        /// By which way. 公开渠道
        Channel = channel: DisclosureChannel,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl DisclosureItem {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(Some(self.employer_id)).await
    }
}

impl Resource for DisclosureItem {
    const KIND: Kind = Kind::DisclosureItem;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for DisclosureItem {
    type Where = DisclosureItemWhere;
    type Order = DisclosureItemOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            _ => return None,
        })
    }
}

impl Filter for DisclosureItemWhere {
    type Resource = DisclosureItem;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Category, self.category)?
            .on(Column::Channel, self.channel)?
            .on(Column::DisclosedOn, self.disclosed_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for DisclosureItemOrderField {
    type Resource = DisclosureItem;

    fn column(self) -> Column {
        match self {
            DisclosureItemOrderField::DisclosedOn => Column::DisclosedOn,
            DisclosureItemOrderField::CreatedAt => Column::CreatedAt,
            DisclosureItemOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a disclosure item, as a mutation says it.
#[derive(Default)]
struct Essentials {
    employer_id: MaybeUndefined<Id<Employer>>,
    title: MaybeUndefined<String>,
    category: MaybeUndefined<DisclosureCategory>,
    channel: MaybeUndefined<DisclosureChannel>,
    disclosed_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: DisclosureItemPublishInput,
) -> Result<DisclosureItem> {
    let essentials = Essentials {
        employer_id: MaybeUndefined::Value(input.employer_id),
        title: MaybeUndefined::Value(input.title),
        category: MaybeUndefined::Value(input.category),
        channel: MaybeUndefined::Value(input.channel),
        disclosed_on: MaybeUndefined::Value(input.disclosed_on),
    };
    let mut draft = draft(work, essentials).await?;
    if let Set(owner) = draft.employer_id {
        let owner = work.find_current::<Employer>("employerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<DisclosureItem>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: DisclosureItemUpdateInput,
) -> Result<DisclosureItem> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        category: input.category,
        channel: input.channel,
        disclosed_on: input.disclosed_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials).await?;
    work.update::<DisclosureItem>(row, draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        employer_id: form.id("employerId", essentials.employer_id),
        title: form.line("title", essentials.title, 200),
        category: form.plain("category", essentials.category),
        channel: form.plain("channel", essentials.channel),
        disclosed_on: form.day("disclosedOn", essentials.disclosed_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
