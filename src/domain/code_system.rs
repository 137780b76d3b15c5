use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    code, code_mapping,
    code_system::{ActiveModel, Column, Entity, Model},
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
        code::{Code, CodeOrderField, CodeWhere},
        code_mapping::{CodeMapping, CodeMappingOrderField, CodeMappingWhere},
        division::Division,
        external_id,
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Filter, IdFilter, ListFilter, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A list of codes that somebody keeps, in one edition.
///
/// 代码体系。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CodeSystem)))]
#[sea_orm(entity = "Entity")]
pub struct CodeSystem {
    /// The id. 编号
    pub id: Id<CodeSystem>,
    /// What it is known by, such as GB/T 4754. 标准号
    pub code: String,
    /// The edition, such as 2017. 版本
    pub edition: String,
    /// The name. 名称
    pub name: String,
    /// Who keeps it. 发布机构
    pub issuer: String,
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
}

/// Narrows a list of code systems.
///
/// 代码体系筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CodeSystemWhere {
    /// All of these. 全部满足
    and: Option<Vec<CodeSystemWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CodeSystemWhere>>,
    /// Not this. 不满足
    not: Option<Box<CodeSystemWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What it is known by, such as GB/T 4754. 标准号
    code: Option<TextFilter>,
    /// The edition, such as 2017. 版本
    edition: Option<TextFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// Who keeps it. 发布机构
    issuer: Option<TextFilter>,
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
    /// Its codes. 代码
    codes: Option<ListFilter<CodeWhere>>,
    /// Codes of others that were read as codes of this list. 代码映射
    mappings: Option<ListFilter<CodeMappingWhere>>,
}

/// What a list of code systems can be sorted by.
///
/// 代码体系排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CodeSystemOrderField {
    /// What it is known by, such as GB/T 4754. 标准号
    Code,
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

/// What may be said of a code system and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CodeSystemDetails {
    /// The name in English. 英文名称
    name_en: MaybeUndefined<String>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: MaybeUndefined<Date>,
}

/// Enters a list of codes.
///
/// 登记代码体系。
#[derive(Clone, Debug, InputObject)]
pub struct CodeSystemCreateInput {
    /// What it is known by, such as GB/T 4754. 标准号
    code: String,
    /// The edition, such as 2017. 版本
    edition: String,
    /// The name. 名称
    name: String,
    /// Who keeps it. 发布机构
    issuer: String,
    /// The first day it is valid. 有效期起
    valid_from: Date,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: CodeSystemDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a code system: absent keeps, null clears, a value sets.
///
/// 更新代码体系：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CodeSystemUpdateInput {
    /// The record. 记录编号
    id: Id<CodeSystem>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What it is known by, such as GB/T 4754. 标准号
    code: MaybeUndefined<String>,
    /// The edition, such as 2017. 版本
    edition: MaybeUndefined<String>,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// Who keeps it. 发布机构
    issuer: MaybeUndefined<String>,
    /// The first day it is valid. 有效期起
    valid_from: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: CodeSystemDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CodeSystemQueries") of CodeSystem by CodeSystemBy, CodeSystemWhere, CodeSystemOrderField {
        /// One code system; null when there is none that the caller may see. 查询一条代码体系
        code_system = "codeSystem",
        /// Code systems, oldest record first unless told otherwise. 查询代码体系列表
        code_systems = "codeSystems",
    }
}

writes! {
    Mutations("CodeSystemMutations") of CodeSystem {
        /// Enters a list of codes. 登记代码体系
        code_system_create: CodeSystemCreateInput => CodeSystemCreate = create,
        /// Changes a code system. 更新代码体系
        code_system_update: CodeSystemUpdateInput => CodeSystemUpdate = update,
    }
    upsert {
        /// Creates a code system, or changes the one that has this external id. 按外部编号新增或更新代码体系
        code_system_upsert: CodeSystemUpsert of CodeSystemCreateInput, CodeSystemUpdateInput
    }
    archive {
        /// Archives a code system: out of the lists, still there by id. 归档代码体系
        code_system_archive: CodeSystemArchive
    }
    restore {
        /// Brings back an archived code system. 恢复代码体系
        code_system_restore: CodeSystemRestore
    }
}

#[ComplexObject]
impl CodeSystem {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// Its codes. 代码
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<CodeWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<Vec<OrderBy<CodeOrderField>>>,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Code>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, code::Column::SystemId, filter, order_by, page).await
    }

    /// Codes of others that were read as codes of this list. 代码映射
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn mappings(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CodeMappingWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CodeMappingOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CodeMapping>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, code_mapping::Column::SystemId, filter, order_by, page).await
    }
}

impl Resource for CodeSystem {
    const KIND: Kind = Kind::CodeSystem;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("validTo", Some(row.valid_from), row.valid_to).into_iter().collect()
    }
}

impl Linked for CodeSystem {
    type Where = CodeSystemWhere;
    type Order = CodeSystemOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "codes" => Link::many::<Code>(code::Column::SystemId),
            "mappings" => Link::many::<CodeMapping>(code_mapping::Column::SystemId),
            _ => return None,
        })
    }
}

impl Filter for CodeSystemWhere {
    type Resource = CodeSystem;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Code, self.code)?
            .on(Column::Edition, self.edition)?
            .on(Column::Name, self.name)?
            .on(Column::Issuer, self.issuer)?
            .on(Column::ValidFrom, self.valid_from)?
            .on(Column::NameEn, self.name_en)?
            .on(Column::ValidTo, self.valid_to)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, code::Column::SystemId, self.codes)?
            .to_many(Column::Id, code_mapping::Column::SystemId, self.mappings)
    }
}

impl OrderField for CodeSystemOrderField {
    type Resource = CodeSystem;

    fn column(self) -> Column {
        match self {
            CodeSystemOrderField::Code => Column::Code,
            CodeSystemOrderField::Name => Column::Name,
            CodeSystemOrderField::ValidFrom => Column::ValidFrom,
            CodeSystemOrderField::ValidTo => Column::ValidTo,
            CodeSystemOrderField::CreatedAt => Column::CreatedAt,
            CodeSystemOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a code system, as a mutation says it.
#[derive(Default)]
struct Essentials {
    code: MaybeUndefined<String>,
    edition: MaybeUndefined<String>,
    name: MaybeUndefined<String>,
    issuer: MaybeUndefined<String>,
    valid_from: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: CodeSystemCreateInput) -> Result<CodeSystem> {
    let essentials = Essentials {
        code: MaybeUndefined::Value(input.code),
        edition: MaybeUndefined::Value(input.edition),
        name: MaybeUndefined::Value(input.name),
        issuer: MaybeUndefined::Value(input.issuer),
        valid_from: MaybeUndefined::Value(input.valid_from),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<CodeSystem>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: CodeSystemUpdateInput) -> Result<CodeSystem> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        code: input.code,
        edition: input.edition,
        name: input.name,
        issuer: input.issuer,
        valid_from: input.valid_from,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CodeSystem>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CodeSystemDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        code: form.line("code", essentials.code, 64),
        edition: form.line("edition", essentials.edition, 32),
        name: form.line("name", essentials.name, 200),
        issuer: form.line("issuer", essentials.issuer, 200),
        valid_from: form.day("validFrom", essentials.valid_from),
        name_en: form.line_option("nameEn", details.name_en, 200),
        valid_to: form.day_option(details.valid_to),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
