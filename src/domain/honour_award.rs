use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    honour_award::{
        ActiveModel, Column, Entity, HonourAwardStatus, HonourAwardStep, HonourRank, Model,
    },
    honour_nomination::AwardeeCategory,
    state_transition,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        honour_nomination::{HonourNomination, HonourNominationWhere},
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
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A title of honour that was conferred.
///
/// 荣誉授予记录。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::HonourAward)))]
#[sea_orm(entity = "Entity")]
pub struct HonourAward {
    /// The id. 编号
    pub id: Id<HonourAward>,
    /// The team, where one is honoured. 班组名称
    pub team_name: Option<String>,
    /// The category, of a person. 人员类别
    pub category: Option<AwardeeCategory>,
    /// Whether the title was won, or the nomination only. 入选类别
    pub rank: HonourRank,
    /// The document that confers it. 授予文号
    pub document_no: Option<String>,
    /// The day it was conferred. 授予日期
    pub conferred_on: Date,
    /// The bonus. 奖金
    #[graphql(name = "bonus")]
    pub bonus_fen: Fen,
    /// The day it was revoked. 撤销日期
    pub revoked_on: Option<Date>,
    /// The state. 状态
    pub status: HonourAwardStatus,
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
    nomination_id: Option<Id<HonourNomination>>,
    #[graphql(skip)]
    worker_id: Option<Id<Worker>>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

/// Narrows a list of honour awards.
///
/// 荣誉授予筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourAwardWhere {
    /// All of these. 全部满足
    and: Option<Vec<HonourAwardWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<HonourAwardWhere>>,
    /// Not this. 不满足
    not: Option<Box<HonourAwardWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The team, where one is honoured. 班组名称
    team_name: Option<TextFilter>,
    /// The category, of a person. 人员类别
    category: Option<Equality<AwardeeCategory>>,
    /// Whether the title was won, or the nomination only. 入选类别
    rank: Option<Equality<HonourRank>>,
    /// The document that confers it. 授予文号
    document_no: Option<TextFilter>,
    /// The day it was conferred. 授予日期
    conferred_on: Option<Ordering<Date>>,
    /// The bonus, in fen. 奖金（分）
    bonus_fen: Option<Ordering<BigInt>>,
    /// The day it was revoked. 撤销日期
    revoked_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<HonourAwardStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The selection. 评选批次
    round: Option<Nested<HonourRoundWhere>>,
    /// The recommendation that it follows from. 对应的推荐
    nomination: Option<Nested<HonourNominationWhere>>,
    /// The person. 获奖个人
    worker: Option<Nested<WorkerWhere>>,
    /// The organisation, or that of the team. 获奖单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of honour awards can be sorted by.
///
/// 荣誉授予排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HonourAwardOrderField {
    /// The day it was conferred. 授予日期
    ConferredOn,
    /// The bonus. 奖金
    Bonus,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a honour award and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourAwardDetails {
    /// The recommendation that it follows from. 对应的推荐
    nomination_id: MaybeUndefined<Id<HonourNomination>>,
    /// The person. 获奖个人
    worker_id: MaybeUndefined<Id<Worker>>,
    /// The organisation, or that of the team. 获奖单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The team, where one is honoured. 班组名称
    team_name: MaybeUndefined<String>,
    /// The category, of a person. 人员类别
    category: MaybeUndefined<AwardeeCategory>,
    /// The document that confers it. 授予文号
    document_no: MaybeUndefined<String>,
    /// The bonus. 奖金
    bonus_fen: MaybeUndefined<BigInt>,
}

/// Confers a title of honour.
///
/// 授予荣誉。
#[derive(Clone, Debug, InputObject)]
pub struct HonourAwardConferInput {
    /// The selection. 评选批次
    round_id: Id<HonourRound>,
    /// Whether the title was won, or the nomination only. 入选类别
    rank: HonourRank,
    /// The day it was conferred. 授予日期
    conferred_on: Date,
    #[graphql(flatten)]
    details: HonourAwardDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a honour award: absent keeps, null clears, a value sets.
///
/// 更新荣誉授予：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct HonourAwardUpdateInput {
    /// The record. 记录编号
    id: Id<HonourAward>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Whether the title was won, or the nomination only. 入选类别
    rank: MaybeUndefined<HonourRank>,
    /// The day it was conferred. 授予日期
    conferred_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: HonourAwardDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("HonourAwardQueries") of HonourAward by HonourAwardBy, HonourAwardWhere, HonourAwardOrderField {
        /// One honour award; null when there is none that the caller may see. 查询一条荣誉授予
        honour_award = "honourAward",
        /// Honour awards, oldest record first unless told otherwise. 查询荣誉授予列表
        honour_awards = "honourAwards",
    }
}

writes! {
    Mutations("HonourAwardMutations") of HonourAward {
        /// Confers a title of honour. 授予荣誉
        honour_award_confer: HonourAwardConferInput => HonourAwardConfer = create,
        /// Changes a honour award. 更新荣誉授予
        honour_award_update: HonourAwardUpdateInput => HonourAwardUpdate = update,
    }
    upsert {
        /// Creates a honour award, or changes the one that has this external id. 按外部编号新增或更新荣誉授予
        honour_award_upsert: HonourAwardUpsert of HonourAwardConferInput, HonourAwardUpdateInput
    }
    archive {
        /// Archives a honour award: out of the lists, still there by id. 归档荣誉授予
        honour_award_archive: HonourAwardArchive
    }
    restore {
        /// Brings back an archived honour award. 恢复荣誉授予
        honour_award_restore: HonourAwardRestore
    }
}

steps! {
    Steps("HonourAwardSteps") of HonourAward {
        /// Revokes the honour. 撤销荣誉
        honour_award_revoke: HonourAwardRevoke = HonourAwardStep::Revoke,
    }
}

groups! {
    /// Honour awards, counted by what they have in common: at most 1,000 groups. 按字段分组统计荣誉授予
    Groups("HonourAwardGroupQueries") of HonourAward by HonourAwardWhere in honour_award_groups: HonourAwardGroup by HonourAwardGroupField {
        /// The category, of a person. 人员类别
        Category = category: AwardeeCategory,
        /// Whether the title was won, or the nomination only. 入选类别
        Rank = rank: HonourRank,
        /// The state. 状态
        Status = status: HonourAwardStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// The bonuses together. 奖金合计
        bonus_total: Fen = BonusFen,
    }
}

#[ComplexObject]
impl HonourAward {
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

    /// The recommendation that it follows from; null when the caller may not see it. 对应的推荐
    async fn nomination(&self, ctx: &Context<'_>) -> Nullable<HonourNomination> {
        ctx.find(self.nomination_id).await
    }

    /// The person; null when the caller may not see it. 获奖个人
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(self.worker_id).await
    }

    /// The organisation, or that of the team; null when the caller may not see it. 获奖单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<HonourAwardStep> {
        machine::steps_from::<HonourAward>(EDGES, self.status)
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

impl Resource for HonourAward {
    const KIND: Kind = Kind::HonourAward;

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
                        "An honour is held by a person, an organisation or a team.",
                        "授予对象应为个人、单位或班组三者之一。",
                    )
                }),
            (row.worker_id.is_none() && row.employer_id.is_none()).then(|| {
                Violation::inconsistent(
                    "workerId",
                    "An honour is held by a person, an organisation or a team of one.",
                    "授予对象应为个人、单位或单位的班组。",
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
const EDGES: &[Edge<HonourAward>] =
    &[(HonourAwardStatus::Conferred, HonourAwardStep::Revoke, HonourAwardStatus::Revoked)];

impl Machine for HonourAward {
    type State = HonourAwardStatus;
    type Step = HonourAwardStep;

    fn edges(_row: &Model) -> &'static [Edge<HonourAward>] {
        EDGES
    }

    fn state(row: &Model) -> HonourAwardStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: HonourAwardStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: HonourAwardStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == HonourAwardStep::Revoke {
            draft.revoked_on = Set(Some(day));
        }
    }
}

impl Linked for HonourAward {
    type Where = HonourAwardWhere;
    type Order = HonourAwardOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "round" => Link::one::<HonourRound>(Column::RoundId),
            "nomination" => Link::one::<HonourNomination>(Column::NominationId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "openSteps" => machine::link(|it: &HonourAward| {
                machine::steps_from::<HonourAward>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for HonourAwardWhere {
    type Resource = HonourAward;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::TeamName, self.team_name)?
            .on(Column::Category, self.category)?
            .on(Column::Rank, self.rank)?
            .on(Column::DocumentNo, self.document_no)?
            .on(Column::ConferredOn, self.conferred_on)?
            .on(Column::BonusFen, self.bonus_fen)?
            .on(Column::RevokedOn, self.revoked_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::RoundId, self.round)?
            .to_one(Column::NominationId, self.nomination)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for HonourAwardOrderField {
    type Resource = HonourAward;

    fn column(self) -> Column {
        match self {
            HonourAwardOrderField::ConferredOn => Column::ConferredOn,
            HonourAwardOrderField::Bonus => Column::BonusFen,
            HonourAwardOrderField::CreatedAt => Column::CreatedAt,
            HonourAwardOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a honour award, as a mutation says it.
#[derive(Default)]
struct Essentials {
    round_id: MaybeUndefined<Id<HonourRound>>,
    rank: MaybeUndefined<HonourRank>,
    conferred_on: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: HonourAwardConferInput) -> Result<HonourAward> {
    let essentials = Essentials {
        round_id: MaybeUndefined::Value(input.round_id),
        rank: MaybeUndefined::Value(input.rank),
        conferred_on: MaybeUndefined::Value(input.conferred_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(HonourAwardStatus::Conferred);
    if !draft.bonus_fen.is_set() {
        draft.bonus_fen = Set(Fen(0));
    }
    if let Set(owner) = draft.round_id {
        let owner = work.find_current::<HonourRound>("roundId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<HonourAward>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: HonourAwardUpdateInput) -> Result<HonourAward> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { rank: input.rank, conferred_on: input.conferred_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<HonourAward>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: HonourAwardDetails,
) -> Result<ActiveModel> {
    work.refer("nominationId", details.nomination_id.value().copied()).await?;
    work.refer("workerId", details.worker_id.value().copied()).await?;
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        round_id: form.id("roundId", essentials.round_id),
        rank: form.plain("rank", essentials.rank),
        conferred_on: form.day("conferredOn", essentials.conferred_on),
        nomination_id: form.id_option(details.nomination_id),
        worker_id: form.id_option(details.worker_id),
        employer_id: form.id_option(details.employer_id),
        team_name: form.line_option("teamName", details.team_name, 200),
        category: form.plain_option(details.category),
        document_no: form.line_option("documentNo", details.document_no, 100),
        bonus_fen: form.fen("bonusFen", details.bonus_fen),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
