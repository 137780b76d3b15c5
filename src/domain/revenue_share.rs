use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::revenue_share::{ActiveModel, Column, Entity, ShareBasis};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        conversion_agreement::{ConversionAgreement, ConversionAgreementWhere},
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

/// What a person gets of the revenue of an achievement.
///
/// 成果转化收益分配。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::RevenueShare)))]
#[sea_orm(entity = "Entity")]
pub struct RevenueShare {
    /// The id. 编号
    pub id: Id<RevenueShare>,
    /// What it rests on. 分配依据
    pub basis: ShareBasis,
    /// The share in hundredths of a percent. 比例（万分之一）
    pub percent_centi: i32,
    /// What was paid. 已付金额
    #[graphql(name = "paid")]
    pub paid_fen: Fen,
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
    agreement_id: Id<ConversionAgreement>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of revenue shares.
///
/// 收益分配筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct RevenueShareWhere {
    /// All of these. 全部满足
    and: Option<Vec<RevenueShareWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<RevenueShareWhere>>,
    /// Not this. 不满足
    not: Option<Box<RevenueShareWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What it rests on. 分配依据
    basis: Option<Equality<ShareBasis>>,
    /// The share in hundredths of a percent. 比例（万分之一）
    percent_centi: Option<Ordering<i32>>,
    /// What was paid, in fen. 已付金额（分）
    paid_fen: Option<Ordering<BigInt>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The agreement. 成果转化协议
    agreement: Option<Nested<ConversionAgreementWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of revenue shares can be sorted by.
///
/// 收益分配排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RevenueShareOrderField {
    /// The share in hundredths of a percent. 比例（万分之一）
    PercentCenti,
    /// What was paid. 已付金额
    Paid,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a revenue share and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RevenueShareDetails {
    /// What was paid. 已付金额
    paid_fen: MaybeUndefined<BigInt>,
}

/// Adds a share.
///
/// 新增收益分配。
#[derive(Clone, Debug, InputObject)]
pub struct RevenueShareAddInput {
    /// The agreement. 成果转化协议
    agreement_id: Id<ConversionAgreement>,
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// What it rests on. 分配依据
    basis: ShareBasis,
    /// The share in hundredths of a percent. 比例（万分之一）
    percent_centi: i32,
    #[graphql(flatten)]
    details: RevenueShareDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a revenue share: absent keeps, null clears, a value sets.
///
/// 更新收益分配：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct RevenueShareUpdateInput {
    /// The record. 记录编号
    id: Id<RevenueShare>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What it rests on. 分配依据
    basis: MaybeUndefined<ShareBasis>,
    /// The share in hundredths of a percent. 比例（万分之一）
    percent_centi: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: RevenueShareDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("RevenueShareQueries") of RevenueShare by RevenueShareBy, RevenueShareWhere, RevenueShareOrderField {
        /// One revenue share; null when there is none that the caller may see. 查询一条收益分配
        revenue_share = "revenueShare",
        /// Revenue shares, oldest record first unless told otherwise. 查询收益分配列表
        revenue_shares = "revenueShares",
    }
}

writes! {
    Mutations("RevenueShareMutations") of RevenueShare {
        /// Adds a share. 新增收益分配
        revenue_share_add: RevenueShareAddInput => RevenueShareAdd = create,
        /// Changes a revenue share. 更新收益分配
        revenue_share_update: RevenueShareUpdateInput => RevenueShareUpdate = update,
    }
    upsert {
        /// Creates a revenue share, or changes the one that has this external id. 按外部编号新增或更新收益分配
        revenue_share_upsert: RevenueShareUpsert of RevenueShareAddInput, RevenueShareUpdateInput
    }
    archive {
        /// Archives a revenue share: out of the lists, still there by id. 归档收益分配
        revenue_share_archive: RevenueShareArchive
    }
    restore {
        /// Brings back an archived revenue share. 恢复收益分配
        revenue_share_restore: RevenueShareRestore
    }
}

#[ComplexObject]
impl RevenueShare {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The agreement; null when the caller may not see it. 成果转化协议
    async fn agreement(&self, ctx: &Context<'_>) -> Nullable<ConversionAgreement> {
        ctx.find(Some(self.agreement_id)).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for RevenueShare {
    const KIND: Kind = Kind::RevenueShare;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for RevenueShare {
    type Where = RevenueShareWhere;
    type Order = RevenueShareOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "agreement" => Link::one::<ConversionAgreement>(Column::AgreementId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for RevenueShareWhere {
    type Resource = RevenueShare;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Basis, self.basis)?
            .on(Column::PercentCenti, self.percent_centi)?
            .on(Column::PaidFen, self.paid_fen)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::AgreementId, self.agreement)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for RevenueShareOrderField {
    type Resource = RevenueShare;

    fn column(self) -> Column {
        match self {
            RevenueShareOrderField::PercentCenti => Column::PercentCenti,
            RevenueShareOrderField::Paid => Column::PaidFen,
            RevenueShareOrderField::CreatedAt => Column::CreatedAt,
            RevenueShareOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a revenue share, as a mutation says it.
#[derive(Default)]
struct Essentials {
    agreement_id: MaybeUndefined<Id<ConversionAgreement>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    basis: MaybeUndefined<ShareBasis>,
    percent_centi: MaybeUndefined<i32>,
}

async fn create(work: &mut UnitOfWork<'_>, input: RevenueShareAddInput) -> Result<RevenueShare> {
    let essentials = Essentials {
        agreement_id: MaybeUndefined::Value(input.agreement_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        basis: MaybeUndefined::Value(input.basis),
        percent_centi: MaybeUndefined::Value(input.percent_centi),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if !draft.paid_fen.is_set() {
        draft.paid_fen = Set(Fen(0));
    }
    if let Set(owner) = draft.agreement_id {
        let owner = work.find_current::<ConversionAgreement>("agreementId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<RevenueShare>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: RevenueShareUpdateInput) -> Result<RevenueShare> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        basis: input.basis,
        percent_centi: input.percent_centi,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<RevenueShare>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: RevenueShareDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        agreement_id: form.id("agreementId", essentials.agreement_id),
        worker_id: form.id("workerId", essentials.worker_id),
        basis: form.plain("basis", essentials.basis),
        percent_centi: form.number("percentCenti", essentials.percent_centi, 0..=10_000),
        paid_fen: form.fen("paidFen", details.paid_fen),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
