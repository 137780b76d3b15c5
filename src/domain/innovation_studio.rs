use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use entity::{
    innovation_achievement,
    innovation_studio::{ActiveModel, Column, Entity, StudioKind, StudioLevel, StudioStatus},
    studio_accreditation, studio_grant, studio_member,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DerivePartialModel,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    batch::{self, ErrorPolicy},
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        exhibition_entry::{ExhibitionEntry, ExhibitionEntryOrderField, ExhibitionEntryWhere},
        external_id,
        innovation_achievement::{
            InnovationAchievement, InnovationAchievementOrderField, InnovationAchievementWhere,
        },
        selection_result::{SelectionResult, SelectionResultOrderField, SelectionResultWhere},
        studio_accreditation::{
            StudioAccreditation, StudioAccreditationOrderField, StudioAccreditationWhere,
        },
        studio_grant::{StudioGrant, StudioGrantOrderField, StudioGrantWhere},
        studio_member::{StudioMember, StudioMemberOrderField, StudioMemberWhere},
        worker::{Worker, WorkerWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Criterion, Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    operation::{self, Payload, RecordInput},
    repository::Repository,
    resource::{Id, Resource},
    shell::{groups, operation, payload, planned},
    unit_of_work::{Claim, ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// A model-worker and craftsman innovation studio.
///
/// 劳模和工匠人才创新工作室。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::InnovationStudio)))]
#[sea_orm(entity = "Entity")]
pub struct InnovationStudio {
    /// The id. 编号
    pub id: Id<InnovationStudio>,
    /// The name. 名称
    pub name: String,
    /// The kind. 类别
    pub kind: StudioKind,
    /// The field of work. 专业领域
    pub field: String,
    /// The level. 级别
    pub level: StudioLevel,
    /// The day it was founded. 创建日期
    pub founded_on: Date,
    /// The state. 状态
    pub status: StudioStatus,
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
    leader_id: Option<Id<Worker>>,
    #[graphql(skip)]
    host_employer_id: Option<Id<Employer>>,
}

/// What names one innovation studio: exactly one of these.
///
/// 定位一条创新工作室记录的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum InnovationStudioBy {
    /// The id. 编号
    Id(Id<InnovationStudio>),
    /// The name a source system has for it. 外部编号
    ExternalId(ExternalId),
}

/// Narrows a list of innovation studios.
///
/// 创新工作室筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct InnovationStudioWhere {
    /// All of these. 全部满足
    and: Option<Vec<InnovationStudioWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<InnovationStudioWhere>>,
    /// Not this. 不满足
    not: Option<Box<InnovationStudioWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<StudioKind>>,
    /// The field of work. 专业领域
    field: Option<TextFilter>,
    /// The level. 级别
    level: Option<Equality<StudioLevel>>,
    /// The day it was founded. 创建日期
    founded_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<StudioStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker who leads it and gives it its name. 领衔人
    leader: Option<Nested<WorkerWhere>>,
    /// The employer that hosts it. 所在单位
    host_employer: Option<Nested<EmployerWhere>>,
    /// Its namings. 命名
    accreditations: Option<ListFilter<StudioAccreditationWhere>>,
    /// Its members. 成员
    members: Option<ListFilter<StudioMemberWhere>>,
    /// The grants to it. 补助
    grants: Option<ListFilter<StudioGrantWhere>>,
    /// Its achievements. 创新成果
    achievements: Option<ListFilter<InnovationAchievementWhere>>,
    /// What it was selected for. 评选结果
    selection_results: Option<ListFilter<SelectionResultWhere>>,
    /// Where it was shown. 参展记录
    exhibition_entries: Option<ListFilter<ExhibitionEntryWhere>>,
}

/// What a list of innovation studios can be sorted by.
///
/// 创新工作室排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InnovationStudioOrderField {
    /// The name. 名称
    Name,
    /// The field of work. 专业领域
    Field,
    /// The day it was founded. 创建日期
    FoundedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an innovation studio and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InnovationStudioDetails {
    /// The worker who leads it and gives it its name. 领衔人
    leader_id: MaybeUndefined<Id<Worker>>,
    /// The employer that hosts it. 所在单位
    host_employer_id: MaybeUndefined<Id<Employer>>,
}

/// Registers a studio.
///
/// 登记创新工作室。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationStudioCreateInput {
    /// The name. 名称
    name: String,
    /// The kind. 类别
    kind: StudioKind,
    /// The field of work. 专业领域
    field: String,
    /// The level. 级别
    level: StudioLevel,
    /// The day it was founded. 创建日期
    founded_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: InnovationStudioDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an innovation studio: absent keeps, null clears, a value sets.
///
/// 更新创新工作室：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationStudioUpdateInput {
    /// The record. 记录编号
    id: Id<InnovationStudio>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<StudioKind>,
    /// The field of work. 专业领域
    field: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<StudioLevel>,
    /// The day it was founded. 创建日期
    founded_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: InnovationStudioDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Creates an innovation studio, or changes the one that has this external id.
///
/// 按外部编号新增或更新创新工作室。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationStudioUpsertInput {
    #[graphql(flatten)]
    item: InnovationStudioUpsertItem,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Many innovation studios to create or change.
///
/// 批量新增或更新创新工作室。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationStudioUpsertBatchInput {
    /// 1 to 100 of them. 列表
    items: Vec<InnovationStudioUpsertItem>,
    /// What happens when one of them is refused. 出错策略
    #[graphql(default)]
    error_policy: ErrorPolicy,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// One innovation studio of a batch.
///
/// 批量中的一条创新工作室。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationStudioUpsertItem {
    /// The name that the source system has for it. 外部编号
    external_id: ExternalId,
    /// Refuse when the record has another version by now; absent: whatever the version. 期望版本
    expected_version: Option<i32>,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<StudioKind>,
    /// The field of work. 专业领域
    field: MaybeUndefined<String>,
    /// The level. 级别
    level: MaybeUndefined<StudioLevel>,
    /// The day it was founded. 创建日期
    founded_on: MaybeUndefined<Date>,
    /// The division that keeps the record, for a new record. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: InnovationStudioDetails,
}

operation!(InnovationStudioCreate of InnovationStudio);
operation!(InnovationStudioUpdate of InnovationStudio);
operation!(InnovationStudioUpsert of InnovationStudio);
operation!(InnovationStudioArchive of InnovationStudio);
operation!(InnovationStudioRestore of InnovationStudio);
payload!(InnovationStudioUpsertBatchPayload of InnovationStudioUpsertResult { innovation_studio: InnovationStudio });

groups! {
    /// Innovation studios, counted by what they have in common: at most 1,000 groups. 按字段分组统计创新工作室
    Groups("InnovationStudioGroupQueries") of InnovationStudio by InnovationStudioWhere in innovation_studio_groups: InnovationStudioGroup by InnovationStudioGroupField {
        /// The kind. 类别
        Kind = kind: StudioKind,
        /// The level. 级别
        Level = level: StudioLevel,
        /// The state. 状态
        Status = status: StudioStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "InnovationStudioQueries")]
impl Queries {
    /// One innovation studio; null when there is none that the caller may see. 查询一条创新工作室
    async fn innovation_studio(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it. 定位条件")] by: InnovationStudioBy,
    ) -> Nullable<InnovationStudio> {
        ctx.find_by(by).await
    }

    /// Innovation studios, oldest record first unless told otherwise. 查询创新工作室列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn innovation_studios(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            InnovationStudioWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<InnovationStudioOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<InnovationStudio>> {
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "InnovationStudioMutations")]
impl Mutations {
    /// Registers a studio. 登记创新工作室
    #[graphql(directive = requires::apply(to_write(Kind::InnovationStudio)))]
    async fn innovation_studio_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: InnovationStudioCreateInput,
    ) -> Nullable<Payload<InnovationStudioCreate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::InnovationStudio, options, input, |work, it| {
                Box::pin(create(work, it))
            })
            .await,
        )
    }

    /// Changes an innovation studio. 更新创新工作室
    #[graphql(directive = requires::apply(to_write(Kind::InnovationStudio)))]
    async fn innovation_studio_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: InnovationStudioUpdateInput,
    ) -> Nullable<Payload<InnovationStudioUpdate>> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::InnovationStudio, options, input, |work, it| {
                Box::pin(update(work, it))
            })
            .await,
        )
    }

    /// Creates an innovation studio, or changes the one that has this external id. Free of races. 新增或更新创新工作室
    #[graphql(directive = requires::apply(to_write(Kind::InnovationStudio)))]
    async fn innovation_studio_upsert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: InnovationStudioUpsertInput,
    ) -> Nullable<Payload<InnovationStudioUpsert>> {
        let upsert =
            ctx.upsert(input.options, input.item, by_name, |work, it| Box::pin(upsert(work, it)));
        Some(upsert.await)
    }

    /// Creates or changes up to 100 innovation studios, with one result each, in the order given. 批量新增或更新创新工作室
    #[graphql(directive = requires::apply(to_write(Kind::InnovationStudio)))]
    async fn innovation_studio_upsert_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: InnovationStudioUpsertBatchInput,
    ) -> Nullable<InnovationStudioUpsertBatchPayload> {
        let (options, policy) = (input.options.clone(), input.error_policy);
        Some(
            ctx.write(Kind::InnovationStudio, options, input.items, move |work, items| {
                Box::pin(batch::run(work, policy, items, by_name, |work, it| {
                    Box::pin(upsert(work, it))
                }))
            })
            .await,
        )
    }

    /// Archives an innovation studio: out of the lists, still there by id. 归档创新工作室
    #[graphql(directive = requires::apply(to_write(Kind::InnovationStudio)))]
    async fn innovation_studio_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<InnovationStudioArchive>,
    ) -> Nullable<Payload<InnovationStudioArchive>> {
        operation::archive(ctx, input).await
    }

    /// Brings back an archived innovation studio. 恢复创新工作室
    #[graphql(directive = requires::apply(to_write(Kind::InnovationStudio)))]
    async fn innovation_studio_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<InnovationStudioRestore>,
    ) -> Nullable<Payload<InnovationStudioRestore>> {
        operation::restore(ctx, input).await
    }
}

#[ComplexObject]
impl InnovationStudio {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// The names that source systems have for it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker who leads it and gives it its name; null when the caller may not see it. 领衔人
    async fn leader(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(self.leader_id).await
    }

    /// The employer that hosts it; null when the caller may not see it. 所在单位
    async fn host_employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.host_employer_id).await
    }

    /// Its namings. 命名
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn accreditations(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            StudioAccreditationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<StudioAccreditationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<StudioAccreditation>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, studio_accreditation::Column::StudioId, filter, order_by, page).await
    }

    /// Its members. 成员
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            StudioMemberWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<StudioMemberOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<StudioMember>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, studio_member::Column::StudioId, filter, order_by, page).await
    }

    /// The grants to it. 补助
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            StudioGrantWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<StudioGrantOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<StudioGrant>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, studio_grant::Column::StudioId, filter, order_by, page).await
    }

    /// Its achievements. 创新成果
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn achievements(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            InnovationAchievementWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<InnovationAchievementOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<InnovationAchievement>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, innovation_achievement::Column::StudioId, filter, order_by, page)
            .await
    }

    /// What it was selected for. 评选结果
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn selection_results(
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
        let owner = entity::selection_result::Column::StudioId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// Where it was shown. 参展记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn exhibition_entries(
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
        let owner = entity::exhibition_entry::Column::StudioId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for InnovationStudio {
    const KIND: Kind = Kind::InnovationStudio;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for InnovationStudio {
    type Where = InnovationStudioWhere;
    type Order = InnovationStudioOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "leader" => Link::one::<Worker>(Column::LeaderId),
            "hostEmployer" => Link::one::<Employer>(Column::HostEmployerId),
            "accreditations" => {
                Link::many::<StudioAccreditation>(studio_accreditation::Column::StudioId)
            }
            "members" => Link::many::<StudioMember>(studio_member::Column::StudioId),
            "grants" => Link::many::<StudioGrant>(studio_grant::Column::StudioId),
            "achievements" => {
                Link::many::<InnovationAchievement>(innovation_achievement::Column::StudioId)
            }
            "selectionResults" => {
                Link::many::<SelectionResult>(entity::selection_result::Column::StudioId)
            }
            "exhibitionEntries" => {
                Link::many::<ExhibitionEntry>(entity::exhibition_entry::Column::StudioId)
            }
            _ => return None,
        })
    }
}

impl Root for InnovationStudio {
    type By = InnovationStudioBy;

    const ONE: &'static str = "innovationStudio";
    const MANY: &'static str = "innovationStudios";
}

planned!(Queries of InnovationStudio);

impl Key for InnovationStudioBy {
    type Resource = InnovationStudio;

    fn criterion(self, _: &Repository) -> Result<Criterion> {
        Ok(match self {
            InnovationStudioBy::Id(id) => id.into(),
            InnovationStudioBy::ExternalId(name) => {
                external_id::has_name::<InnovationStudio>(&name).into()
            }
        })
    }
}

impl Filter for InnovationStudioWhere {
    type Resource = InnovationStudio;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(
                Column::Id,
                entity::exhibition_entry::Column::StudioId,
                self.exhibition_entries,
            )?
            .to_many(
                Column::Id,
                entity::selection_result::Column::StudioId,
                self.selection_results,
            )?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::Kind, self.kind)?
            .on(Column::Field, self.field)?
            .on(Column::Level, self.level)?
            .on(Column::FoundedOn, self.founded_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::LeaderId, self.leader)?
            .to_one(Column::HostEmployerId, self.host_employer)?
            .to_many(Column::Id, studio_accreditation::Column::StudioId, self.accreditations)?
            .to_many(Column::Id, studio_member::Column::StudioId, self.members)?
            .to_many(Column::Id, studio_grant::Column::StudioId, self.grants)?
            .to_many(Column::Id, innovation_achievement::Column::StudioId, self.achievements)
    }
}

impl OrderField for InnovationStudioOrderField {
    type Resource = InnovationStudio;

    fn column(self) -> Column {
        match self {
            InnovationStudioOrderField::Name => Column::Name,
            InnovationStudioOrderField::Field => Column::Field,
            InnovationStudioOrderField::FoundedOn => Column::FoundedOn,
            InnovationStudioOrderField::CreatedAt => Column::CreatedAt,
            InnovationStudioOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an innovation studio, as a mutation says it.
#[derive(Default)]
struct Essentials {
    name: MaybeUndefined<String>,
    kind: MaybeUndefined<StudioKind>,
    field: MaybeUndefined<String>,
    level: MaybeUndefined<StudioLevel>,
    founded_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: InnovationStudioCreateInput,
) -> Result<InnovationStudio> {
    let essentials = Essentials {
        name: MaybeUndefined::Value(input.name),
        kind: MaybeUndefined::Value(input.kind),
        field: MaybeUndefined::Value(input.field),
        level: MaybeUndefined::Value(input.level),
        founded_on: MaybeUndefined::Value(input.founded_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: InnovationStudioUpdateInput,
) -> Result<InnovationStudio> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        name: input.name,
        kind: input.kind,
        field: input.field,
        level: input.level,
        founded_on: input.founded_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<InnovationStudio>(row, draft).await
}

/// The order in which a batch takes its items.
fn by_name(item: &InnovationStudioUpsertItem) -> ExternalId {
    item.external_id.clone()
}

async fn upsert(
    work: &mut UnitOfWork<'_>,
    item: InnovationStudioUpsertItem,
) -> Result<InnovationStudio> {
    let essentials = Essentials {
        name: item.name,
        kind: item.kind,
        field: item.field,
        level: item.level,
        founded_on: item.founded_on,
        division_code: item.division_code,
    };
    let draft = draft(work, essentials, item.details).await?;
    match work.claim::<InnovationStudio>("externalId", &item.external_id).await? {
        Claim::New => register(work, draft).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<InnovationStudio>(id, item.expected_version).await?;
            // These are told once, when the record is made.
            let draft = ActiveModel { division_code: NotSet, ..draft };
            work.update::<InnovationStudio>(row, draft).await
        }
    }
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<InnovationStudio> {
    draft.status = Set(StudioStatus::Active);
    work.create::<InnovationStudio>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: InnovationStudioDetails,
) -> Result<ActiveModel> {
    work.refer("leaderId", details.leader_id.value().copied()).await?;
    work.refer("hostEmployerId", details.host_employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", essentials.name, 200),
        kind: form.plain("kind", essentials.kind),
        field: form.line("field", essentials.field, 200),
        level: form.plain("level", essentials.level),
        founded_on: form.day("foundedOn", essentials.founded_on),
        division_code: form.value("divisionCode", essentials.division_code),
        leader_id: form.id_option(details.leader_id),
        host_employer_id: form.id_option(details.host_employer_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
