use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::activity_participation::{ActiveModel, Column, Entity, ParticipantRole};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        activity::{Activity, ActivityWhere},
        division::Division,
        external_id,
        worker::{Worker, WorkerWhere},
    },
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The part of a worker in an activity.
///
/// 活动参与记录。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::ActivityParticipation)))]
#[sea_orm(entity = "Entity")]
pub struct ActivityParticipation {
    /// The id. 编号
    pub id: Id<ActivityParticipation>,
    /// The role. 角色
    pub role: ParticipantRole,
    /// The day the worker came. 签到日期
    pub checked_in_on: Option<Date>,
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
    activity_id: Id<Activity>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of activity participations.
///
/// 活动参与筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ActivityParticipationWhere {
    /// All of these. 全部满足
    and: Option<Vec<ActivityParticipationWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ActivityParticipationWhere>>,
    /// Not this. 不满足
    not: Option<Box<ActivityParticipationWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The role. 角色
    role: Option<Equality<ParticipantRole>>,
    /// The day the worker came. 签到日期
    checked_in_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The activity. 活动
    activity: Option<Nested<ActivityWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of activity participations can be sorted by.
///
/// 活动参与排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActivityParticipationOrderField {
    /// The day the worker came. 签到日期
    CheckedInOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an activity participation and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ActivityParticipationDetails {
    /// The day the worker came. 签到日期
    checked_in_on: MaybeUndefined<Date>,
}

/// Registers a worker for an activity.
///
/// 登记活动参与。
#[derive(Clone, Debug, InputObject)]
pub struct ActivityParticipationRegisterInput {
    /// The activity. 活动
    activity_id: Id<Activity>,
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The role. 角色
    role: ParticipantRole,
    #[graphql(flatten)]
    details: ActivityParticipationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an activity participation: absent keeps, null clears, a value sets.
///
/// 更新活动参与：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ActivityParticipationUpdateInput {
    /// The record. 记录编号
    id: Id<ActivityParticipation>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The role. 角色
    role: MaybeUndefined<ParticipantRole>,
    #[graphql(flatten)]
    details: ActivityParticipationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ActivityParticipationQueries") of ActivityParticipation by ActivityParticipationBy, ActivityParticipationWhere, ActivityParticipationOrderField {
        /// One activity participation; null when there is none that the caller may see. 查询一条活动参与
        activity_participation = "activityParticipation",
        /// Activity participations, oldest record first unless told otherwise. 查询活动参与列表
        activity_participations = "activityParticipations",
    }
}

writes! {
    Mutations("ActivityParticipationMutations") of ActivityParticipation {
        /// Registers a worker for an activity. 登记活动参与
        activity_participation_register: ActivityParticipationRegisterInput => ActivityParticipationRegister = create,
        /// Changes an activity participation. 更新活动参与
        activity_participation_update: ActivityParticipationUpdateInput => ActivityParticipationUpdate = update,
    }
    upsert {
        /// Creates an activity participation, or changes the one that has this external id. 按外部编号新增或更新活动参与
        activity_participation_upsert: ActivityParticipationUpsert of ActivityParticipationRegisterInput, ActivityParticipationUpdateInput
    }
    archive {
        /// Archives an activity participation: out of the lists, still there by id. 归档活动参与
        activity_participation_archive: ActivityParticipationArchive
    }
    restore {
        /// Brings back an archived activity participation. 恢复活动参与
        activity_participation_restore: ActivityParticipationRestore
    }
}

#[ComplexObject]
impl ActivityParticipation {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The activity; null when the caller may not see it. 活动
    async fn activity(&self, ctx: &Context<'_>) -> Nullable<Activity> {
        ctx.find(Some(self.activity_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for ActivityParticipation {
    const KIND: Kind = Kind::ActivityParticipation;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for ActivityParticipation {
    type Where = ActivityParticipationWhere;
    type Order = ActivityParticipationOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "activity" => Link::one::<Activity>(Column::ActivityId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for ActivityParticipationWhere {
    type Resource = ActivityParticipation;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Role, self.role)?
            .on(Column::CheckedInOn, self.checked_in_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ActivityId, self.activity)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for ActivityParticipationOrderField {
    type Resource = ActivityParticipation;

    fn column(self) -> Column {
        match self {
            ActivityParticipationOrderField::CheckedInOn => Column::CheckedInOn,
            ActivityParticipationOrderField::CreatedAt => Column::CreatedAt,
            ActivityParticipationOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an activity participation, as a mutation says it.
#[derive(Default)]
struct Essentials {
    activity_id: MaybeUndefined<Id<Activity>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    role: MaybeUndefined<ParticipantRole>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: ActivityParticipationRegisterInput,
) -> Result<ActivityParticipation> {
    let essentials = Essentials {
        activity_id: MaybeUndefined::Value(input.activity_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        role: MaybeUndefined::Value(input.role),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.activity_id {
        let owner = work.find_current::<Activity>("activityId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<ActivityParticipation>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: ActivityParticipationUpdateInput,
) -> Result<ActivityParticipation> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { role: input.role, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<ActivityParticipation>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ActivityParticipationDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        activity_id: form.id("activityId", essentials.activity_id),
        worker_id: form.id("workerId", essentials.worker_id),
        role: form.plain("role", essentials.role),
        checked_in_on: form.day_option(details.checked_in_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
