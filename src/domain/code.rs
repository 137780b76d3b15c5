use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::code::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        code_system::{CodeSystem, CodeSystemWhere},
        division::Division,
        external_id,
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A code of a list.
///
/// 代码。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Code)))]
#[sea_orm(entity = "Entity")]
pub struct Code {
    /// The id. 编号
    pub id: Id<Code>,
    /// What it says, such as `C36`; unique in its list on a day. 代码值
    pub value: String,
    /// The name. 名称
    pub name: String,
    /// The first day it is valid. 有效期起
    pub valid_from: Date,
    /// The name in English. 英文名称
    pub name_en: Option<String>,
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
    #[graphql(skip)]
    system_id: Id<CodeSystem>,
    #[graphql(skip)]
    parent_id: Option<Id<Code>>,
}

/// Narrows a list of codes.
///
/// 代码筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CodeWhere {
    /// All of these. 全部满足
    and: Option<Vec<CodeWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CodeWhere>>,
    /// Not this. 不满足
    not: Option<Box<CodeWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What it says. 代码值
    value: Option<TextFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The first day it is valid. 有效期起
    valid_from: Option<Ordering<Date>>,
    /// The name in English. 英文名称
    name_en: Option<TextFilter>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The list. 代码体系
    system: Option<Nested<CodeSystemWhere>>,
    /// The code above it. 上级代码
    parent: Option<Nested<CodeWhere>>,
}

/// What a list of codes can be sorted by.
///
/// 代码排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CodeOrderField {
    /// What it says. 代码值
    Value,
    /// The name. 名称
    Name,
    /// The first day it is valid. 有效期起
    ValidFrom,
    /// The last day it is valid; null while it is. 有效期止
    ValidTo,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a code and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CodeDetails {
    /// The code above it. 上级代码
    parent_id: MaybeUndefined<Id<Code>>,
    /// The name in English. 英文名称
    name_en: MaybeUndefined<String>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: MaybeUndefined<Date>,
}

/// Enters a code.
///
/// 登记代码。
#[derive(Clone, Debug, InputObject)]
pub struct CodeCreateInput {
    /// The list. 代码体系
    system_id: Id<CodeSystem>,
    /// What it says, such as `C36`: 1 to 64 characters. 代码值
    value: String,
    /// The name. 名称
    name: String,
    /// The first day it is valid. 有效期起
    valid_from: Date,
    #[graphql(flatten)]
    details: CodeDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a code: absent keeps, null clears, a value sets.
///
/// 更新代码：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CodeUpdateInput {
    /// The record. 记录编号
    id: Id<Code>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What it says. 代码值
    value: MaybeUndefined<String>,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The first day it is valid. 有效期起
    valid_from: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: CodeDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CodeQueries") of Code by CodeBy, CodeWhere, CodeOrderField {
        /// One code; null when there is none that the caller may see. 查询一条代码
        code = "code",
        /// Codes, oldest record first unless told otherwise. 查询代码列表
        codes = "codes",
    }
}

writes! {
    Mutations("CodeMutations") of Code {
        /// Enters a code. 登记代码
        code_create: CodeCreateInput => CodeCreate = create,
        /// Changes a code. 更新代码
        code_update: CodeUpdateInput => CodeUpdate = update,
    }
    upsert {
        /// Creates a code, or changes the one that has this external id. 按外部编号新增或更新代码
        code_upsert: CodeUpsert of CodeCreateInput, CodeUpdateInput
    }
    archive {
        /// Archives a code: out of the lists, still there by id. 归档代码
        code_archive: CodeArchive
    }
    restore {
        /// Brings back an archived code. 恢复代码
        code_restore: CodeRestore
    }
}

#[ComplexObject]
impl Code {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The list; null when the caller may not see it. 代码体系
    async fn system(&self, ctx: &Context<'_>) -> Nullable<CodeSystem> {
        ctx.find(Some(self.system_id)).await
    }

    /// The code above it; null when the caller may not see it. 上级代码
    async fn parent(&self, ctx: &Context<'_>) -> Nullable<Code> {
        ctx.find(self.parent_id).await
    }
}

impl Resource for Code {
    const KIND: Kind = Kind::Code;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("validTo", Some(row.valid_from), row.valid_to),
            (row.parent_id == Some(row.id)).then(|| {
                Violation::inconsistent(
                    "parentId",
                    "Nothing is above itself.",
                    "上级代码不能是自身。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for Code {
    type Where = CodeWhere;
    type Order = CodeOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "system" => Link::one::<CodeSystem>(Column::SystemId),
            "parent" => Link::one::<Code>(Column::ParentId),
            _ => return None,
        })
    }
}

impl Filter for CodeWhere {
    type Resource = Code;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Value, self.value)?
            .on(Column::Name, self.name)?
            .on(Column::ValidFrom, self.valid_from)?
            .on(Column::NameEn, self.name_en)?
            .on(Column::ValidTo, self.valid_to)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::SystemId, self.system)?
            .to_one(Column::ParentId, self.parent)
    }
}

impl OrderField for CodeOrderField {
    type Resource = Code;

    fn column(self) -> Column {
        match self {
            CodeOrderField::Value => Column::Value,
            CodeOrderField::Name => Column::Name,
            CodeOrderField::ValidFrom => Column::ValidFrom,
            CodeOrderField::ValidTo => Column::ValidTo,
            CodeOrderField::CreatedAt => Column::CreatedAt,
            CodeOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a code, as a mutation says it.
#[derive(Default)]
struct Essentials {
    system_id: MaybeUndefined<Id<CodeSystem>>,
    value: MaybeUndefined<String>,
    name: MaybeUndefined<String>,
    valid_from: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: CodeCreateInput) -> Result<Code> {
    let essentials = Essentials {
        system_id: MaybeUndefined::Value(input.system_id),
        value: MaybeUndefined::Value(input.value),
        name: MaybeUndefined::Value(input.name),
        valid_from: MaybeUndefined::Value(input.valid_from),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.system_id {
        let owner = work.find_current::<CodeSystem>("systemId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<Code>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: CodeUpdateInput) -> Result<Code> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        value: input.value,
        name: input.name,
        valid_from: input.valid_from,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<Code>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CodeDetails,
) -> Result<ActiveModel> {
    work.refer("parentId", details.parent_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        system_id: form.id("systemId", essentials.system_id),
        value: form.line("value", essentials.value, 64),
        name: form.line("name", essentials.name, 200),
        valid_from: form.day("validFrom", essentials.valid_from),
        parent_id: form.id_option(details.parent_id),
        name_en: form.line_option("nameEn", details.name_en, 200),
        valid_to: form.day_option(details.valid_to),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
