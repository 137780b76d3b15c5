use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    innovation_studio::StudioLevel,
    state_transition,
    studio_accreditation::{
        AccreditationGrade, ActiveModel, Column, Entity, Model, StudioAccreditationStatus,
        StudioAccreditationStep,
    },
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
        innovation_studio::{InnovationStudio, InnovationStudioWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    resource::{Id, Resource},
    shell::{reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The naming of a studio at a level, with its reviews.
///
/// 创新工作室的命名与复核。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::StudioAccreditation)))]
#[sea_orm(entity = "Entity")]
pub struct StudioAccreditation {
    /// The id. 编号
    pub id: Id<StudioAccreditation>,
    /// The level. 级别
    pub level: StudioLevel,
    /// The batch. 批次
    pub batch: String,
    /// The score, in hundredths of a point. 评审得分（百分之一分）
    pub score_centi: Option<i32>,
    /// The number of the document. 文号
    pub document_no: Option<String>,
    /// The day it was named. 命名日期
    pub named_on: Option<Date>,
    /// The day its review is due. 复核到期日
    pub review_due_on: Option<Date>,
    /// The grade of the last review. 复核等次
    pub grade: Option<AccreditationGrade>,
    /// The day its plaque was removed. 摘牌日期
    pub removed_on: Option<Date>,
    /// The state. 状态
    pub status: StudioAccreditationStatus,
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
}

/// Narrows a list of studio accreditations.
///
/// 工作室命名筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct StudioAccreditationWhere {
    /// All of these. 全部满足
    and: Option<Vec<StudioAccreditationWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<StudioAccreditationWhere>>,
    /// Not this. 不满足
    not: Option<Box<StudioAccreditationWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The level. 级别
    level: Option<Equality<StudioLevel>>,
    /// The batch. 批次
    batch: Option<TextFilter>,
    /// The score, in hundredths of a point. 评审得分（百分之一分）
    score_centi: Option<Ordering<i32>>,
    /// The day it was named. 命名日期
    named_on: Option<Ordering<Date>>,
    /// The day its review is due. 复核到期日
    review_due_on: Option<Ordering<Date>>,
    /// The grade of the last review. 复核等次
    grade: Option<Equality<AccreditationGrade>>,
    /// The day its plaque was removed. 摘牌日期
    removed_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<StudioAccreditationStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The studio. 工作室
    studio: Option<Nested<InnovationStudioWhere>>,
}

/// What a list of studio accreditations can be sorted by.
///
/// 工作室命名排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StudioAccreditationOrderField {
    /// The batch. 批次
    Batch,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a studio accreditation and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StudioAccreditationDetails {
    /// The score, in hundredths of a point. 评审得分（百分之一分）
    score_centi: MaybeUndefined<i32>,
    /// The number of the document. 文号
    document_no: MaybeUndefined<String>,
    /// The day its review is due. 复核到期日
    review_due_on: MaybeUndefined<Date>,
}

/// Applies for the naming of a studio.
///
/// 申报命名。
#[derive(Clone, Debug, InputObject)]
pub struct StudioAccreditationApplyInput {
    /// The studio. 工作室
    studio_id: Id<InnovationStudio>,
    /// The level. 级别
    level: StudioLevel,
    /// The batch. 批次
    batch: String,
    #[graphql(flatten)]
    details: StudioAccreditationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a studio accreditation: absent keeps, null clears, a value sets.
///
/// 更新工作室命名：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct StudioAccreditationUpdateInput {
    /// The record. 记录编号
    id: Id<StudioAccreditation>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The batch. 批次
    batch: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: StudioAccreditationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

steps! {
    Steps("StudioAccreditationSteps") of StudioAccreditation {
        /// Recommends it, for the city. 市级推荐
        studio_accreditation_recommend: StudioAccreditationRecommend = StudioAccreditationStep::Recommend,
        /// Has experts assess it. 专家评定
        studio_accreditation_assess: StudioAccreditationAssess = StudioAccreditationStep::Assess,
        /// Decides on it in a meeting. 会议研究
        studio_accreditation_decide: StudioAccreditationDecide = StudioAccreditationStep::Decide,
        /// Publishes the notice. 社会公示
        studio_accreditation_publish_notice: StudioAccreditationPublishNotice = StudioAccreditationStep::PublishNotice,
        /// Names the studio. 通报命名
        studio_accreditation_name: StudioAccreditationName = StudioAccreditationStep::Name,
        /// Begins the periodic review. 开展复核
        studio_accreditation_begin_review: StudioAccreditationBeginReview = StudioAccreditationStep::BeginReview,
        /// Finds it still worthy. 复核合格
        studio_accreditation_pass_review: StudioAccreditationPassReview = StudioAccreditationStep::PassReview,
        /// Orders it to be put right in time. 限期整改
        studio_accreditation_order_rectification: StudioAccreditationOrderRectification = StudioAccreditationStep::OrderRectification,
        /// Finds it put right. 整改合格
        studio_accreditation_accept_rectification: StudioAccreditationAcceptRectification = StudioAccreditationStep::AcceptRectification,
        /// Notes that its leader leaves. 领衔人变更
        studio_accreditation_change_leader: StudioAccreditationChangeLeader = StudioAccreditationStep::ChangeLeader,
        /// Confirms the new leader. 确认新领衔人
        studio_accreditation_confirm_leader: StudioAccreditationConfirmLeader = StudioAccreditationStep::ConfirmLeader,
        /// Removes the plaque. 摘牌
        studio_accreditation_remove: StudioAccreditationRemove = StudioAccreditationStep::Remove,
    }
}

reads! {
    Queries("StudioAccreditationQueries") of StudioAccreditation by StudioAccreditationBy, StudioAccreditationWhere, StudioAccreditationOrderField {
        /// One studio accreditation; null when there is none that the caller may see. 查询一条工作室命名
        studio_accreditation = "studioAccreditation",
        /// Studio accreditations, oldest record first unless told otherwise. 查询工作室命名列表
        studio_accreditations = "studioAccreditations",
    }
}

writes! {
    Mutations("StudioAccreditationMutations") of StudioAccreditation {
        /// Applies for the naming of a studio. 申报命名
        studio_accreditation_apply: StudioAccreditationApplyInput => StudioAccreditationApply = create,
        /// Changes a studio accreditation. 更新工作室命名
        studio_accreditation_update: StudioAccreditationUpdateInput => StudioAccreditationUpdate = update,
    }
    upsert {
        /// Creates a studio accreditation, or changes the one that has this external id. 按外部编号新增或更新工作室命名
        studio_accreditation_upsert: StudioAccreditationUpsert of StudioAccreditationApplyInput, StudioAccreditationUpdateInput
    }
    archive {
        /// Archives a studio accreditation: out of the lists, still there by id. 归档工作室命名
        studio_accreditation_archive: StudioAccreditationArchive
    }
    restore {
        /// Brings back an archived studio accreditation. 恢复工作室命名
        studio_accreditation_restore: StudioAccreditationRestore
    }
}

#[ComplexObject]
impl StudioAccreditation {
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

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<StudioAccreditationStep> {
        machine::steps_from::<StudioAccreditation>(EDGES, self.status)
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

impl Resource for StudioAccreditation {
    const KIND: Kind = Kind::StudioAccreditation;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<StudioAccreditation>] = &[
    (
        StudioAccreditationStatus::Applied,
        StudioAccreditationStep::Recommend,
        StudioAccreditationStatus::CityRecommended,
    ),
    (
        StudioAccreditationStatus::CityRecommended,
        StudioAccreditationStep::Assess,
        StudioAccreditationStatus::ExpertAssessed,
    ),
    (
        StudioAccreditationStatus::ExpertAssessed,
        StudioAccreditationStep::Decide,
        StudioAccreditationStatus::MeetingDecided,
    ),
    (
        StudioAccreditationStatus::MeetingDecided,
        StudioAccreditationStep::PublishNotice,
        StudioAccreditationStatus::PublicNotice,
    ),
    (
        StudioAccreditationStatus::PublicNotice,
        StudioAccreditationStep::Name,
        StudioAccreditationStatus::Named,
    ),
    (
        StudioAccreditationStatus::Named,
        StudioAccreditationStep::BeginReview,
        StudioAccreditationStatus::PeriodicReview,
    ),
    (
        StudioAccreditationStatus::PeriodicReview,
        StudioAccreditationStep::PassReview,
        StudioAccreditationStatus::Named,
    ),
    (
        StudioAccreditationStatus::PeriodicReview,
        StudioAccreditationStep::OrderRectification,
        StudioAccreditationStatus::Rectifying,
    ),
    (
        StudioAccreditationStatus::Rectifying,
        StudioAccreditationStep::AcceptRectification,
        StudioAccreditationStatus::Named,
    ),
    (
        StudioAccreditationStatus::Rectifying,
        StudioAccreditationStep::Remove,
        StudioAccreditationStatus::Removed,
    ),
    (
        StudioAccreditationStatus::Named,
        StudioAccreditationStep::ChangeLeader,
        StudioAccreditationStatus::LeaderChanged,
    ),
    (
        StudioAccreditationStatus::LeaderChanged,
        StudioAccreditationStep::ConfirmLeader,
        StudioAccreditationStatus::Named,
    ),
];

impl Machine for StudioAccreditation {
    type State = StudioAccreditationStatus;
    type Step = StudioAccreditationStep;

    fn edges(_row: &Model) -> &'static [Edge<StudioAccreditation>] {
        EDGES
    }

    fn state(row: &Model) -> StudioAccreditationStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: StudioAccreditationStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: StudioAccreditationStep, day: NaiveDate, draft: &mut ActiveModel) {
        match step {
            StudioAccreditationStep::Name => draft.named_on = Set(Some(day)),
            StudioAccreditationStep::PassReview | StudioAccreditationStep::AcceptRectification => {
                draft.grade = Set(Some(AccreditationGrade::Passed));
            }
            StudioAccreditationStep::OrderRectification => {
                draft.grade = Set(Some(AccreditationGrade::Failed));
            }
            StudioAccreditationStep::Remove => draft.removed_on = Set(Some(day)),
            _ => {}
        }
    }
}

impl Linked for StudioAccreditation {
    type Where = StudioAccreditationWhere;
    type Order = StudioAccreditationOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "studio" => Link::one::<InnovationStudio>(Column::StudioId),
            "openSteps" => machine::link(|it: &StudioAccreditation| {
                machine::steps_from::<StudioAccreditation>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for StudioAccreditationWhere {
    type Resource = StudioAccreditation;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Level, self.level)?
            .on(Column::Batch, self.batch)?
            .on(Column::ScoreCenti, self.score_centi)?
            .on(Column::NamedOn, self.named_on)?
            .on(Column::ReviewDueOn, self.review_due_on)?
            .on(Column::Grade, self.grade)?
            .on(Column::RemovedOn, self.removed_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::StudioId, self.studio)
    }
}

impl OrderField for StudioAccreditationOrderField {
    type Resource = StudioAccreditation;

    fn column(self) -> Column {
        match self {
            StudioAccreditationOrderField::Batch => Column::Batch,
            StudioAccreditationOrderField::CreatedAt => Column::CreatedAt,
            StudioAccreditationOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a studio accreditation, as a mutation says it.
#[derive(Default)]
struct Essentials {
    studio_id: MaybeUndefined<Id<InnovationStudio>>,
    level: MaybeUndefined<StudioLevel>,
    batch: MaybeUndefined<String>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: StudioAccreditationApplyInput,
) -> Result<StudioAccreditation> {
    let essentials = Essentials {
        studio_id: MaybeUndefined::Value(input.studio_id),
        level: MaybeUndefined::Value(input.level),
        batch: MaybeUndefined::Value(input.batch),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: StudioAccreditationUpdateInput,
) -> Result<StudioAccreditation> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { batch: input.batch, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<StudioAccreditation>(row, draft).await
}

async fn register(
    work: &mut UnitOfWork<'_>,
    mut draft: ActiveModel,
) -> Result<StudioAccreditation> {
    draft.status = Set(StudioAccreditationStatus::Applied);
    if let Set(owner) = draft.studio_id {
        let owner = work.find_current::<InnovationStudio>("studioId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<StudioAccreditation>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: StudioAccreditationDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        studio_id: form.id("studioId", essentials.studio_id),
        level: form.plain("level", essentials.level),
        batch: form.line("batch", essentials.batch, 200),
        score_centi: form.number_option("scoreCenti", details.score_centi, 0..=10_000),
        document_no: form.line_option("documentNo", details.document_no, 200),
        review_due_on: form.day_option(details.review_due_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
