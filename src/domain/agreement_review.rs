use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::Days;
use entity::agreement_review::{ActiveModel, Column, Entity, Model, ReviewOpinion};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        collective_agreement::{CollectiveAgreement, CollectiveAgreementWhere},
        division::Division,
        external_id,
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The review of an agreement by the authority.
///
/// 集体合同审查备案。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::AgreementReview)))]
#[sea_orm(entity = "Entity")]
pub struct AgreementReview {
    /// The id. 编号
    pub id: Id<AgreementReview>,
    /// The authority. 审查机关
    pub authority_name: String,
    /// The day the authority received it. 收到日期
    pub received_on: Date,
    /// The last day to object: 15 days after it was received. 审查期限
    pub due_on: Option<Date>,
    /// The outcome; null while it goes on. 审查意见
    pub opinion: Option<ReviewOpinion>,
    /// The day of the outcome. 审查日期
    pub opinion_on: Option<Date>,
    /// The number of the written opinion. 审查意见书编号
    pub opinion_no: Option<String>,
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
    agreement_id: Id<CollectiveAgreement>,
}

/// Narrows a list of agreement reviews.
///
/// 集体合同审查筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct AgreementReviewWhere {
    /// All of these. 全部满足
    and: Option<Vec<AgreementReviewWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<AgreementReviewWhere>>,
    /// Not this. 不满足
    not: Option<Box<AgreementReviewWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The authority. 审查机关
    authority_name: Option<TextFilter>,
    /// The day the authority received it. 收到日期
    received_on: Option<Ordering<Date>>,
    /// The last day to object: 15 days after it was received. 审查期限
    due_on: Option<Ordering<Date>>,
    /// The outcome; null while it goes on. 审查意见
    opinion: Option<Equality<ReviewOpinion>>,
    /// The day of the outcome. 审查日期
    opinion_on: Option<Ordering<Date>>,
    /// The number of the written opinion. 审查意见书编号
    opinion_no: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The agreement. 集体合同
    agreement: Option<Nested<CollectiveAgreementWhere>>,
}

/// What a list of agreement reviews can be sorted by.
///
/// 集体合同审查排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AgreementReviewOrderField {
    /// The day the authority received it. 收到日期
    ReceivedOn,
    /// The last day to object: 15 days after it was received. 审查期限
    DueOn,
    /// The day of the outcome. 审查日期
    OpinionOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an agreement review and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AgreementReviewDetails {
    /// The outcome; null while it goes on. 审查意见
    opinion: MaybeUndefined<ReviewOpinion>,
    /// The day of the outcome. 审查日期
    opinion_on: MaybeUndefined<Date>,
    /// The number of the written opinion. 审查意见书编号
    opinion_no: MaybeUndefined<String>,
}

/// Opens a review.
///
/// 受理审查。
#[derive(Clone, Debug, InputObject)]
pub struct AgreementReviewOpenInput {
    /// The agreement. 集体合同
    agreement_id: Id<CollectiveAgreement>,
    /// The authority. 审查机关
    authority_name: String,
    /// The day the authority received it. 收到日期
    received_on: Date,
    #[graphql(flatten)]
    details: AgreementReviewDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an agreement review: absent keeps, null clears, a value sets.
///
/// 更新集体合同审查：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct AgreementReviewUpdateInput {
    /// The record. 记录编号
    id: Id<AgreementReview>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The authority. 审查机关
    authority_name: MaybeUndefined<String>,
    /// The day the authority received it. 收到日期
    received_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: AgreementReviewDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("AgreementReviewQueries") of AgreementReview by AgreementReviewBy, AgreementReviewWhere, AgreementReviewOrderField {
        /// One agreement review; null when there is none that the caller may see. 查询一条集体合同审查
        agreement_review = "agreementReview",
        /// Agreement reviews, oldest record first unless told otherwise. 查询集体合同审查列表
        agreement_reviews = "agreementReviews",
    }
}

writes! {
    Mutations("AgreementReviewMutations") of AgreementReview {
        /// Opens a review. 受理审查
        agreement_review_open: AgreementReviewOpenInput => AgreementReviewOpen = create,
        /// Changes an agreement review. 更新集体合同审查
        agreement_review_update: AgreementReviewUpdateInput => AgreementReviewUpdate = update,
    }
    upsert {
        /// Creates an agreement review, or changes the one that has this external id. 按外部编号新增或更新集体合同审查
        agreement_review_upsert: AgreementReviewUpsert of AgreementReviewOpenInput, AgreementReviewUpdateInput
    }
    archive {
        /// Archives an agreement review: out of the lists, still there by id. 归档集体合同审查
        agreement_review_archive: AgreementReviewArchive
    }
    restore {
        /// Brings back an archived agreement review. 恢复集体合同审查
        agreement_review_restore: AgreementReviewRestore
    }
}

groups! {
    /// Agreement reviews, counted by what they have in common: at most 1,000 groups. 按字段分组统计集体合同审查
    Groups("AgreementReviewGroupQueries") of AgreementReview by AgreementReviewWhere in agreement_review_groups: AgreementReviewGroup by AgreementReviewGroupField {
        /// The outcome; null while it goes on. 审查意见
        Opinion = opinion: ReviewOpinion,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl AgreementReview {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The agreement; null when the caller may not see it. 集体合同
    async fn agreement(&self, ctx: &Context<'_>) -> Nullable<CollectiveAgreement> {
        ctx.find(Some(self.agreement_id)).await
    }
}

impl Resource for AgreementReview {
    const KIND: Kind = Kind::AgreementReview;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            (row.opinion.is_some() != row.opinion_on.is_some()).then(|| {
                Violation::inconsistent(
                    "opinionOn",
                    "An outcome has its day.",
                    "审查意见须有日期。",
                )
            }),
            Violation::out_of_order("opinionOn", Some(row.received_on), row.opinion_on),
            (row.opinion == Some(ReviewOpinion::Objected)
                && row.opinion_on.is_some_and(|it| Some(it) > row.due_on))
            .then(|| {
                Violation::inconsistent(
                    "opinionOn",
                    "After 15 days nothing can be objected: the agreement is effective.",
                    "收到之日起15日内未提出异议，集体合同即行生效。",
                )
            }),
            (row.opinion == Some(ReviewOpinion::DeemedEffective)
                && row.opinion_on.is_some_and(|it| Some(it) <= row.due_on))
            .then(|| {
                Violation::inconsistent(
                    "opinionOn",
                    "An agreement is effective by itself only after the 15 days.",
                    "未提异议自行生效须满15日。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for AgreementReview {
    type Where = AgreementReviewWhere;
    type Order = AgreementReviewOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "agreement" => Link::one::<CollectiveAgreement>(Column::AgreementId),
            _ => return None,
        })
    }
}

/// For how long the authority can object (Labour Law art. 34).
const OBJECTION: Days = Days::new(15);

impl Filter for AgreementReviewWhere {
    type Resource = AgreementReview;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::AuthorityName, self.authority_name)?
            .on(Column::ReceivedOn, self.received_on)?
            .on(Column::DueOn, self.due_on)?
            .on(Column::Opinion, self.opinion)?
            .on(Column::OpinionOn, self.opinion_on)?
            .on(Column::OpinionNo, self.opinion_no)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::AgreementId, self.agreement)
    }
}

impl OrderField for AgreementReviewOrderField {
    type Resource = AgreementReview;

    fn column(self) -> Column {
        match self {
            AgreementReviewOrderField::ReceivedOn => Column::ReceivedOn,
            AgreementReviewOrderField::DueOn => Column::DueOn,
            AgreementReviewOrderField::OpinionOn => Column::OpinionOn,
            AgreementReviewOrderField::CreatedAt => Column::CreatedAt,
            AgreementReviewOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an agreement review, as a mutation says it.
#[derive(Default)]
struct Essentials {
    agreement_id: MaybeUndefined<Id<CollectiveAgreement>>,
    authority_name: MaybeUndefined<String>,
    received_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: AgreementReviewOpenInput,
) -> Result<AgreementReview> {
    let essentials = Essentials {
        agreement_id: MaybeUndefined::Value(input.agreement_id),
        authority_name: MaybeUndefined::Value(input.authority_name),
        received_on: MaybeUndefined::Value(input.received_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.agreement_id {
        let owner = work.find_current::<CollectiveAgreement>("agreementId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    if let Set(received) = draft.received_on {
        draft.due_on = Set(received.checked_add_days(OBJECTION));
    }
    work.create::<AgreementReview>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: AgreementReviewUpdateInput,
) -> Result<AgreementReview> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        authority_name: input.authority_name,
        received_on: input.received_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<AgreementReview>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: AgreementReviewDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        agreement_id: form.id("agreementId", essentials.agreement_id),
        authority_name: form.line("authorityName", essentials.authority_name, 200),
        received_on: form.day("receivedOn", essentials.received_on),
        opinion: form.plain_option(details.opinion),
        opinion_on: form.day_option(details.opinion_on),
        opinion_no: form.line_option("opinionNo", details.opinion_no, 100),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
