use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    pathway_recognition::{
        ActiveModel, Column, Entity, Model, PathwayRecognitionStatus, PathwayRecognitionStep,
    },
    pathway_rule::{PathwayDirection, TitleGrade},
    state_transition,
    worker::SkillRank,
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
        division::Division,
        external_id,
        skill_certificate::{SkillCertificate, SkillCertificateWhere},
        title_series::{TitleSeries, TitleSeriesWhere},
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
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

/// The recognition of a skill level as a title, or of a title as a skill level.
///
/// 职称与职业技能等级贯通认定。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PathwayRecognition)))]
#[sea_orm(entity = "Entity")]
pub struct PathwayRecognition {
    /// The id. 编号
    pub id: Id<PathwayRecognition>,
    /// The direction. 方向
    pub direction: PathwayDirection,
    /// The skill level. 技能等级
    pub skill_rank: SkillRank,
    /// The grade of the title. 职称层级
    pub grade: TitleGrade,
    /// For how many years the first has been held. 持有年限
    pub years: i32,
    /// The day of the application. 申报日期
    pub applied_on: Date,
    /// The day it was certified. 发证日期
    pub certified_on: Option<Date>,
    /// The state. 状态
    pub status: PathwayRecognitionStatus,
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
    worker_id: Id<Worker>,
    #[graphql(skip)]
    series_id: Id<TitleSeries>,
    #[graphql(skip)]
    certificate_id: Option<Id<SkillCertificate>>,
}

/// Narrows a list of pathway recognitions.
///
/// 贯通认定筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PathwayRecognitionWhere {
    /// All of these. 全部满足
    and: Option<Vec<PathwayRecognitionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PathwayRecognitionWhere>>,
    /// Not this. 不满足
    not: Option<Box<PathwayRecognitionWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The direction. 方向
    direction: Option<Equality<PathwayDirection>>,
    /// The skill level. 技能等级
    skill_rank: Option<Equality<SkillRank>>,
    /// The grade of the title. 职称层级
    grade: Option<Equality<TitleGrade>>,
    /// For how many years the first has been held. 持有年限
    years: Option<Ordering<i32>>,
    /// The day of the application. 申报日期
    applied_on: Option<Ordering<Date>>,
    /// The day it was certified. 发证日期
    certified_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<PathwayRecognitionStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The series. 职称系列
    series: Option<Nested<TitleSeriesWhere>>,
    /// The certificate that it rests on. 依据的技能证书
    certificate: Option<Nested<SkillCertificateWhere>>,
}

/// What a list of pathway recognitions can be sorted by.
///
/// 贯通认定排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PathwayRecognitionOrderField {
    /// The day of the application. 申报日期
    AppliedOn,
    /// The day it was certified. 发证日期
    CertifiedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a pathway recognition and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PathwayRecognitionDetails {
    /// The certificate that it rests on. 依据的技能证书
    certificate_id: MaybeUndefined<Id<SkillCertificate>>,
}

/// Enters an application for recognition.
///
/// 申报贯通认定。
#[derive(Clone, Debug, InputObject)]
pub struct PathwayRecognitionApplyInput {
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The series. 职称系列
    series_id: Id<TitleSeries>,
    /// The direction. 方向
    direction: PathwayDirection,
    /// The skill level. 技能等级
    skill_rank: SkillRank,
    /// The grade of the title. 职称层级
    grade: TitleGrade,
    /// For how many years the first has been held. 持有年限
    years: i32,
    /// The day of the application. 申报日期
    applied_on: Date,
    #[graphql(flatten)]
    details: PathwayRecognitionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a pathway recognition: absent keeps, null clears, a value sets.
///
/// 更新贯通认定：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PathwayRecognitionUpdateInput {
    /// The record. 记录编号
    id: Id<PathwayRecognition>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The skill level. 技能等级
    skill_rank: MaybeUndefined<SkillRank>,
    /// The grade of the title. 职称层级
    grade: MaybeUndefined<TitleGrade>,
    /// For how many years the first has been held. 持有年限
    years: MaybeUndefined<i32>,
    /// The day of the application. 申报日期
    applied_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PathwayRecognitionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("PathwayRecognitionQueries") of PathwayRecognition by PathwayRecognitionBy, PathwayRecognitionWhere, PathwayRecognitionOrderField {
        /// One pathway recognition; null when there is none that the caller may see. 查询一条贯通认定
        pathway_recognition = "pathwayRecognition",
        /// Pathway recognitions, oldest record first unless told otherwise. 查询贯通认定列表
        pathway_recognitions = "pathwayRecognitions",
    }
}

writes! {
    Mutations("PathwayRecognitionMutations") of PathwayRecognition {
        /// Enters an application for recognition. 申报贯通认定
        pathway_recognition_apply: PathwayRecognitionApplyInput => PathwayRecognitionApply = create,
        /// Changes a pathway recognition. 更新贯通认定
        pathway_recognition_update: PathwayRecognitionUpdateInput => PathwayRecognitionUpdate = update,
    }
    upsert {
        /// Creates a pathway recognition, or changes the one that has this external id. 按外部编号新增或更新贯通认定
        pathway_recognition_upsert: PathwayRecognitionUpsert of PathwayRecognitionApplyInput, PathwayRecognitionUpdateInput
    }
    archive {
        /// Archives a pathway recognition: out of the lists, still there by id. 归档贯通认定
        pathway_recognition_archive: PathwayRecognitionArchive
    }
    restore {
        /// Brings back an archived pathway recognition. 恢复贯通认定
        pathway_recognition_restore: PathwayRecognitionRestore
    }
}

steps! {
    Steps("PathwayRecognitionSteps") of PathwayRecognition {
        /// Begins to check eligibility. 开始资格审查
        pathway_recognition_check_eligibility: PathwayRecognitionCheckEligibility = PathwayRecognitionStep::CheckEligibility,
        /// Eligible: experts review. 进入专家评审
        pathway_recognition_begin_review: PathwayRecognitionBeginReview = PathwayRecognitionStep::BeginReview,
        /// Begins the public notice. 开始公示
        pathway_recognition_begin_notice: PathwayRecognitionBeginNotice = PathwayRecognitionStep::BeginNotice,
        /// Certifies it. 发证
        pathway_recognition_certify: PathwayRecognitionCertify = PathwayRecognitionStep::Certify,
        /// Rejects it. 不予通过
        pathway_recognition_reject: PathwayRecognitionReject = PathwayRecognitionStep::Reject,
    }
}

groups! {
    /// Pathway recognitions, counted by what they have in common: at most 1,000 groups. 按字段分组统计贯通认定
    Groups("PathwayRecognitionGroupQueries") of PathwayRecognition by PathwayRecognitionWhere in pathway_recognition_groups: PathwayRecognitionGroup by PathwayRecognitionGroupField {
        /// The direction. 方向
        Direction = direction: PathwayDirection,
        /// The grade of the title. 职称层级
        Grade = grade: TitleGrade,
        /// The state. 状态
        Status = status: PathwayRecognitionStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl PathwayRecognition {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The series; null when the caller may not see it. 职称系列
    async fn series(&self, ctx: &Context<'_>) -> Nullable<TitleSeries> {
        ctx.find(Some(self.series_id)).await
    }

    /// The certificate that it rests on; null when the caller may not see it. 依据的技能证书
    async fn certificate(&self, ctx: &Context<'_>) -> Nullable<SkillCertificate> {
        ctx.find(self.certificate_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<PathwayRecognitionStep> {
        machine::steps_from::<PathwayRecognition>(EDGES, self.status)
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

impl Resource for PathwayRecognition {
    const KIND: Kind = Kind::PathwayRecognition;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        (row.skill_rank < SkillRank::Senior)
            .then(|| {
                Violation::inconsistent(
                    "skillRank",
                    "Recognition begins with senior workers (rank 3).",
                    "贯通认定面向高级工及以上等级。",
                )
            })
            .into_iter()
            .collect()
    }
}

/// The machine.
const EDGES: &[Edge<PathwayRecognition>] = &[
    (
        PathwayRecognitionStatus::Applied,
        PathwayRecognitionStep::CheckEligibility,
        PathwayRecognitionStatus::EligibilityCheck,
    ),
    (
        PathwayRecognitionStatus::EligibilityCheck,
        PathwayRecognitionStep::BeginReview,
        PathwayRecognitionStatus::ExpertReview,
    ),
    (
        PathwayRecognitionStatus::ExpertReview,
        PathwayRecognitionStep::BeginNotice,
        PathwayRecognitionStatus::PublicNotice,
    ),
    (
        PathwayRecognitionStatus::PublicNotice,
        PathwayRecognitionStep::Certify,
        PathwayRecognitionStatus::Certified,
    ),
    (
        PathwayRecognitionStatus::EligibilityCheck,
        PathwayRecognitionStep::Reject,
        PathwayRecognitionStatus::Rejected,
    ),
    (
        PathwayRecognitionStatus::ExpertReview,
        PathwayRecognitionStep::Reject,
        PathwayRecognitionStatus::Rejected,
    ),
    (
        PathwayRecognitionStatus::PublicNotice,
        PathwayRecognitionStep::Reject,
        PathwayRecognitionStatus::Rejected,
    ),
];

impl Machine for PathwayRecognition {
    type State = PathwayRecognitionStatus;
    type Step = PathwayRecognitionStep;

    fn edges(_row: &Model) -> &'static [Edge<PathwayRecognition>] {
        EDGES
    }

    fn state(row: &Model) -> PathwayRecognitionStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: PathwayRecognitionStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: PathwayRecognitionStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == PathwayRecognitionStep::Certify {
            draft.certified_on = Set(Some(day));
        }
    }
}

impl Linked for PathwayRecognition {
    type Where = PathwayRecognitionWhere;
    type Order = PathwayRecognitionOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "series" => Link::one::<TitleSeries>(Column::SeriesId),
            "certificate" => Link::one::<SkillCertificate>(Column::CertificateId),
            "openSteps" => machine::link(|it: &PathwayRecognition| {
                machine::steps_from::<PathwayRecognition>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for PathwayRecognitionWhere {
    type Resource = PathwayRecognition;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Direction, self.direction)?
            .on(Column::SkillRank, self.skill_rank)?
            .on(Column::Grade, self.grade)?
            .on(Column::Years, self.years)?
            .on(Column::AppliedOn, self.applied_on)?
            .on(Column::CertifiedOn, self.certified_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::SeriesId, self.series)?
            .to_one(Column::CertificateId, self.certificate)
    }
}

impl OrderField for PathwayRecognitionOrderField {
    type Resource = PathwayRecognition;

    fn column(self) -> Column {
        match self {
            PathwayRecognitionOrderField::AppliedOn => Column::AppliedOn,
            PathwayRecognitionOrderField::CertifiedOn => Column::CertifiedOn,
            PathwayRecognitionOrderField::CreatedAt => Column::CreatedAt,
            PathwayRecognitionOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a pathway recognition, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_id: MaybeUndefined<Id<Worker>>,
    series_id: MaybeUndefined<Id<TitleSeries>>,
    direction: MaybeUndefined<PathwayDirection>,
    skill_rank: MaybeUndefined<SkillRank>,
    grade: MaybeUndefined<TitleGrade>,
    years: MaybeUndefined<i32>,
    applied_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: PathwayRecognitionApplyInput,
) -> Result<PathwayRecognition> {
    let essentials = Essentials {
        worker_id: MaybeUndefined::Value(input.worker_id),
        series_id: MaybeUndefined::Value(input.series_id),
        direction: MaybeUndefined::Value(input.direction),
        skill_rank: MaybeUndefined::Value(input.skill_rank),
        grade: MaybeUndefined::Value(input.grade),
        years: MaybeUndefined::Value(input.years),
        applied_on: MaybeUndefined::Value(input.applied_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(PathwayRecognitionStatus::Applied);
    if let Set(owner) = draft.worker_id {
        let owner = work.find_current::<Worker>("workerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<PathwayRecognition>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: PathwayRecognitionUpdateInput,
) -> Result<PathwayRecognition> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        skill_rank: input.skill_rank,
        grade: input.grade,
        years: input.years,
        applied_on: input.applied_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PathwayRecognition>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PathwayRecognitionDetails,
) -> Result<ActiveModel> {
    work.refer("seriesId", essentials.series_id.value().copied()).await?;
    work.refer("certificateId", details.certificate_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_id: form.id("workerId", essentials.worker_id),
        series_id: form.id("seriesId", essentials.series_id),
        direction: form.plain("direction", essentials.direction),
        skill_rank: form.plain("skillRank", essentials.skill_rank),
        grade: form.plain("grade", essentials.grade),
        years: form.number("years", essentials.years, 0..=60),
        applied_on: form.day("appliedOn", essentials.applied_on),
        certificate_id: form.id_option(details.certificate_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
