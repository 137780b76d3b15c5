use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::code_mapping::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        code::{Code, CodeWhere},
        code_system::{CodeSystem, CodeSystemWhere},
        division::Division,
        external_id,
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

/// What a code of another system is read as. One that is not known is kept as it came, and never guessed.
///
/// 代码映射；未识别的外部代码原样保留，不作推断。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CodeMapping)))]
#[sea_orm(entity = "Entity")]
pub struct CodeMapping {
    /// The id. 编号
    pub id: Id<CodeMapping>,
    /// The system that it came from. 来源系统
    pub source_name: String,
    /// The code as it came. 来源代码
    pub source_code: String,
    /// The words as they came. 来源名称
    pub source_text: Option<String>,
    /// Whether it is known what it is. 是否已映射
    pub is_mapped: bool,
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
    target_id: Option<Id<Code>>,
}

/// Narrows a list of code mappings.
///
/// 代码映射筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CodeMappingWhere {
    /// All of these. 全部满足
    and: Option<Vec<CodeMappingWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CodeMappingWhere>>,
    /// Not this. 不满足
    not: Option<Box<CodeMappingWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The system that it came from. 来源系统
    source_name: Option<TextFilter>,
    /// The code as it came. 来源代码
    source_code: Option<TextFilter>,
    /// The words as they came. 来源名称
    source_text: Option<TextFilter>,
    /// Whether it is known what it is. 是否已映射
    is_mapped: Option<Equality<bool>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The list that it is read into. 目标代码体系
    system: Option<Nested<CodeSystemWhere>>,
    /// The code that it is read as; null while that is not known. 目标代码
    target: Option<Nested<CodeWhere>>,
}

/// What a list of code mappings can be sorted by.
///
/// 代码映射排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CodeMappingOrderField {
    /// The system that it came from. 来源系统
    SourceName,
    /// The code as it came. 来源代码
    SourceCode,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a code mapping and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CodeMappingDetails {
    /// The code that it is read as; null while that is not known. 目标代码
    target_id: MaybeUndefined<Id<Code>>,
    /// The words as they came. 来源名称
    source_text: MaybeUndefined<String>,
}

/// Says what a code of another system is read as.
///
/// 设置代码映射。
#[derive(Clone, Debug, InputObject)]
pub struct CodeMappingSetInput {
    /// The list that it is read into. 目标代码体系
    system_id: Id<CodeSystem>,
    /// The system that it came from. 来源系统
    source_name: String,
    /// The code as it came. 来源代码
    source_code: String,
    #[graphql(flatten)]
    details: CodeMappingDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a code mapping: absent keeps, null clears, a value sets.
///
/// 更新代码映射：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CodeMappingUpdateInput {
    /// The record. 记录编号
    id: Id<CodeMapping>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The system that it came from. 来源系统
    source_name: MaybeUndefined<String>,
    /// The code as it came. 来源代码
    source_code: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: CodeMappingDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CodeMappingQueries") of CodeMapping by CodeMappingBy, CodeMappingWhere, CodeMappingOrderField {
        /// One code mapping; null when there is none that the caller may see. 查询一条代码映射
        code_mapping = "codeMapping",
        /// Code mappings, oldest record first unless told otherwise. 查询代码映射列表
        code_mappings = "codeMappings",
    }
}

writes! {
    Mutations("CodeMappingMutations") of CodeMapping {
        /// Says what a code of another system is read as. 设置代码映射
        code_mapping_set: CodeMappingSetInput => CodeMappingSet = create,
        /// Changes a code mapping. 更新代码映射
        code_mapping_update: CodeMappingUpdateInput => CodeMappingUpdate = update,
    }
    upsert {
        /// Creates a code mapping, or changes the one that has this external id. 按外部编号新增或更新代码映射
        code_mapping_upsert: CodeMappingUpsert of CodeMappingSetInput, CodeMappingUpdateInput
    }
    archive {
        /// Archives a code mapping: out of the lists, still there by id. 归档代码映射
        code_mapping_archive: CodeMappingArchive
    }
    restore {
        /// Brings back an archived code mapping. 恢复代码映射
        code_mapping_restore: CodeMappingRestore
    }
}

groups! {
    /// Code mappings, counted by what they have in common: at most 1,000 groups. 按字段分组统计代码映射
    Groups("CodeMappingGroupQueries") of CodeMapping by CodeMappingWhere in code_mapping_groups: CodeMappingGroup by CodeMappingGroupField {
        /// Whether it is known what it is. 是否已映射
        IsMapped = is_mapped: bool,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl CodeMapping {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The list that it is read into; null when the caller may not see it. 目标代码体系
    async fn system(&self, ctx: &Context<'_>) -> Nullable<CodeSystem> {
        ctx.find(Some(self.system_id)).await
    }

    /// The code that it is read as; null while that is not known; null when the caller may not see it. 目标代码
    async fn target(&self, ctx: &Context<'_>) -> Nullable<Code> {
        ctx.find(self.target_id).await
    }
}

impl Resource for CodeMapping {
    const KIND: Kind = Kind::CodeMapping;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for CodeMapping {
    type Where = CodeMappingWhere;
    type Order = CodeMappingOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "system" => Link::one::<CodeSystem>(Column::SystemId),
            "target" => Link::one::<Code>(Column::TargetId),
            _ => return None,
        })
    }
}

impl Filter for CodeMappingWhere {
    type Resource = CodeMapping;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::SourceName, self.source_name)?
            .on(Column::SourceCode, self.source_code)?
            .on(Column::SourceText, self.source_text)?
            .on(Column::IsMapped, self.is_mapped)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::SystemId, self.system)?
            .to_one(Column::TargetId, self.target)
    }
}

impl OrderField for CodeMappingOrderField {
    type Resource = CodeMapping;

    fn column(self) -> Column {
        match self {
            CodeMappingOrderField::SourceName => Column::SourceName,
            CodeMappingOrderField::SourceCode => Column::SourceCode,
            CodeMappingOrderField::CreatedAt => Column::CreatedAt,
            CodeMappingOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// A code is read as one of the list that it is read into.
async fn expect_of_system(
    work: &UnitOfWork<'_>,
    target_id: Option<Uuid>,
    system_id: Uuid,
) -> Result<()> {
    let Some(target_id) = target_id else { return Ok(()) };
    let target = work.find::<Code>("targetId", Id::new(target_id)).await?;
    if target.system_id == system_id {
        return Ok(());
    }
    Err(Violation::inconsistent(
        "targetId",
        "The code is of another list.",
        "目标代码不属于该代码体系。",
    )
    .into())
}

/// What has to be said of a code mapping, as a mutation says it.
#[derive(Default)]
struct Essentials {
    system_id: MaybeUndefined<Id<CodeSystem>>,
    source_name: MaybeUndefined<String>,
    source_code: MaybeUndefined<String>,
}

async fn create(work: &mut UnitOfWork<'_>, input: CodeMappingSetInput) -> Result<CodeMapping> {
    let essentials = Essentials {
        system_id: MaybeUndefined::Value(input.system_id),
        source_name: MaybeUndefined::Value(input.source_name),
        source_code: MaybeUndefined::Value(input.source_code),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.system_id {
        let owner = work.find_current::<CodeSystem>("systemId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    let target = draft.target_id.try_as_ref().copied().flatten();
    draft.is_mapped = Set(target.is_some());
    if let Set(system) = draft.system_id {
        expect_of_system(work, target, system).await?;
    }
    work.create::<CodeMapping>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: CodeMappingUpdateInput) -> Result<CodeMapping> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        source_name: input.source_name,
        source_code: input.source_code,
        ..Essentials::default()
    };
    let mut draft = draft(work, essentials, input.details).await?;
    let target = draft.target_id.try_as_ref().copied().unwrap_or(row.target_id);
    expect_of_system(work, target, row.system_id).await?;
    draft.is_mapped = Set(target.is_some());
    work.update::<CodeMapping>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CodeMappingDetails,
) -> Result<ActiveModel> {
    work.refer("targetId", details.target_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        system_id: form.id("systemId", essentials.system_id),
        source_name: form.line("sourceName", essentials.source_name, 100),
        source_code: form.line("sourceCode", essentials.source_code, 64),
        target_id: form.id_option(details.target_id),
        source_text: form.line_option("sourceText", details.source_text, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
