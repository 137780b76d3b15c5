use std::collections::HashMap;

use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
    dataloader::Loader,
};
use entity::division::{ActiveModel, Column, DivisionKind, DivisionLevel, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, DerivePartialModel, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Error, Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Criterion, Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    operation::Payload,
    repository::{Repository, loaders},
    resource::{Id, Resource},
    shell::{operation, planned},
    unit_of_work::{UnitOfWork, WriteOptions},
};

/// An administrative division of GB/T 2260, or a statistical one, with its history.
///
/// 行政区划（含历史代码与统计代码）。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Division)))]
#[sea_orm(entity = "Entity")]
pub struct Division {
    /// The id. 编号
    pub id: Id<Division>,
    /// Six digits, such as `130302`. 区划代码
    pub code: DivisionCode,
    /// The name in Chinese. 名称
    pub name: String,
    /// The name in English. 英文名称
    pub name_en: String,
    /// The level. 级别
    pub level: DivisionLevel,
    /// Whether a code of GB/T 2260 or one of statistics only. 代码类别
    pub kind: DivisionKind,
    /// The code of the division above. 上级代码
    pub parent_code: Option<DivisionCode>,
    /// The code that took its place. 后继代码
    pub successor_code: Option<DivisionCode>,
    /// The first day the code was valid; often known to the year only. 启用日期
    pub valid_from: Date,
    /// The last day the code was valid; null while it is. 停用日期
    pub valid_to: Option<Date>,
    /// Grows by one with every change. 版本
    pub version: i32,
    /// When the record was made. 创建时间
    pub created_at: DateTime,
    /// When the record was changed last. 更新时间
    pub updated_at: DateTime,
}

/// What names one division: exactly one of these.
///
/// 定位一个行政区划的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum DivisionBy {
    /// The id. 编号
    Id(Id<Division>),
    /// The code. 区划代码
    Code(Unchecked<DivisionCode>),
}

/// Narrows a list of divisions.
///
/// 行政区划筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DivisionWhere {
    /// All of these. 全部满足
    and: Option<Vec<DivisionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DivisionWhere>>,
    /// Not this. 不满足
    not: Option<Box<DivisionWhere>>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The code. 区划代码
    code: Option<DivisionFilter>,
    /// The code of the division above. 上级代码
    parent_code: Option<DivisionFilter>,
    /// The name in Chinese. 名称
    name: Option<TextFilter>,
    /// The level. 级别
    level: Option<Equality<DivisionLevel>>,
    /// Whether a code of GB/T 2260 or one of statistics only. 代码类别
    kind: Option<Equality<DivisionKind>>,
    /// The last day the code was valid. 停用日期
    valid_to: Option<Ordering<Date>>,
}

/// What a list of divisions can be sorted by.
///
/// 行政区划排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DivisionOrderField {
    /// The code. 区划代码
    Code,
    /// The name, by code point. 名称
    Name,
}

/// What may be said of a division and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DivisionDetails {
    /// The code of the division above. 上级代码
    parent_code: MaybeUndefined<Unchecked<DivisionCode>>,
    /// The code that took its place. 后继代码
    successor_code: MaybeUndefined<Unchecked<DivisionCode>>,
    /// The last day the code was valid; null while it is. 停用日期
    valid_to: MaybeUndefined<Date>,
}

/// Adds a code to the list of divisions.
///
/// 新增行政区划代码。
#[derive(Clone, Debug, InputObject)]
pub struct DivisionCreateInput {
    /// Six digits; not in the list yet. 区划代码
    code: Unchecked<DivisionCode>,
    /// The name in Chinese. 名称
    name: String,
    /// The name in English. 英文名称
    name_en: String,
    /// The level. 级别
    level: DivisionLevel,
    /// Whether a code of GB/T 2260 or one of statistics only. 代码类别
    kind: DivisionKind,
    /// The first day the code was valid. 启用日期
    valid_from: Date,
    #[graphql(flatten)]
    details: DivisionDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Changes a division: absent keeps, null clears, a value sets. The code itself stays.
///
/// 更新行政区划：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct DivisionUpdateInput {
    /// The record. 记录编号
    id: Id<Division>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name in Chinese. 名称
    name: MaybeUndefined<String>,
    /// The name in English. 英文名称
    name_en: MaybeUndefined<String>,
    /// The first day the code was valid. 启用日期
    valid_from: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: DivisionDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

operation!(DivisionCreate of Division);
operation!(DivisionUpdate of Division);

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "DivisionQueries")]
impl Queries {
    /// One division; null when there is none. 查询一个行政区划
    async fn division(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names the division. 定位条件")] by: DivisionBy,
    ) -> Nullable<Division> {
        ctx.find_by(by).await
    }

    /// Divisions, present and past. 查询行政区划列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn divisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<DivisionWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DivisionOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Division>> {
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "DivisionMutations")]
impl Mutations {
    /// Adds a code to the list of divisions: other records can then lie in it. 新增行政区划代码
    #[graphql(directive = requires::apply(to_write(Kind::Division)))]
    async fn division_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DivisionCreateInput,
    ) -> Nullable<Payload<DivisionCreate>> {
        let options = input.options.clone();
        Some(ctx.write(Kind::Division, options, input, |work, it| Box::pin(create(work, it))).await)
    }

    /// Changes a division, such as its last day and its successor. 更新行政区划
    #[graphql(directive = requires::apply(to_write(Kind::Division)))]
    async fn division_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DivisionUpdateInput,
    ) -> Nullable<Payload<DivisionUpdate>> {
        let options = input.options.clone();
        Some(ctx.write(Kind::Division, options, input, |work, it| Box::pin(update(work, it))).await)
    }
}

#[ComplexObject]
impl Division {
    /// The division above. 上级区划
    async fn parent(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, self.parent_code.as_ref()?).await
    }

    /// The division that took its place. 后继区划
    async fn successor(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, self.successor_code.as_ref()?).await
    }
}

impl Division {
    /// The division whose code is in a column.
    pub fn by_code(column: impl ColumnTrait) -> Link {
        Link::one_by::<Division>(column, Column::Code)
    }

    /// The division with a code.
    pub async fn of(ctx: &Context<'_>, code: &DivisionCode) -> Nullable<Division> {
        loaders(ctx).load_one(Coded(code.clone())).await.transpose()
    }
}

/// A look-up by code.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Coded(DivisionCode);

impl Loader<Coded> for Repository {
    type Value = Division;
    type Error = Error;

    async fn load(&self, keys: &[Coded]) -> Result<HashMap<Coded, Division>> {
        let found = self
            .select::<Division>()
            .filter(Column::Code.is_in(keys.iter().map(|it| it.0.clone())))
            .into_partial_model::<Division>()
            .all(self.shared.database.read())
            .await?;
        Ok(found.into_iter().map(|it| (Coded(it.code.clone()), it)).collect())
    }
}

impl Resource for Division {
    const KIND: Kind = Kind::Division;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("validTo", Some(row.valid_from), row.valid_to).into_iter().collect()
    }
}

impl Linked for Division {
    type Where = DivisionWhere;
    type Order = DivisionOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "parent" => Division::by_code(Column::ParentCode),
            "successor" => Division::by_code(Column::SuccessorCode),
            _ => return None,
        })
    }
}

impl Root for Division {
    type By = DivisionBy;

    const ONE: &'static str = "division";
    const MANY: &'static str = "divisions";
}

planned!(Queries of Division);

impl Key for DivisionBy {
    type Resource = Division;

    fn criterion(self, repository: &Repository) -> Result<Criterion> {
        Ok(match self {
            DivisionBy::Id(id) => id.into(),
            DivisionBy::Code(code) => {
                let code = code.check(&repository.rules());
                let code = code.map_err(|defect| Violation::defect("by.code", defect))?;
                Column::Code.eq(code.value).into()
            }
        })
    }
}

impl Filter for DivisionWhere {
    type Resource = Division;

    fn archived(&self) -> Option<Archived> {
        None
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Code, self.code)?
            .on(Column::ParentCode, self.parent_code)?
            .on(Column::Name, self.name)?
            .on(Column::Level, self.level)?
            .on(Column::Kind, self.kind)?
            .on(Column::ValidTo, self.valid_to)
    }
}

impl OrderField for DivisionOrderField {
    type Resource = Division;

    fn column(self) -> Column {
        match self {
            DivisionOrderField::Code => Column::Code,
            DivisionOrderField::Name => Column::Name,
        }
    }
}

async fn create(work: &mut UnitOfWork<'_>, input: DivisionCreateInput) -> Result<Division> {
    let mut form = Form::new(work.rules());
    let code = form.value("code", MaybeUndefined::Value(input.code));
    let draft = ActiveModel {
        division_code: code.clone(),
        code,
        name: form.line("name", MaybeUndefined::Value(input.name), 100),
        name_en: form.line("nameEn", MaybeUndefined::Value(input.name_en), 100),
        level: Set(input.level),
        kind: Set(input.kind),
        valid_from: Set(input.valid_from.0),
        ..details(&mut form, input.details)
    };
    work.warn(form.finish()?);
    work.create::<Division>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: DivisionUpdateInput) -> Result<Division> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", input.name, 100),
        name_en: form.line("nameEn", input.name_en, 100),
        valid_from: form.day("validFrom", input.valid_from),
        ..details(&mut form, input.details)
    };
    work.warn(form.finish()?);
    work.update::<Division>(row, draft).await
}

fn details(form: &mut Form, details: DivisionDetails) -> ActiveModel {
    ActiveModel {
        parent_code: form.option("parentCode", details.parent_code),
        successor_code: form.option("successorCode", details.successor_code),
        valid_to: form.day_option(details.valid_to),
        ..Default::default()
    }
}
