use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    state_transition,
    volunteer_enrollment::{
        ActiveModel, Column, Entity, Model, VolunteerEnrollmentStatus, VolunteerEnrollmentStep,
    },
    volunteer_service_record,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        campaign::{Campaign, CampaignWhere},
        division::Division,
        external_id,
        volunteer_service_record::{
            VolunteerServiceRecord, VolunteerServiceRecordOrderField, VolunteerServiceRecordWhere,
        },
        worker::{Worker, WorkerWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested, Ordering,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The enrolment of a worker as a volunteer.
///
/// 职工志愿者。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::VolunteerEnrollment)))]
#[sea_orm(entity = "Entity")]
pub struct VolunteerEnrollment {
    /// The id. 编号
    pub id: Id<VolunteerEnrollment>,
    /// The day of enrolment. 报名日期
    pub enrolled_on: Date,
    /// The day it was approved. 批准日期
    pub approved_on: Option<Date>,
    /// The state. 状态
    pub status: VolunteerEnrollmentStatus,
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
    campaign_id: Id<Campaign>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of volunteer enrollments.
///
/// 志愿者报名筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct VolunteerEnrollmentWhere {
    /// All of these. 全部满足
    and: Option<Vec<VolunteerEnrollmentWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<VolunteerEnrollmentWhere>>,
    /// Not this. 不满足
    not: Option<Box<VolunteerEnrollmentWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The day of enrolment. 报名日期
    enrolled_on: Option<Ordering<Date>>,
    /// The day it was approved. 批准日期
    approved_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<VolunteerEnrollmentStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The campaign. 主题活动
    campaign: Option<Nested<CampaignWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The services that were done. 服务记录
    services: Option<ListFilter<VolunteerServiceRecordWhere>>,
}

/// What a list of volunteer enrollments can be sorted by.
///
/// 志愿者报名排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum VolunteerEnrollmentOrderField {
    /// The day of enrolment. 报名日期
    EnrolledOn,
    /// The day it was approved. 批准日期
    ApprovedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Enrols a volunteer.
///
/// 志愿者报名。
#[derive(Clone, Debug, InputObject)]
pub struct VolunteerEnrollmentEnrollInput {
    /// The campaign. 主题活动
    campaign_id: Id<Campaign>,
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The day of enrolment. 报名日期
    enrolled_on: Date,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a volunteer enrollment: absent keeps, null clears, a value sets.
///
/// 更新志愿者报名：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct VolunteerEnrollmentUpdateInput {
    /// The record. 记录编号
    id: Id<VolunteerEnrollment>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day of enrolment. 报名日期
    enrolled_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("VolunteerEnrollmentQueries") of VolunteerEnrollment by VolunteerEnrollmentBy, VolunteerEnrollmentWhere, VolunteerEnrollmentOrderField {
        /// One volunteer enrollment; null when there is none that the caller may see. 查询一条志愿者报名
        volunteer_enrollment = "volunteerEnrollment",
        /// Volunteer enrollments, oldest record first unless told otherwise. 查询志愿者报名列表
        volunteer_enrollments = "volunteerEnrollments",
    }
}

writes! {
    Mutations("VolunteerEnrollmentMutations") of VolunteerEnrollment {
        /// Enrols a volunteer. 志愿者报名
        volunteer_enrollment_enroll: VolunteerEnrollmentEnrollInput => VolunteerEnrollmentEnroll = create,
        /// Changes a volunteer enrollment. 更新志愿者报名
        volunteer_enrollment_update: VolunteerEnrollmentUpdateInput => VolunteerEnrollmentUpdate = update,
    }
    upsert {
        /// Creates a volunteer enrollment, or changes the one that has this external id. 按外部编号新增或更新志愿者报名
        volunteer_enrollment_upsert: VolunteerEnrollmentUpsert of VolunteerEnrollmentEnrollInput, VolunteerEnrollmentUpdateInput
    }
    archive {
        /// Archives a volunteer enrollment: out of the lists, still there by id. 归档志愿者报名
        volunteer_enrollment_archive: VolunteerEnrollmentArchive
    }
    restore {
        /// Brings back an archived volunteer enrollment. 恢复志愿者报名
        volunteer_enrollment_restore: VolunteerEnrollmentRestore
    }
}

steps! {
    Steps("VolunteerEnrollmentSteps") of VolunteerEnrollment {
        /// Approves it. 批准
        volunteer_enrollment_approve: VolunteerEnrollmentApprove = VolunteerEnrollmentStep::Approve,
        /// Begins to serve. 开始服务
        volunteer_enrollment_serve: VolunteerEnrollmentServe = VolunteerEnrollmentStep::Serve,
        /// Records the service. 记录服务
        volunteer_enrollment_record_service: VolunteerEnrollmentRecordService = VolunteerEnrollmentStep::RecordService,
        /// Certifies the service. 出具证明
        volunteer_enrollment_certify: VolunteerEnrollmentCertify = VolunteerEnrollmentStep::Certify,
        /// Cancels it. 取消
        volunteer_enrollment_cancel: VolunteerEnrollmentCancel = VolunteerEnrollmentStep::Cancel,
    }
}

groups! {
    /// Volunteer enrollments, counted by what they have in common: at most 1,000 groups. 按字段分组统计志愿者报名
    Groups("VolunteerEnrollmentGroupQueries") of VolunteerEnrollment by VolunteerEnrollmentWhere in volunteer_enrollment_groups: VolunteerEnrollmentGroup by VolunteerEnrollmentGroupField {
        /// The state. 状态
        Status = status: VolunteerEnrollmentStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl VolunteerEnrollment {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The campaign; null when the caller may not see it. 主题活动
    async fn campaign(&self, ctx: &Context<'_>) -> Nullable<Campaign> {
        ctx.find(Some(self.campaign_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The services that were done. 服务记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn services(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            VolunteerServiceRecordWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<VolunteerServiceRecordOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<VolunteerServiceRecord>> {
        let page = Page { first, after, last, before };
        ctx.children(
            self.id,
            volunteer_service_record::Column::EnrollmentId,
            filter,
            order_by,
            page,
        )
        .await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<VolunteerEnrollmentStep> {
        machine::steps_from::<VolunteerEnrollment>(EDGES, self.status)
    }

    /// The steps that were taken, oldest first. 状态变更记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn transitions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            StateTransitionWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<StateTransitionOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<StateTransition>> {
        let page = Page { first, after, last, before };
        let record = state_transition::Column::RecordId;
        ctx.children(self.id, record, filter, order_by, page).await
    }
}

impl Resource for VolunteerEnrollment {
    const KIND: Kind = Kind::VolunteerEnrollment;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<VolunteerEnrollment>] = &[
    (
        VolunteerEnrollmentStatus::Applied,
        VolunteerEnrollmentStep::Approve,
        VolunteerEnrollmentStatus::Approved,
    ),
    (
        VolunteerEnrollmentStatus::Approved,
        VolunteerEnrollmentStep::Serve,
        VolunteerEnrollmentStatus::Serving,
    ),
    (
        VolunteerEnrollmentStatus::Serving,
        VolunteerEnrollmentStep::RecordService,
        VolunteerEnrollmentStatus::ServiceRecorded,
    ),
    (
        VolunteerEnrollmentStatus::ServiceRecorded,
        VolunteerEnrollmentStep::Certify,
        VolunteerEnrollmentStatus::Certified,
    ),
    (
        VolunteerEnrollmentStatus::Applied,
        VolunteerEnrollmentStep::Cancel,
        VolunteerEnrollmentStatus::Cancelled,
    ),
    (
        VolunteerEnrollmentStatus::Approved,
        VolunteerEnrollmentStep::Cancel,
        VolunteerEnrollmentStatus::Cancelled,
    ),
    (
        VolunteerEnrollmentStatus::Serving,
        VolunteerEnrollmentStep::Cancel,
        VolunteerEnrollmentStatus::Cancelled,
    ),
];

impl Machine for VolunteerEnrollment {
    type State = VolunteerEnrollmentStatus;
    type Step = VolunteerEnrollmentStep;

    fn edges(_row: &Model) -> &'static [Edge<VolunteerEnrollment>] {
        EDGES
    }

    fn state(row: &Model) -> VolunteerEnrollmentStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: VolunteerEnrollmentStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: VolunteerEnrollmentStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == VolunteerEnrollmentStep::Approve {
            draft.approved_on = Set(Some(day));
        }
    }
}

impl Linked for VolunteerEnrollment {
    type Where = VolunteerEnrollmentWhere;
    type Order = VolunteerEnrollmentOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "campaign" => Link::one::<Campaign>(Column::CampaignId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "services" => {
                Link::many::<VolunteerServiceRecord>(volunteer_service_record::Column::EnrollmentId)
            }
            "openSteps" => machine::link(|it: &VolunteerEnrollment| {
                machine::steps_from::<VolunteerEnrollment>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for VolunteerEnrollmentWhere {
    type Resource = VolunteerEnrollment;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::EnrolledOn, self.enrolled_on)?
            .on(Column::ApprovedOn, self.approved_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CampaignId, self.campaign)?
            .to_one(Column::WorkerId, self.worker)?
            .to_many(Column::Id, volunteer_service_record::Column::EnrollmentId, self.services)
    }
}

impl OrderField for VolunteerEnrollmentOrderField {
    type Resource = VolunteerEnrollment;

    fn column(self) -> Column {
        match self {
            VolunteerEnrollmentOrderField::EnrolledOn => Column::EnrolledOn,
            VolunteerEnrollmentOrderField::ApprovedOn => Column::ApprovedOn,
            VolunteerEnrollmentOrderField::CreatedAt => Column::CreatedAt,
            VolunteerEnrollmentOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a volunteer enrollment, as a mutation says it.
#[derive(Default)]
struct Essentials {
    campaign_id: MaybeUndefined<Id<Campaign>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    enrolled_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: VolunteerEnrollmentEnrollInput,
) -> Result<VolunteerEnrollment> {
    let essentials = Essentials {
        campaign_id: MaybeUndefined::Value(input.campaign_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        enrolled_on: MaybeUndefined::Value(input.enrolled_on),
    };
    let mut draft = draft(work, essentials).await?;
    draft.status = Set(VolunteerEnrollmentStatus::Applied);
    if let Set(owner) = draft.campaign_id {
        let owner = work.find_current::<Campaign>("campaignId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<VolunteerEnrollment>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: VolunteerEnrollmentUpdateInput,
) -> Result<VolunteerEnrollment> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { enrolled_on: input.enrolled_on, ..Essentials::default() };
    let draft = draft(work, essentials).await?;
    work.update::<VolunteerEnrollment>(row, draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        campaign_id: form.id("campaignId", essentials.campaign_id),
        worker_id: form.id("workerId", essentials.worker_id),
        enrolled_on: form.day("enrolledOn", essentials.enrolled_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
