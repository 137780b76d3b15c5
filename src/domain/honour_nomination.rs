use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    honour_nomination::{
        ActiveModel, AwardeeCategory, Column, Entity, HonourNominationStatus, HonourNominationStep,
        Model,
    },
    state_transition,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        honour_round::{HonourRound, HonourRoundWhere},
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    operation::StepInput,
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A recommendation for a title of honour.
///
/// 荣誉推荐。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::HonourNomination)))]
#[sea_orm(entity = "Entity")]
pub struct HonourNomination {
    /// The id. 编号
    pub id: Id<HonourNomination>,
    /// The team, where one is honoured. 班组名称
    pub team_name: Option<String>,
    /// The category, of a person. 人员类别
    pub category: Option<AwardeeCategory>,
    /// Whether the person is a migrant worker. 是否农民工
    pub is_migrant_worker: bool,
    /// Whether the unit is not public. 是否非公单位
    pub is_non_public: bool,
    /// Who recommends. 推荐单位
    pub recommender_name: String,
    /// The state. 状态
    pub status: HonourNominationStatus,
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
    round_id: Id<HonourRound>,
    #[graphql(skip)]
    worker_id: Option<Id<Worker>>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

/// Narrows a list of honour nominations.
///
/// 荣誉推荐筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourNominationWhere {
    /// All of these. 全部满足
    and: Option<Vec<HonourNominationWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<HonourNominationWhere>>,
    /// Not this. 不满足
    not: Option<Box<HonourNominationWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The team, where one is honoured. 班组名称
    team_name: Option<TextFilter>,
    /// The category, of a person. 人员类别
    category: Option<Equality<AwardeeCategory>>,
    /// Whether the person is a migrant worker. 是否农民工
    is_migrant_worker: Option<Equality<bool>>,
    /// Whether the unit is not public. 是否非公单位
    is_non_public: Option<Equality<bool>>,
    /// Who recommends. 推荐单位
    recommender_name: Option<TextFilter>,
    /// The state. 状态
    status: Option<Equality<HonourNominationStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The selection. 评选批次
    round: Option<Nested<HonourRoundWhere>>,
    /// The person who is recommended. 被推荐人
    worker: Option<Nested<WorkerWhere>>,
    /// The organisation, or that of the team. 被推荐单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of honour nominations can be sorted by.
///
/// 荣誉推荐排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HonourNominationOrderField {
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a honour nomination and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourNominationDetails {
    /// The person who is recommended. 被推荐人
    worker_id: MaybeUndefined<Id<Worker>>,
    /// The organisation, or that of the team. 被推荐单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The team, where one is honoured. 班组名称
    team_name: MaybeUndefined<String>,
    /// The category, of a person. 人员类别
    category: MaybeUndefined<AwardeeCategory>,
    /// Whether the person is a migrant worker. 是否农民工
    is_migrant_worker: MaybeUndefined<bool>,
    /// Whether the unit is not public. 是否非公单位
    is_non_public: MaybeUndefined<bool>,
}

/// Recommends for a title of honour.
///
/// 推荐荣誉对象。
#[derive(Clone, Debug, InputObject)]
pub struct HonourNominationRecommendInput {
    /// The selection. 评选批次
    round_id: Id<HonourRound>,
    /// Who recommends. 推荐单位
    recommender_name: String,
    #[graphql(flatten)]
    details: HonourNominationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a honour nomination: absent keeps, null clears, a value sets.
///
/// 更新荣誉推荐：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct HonourNominationUpdateInput {
    /// The record. 记录编号
    id: Id<HonourNomination>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Who recommends. 推荐单位
    recommender_name: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: HonourNominationDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("HonourNominationQueries") of HonourNomination by HonourNominationBy, HonourNominationWhere, HonourNominationOrderField {
        /// One honour nomination; null when there is none that the caller may see. 查询一条荣誉推荐
        honour_nomination = "honourNomination",
        /// Honour nominations, oldest record first unless told otherwise. 查询荣誉推荐列表
        honour_nominations = "honourNominations",
    }
}

writes! {
    Mutations("HonourNominationMutations") of HonourNomination {
        /// Recommends for a title of honour. 推荐荣誉对象
        honour_nomination_recommend: HonourNominationRecommendInput => HonourNominationRecommend = create,
        /// Changes a honour nomination. 更新荣誉推荐
        honour_nomination_update: HonourNominationUpdateInput => HonourNominationUpdate = update,
        /// Confers the honour, within the quota of the selection. 授予（不超过评选名额）
        honour_nomination_confer: ConferInput => HonourNominationConfer = confer,
    }
    upsert {
        /// Creates a honour nomination, or changes the one that has this external id. 按外部编号新增或更新荣誉推荐
        honour_nomination_upsert: HonourNominationUpsert of HonourNominationRecommendInput, HonourNominationUpdateInput
    }
    archive {
        /// Archives a honour nomination: out of the lists, still there by id. 归档荣誉推荐
        honour_nomination_archive: HonourNominationArchive
    }
    restore {
        /// Brings back an archived honour nomination. 恢复荣誉推荐
        honour_nomination_restore: HonourNominationRestore
    }
}

steps! {
    Steps("HonourNominationSteps") of HonourNomination {
        /// Begins the initial review. 开始初审
        honour_nomination_review: HonourNominationReview = HonourNominationStep::Review,
        /// Begins the local notice. 开始基层公示
        honour_nomination_begin_local_notice: HonourNominationBeginLocalNotice = HonourNominationStep::BeginLocalNotice,
        /// Begins the second review. 开始复审
        honour_nomination_review_again: HonourNominationReviewAgain = HonourNominationStep::ReviewAgain,
        /// Begins the final notice. 开始终审公示
        honour_nomination_begin_final_notice: HonourNominationBeginFinalNotice = HonourNominationStep::BeginFinalNotice,
        /// An objection was raised. 收到异议
        honour_nomination_object: HonourNominationObject = HonourNominationStep::Object,
        /// The objection is dismissed: review goes on. 异议不成立，继续复审
        honour_nomination_dismiss: HonourNominationDismiss = HonourNominationStep::Dismiss,
        /// Revokes the honour. 撤销
        honour_nomination_revoke: HonourNominationRevoke = HonourNominationStep::Revoke,
        /// Rejects it. 不予通过
        honour_nomination_reject: HonourNominationReject = HonourNominationStep::Reject,
    }
}

groups! {
    /// Honour nominations, counted by what they have in common: at most 1,000 groups. 按字段分组统计荣誉推荐
    Groups("HonourNominationGroupQueries") of HonourNomination by HonourNominationWhere in honour_nomination_groups: HonourNominationGroup by HonourNominationGroupField {
        /// The category, of a person. 人员类别
        Category = category: AwardeeCategory,
        /// The state. 状态
        Status = status: HonourNominationStatus,
        /// Whether the person is a migrant worker. 是否农民工
        IsMigrantWorker = is_migrant_worker: bool,
        /// Whether the unit is not public. 是否非公单位
        IsNonPublic = is_non_public: bool,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl HonourNomination {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The selection; null when the caller may not see it. 评选批次
    async fn round(&self, ctx: &Context<'_>) -> Nullable<HonourRound> {
        ctx.find(Some(self.round_id)).await
    }

    /// The person who is recommended; null when the caller may not see it. 被推荐人
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(self.worker_id).await
    }

    /// The organisation, or that of the team; null when the caller may not see it. 被推荐单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<HonourNominationStep> {
        machine::steps_from::<HonourNomination>(EDGES, self.status)
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

impl Resource for HonourNomination {
    const KIND: Kind = Kind::HonourNomination;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            (row.worker_id.is_some() && (row.employer_id.is_some() || row.team_name.is_some()))
                .then(|| {
                    Violation::inconsistent(
                        "workerId",
                        "A recommendation is of a person, an organisation or a team.",
                        "推荐对象应为个人、单位或班组三者之一。",
                    )
                }),
            (row.worker_id.is_none() && row.employer_id.is_none()).then(|| {
                Violation::inconsistent(
                    "workerId",
                    "A recommendation is of a person, an organisation or a team of one.",
                    "推荐对象应为个人、单位或单位的班组。",
                )
            }),
            (row.worker_id.is_some() != row.category.is_some()).then(|| {
                Violation::inconsistent(
                    "category",
                    "A person has a category; nobody else has one.",
                    "个人须填写人员类别，单位和班组不填写。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

/// The machine.
const EDGES: &[Edge<HonourNomination>] = &[
    (
        HonourNominationStatus::Recommended,
        HonourNominationStep::Review,
        HonourNominationStatus::InitialReview,
    ),
    (
        HonourNominationStatus::InitialReview,
        HonourNominationStep::BeginLocalNotice,
        HonourNominationStatus::LocalNotice,
    ),
    (
        HonourNominationStatus::LocalNotice,
        HonourNominationStep::ReviewAgain,
        HonourNominationStatus::ReReview,
    ),
    (
        HonourNominationStatus::ReReview,
        HonourNominationStep::BeginFinalNotice,
        HonourNominationStatus::FinalNotice,
    ),
    (
        HonourNominationStatus::LocalNotice,
        HonourNominationStep::Object,
        HonourNominationStatus::Objection,
    ),
    (
        HonourNominationStatus::FinalNotice,
        HonourNominationStep::Object,
        HonourNominationStatus::Objection,
    ),
    (
        HonourNominationStatus::Objection,
        HonourNominationStep::Dismiss,
        HonourNominationStatus::ReReview,
    ),
    (
        HonourNominationStatus::Objection,
        HonourNominationStep::Reject,
        HonourNominationStatus::Rejected,
    ),
    (
        HonourNominationStatus::FinalNotice,
        HonourNominationStep::Confer,
        HonourNominationStatus::Conferred,
    ),
    (
        HonourNominationStatus::Conferred,
        HonourNominationStep::Revoke,
        HonourNominationStatus::Revoked,
    ),
    (
        HonourNominationStatus::InitialReview,
        HonourNominationStep::Reject,
        HonourNominationStatus::Rejected,
    ),
    (
        HonourNominationStatus::ReReview,
        HonourNominationStep::Reject,
        HonourNominationStatus::Rejected,
    ),
];

impl Machine for HonourNomination {
    type State = HonourNominationStatus;
    type Step = HonourNominationStep;

    fn edges(_row: &Model) -> &'static [Edge<HonourNomination>] {
        EDGES
    }

    fn state(row: &Model) -> HonourNominationStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: HonourNominationStatus) {
        draft.status = Set(state);
    }
}

impl Linked for HonourNomination {
    type Where = HonourNominationWhere;
    type Order = HonourNominationOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "round" => Link::one::<HonourRound>(Column::RoundId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "openSteps" => machine::link(|it: &HonourNomination| {
                machine::steps_from::<HonourNomination>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for HonourNominationWhere {
    type Resource = HonourNomination;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::TeamName, self.team_name)?
            .on(Column::Category, self.category)?
            .on(Column::IsMigrantWorker, self.is_migrant_worker)?
            .on(Column::IsNonPublic, self.is_non_public)?
            .on(Column::RecommenderName, self.recommender_name)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::RoundId, self.round)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for HonourNominationOrderField {
    type Resource = HonourNomination;

    fn column(self) -> Column {
        match self {
            HonourNominationOrderField::CreatedAt => Column::CreatedAt,
            HonourNominationOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a honour nomination, as a mutation says it.
#[derive(Default)]
struct Essentials {
    round_id: MaybeUndefined<Id<HonourRound>>,
    recommender_name: MaybeUndefined<String>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: HonourNominationRecommendInput,
) -> Result<HonourNomination> {
    let essentials = Essentials {
        round_id: MaybeUndefined::Value(input.round_id),
        recommender_name: MaybeUndefined::Value(input.recommender_name),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(HonourNominationStatus::Recommended);
    if !draft.is_migrant_worker.is_set() {
        draft.is_migrant_worker = Set(false);
    }
    if !draft.is_non_public.is_set() {
        draft.is_non_public = Set(false);
    }
    if let Set(owner) = draft.round_id {
        let owner = work.find_current::<HonourRound>("roundId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<HonourNomination>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: HonourNominationUpdateInput,
) -> Result<HonourNomination> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { recommender_name: input.recommender_name, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<HonourNomination>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: HonourNominationDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", details.worker_id.value().copied()).await?;
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        round_id: form.id("roundId", essentials.round_id),
        recommender_name: form.line("recommenderName", essentials.recommender_name, 200),
        worker_id: form.id_option(details.worker_id),
        employer_id: form.id_option(details.employer_id),
        team_name: form.line_option("teamName", details.team_name, 200),
        category: form.plain_option(details.category),
        is_migrant_worker: form.plain("isMigrantWorker", details.is_migrant_worker),
        is_non_public: form.plain("isNonPublic", details.is_non_public),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

type ConferInput = StepInput<HonourNominationConfer>;

/// A selection confers no more honours than it has.
async fn confer(work: &mut UnitOfWork<'_>, input: ConferInput) -> Result<HonourNomination> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let round = work.find::<HonourRound>("id", Id::new(row.round_id)).await?;
    let step = HonourNominationStep::Confer;
    let conferred = work.step::<HonourNomination>(row, step, input.details, |_| ()).await?;
    let of_round = Condition::all()
        .add(Column::RoundId.eq(round.id))
        .add(Column::Status.eq(HonourNominationStatus::Conferred))
        .add(Column::ArchivedAt.is_null());
    if work.count_all::<HonourNomination>(of_round).await? <= i64::from(round.quota) {
        return Ok(conferred);
    }
    Err(Violation::inconsistent(
        "id",
        "The quota of the selection is exhausted.",
        "评选名额已用完。",
    )
    .into())
}
