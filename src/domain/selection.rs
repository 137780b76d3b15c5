use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    selection::{ActiveModel, Column, Entity, SelectionSubject},
    selection_result,
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
        external_id,
        selection_result::{SelectionResult, SelectionResultOrderField, SelectionResultWhere},
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

/// A selection of the best, such as the ten best achievements.
///
/// 创新评选活动。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Selection)))]
#[sea_orm(entity = "Entity")]
pub struct Selection {
    /// The id. 编号
    pub id: Id<Selection>,
    /// The title that is won. 评选名称
    pub title: String,
    /// What is selected. 评选对象
    pub subject_kind: SelectionSubject,
    /// How many are selected. 名额
    pub quota: i32,
    /// The day it was decided. 评定日期
    pub held_on: Date,
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

/// Narrows a list of selections.
///
/// 评选活动筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct SelectionWhere {
    /// All of these. 全部满足
    and: Option<Vec<SelectionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<SelectionWhere>>,
    /// Not this. 不满足
    not: Option<Box<SelectionWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title that is won. 评选名称
    title: Option<TextFilter>,
    /// What is selected. 评选对象
    subject_kind: Option<Equality<SelectionSubject>>,
    /// How many are selected. 名额
    quota: Option<Ordering<i32>>,
    /// The day it was decided. 评定日期
    held_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// What was selected. 评选结果
    results: Option<ListFilter<SelectionResultWhere>>,
}

/// What a list of selections can be sorted by.
///
/// 评选活动排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SelectionOrderField {
    /// The title that is won. 评选名称
    Title,
    /// The day it was decided. 评定日期
    HeldOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Creates a selection.
///
/// 新增评选活动。
#[derive(Clone, Debug, InputObject)]
pub struct SelectionCreateInput {
    /// The title that is won. 评选名称
    title: String,
    /// What is selected. 评选对象
    subject_kind: SelectionSubject,
    /// How many are selected. 名额
    quota: i32,
    /// The day it was decided. 评定日期
    held_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a selection: absent keeps, null clears, a value sets.
///
/// 更新评选活动：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct SelectionUpdateInput {
    /// The record. 记录编号
    id: Id<Selection>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title that is won. 评选名称
    title: MaybeUndefined<String>,
    /// How many are selected. 名额
    quota: MaybeUndefined<i32>,
    /// The day it was decided. 评定日期
    held_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("SelectionQueries") of Selection by SelectionBy, SelectionWhere, SelectionOrderField {
        /// One selection; null when there is none that the caller may see. 查询一条评选活动
        selection = "selection",
        /// Selections, oldest record first unless told otherwise. 查询评选活动列表
        selections = "selections",
    }
}

writes! {
    Mutations("SelectionMutations") of Selection {
        /// Creates a selection. 新增评选活动
        selection_create: SelectionCreateInput => SelectionCreate = create,
        /// Changes a selection. 更新评选活动
        selection_update: SelectionUpdateInput => SelectionUpdate = update,
    }
    upsert {
        /// Creates a selection, or changes the one that has this external id. 按外部编号新增或更新评选活动
        selection_upsert: SelectionUpsert of SelectionCreateInput, SelectionUpdateInput
    }
    archive {
        /// Archives a selection: out of the lists, still there by id. 归档评选活动
        selection_archive: SelectionArchive
    }
    restore {
        /// Brings back an archived selection. 恢复评选活动
        selection_restore: SelectionRestore
    }
}

groups! {
    /// Selections, counted by what they have in common: at most 1,000 groups. 按字段分组统计评选活动
    Groups("SelectionGroupQueries") of Selection by SelectionWhere in selection_groups: SelectionGroup by SelectionGroupField {
        /// What is selected. 评选对象
        SubjectKind = subject_kind: SelectionSubject,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl Selection {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// What was selected. 评选结果
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn results(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            SelectionResultWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<SelectionResultOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<SelectionResult>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, selection_result::Column::SelectionId, filter, order_by, page).await
    }
}

impl Resource for Selection {
    const KIND: Kind = Kind::Selection;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for Selection {
    type Where = SelectionWhere;
    type Order = SelectionOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "results" => Link::many::<SelectionResult>(selection_result::Column::SelectionId),
            _ => return None,
        })
    }
}

impl Filter for SelectionWhere {
    type Resource = Selection;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::SubjectKind, self.subject_kind)?
            .on(Column::Quota, self.quota)?
            .on(Column::HeldOn, self.held_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, selection_result::Column::SelectionId, self.results)
    }
}

impl OrderField for SelectionOrderField {
    type Resource = Selection;

    fn column(self) -> Column {
        match self {
            SelectionOrderField::Title => Column::Title,
            SelectionOrderField::HeldOn => Column::HeldOn,
            SelectionOrderField::CreatedAt => Column::CreatedAt,
            SelectionOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a selection, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title: MaybeUndefined<String>,
    subject_kind: MaybeUndefined<SelectionSubject>,
    quota: MaybeUndefined<i32>,
    held_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: SelectionCreateInput) -> Result<Selection> {
    let essentials = Essentials {
        title: MaybeUndefined::Value(input.title),
        subject_kind: MaybeUndefined::Value(input.subject_kind),
        quota: MaybeUndefined::Value(input.quota),
        held_on: MaybeUndefined::Value(input.held_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials).await?;
    work.create::<Selection>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: SelectionUpdateInput) -> Result<Selection> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        quota: input.quota,
        held_on: input.held_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials).await?;
    work.update::<Selection>(row, draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title: form.line("title", essentials.title, 200),
        subject_kind: form.plain("subjectKind", essentials.subject_kind),
        quota: form.number("quota", essentials.quota, 1..=10_000),
        held_on: form.day("heldOn", essentials.held_on),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
