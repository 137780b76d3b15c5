use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    dispute_case::DisputeCategory,
    dispute_claim::{ActiveModel, ClaimDecision, Column, Entity, Model},
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        dispute_case::{DisputeCase, DisputeCaseWhere, find_open},
        division::Division,
        external_id,
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A claim in a dispute. Amounts stand here, not on the case.
///
/// 争议请求，金额记于此处。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::DisputeClaim)))]
#[sea_orm(entity = "Entity")]
pub struct DisputeClaim {
    /// The id. 编号
    pub id: Id<DisputeClaim>,
    /// The category. 案由
    pub category: DisputeCategory,
    /// What is claimed. 请求金额
    #[graphql(name = "claimed")]
    pub claimed_fen: Fen,
    /// What was awarded. 裁决金额
    #[graphql(name = "awarded")]
    pub awarded_fen: Option<Fen>,
    /// What was paid. 已付金额
    #[graphql(name = "paid")]
    pub paid_fen: Option<Fen>,
    /// The first day of the period. 期间起
    pub period_from: Option<Date>,
    /// The last day of the period. 期间止
    pub period_to: Option<Date>,
    /// What was decided. 处理结果
    pub decision: ClaimDecision,
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
    case_id: Id<DisputeCase>,
    #[graphql(skip)]
    worker_id: Option<Id<Worker>>,
}

/// Narrows a list of claims.
///
/// 请求筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputeClaimWhere {
    /// All of these. 全部满足
    and: Option<Vec<DisputeClaimWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DisputeClaimWhere>>,
    /// Not this. 不满足
    not: Option<Box<DisputeClaimWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The category. 案由
    category: Option<Equality<DisputeCategory>>,
    /// What is claimed, in fen. 请求金额（分）
    claimed_fen: Option<Ordering<BigInt>>,
    /// What was decided. 处理结果
    decision: Option<Equality<ClaimDecision>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The case. 案件
    case: Option<Nested<DisputeCaseWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of claims can be sorted by.
///
/// 请求排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DisputeClaimOrderField {
    /// What is claimed, in fen. 请求金额（分）
    Claimed,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a claim and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputeClaimDetails {
    /// The worker. 职工
    worker_id: MaybeUndefined<Id<Worker>>,
    /// What was awarded, in fen. 裁决金额（分）
    awarded_fen: MaybeUndefined<BigInt>,
    /// What was paid, in fen. 已付金额（分）
    paid_fen: MaybeUndefined<BigInt>,
    /// The first day of the period. 期间起
    period_from: MaybeUndefined<Date>,
    /// The last day of the period. 期间止
    period_to: MaybeUndefined<Date>,
    /// What was decided; `PENDING` unless told otherwise. 处理结果
    decision: MaybeUndefined<ClaimDecision>,
}

/// Adds a claim to a case.
///
/// 新增请求。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeClaimAddInput {
    /// The case. 案件
    case_id: Id<DisputeCase>,
    /// The category. 案由
    category: DisputeCategory,
    /// What is claimed, in fen. 请求金额（分）
    claimed_fen: BigInt,
    #[graphql(flatten)]
    details: DisputeClaimDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a claim: absent keeps, null clears, a value sets.
///
/// 更新请求：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeClaimUpdateInput {
    /// The record. 记录编号
    id: Id<DisputeClaim>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The category. 案由
    category: MaybeUndefined<DisputeCategory>,
    /// What is claimed, in fen. 请求金额（分）
    claimed_fen: MaybeUndefined<BigInt>,
    #[graphql(flatten)]
    details: DisputeClaimDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

groups! {
    /// Claims, counted by what they have in common: at most 1,000 groups. 按字段分组统计请求
    Groups("DisputeClaimGroupQueries") of DisputeClaim by DisputeClaimWhere in dispute_claim_groups: DisputeClaimGroup by DisputeClaimGroupField {
        /// The category. 案由
        Category = category: DisputeCategory,
        /// What was decided. 处理结果
        Decision = decision: ClaimDecision,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// What is claimed together. 请求金额合计
        claimed_total: Fen = ClaimedFen,
        /// What was awarded together. 裁决金额合计
        awarded_total: Fen = AwardedFen,
        /// What was paid together. 已付金额合计
        paid_total: Fen = PaidFen,
    }
}

reads! {
    Queries("DisputeClaimQueries") of DisputeClaim by DisputeClaimBy, DisputeClaimWhere, DisputeClaimOrderField {
        /// One claim; null when there is none that the caller may see. 查询一条请求
        dispute_claim = "disputeClaim",
        /// Claims, oldest record first unless told otherwise. 查询请求列表
        dispute_claims = "disputeClaims",
    }
}

writes! {
    Mutations("DisputeClaimMutations") of DisputeClaim {
        /// Adds a claim to a case. 新增请求
        dispute_claim_add: DisputeClaimAddInput => DisputeClaimAdd = create,
        /// Changes a claim. 更新请求
        dispute_claim_update: DisputeClaimUpdateInput => DisputeClaimUpdate = update,
    }
    upsert {
        /// Creates a claim, or changes the one that has this external id. 按外部编号新增或更新请求
        dispute_claim_upsert: DisputeClaimUpsert of DisputeClaimAddInput, DisputeClaimUpdateInput
    }
    archive {
        /// Archives a claim: out of the lists, still there by id. 归档请求
        dispute_claim_archive: DisputeClaimArchive
    }
    restore {
        /// Brings back an archived claim. 恢复请求
        dispute_claim_restore: DisputeClaimRestore
    }
}

#[ComplexObject]
impl DisputeClaim {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The case; null when the caller may not see it. 案件
    async fn case(&self, ctx: &Context<'_>) -> Nullable<DisputeCase> {
        ctx.find(Some(self.case_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(self.worker_id).await
    }
}

impl Resource for DisputeClaim {
    const KIND: Kind = Kind::DisputeClaim;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("periodTo", row.period_from, row.period_to).into_iter().collect()
    }
}

impl Linked for DisputeClaim {
    type Where = DisputeClaimWhere;
    type Order = DisputeClaimOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for DisputeClaimWhere {
    type Resource = DisputeClaim;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Category, self.category)?
            .on(Column::ClaimedFen, self.claimed_fen)?
            .on(Column::Decision, self.decision)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CaseId, self.case)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for DisputeClaimOrderField {
    type Resource = DisputeClaim;

    fn column(self) -> Column {
        match self {
            DisputeClaimOrderField::Claimed => Column::ClaimedFen,
            DisputeClaimOrderField::CreatedAt => Column::CreatedAt,
            DisputeClaimOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a claim, as a mutation says it.
#[derive(Default)]
struct Essentials {
    case_id: MaybeUndefined<Id<DisputeCase>>,
    category: MaybeUndefined<DisputeCategory>,
    claimed_fen: MaybeUndefined<BigInt>,
}

async fn create(work: &mut UnitOfWork<'_>, input: DisputeClaimAddInput) -> Result<DisputeClaim> {
    let essentials = Essentials {
        case_id: MaybeUndefined::Value(input.case_id),
        category: MaybeUndefined::Value(input.category),
        claimed_fen: MaybeUndefined::Value(input.claimed_fen),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: DisputeClaimUpdateInput) -> Result<DisputeClaim> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        category: input.category,
        claimed_fen: input.claimed_fen,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<DisputeClaim>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<DisputeClaim> {
    if !draft.decision.is_set() {
        draft.decision = Set(ClaimDecision::Pending);
    }
    if let Set(owner) = draft.case_id {
        let owner = find_open(work, owner).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<DisputeClaim>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: DisputeClaimDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", details.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        case_id: form.id("caseId", essentials.case_id),
        category: form.plain("category", essentials.category),
        claimed_fen: form.fen("claimedFen", essentials.claimed_fen),
        worker_id: form.id_option(details.worker_id),
        awarded_fen: form.fen_option("awardedFen", details.awarded_fen),
        paid_fen: form.fen_option("paidFen", details.paid_fen),
        period_from: form.day_option(details.period_from),
        period_to: form.day_option(details.period_to),
        decision: form.plain("decision", details.decision),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
