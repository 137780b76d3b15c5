use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    conversion_agreement::{ActiveModel, AgreementKind, Column, ConversionMode, Entity, Model},
    revenue_share,
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
        external_id,
        innovation_achievement::{InnovationAchievement, InnovationAchievementWhere},
        revenue_share::{RevenueShare, RevenueShareOrderField, RevenueShareWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An agreement on the use of an achievement: an intent, a framework or a contract.
///
/// 成果转化协议。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::ConversionAgreement)))]
#[sea_orm(entity = "Entity")]
pub struct ConversionAgreement {
    /// The id. 编号
    pub id: Id<ConversionAgreement>,
    /// The other party. 对方单位
    pub counterparty_name: String,
    /// How binding it is. 协议类别
    pub kind: AgreementKind,
    /// The mode. 转化方式
    pub mode: ConversionMode,
    /// The amount that is intended or agreed. 意向或约定金额
    #[graphql(name = "amount")]
    pub amount_fen: Fen,
    /// The day it was signed. 签订日期
    pub signed_on: Date,
    /// The amount that was received. 到账金额
    #[graphql(name = "received")]
    pub received_fen: Fen,
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
    achievement_id: Id<InnovationAchievement>,
}

/// Narrows a list of conversion agreements.
///
/// 成果转化协议筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ConversionAgreementWhere {
    /// All of these. 全部满足
    and: Option<Vec<ConversionAgreementWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ConversionAgreementWhere>>,
    /// Not this. 不满足
    not: Option<Box<ConversionAgreementWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The other party. 对方单位
    counterparty_name: Option<TextFilter>,
    /// How binding it is. 协议类别
    kind: Option<Equality<AgreementKind>>,
    /// The mode. 转化方式
    mode: Option<Equality<ConversionMode>>,
    /// The amount that is intended or agreed, in fen. 意向或约定金额（分）
    amount_fen: Option<Ordering<BigInt>>,
    /// The day it was signed. 签订日期
    signed_on: Option<Ordering<Date>>,
    /// The amount that was received, in fen. 到账金额（分）
    received_fen: Option<Ordering<BigInt>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The achievement. 创新成果
    achievement: Option<Nested<InnovationAchievementWhere>>,
    /// How the revenue is shared. 收益分配
    shares: Option<ListFilter<RevenueShareWhere>>,
}

/// What a list of conversion agreements can be sorted by.
///
/// 成果转化协议排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ConversionAgreementOrderField {
    /// The amount that is intended or agreed. 意向或约定金额
    Amount,
    /// The day it was signed. 签订日期
    SignedOn,
    /// The amount that was received. 到账金额
    Received,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a conversion agreement and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ConversionAgreementDetails {
    /// The amount that was received. 到账金额
    received_fen: MaybeUndefined<BigInt>,
}

/// Enters an agreement.
///
/// 登记成果转化协议。
#[derive(Clone, Debug, InputObject)]
pub struct ConversionAgreementSignInput {
    /// The achievement. 创新成果
    achievement_id: Id<InnovationAchievement>,
    /// The other party. 对方单位
    counterparty_name: String,
    /// How binding it is. 协议类别
    kind: AgreementKind,
    /// The mode. 转化方式
    mode: ConversionMode,
    /// The amount that is intended or agreed. 意向或约定金额
    amount_fen: BigInt,
    /// The day it was signed. 签订日期
    signed_on: Date,
    #[graphql(flatten)]
    details: ConversionAgreementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a conversion agreement: absent keeps, null clears, a value sets.
///
/// 更新成果转化协议：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ConversionAgreementUpdateInput {
    /// The record. 记录编号
    id: Id<ConversionAgreement>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The other party. 对方单位
    counterparty_name: MaybeUndefined<String>,
    /// The mode. 转化方式
    mode: MaybeUndefined<ConversionMode>,
    /// The amount that is intended or agreed. 意向或约定金额
    amount_fen: MaybeUndefined<BigInt>,
    /// The day it was signed. 签订日期
    signed_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: ConversionAgreementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ConversionAgreementQueries") of ConversionAgreement by ConversionAgreementBy, ConversionAgreementWhere, ConversionAgreementOrderField {
        /// One conversion agreement; null when there is none that the caller may see. 查询一条成果转化协议
        conversion_agreement = "conversionAgreement",
        /// Conversion agreements, oldest record first unless told otherwise. 查询成果转化协议列表
        conversion_agreements = "conversionAgreements",
    }
}

writes! {
    Mutations("ConversionAgreementMutations") of ConversionAgreement {
        /// Enters an agreement. 登记成果转化协议
        conversion_agreement_sign: ConversionAgreementSignInput => ConversionAgreementSign = create,
        /// Changes a conversion agreement. 更新成果转化协议
        conversion_agreement_update: ConversionAgreementUpdateInput => ConversionAgreementUpdate = update,
    }
    upsert {
        /// Creates a conversion agreement, or changes the one that has this external id. 按外部编号新增或更新成果转化协议
        conversion_agreement_upsert: ConversionAgreementUpsert of ConversionAgreementSignInput, ConversionAgreementUpdateInput
    }
    archive {
        /// Archives a conversion agreement: out of the lists, still there by id. 归档成果转化协议
        conversion_agreement_archive: ConversionAgreementArchive
    }
    restore {
        /// Brings back an archived conversion agreement. 恢复成果转化协议
        conversion_agreement_restore: ConversionAgreementRestore
    }
}

groups! {
    /// Conversion agreements, counted by what they have in common: at most 1,000 groups. 按字段分组统计成果转化协议
    Groups("ConversionAgreementGroupQueries") of ConversionAgreement by ConversionAgreementWhere in conversion_agreement_groups: ConversionAgreementGroup by ConversionAgreementGroupField {
        /// How binding it is. 协议类别
        Kind = kind: AgreementKind,
        /// The mode. 转化方式
        Mode = mode: ConversionMode,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// The amounts together: of one kind only, or it says nothing. 金额合计（不同类别不应相加）
        amount_total: Fen = AmountFen,
    }
}

#[ComplexObject]
impl ConversionAgreement {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The achievement; null when the caller may not see it. 创新成果
    async fn achievement(&self, ctx: &Context<'_>) -> Nullable<InnovationAchievement> {
        ctx.find(Some(self.achievement_id)).await
    }

    /// How the revenue is shared. 收益分配
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn shares(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            RevenueShareWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<RevenueShareOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<RevenueShare>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, revenue_share::Column::AgreementId, filter, order_by, page).await
    }
}

impl Resource for ConversionAgreement {
    const KIND: Kind = Kind::ConversionAgreement;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        (row.kind != AgreementKind::Contract && row.received_fen != Fen(0))
            .then(|| {
                Violation::inconsistent(
                    "receivedFen",
                    "Only a contract brings money.",
                    "仅合同可有到账金额。",
                )
            })
            .into_iter()
            .collect()
    }
}

impl Linked for ConversionAgreement {
    type Where = ConversionAgreementWhere;
    type Order = ConversionAgreementOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "achievement" => Link::one::<InnovationAchievement>(Column::AchievementId),
            "shares" => Link::many::<RevenueShare>(revenue_share::Column::AgreementId),
            _ => return None,
        })
    }
}

impl Filter for ConversionAgreementWhere {
    type Resource = ConversionAgreement;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::CounterpartyName, self.counterparty_name)?
            .on(Column::Kind, self.kind)?
            .on(Column::Mode, self.mode)?
            .on(Column::AmountFen, self.amount_fen)?
            .on(Column::SignedOn, self.signed_on)?
            .on(Column::ReceivedFen, self.received_fen)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::AchievementId, self.achievement)?
            .to_many(Column::Id, revenue_share::Column::AgreementId, self.shares)
    }
}

impl OrderField for ConversionAgreementOrderField {
    type Resource = ConversionAgreement;

    fn column(self) -> Column {
        match self {
            ConversionAgreementOrderField::Amount => Column::AmountFen,
            ConversionAgreementOrderField::SignedOn => Column::SignedOn,
            ConversionAgreementOrderField::Received => Column::ReceivedFen,
            ConversionAgreementOrderField::CreatedAt => Column::CreatedAt,
            ConversionAgreementOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a conversion agreement, as a mutation says it.
#[derive(Default)]
struct Essentials {
    achievement_id: MaybeUndefined<Id<InnovationAchievement>>,
    counterparty_name: MaybeUndefined<String>,
    kind: MaybeUndefined<AgreementKind>,
    mode: MaybeUndefined<ConversionMode>,
    amount_fen: MaybeUndefined<BigInt>,
    signed_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: ConversionAgreementSignInput,
) -> Result<ConversionAgreement> {
    let essentials = Essentials {
        achievement_id: MaybeUndefined::Value(input.achievement_id),
        counterparty_name: MaybeUndefined::Value(input.counterparty_name),
        kind: MaybeUndefined::Value(input.kind),
        mode: MaybeUndefined::Value(input.mode),
        amount_fen: MaybeUndefined::Value(input.amount_fen),
        signed_on: MaybeUndefined::Value(input.signed_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if !draft.received_fen.is_set() {
        draft.received_fen = Set(Fen(0));
    }
    if let Set(owner) = draft.achievement_id {
        let owner =
            work.find_current::<InnovationAchievement>("achievementId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<ConversionAgreement>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: ConversionAgreementUpdateInput,
) -> Result<ConversionAgreement> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        counterparty_name: input.counterparty_name,
        mode: input.mode,
        amount_fen: input.amount_fen,
        signed_on: input.signed_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<ConversionAgreement>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ConversionAgreementDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        achievement_id: form.id("achievementId", essentials.achievement_id),
        counterparty_name: form.line("counterpartyName", essentials.counterparty_name, 200),
        kind: form.plain("kind", essentials.kind),
        mode: form.plain("mode", essentials.mode),
        amount_fen: form.fen("amountFen", essentials.amount_fen),
        signed_on: form.day("signedOn", essentials.signed_on),
        received_fen: form.fen("receivedFen", details.received_fen),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
