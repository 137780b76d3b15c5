use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::training_provider::{ActiveModel, Column, Entity, ProviderKind};
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
        employer::{Employer, EmployerWhere},
        external_id,
        training_program::{TrainingProgram, TrainingProgramOrderField, TrainingProgramWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// Who trains: a technical college, a vocational school, the centre of an enterprise.
///
/// 培训机构。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::TrainingProvider)))]
#[sea_orm(entity = "Entity")]
pub struct TrainingProvider {
    /// The id. 编号
    pub id: Id<TrainingProvider>,
    /// The name. 名称
    pub name: String,
    /// The kind. 类别
    pub kind: ProviderKind,
    /// The number of its filing. 备案号
    pub filing_no: Option<String>,
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
    employer_id: Option<Id<Employer>>,
}

/// Narrows a list of training providers.
///
/// 培训机构筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct TrainingProviderWhere {
    /// All of these. 全部满足
    and: Option<Vec<TrainingProviderWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<TrainingProviderWhere>>,
    /// Not this. 不满足
    not: Option<Box<TrainingProviderWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<ProviderKind>>,
    /// The number of its filing. 备案号
    filing_no: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer, where it is one. 对应的用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// The programmes. 培训班次
    programs: Option<ListFilter<TrainingProgramWhere>>,
}

/// What a list of training providers can be sorted by.
///
/// 培训机构排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TrainingProviderOrderField {
    /// The name. 名称
    Name,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a training provider and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TrainingProviderDetails {
    /// The employer, where it is one. 对应的用人单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The number of its filing. 备案号
    filing_no: MaybeUndefined<String>,
}

/// Creates a training provider.
///
/// 新增培训机构。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingProviderCreateInput {
    /// The name. 名称
    name: String,
    /// The kind. 类别
    kind: ProviderKind,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: TrainingProviderDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a training provider: absent keeps, null clears, a value sets.
///
/// 更新培训机构：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingProviderUpdateInput {
    /// The record. 记录编号
    id: Id<TrainingProvider>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<ProviderKind>,
    #[graphql(flatten)]
    details: TrainingProviderDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("TrainingProviderQueries") of TrainingProvider by TrainingProviderBy, TrainingProviderWhere, TrainingProviderOrderField {
        /// One training provider; null when there is none that the caller may see. 查询一条培训机构
        training_provider = "trainingProvider",
        /// Training providers, oldest record first unless told otherwise. 查询培训机构列表
        training_providers = "trainingProviders",
    }
}

writes! {
    Mutations("TrainingProviderMutations") of TrainingProvider {
        /// Creates a training provider. 新增培训机构
        training_provider_create: TrainingProviderCreateInput => TrainingProviderCreate = create,
        /// Changes a training provider. 更新培训机构
        training_provider_update: TrainingProviderUpdateInput => TrainingProviderUpdate = update,
    }
    upsert {
        /// Creates a training provider, or changes the one that has this external id. 按外部编号新增或更新培训机构
        training_provider_upsert: TrainingProviderUpsert of TrainingProviderCreateInput, TrainingProviderUpdateInput
    }
    archive {
        /// Archives a training provider: out of the lists, still there by id. 归档培训机构
        training_provider_archive: TrainingProviderArchive
    }
    restore {
        /// Brings back an archived training provider. 恢复培训机构
        training_provider_restore: TrainingProviderRestore
    }
}

groups! {
    /// Training providers, counted by what they have in common: at most 1,000 groups. 按字段分组统计培训机构
    Groups("TrainingProviderGroupQueries") of TrainingProvider by TrainingProviderWhere in training_provider_groups: TrainingProviderGroup by TrainingProviderGroupField {
        /// The kind. 类别
        Kind = kind: ProviderKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl TrainingProvider {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer, where it is one; null when the caller may not see it. 对应的用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The programmes. 培训班次
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn programs(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            TrainingProgramWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<TrainingProgramOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<TrainingProgram>> {
        let page = Page { first, after, last, before };
        let owner = entity::training_program::Column::ProviderId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for TrainingProvider {
    const KIND: Kind = Kind::TrainingProvider;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for TrainingProvider {
    type Where = TrainingProviderWhere;
    type Order = TrainingProviderOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "programs" => {
                Link::many::<TrainingProgram>(entity::training_program::Column::ProviderId)
            }
            _ => return None,
        })
    }
}

impl Filter for TrainingProviderWhere {
    type Resource = TrainingProvider;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, entity::training_program::Column::ProviderId, self.programs)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::Kind, self.kind)?
            .on(Column::FilingNo, self.filing_no)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for TrainingProviderOrderField {
    type Resource = TrainingProvider;

    fn column(self) -> Column {
        match self {
            TrainingProviderOrderField::Name => Column::Name,
            TrainingProviderOrderField::CreatedAt => Column::CreatedAt,
            TrainingProviderOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a training provider, as a mutation says it.
#[derive(Default)]
struct Essentials {
    name: MaybeUndefined<String>,
    kind: MaybeUndefined<ProviderKind>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: TrainingProviderCreateInput,
) -> Result<TrainingProvider> {
    let essentials = Essentials {
        name: MaybeUndefined::Value(input.name),
        kind: MaybeUndefined::Value(input.kind),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<TrainingProvider>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: TrainingProviderUpdateInput,
) -> Result<TrainingProvider> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { name: input.name, kind: input.kind, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<TrainingProvider>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: TrainingProviderDetails,
) -> Result<ActiveModel> {
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", essentials.name, 200),
        kind: form.plain("kind", essentials.kind),
        division_code: form.value("divisionCode", essentials.division_code),
        employer_id: form.id_option(details.employer_id),
        filing_no: form.line_option("filingNo", details.filing_no, 100),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
