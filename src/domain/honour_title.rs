use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::honour_title::{ActiveModel, AwardeeKind, Column, Entity, HonourLevel};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        honour_round::{HonourRound, HonourRoundOrderField, HonourRoundWhere},
    },
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

/// A title of honour.
///
/// 荣誉称号。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::HonourTitle)))]
#[sea_orm(entity = "Entity")]
pub struct HonourTitle {
    /// The id. 编号
    pub id: Id<HonourTitle>,
    /// The code, such as MOST_BEAUTIFUL_WORKER. 代码
    pub code: String,
    /// The name. 名称
    pub name: String,
    /// The name in English. 英文名称
    pub name_en: Option<String>,
    /// Who can hold it. 授予对象
    pub awardee_kind: AwardeeKind,
    /// The level. 级别
    pub level: HonourLevel,
    /// Who confers it. 授予单位
    pub conferring_body: String,
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

/// Narrows a list of honour titles.
///
/// 荣誉称号筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourTitleWhere {
    /// All of these. 全部满足
    and: Option<Vec<HonourTitleWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<HonourTitleWhere>>,
    /// Not this. 不满足
    not: Option<Box<HonourTitleWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The code, such as MOST_BEAUTIFUL_WORKER. 代码
    code: Option<TextFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The name in English. 英文名称
    name_en: Option<TextFilter>,
    /// Who can hold it. 授予对象
    awardee_kind: Option<Equality<AwardeeKind>>,
    /// The level. 级别
    level: Option<Equality<HonourLevel>>,
    /// Who confers it. 授予单位
    conferring_body: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The rounds in which it is conferred. 评选批次
    rounds: Option<ListFilter<HonourRoundWhere>>,
}

/// What a list of honour titles can be sorted by.
///
/// 荣誉称号排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HonourTitleOrderField {
    /// The code, such as MOST_BEAUTIFUL_WORKER. 代码
    Code,
    /// The name. 名称
    Name,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a honour title and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourTitleDetails {
    /// The name in English. 英文名称
    name_en: MaybeUndefined<String>,
}

/// Creates a honour title.
///
/// 新增荣誉称号。
#[derive(Clone, Debug, InputObject)]
pub struct HonourTitleCreateInput {
    /// The code, such as MOST_BEAUTIFUL_WORKER. 代码
    code: String,
    /// The name. 名称
    name: String,
    /// Who can hold it. 授予对象
    awardee_kind: AwardeeKind,
    /// The level. 级别
    level: HonourLevel,
    /// Who confers it. 授予单位
    conferring_body: String,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: HonourTitleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a honour title: absent keeps, null clears, a value sets.
///
/// 更新荣誉称号：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct HonourTitleUpdateInput {
    /// The record. 记录编号
    id: Id<HonourTitle>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<HonourLevel>,
    /// Who confers it. 授予单位
    conferring_body: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: HonourTitleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("HonourTitleQueries") of HonourTitle by HonourTitleBy, HonourTitleWhere, HonourTitleOrderField {
        /// One honour title; null when there is none that the caller may see. 查询一条荣誉称号
        honour_title = "honourTitle",
        /// Honour titles, oldest record first unless told otherwise. 查询荣誉称号列表
        honour_titles = "honourTitles",
    }
}

writes! {
    Mutations("HonourTitleMutations") of HonourTitle {
        /// Creates a honour title. 新增荣誉称号
        honour_title_create: HonourTitleCreateInput => HonourTitleCreate = create,
        /// Changes a honour title. 更新荣誉称号
        honour_title_update: HonourTitleUpdateInput => HonourTitleUpdate = update,
    }
    upsert {
        /// Creates a honour title, or changes the one that has this external id. 按外部编号新增或更新荣誉称号
        honour_title_upsert: HonourTitleUpsert of HonourTitleCreateInput, HonourTitleUpdateInput
    }
    archive {
        /// Archives a honour title: out of the lists, still there by id. 归档荣誉称号
        honour_title_archive: HonourTitleArchive
    }
    restore {
        /// Brings back an archived honour title. 恢复荣誉称号
        honour_title_restore: HonourTitleRestore
    }
}

groups! {
    /// Honour titles, counted by what they have in common: at most 1,000 groups. 按字段分组统计荣誉称号
    Groups("HonourTitleGroupQueries") of HonourTitle by HonourTitleWhere in honour_title_groups: HonourTitleGroup by HonourTitleGroupField {
        /// Who can hold it. 授予对象
        AwardeeKind = awardee_kind: AwardeeKind,
        /// The level. 级别
        Level = level: HonourLevel,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl HonourTitle {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The rounds in which it is conferred. 评选批次
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn rounds(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            HonourRoundWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<HonourRoundOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<HonourRound>> {
        let page = Page { first, after, last, before };
        let owner = entity::honour_round::Column::TitleId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for HonourTitle {
    const KIND: Kind = Kind::HonourTitle;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for HonourTitle {
    type Where = HonourTitleWhere;
    type Order = HonourTitleOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "rounds" => Link::many::<HonourRound>(entity::honour_round::Column::TitleId),
            _ => return None,
        })
    }
}

impl Filter for HonourTitleWhere {
    type Resource = HonourTitle;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::honour_round::Column::TitleId, self.rounds)?
            .on(Column::Id, self.id)?
            .on(Column::Code, self.code)?
            .on(Column::Name, self.name)?
            .on(Column::NameEn, self.name_en)?
            .on(Column::AwardeeKind, self.awardee_kind)?
            .on(Column::Level, self.level)?
            .on(Column::ConferringBody, self.conferring_body)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)
    }
}

impl OrderField for HonourTitleOrderField {
    type Resource = HonourTitle;

    fn column(self) -> Column {
        match self {
            HonourTitleOrderField::Code => Column::Code,
            HonourTitleOrderField::Name => Column::Name,
            HonourTitleOrderField::CreatedAt => Column::CreatedAt,
            HonourTitleOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a honour title, as a mutation says it.
#[derive(Default)]
struct Essentials {
    code: MaybeUndefined<String>,
    name: MaybeUndefined<String>,
    awardee_kind: MaybeUndefined<AwardeeKind>,
    level: MaybeUndefined<HonourLevel>,
    conferring_body: MaybeUndefined<String>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: HonourTitleCreateInput) -> Result<HonourTitle> {
    let essentials = Essentials {
        code: MaybeUndefined::Value(input.code),
        name: MaybeUndefined::Value(input.name),
        awardee_kind: MaybeUndefined::Value(input.awardee_kind),
        level: MaybeUndefined::Value(input.level),
        conferring_body: MaybeUndefined::Value(input.conferring_body),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<HonourTitle>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: HonourTitleUpdateInput) -> Result<HonourTitle> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        name: input.name,
        level: input.level,
        conferring_body: input.conferring_body,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<HonourTitle>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: HonourTitleDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        code: form.line("code", essentials.code, 60),
        name: form.line("name", essentials.name, 200),
        awardee_kind: form.plain("awardeeKind", essentials.awardee_kind),
        level: form.plain("level", essentials.level),
        conferring_body: form.line("conferringBody", essentials.conferring_body, 200),
        division_code: form.value("divisionCode", essentials.division_code),
        name_en: form.line_option("nameEn", details.name_en, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
