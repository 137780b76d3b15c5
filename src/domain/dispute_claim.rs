use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use entity::{
    dispute_case::DisputeCategory,
    dispute_claim::{ActiveModel, ClaimDecision, Column, Entity, Model},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    aggregate::groups,
    connection::Connection,
    context::{ContextExt, Nullable, payload},
    directive::{requires, to_read, to_write},
    domain::{
        dispute_case::{DisputeCase, DisputeCaseWhere, find_open},
        division::Division,
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Ordering},
    form::Form,
    kind::Kind,
    link::{Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    repository::Repository,
    resource::{Id, Resource},
    unit_of_work::{UnitOfWork, WriteOptions},
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

/// What names one claim: exactly one of these.
///
/// 定位一条请求记录的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum DisputeClaimBy {
    /// The id. 编号
    Id(Id<DisputeClaim>),
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
    case: Option<Box<DisputeCaseWhere>>,
    /// The worker. 职工
    worker: Option<Box<WorkerWhere>>,
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
    options: WriteOptions,
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
    options: WriteOptions,
}

/// Archives a claim.
///
/// 归档请求。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeClaimArchiveInput {
    /// The record. 记录编号
    id: Id<DisputeClaim>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Brings back an archived claim.
///
/// 恢复已归档的请求。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeClaimRestoreInput {
    /// The record. 记录编号
    id: Id<DisputeClaim>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    options: WriteOptions,
}

payload!(DisputeClaimAddPayload { dispute_claim: DisputeClaim });
payload!(DisputeClaimUpdatePayload { dispute_claim: DisputeClaim });
payload!(DisputeClaimArchivePayload { dispute_claim: DisputeClaim });
payload!(DisputeClaimRestorePayload { dispute_claim: DisputeClaim });

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

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "DisputeClaimQueries")]
impl Queries {
    /// One claim; null when there is none that the caller may see. 查询一条请求
    async fn dispute_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it. 定位条件")] by: DisputeClaimBy,
    ) -> Nullable<DisputeClaim> {
        ctx.find_by(by).await
    }

    /// Claims, oldest record first unless told otherwise. 查询请求列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn dispute_claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            DisputeClaimWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DisputeClaimOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<DisputeClaim>> {
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "DisputeClaimMutations")]
impl Mutations {
    /// Adds a claim to a case. 新增请求
    #[graphql(directive = requires::apply(to_write(Kind::DisputeClaim)))]
    async fn dispute_claim_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeClaimAddInput,
    ) -> Nullable<DisputeClaimAddPayload> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeClaim, options, input, |work, it| Box::pin(create(work, it)))
                .await,
        )
    }

    /// Changes a claim. 更新请求
    #[graphql(directive = requires::apply(to_write(Kind::DisputeClaim)))]
    async fn dispute_claim_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeClaimUpdateInput,
    ) -> Nullable<DisputeClaimUpdatePayload> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeClaim, options, input, |work, it| Box::pin(update(work, it)))
                .await,
        )
    }

    /// Archives a claim: out of the lists, still there by id. 归档请求
    #[graphql(directive = requires::apply(to_write(Kind::DisputeClaim)))]
    async fn dispute_claim_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeClaimArchiveInput,
    ) -> Nullable<DisputeClaimArchivePayload> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeClaim, options, input, |work, it| {
                Box::pin(work.archive_version(it.id, it.expected_version))
            })
            .await,
        )
    }

    /// Brings back an archived claim. 恢复请求
    #[graphql(directive = requires::apply(to_write(Kind::DisputeClaim)))]
    async fn dispute_claim_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DisputeClaimRestoreInput,
    ) -> Nullable<DisputeClaimRestorePayload> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::DisputeClaim, options, input, |work, it| {
                Box::pin(work.restore_version(it.id, it.expected_version))
            })
            .await,
        )
    }
}

#[ComplexObject]
impl DisputeClaim {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
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
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Root for DisputeClaim {
    type By = DisputeClaimBy;

    const ONE: &'static str = "disputeClaim";
    const MANY: &'static str = "disputeClaims";
}

impl Key for DisputeClaimBy {
    type Resource = DisputeClaim;

    fn condition(self, _: &Repository) -> Result<Condition> {
        Ok(match self {
            DisputeClaimBy::Id(id) => Column::Id.eq(id.uuid()).into(),
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
