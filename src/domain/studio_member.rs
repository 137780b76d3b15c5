use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::studio_member::{ActiveModel, Column, Entity, Model, StudioRole};
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
        external_id,
        innovation_studio::{InnovationStudio, InnovationStudioWhere},
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The place of a worker in a studio.
///
/// 创新工作室成员。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::StudioMember)))]
#[sea_orm(entity = "Entity")]
pub struct StudioMember {
    /// The id. 编号
    pub id: Id<StudioMember>,
    /// The role. 角色
    pub role: StudioRole,
    /// The day of joining. 加入日期
    pub joined_on: Date,
    /// The day of leaving; null while a member. 离开日期
    pub left_on: Option<Date>,
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
    studio_id: Id<InnovationStudio>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of studio members.
///
/// 工作室成员筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct StudioMemberWhere {
    /// All of these. 全部满足
    and: Option<Vec<StudioMemberWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<StudioMemberWhere>>,
    /// Not this. 不满足
    not: Option<Box<StudioMemberWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The role. 角色
    role: Option<Equality<StudioRole>>,
    /// The day of joining. 加入日期
    joined_on: Option<Ordering<Date>>,
    /// The day of leaving; null while a member. 离开日期
    left_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The studio. 工作室
    studio: Option<Nested<InnovationStudioWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of studio members can be sorted by.
///
/// 工作室成员排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StudioMemberOrderField {
    /// The day of joining. 加入日期
    JoinedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a studio member and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StudioMemberDetails {
    /// The day of leaving; null while a member. 离开日期
    left_on: MaybeUndefined<Date>,
}

/// Adds a worker to a studio.
///
/// 新增成员。
#[derive(Clone, Debug, InputObject)]
pub struct StudioMemberAddInput {
    /// The studio. 工作室
    studio_id: Id<InnovationStudio>,
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The role. 角色
    role: StudioRole,
    /// The day of joining. 加入日期
    joined_on: Date,
    #[graphql(flatten)]
    details: StudioMemberDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a studio member: absent keeps, null clears, a value sets.
///
/// 更新工作室成员：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct StudioMemberUpdateInput {
    /// The record. 记录编号
    id: Id<StudioMember>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The role. 角色
    role: MaybeUndefined<StudioRole>,
    /// The day of joining. 加入日期
    joined_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: StudioMemberDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("StudioMemberQueries") of StudioMember by StudioMemberBy, StudioMemberWhere, StudioMemberOrderField {
        /// One studio member; null when there is none that the caller may see. 查询一条工作室成员
        studio_member = "studioMember",
        /// Studio members, oldest record first unless told otherwise. 查询工作室成员列表
        studio_members = "studioMembers",
    }
}

writes! {
    Mutations("StudioMemberMutations") of StudioMember {
        /// Adds a worker to a studio. 新增成员
        studio_member_add: StudioMemberAddInput => StudioMemberAdd = create,
        /// Changes a studio member. 更新工作室成员
        studio_member_update: StudioMemberUpdateInput => StudioMemberUpdate = update,
    }
    upsert {
        /// Creates a studio member, or changes the one that has this external id. 按外部编号新增或更新工作室成员
        studio_member_upsert: StudioMemberUpsert of StudioMemberAddInput, StudioMemberUpdateInput
    }
    archive {
        /// Archives a studio member: out of the lists, still there by id. 归档工作室成员
        studio_member_archive: StudioMemberArchive
    }
    restore {
        /// Brings back an archived studio member. 恢复工作室成员
        studio_member_restore: StudioMemberRestore
    }
}

#[ComplexObject]
impl StudioMember {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The studio; null when the caller may not see it. 工作室
    async fn studio(&self, ctx: &Context<'_>) -> Nullable<InnovationStudio> {
        ctx.find(Some(self.studio_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for StudioMember {
    const KIND: Kind = Kind::StudioMember;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("leftOn", Some(row.joined_on), row.left_on).into_iter().collect()
    }
}

impl Linked for StudioMember {
    type Where = StudioMemberWhere;
    type Order = StudioMemberOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "studio" => Link::one::<InnovationStudio>(Column::StudioId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for StudioMemberWhere {
    type Resource = StudioMember;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Role, self.role)?
            .on(Column::JoinedOn, self.joined_on)?
            .on(Column::LeftOn, self.left_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::StudioId, self.studio)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for StudioMemberOrderField {
    type Resource = StudioMember;

    fn column(self) -> Column {
        match self {
            StudioMemberOrderField::JoinedOn => Column::JoinedOn,
            StudioMemberOrderField::CreatedAt => Column::CreatedAt,
            StudioMemberOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a studio member, as a mutation says it.
#[derive(Default)]
struct Essentials {
    studio_id: MaybeUndefined<Id<InnovationStudio>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    role: MaybeUndefined<StudioRole>,
    joined_on: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: StudioMemberAddInput) -> Result<StudioMember> {
    let essentials = Essentials {
        studio_id: MaybeUndefined::Value(input.studio_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        role: MaybeUndefined::Value(input.role),
        joined_on: MaybeUndefined::Value(input.joined_on),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: StudioMemberUpdateInput) -> Result<StudioMember> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { role: input.role, joined_on: input.joined_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<StudioMember>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<StudioMember> {
    if let Set(owner) = draft.studio_id {
        let owner = work.find_current::<InnovationStudio>("studioId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<StudioMember>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: StudioMemberDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        studio_id: form.id("studioId", essentials.studio_id),
        worker_id: form.id("workerId", essentials.worker_id),
        role: form.plain("role", essentials.role),
        joined_on: form.day("joinedOn", essentials.joined_on),
        left_on: form.day_option(details.left_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
