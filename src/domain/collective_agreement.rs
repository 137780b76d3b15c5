use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    agreement_party, agreement_review,
    collective_agreement::{
        ActiveModel, AgreementScope, AgreementSubject, CollectiveAgreementStatus,
        CollectiveAgreementStep, Column, Entity, Model,
    },
    state_transition,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        agreement_party::{AgreementParty, AgreementPartyOrderField, AgreementPartyWhere},
        agreement_review::{AgreementReview, AgreementReviewOrderField, AgreementReviewWhere},
        division::Division,
        external_id,
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Ordering,
        TextFilter,
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

/// An agreement between a union and employers.
///
/// 集体合同。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CollectiveAgreement)))]
#[sea_orm(entity = "Entity")]
pub struct CollectiveAgreement {
    /// The id. 编号
    pub id: Id<CollectiveAgreement>,
    /// The title. 标题
    pub title: String,
    /// The scope. 范围
    pub scope: AgreementScope,
    /// What it is about. 类别
    pub subject: AgreementSubject,
    /// How many workers it covers. 覆盖职工人数
    pub coverage_heads: i32,
    /// By how much wages rise, in hundredths of a percent. 工资增幅（万分之一）
    pub raise_centi: Option<i32>,
    /// The day it was signed. 签订日期
    pub signed_on: Option<Date>,
    /// The day it was published. 公布日期
    pub published_on: Option<Date>,
    /// The first day of its term. 开始日期
    pub started_on: Option<Date>,
    /// The last day of its term. 结束日期
    pub ended_on: Option<Date>,
    /// The state. 状态
    pub status: CollectiveAgreementStatus,
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
}

/// Narrows a list of collective agreements.
///
/// 集体合同筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CollectiveAgreementWhere {
    /// All of these. 全部满足
    and: Option<Vec<CollectiveAgreementWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CollectiveAgreementWhere>>,
    /// Not this. 不满足
    not: Option<Box<CollectiveAgreementWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The scope. 范围
    scope: Option<Equality<AgreementScope>>,
    /// What it is about. 类别
    subject: Option<Equality<AgreementSubject>>,
    /// How many workers it covers. 覆盖职工人数
    coverage_heads: Option<Ordering<i32>>,
    /// By how much wages rise, in hundredths of a percent. 工资增幅（万分之一）
    raise_centi: Option<Ordering<i32>>,
    /// The day it was signed. 签订日期
    signed_on: Option<Ordering<Date>>,
    /// The day it was published. 公布日期
    published_on: Option<Ordering<Date>>,
    /// The first day of its term. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day of its term. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<CollectiveAgreementStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// Its parties. 当事方
    parties: Option<ListFilter<AgreementPartyWhere>>,
    /// Its reviews. 审查备案
    reviews: Option<ListFilter<AgreementReviewWhere>>,
}

/// What a list of collective agreements can be sorted by.
///
/// 集体合同排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CollectiveAgreementOrderField {
    /// The title. 标题
    Title,
    /// How many workers it covers. 覆盖职工人数
    CoverageHeads,
    /// The day it was signed. 签订日期
    SignedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a collective agreement and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CollectiveAgreementDetails {
    /// By how much wages rise, in hundredths of a percent. 工资增幅（万分之一）
    raise_centi: MaybeUndefined<i32>,
    /// The first day of its term. 开始日期
    started_on: MaybeUndefined<Date>,
    /// The last day of its term. 结束日期
    ended_on: MaybeUndefined<Date>,
}

/// Enters the offer to negotiate.
///
/// 登记协商要约。
#[derive(Clone, Debug, InputObject)]
pub struct CollectiveAgreementOfferInput {
    /// The title. 标题
    title: String,
    /// The scope. 范围
    scope: AgreementScope,
    /// What it is about. 类别
    subject: AgreementSubject,
    /// How many workers it covers. 覆盖职工人数
    coverage_heads: i32,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: CollectiveAgreementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a collective agreement: absent keeps, null clears, a value sets.
///
/// 更新集体合同：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CollectiveAgreementUpdateInput {
    /// The record. 记录编号
    id: Id<CollectiveAgreement>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// How many workers it covers. 覆盖职工人数
    coverage_heads: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: CollectiveAgreementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CollectiveAgreementQueries") of CollectiveAgreement by CollectiveAgreementBy, CollectiveAgreementWhere, CollectiveAgreementOrderField {
        /// One collective agreement; null when there is none that the caller may see. 查询一条集体合同
        collective_agreement = "collectiveAgreement",
        /// Collective agreements, oldest record first unless told otherwise. 查询集体合同列表
        collective_agreements = "collectiveAgreements",
    }
}

writes! {
    Mutations("CollectiveAgreementMutations") of CollectiveAgreement {
        /// Enters the offer to negotiate. 登记协商要约
        collective_agreement_offer: CollectiveAgreementOfferInput => CollectiveAgreementOffer = create,
        /// Changes a collective agreement. 更新集体合同
        collective_agreement_update: CollectiveAgreementUpdateInput => CollectiveAgreementUpdate = update,
    }
    upsert {
        /// Creates a collective agreement, or changes the one that has this external id. 按外部编号新增或更新集体合同
        collective_agreement_upsert: CollectiveAgreementUpsert of CollectiveAgreementOfferInput, CollectiveAgreementUpdateInput
    }
    archive {
        /// Archives a collective agreement: out of the lists, still there by id. 归档集体合同
        collective_agreement_archive: CollectiveAgreementArchive
    }
    restore {
        /// Brings back an archived collective agreement. 恢复集体合同
        collective_agreement_restore: CollectiveAgreementRestore
    }
}

steps! {
    Steps("CollectiveAgreementSteps") of CollectiveAgreement {
        /// Answers the offer, within 20 days. 应约（20日内）
        collective_agreement_answer: CollectiveAgreementAnswer = CollectiveAgreementStep::Answer,
        /// Begins to negotiate. 开始协商
        collective_agreement_negotiate: CollectiveAgreementNegotiate = CollectiveAgreementStep::Negotiate,
        /// Agrees on a draft. 达成草案
        collective_agreement_agree_draft: CollectiveAgreementAgreeDraft = CollectiveAgreementStep::AgreeDraft,
        /// The congress passes it. 职代会表决通过
        collective_agreement_pass_congress: CollectiveAgreementPassCongress = CollectiveAgreementStep::PassCongress,
        /// Signs it. 签订
        collective_agreement_sign: CollectiveAgreementSign = CollectiveAgreementStep::Sign,
        /// Submits it for review. 报送审查
        collective_agreement_submit: CollectiveAgreementSubmit = CollectiveAgreementStep::Submit,
        /// Sends it back for more materials. 退回补正
        collective_agreement_return_materials: CollectiveAgreementReturnMaterials = CollectiveAgreementStep::ReturnMaterials,
        /// Submits it again. 重新报送
        collective_agreement_resubmit: CollectiveAgreementResubmit = CollectiveAgreementStep::Resubmit,
        /// Registers it. 登记受理
        collective_agreement_register: CollectiveAgreementRegister = CollectiveAgreementStep::Register,
        /// Begins the review. 开始审查
        collective_agreement_review: CollectiveAgreementReview = CollectiveAgreementStep::Review,
        /// Objects to it. 提出异议
        collective_agreement_object: CollectiveAgreementObject = CollectiveAgreementStep::Object,
        /// Negotiates again. 重新协商
        collective_agreement_renegotiate: CollectiveAgreementRenegotiate = CollectiveAgreementStep::Renegotiate,
        /// Approves it. 审查通过
        collective_agreement_approve: CollectiveAgreementApprove = CollectiveAgreementStep::Approve,
        /// Finds it effective after 15 days without objection. 15日无异议生效
        collective_agreement_deem_effective: CollectiveAgreementDeemEffective = CollectiveAgreementStep::DeemEffective,
        /// Publishes it. 公布
        collective_agreement_publish: CollectiveAgreementPublish = CollectiveAgreementStep::Publish,
        /// Puts it into force. 开始履行
        collective_agreement_enter_into_force: CollectiveAgreementEnterIntoForce = CollectiveAgreementStep::EnterIntoForce,
        /// Begins to amend it. 开始变更
        collective_agreement_amend: CollectiveAgreementAmend = CollectiveAgreementStep::Amend,
        /// It expires within 60 days. 进入到期前60日
        collective_agreement_begin_expiry: CollectiveAgreementBeginExpiry = CollectiveAgreementStep::BeginExpiry,
        /// Renews it. 续签
        collective_agreement_renew: CollectiveAgreementRenew = CollectiveAgreementStep::Renew,
        /// It has expired. 到期
        collective_agreement_expire: CollectiveAgreementExpire = CollectiveAgreementStep::Expire,
        /// Terminates it. 终止
        collective_agreement_terminate: CollectiveAgreementTerminate = CollectiveAgreementStep::Terminate,
    }
}

groups! {
    /// Collective agreements, counted by what they have in common: at most 1,000 groups. 按字段分组统计集体合同
    Groups("CollectiveAgreementGroupQueries") of CollectiveAgreement by CollectiveAgreementWhere in collective_agreement_groups: CollectiveAgreementGroup by CollectiveAgreementGroupField {
        /// The scope. 范围
        Scope = scope: AgreementScope,
        /// What it is about. 类别
        Subject = subject: AgreementSubject,
        /// The state. 状态
        Status = status: CollectiveAgreementStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl CollectiveAgreement {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// Its parties. 当事方
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn parties(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            AgreementPartyWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<AgreementPartyOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<AgreementParty>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, agreement_party::Column::AgreementId, filter, order_by, page).await
    }

    /// Its reviews. 审查备案
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            AgreementReviewWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<AgreementReviewOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<AgreementReview>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, agreement_review::Column::AgreementId, filter, order_by, page).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<CollectiveAgreementStep> {
        machine::steps_from::<CollectiveAgreement>(EDGES, self.status)
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

impl Resource for CollectiveAgreement {
    const KIND: Kind = Kind::CollectiveAgreement;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", row.started_on, row.ended_on).into_iter().collect()
    }
}

/// The machine.
const EDGES: &[Edge<CollectiveAgreement>] = &[
    (
        CollectiveAgreementStatus::Offered,
        CollectiveAgreementStep::Answer,
        CollectiveAgreementStatus::Answered,
    ),
    (
        CollectiveAgreementStatus::Answered,
        CollectiveAgreementStep::Negotiate,
        CollectiveAgreementStatus::Negotiating,
    ),
    (
        CollectiveAgreementStatus::Negotiating,
        CollectiveAgreementStep::AgreeDraft,
        CollectiveAgreementStatus::DraftAgreed,
    ),
    (
        CollectiveAgreementStatus::DraftAgreed,
        CollectiveAgreementStep::PassCongress,
        CollectiveAgreementStatus::CongressPassed,
    ),
    (
        CollectiveAgreementStatus::CongressPassed,
        CollectiveAgreementStep::Sign,
        CollectiveAgreementStatus::Signed,
    ),
    (
        CollectiveAgreementStatus::Signed,
        CollectiveAgreementStep::Submit,
        CollectiveAgreementStatus::Submitted,
    ),
    (
        CollectiveAgreementStatus::Submitted,
        CollectiveAgreementStep::ReturnMaterials,
        CollectiveAgreementStatus::MaterialsReturned,
    ),
    (
        CollectiveAgreementStatus::MaterialsReturned,
        CollectiveAgreementStep::Resubmit,
        CollectiveAgreementStatus::Submitted,
    ),
    (
        CollectiveAgreementStatus::Submitted,
        CollectiveAgreementStep::Register,
        CollectiveAgreementStatus::Registered,
    ),
    (
        CollectiveAgreementStatus::Registered,
        CollectiveAgreementStep::Review,
        CollectiveAgreementStatus::UnderReview,
    ),
    (
        CollectiveAgreementStatus::UnderReview,
        CollectiveAgreementStep::Object,
        CollectiveAgreementStatus::Objected,
    ),
    (
        CollectiveAgreementStatus::Objected,
        CollectiveAgreementStep::Renegotiate,
        CollectiveAgreementStatus::Negotiating,
    ),
    (
        CollectiveAgreementStatus::UnderReview,
        CollectiveAgreementStep::Approve,
        CollectiveAgreementStatus::Approved,
    ),
    (
        CollectiveAgreementStatus::UnderReview,
        CollectiveAgreementStep::DeemEffective,
        CollectiveAgreementStatus::DeemedEffective,
    ),
    (
        CollectiveAgreementStatus::Approved,
        CollectiveAgreementStep::Publish,
        CollectiveAgreementStatus::Published,
    ),
    (
        CollectiveAgreementStatus::DeemedEffective,
        CollectiveAgreementStep::Publish,
        CollectiveAgreementStatus::Published,
    ),
    (
        CollectiveAgreementStatus::Published,
        CollectiveAgreementStep::EnterIntoForce,
        CollectiveAgreementStatus::InForce,
    ),
    (
        CollectiveAgreementStatus::InForce,
        CollectiveAgreementStep::Amend,
        CollectiveAgreementStatus::Amending,
    ),
    (
        CollectiveAgreementStatus::Amending,
        CollectiveAgreementStep::EnterIntoForce,
        CollectiveAgreementStatus::InForce,
    ),
    (
        CollectiveAgreementStatus::InForce,
        CollectiveAgreementStep::BeginExpiry,
        CollectiveAgreementStatus::Expiring,
    ),
    (
        CollectiveAgreementStatus::Expiring,
        CollectiveAgreementStep::Renew,
        CollectiveAgreementStatus::Renewed,
    ),
    (
        CollectiveAgreementStatus::Expiring,
        CollectiveAgreementStep::Expire,
        CollectiveAgreementStatus::Expired,
    ),
    (
        CollectiveAgreementStatus::InForce,
        CollectiveAgreementStep::Terminate,
        CollectiveAgreementStatus::Terminated,
    ),
    (
        CollectiveAgreementStatus::Amending,
        CollectiveAgreementStep::Terminate,
        CollectiveAgreementStatus::Terminated,
    ),
    (
        CollectiveAgreementStatus::Expiring,
        CollectiveAgreementStep::Terminate,
        CollectiveAgreementStatus::Terminated,
    ),
];

impl Machine for CollectiveAgreement {
    type State = CollectiveAgreementStatus;
    type Step = CollectiveAgreementStep;

    fn edges(_row: &Model) -> &'static [Edge<CollectiveAgreement>] {
        EDGES
    }

    fn state(row: &Model) -> CollectiveAgreementStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: CollectiveAgreementStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: CollectiveAgreementStep, day: NaiveDate, draft: &mut ActiveModel) {
        match step {
            CollectiveAgreementStep::Sign => draft.signed_on = Set(Some(day)),
            CollectiveAgreementStep::Publish => draft.published_on = Set(Some(day)),
            _ => {}
        }
    }
}

impl Linked for CollectiveAgreement {
    type Where = CollectiveAgreementWhere;
    type Order = CollectiveAgreementOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "parties" => Link::many::<AgreementParty>(agreement_party::Column::AgreementId),
            "reviews" => Link::many::<AgreementReview>(agreement_review::Column::AgreementId),
            "openSteps" => machine::link(|it: &CollectiveAgreement| {
                machine::steps_from::<CollectiveAgreement>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for CollectiveAgreementWhere {
    type Resource = CollectiveAgreement;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Scope, self.scope)?
            .on(Column::Subject, self.subject)?
            .on(Column::CoverageHeads, self.coverage_heads)?
            .on(Column::RaiseCenti, self.raise_centi)?
            .on(Column::SignedOn, self.signed_on)?
            .on(Column::PublishedOn, self.published_on)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, agreement_party::Column::AgreementId, self.parties)?
            .to_many(Column::Id, agreement_review::Column::AgreementId, self.reviews)
    }
}

impl OrderField for CollectiveAgreementOrderField {
    type Resource = CollectiveAgreement;

    fn column(self) -> Column {
        match self {
            CollectiveAgreementOrderField::Title => Column::Title,
            CollectiveAgreementOrderField::CoverageHeads => Column::CoverageHeads,
            CollectiveAgreementOrderField::SignedOn => Column::SignedOn,
            CollectiveAgreementOrderField::CreatedAt => Column::CreatedAt,
            CollectiveAgreementOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a collective agreement, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title: MaybeUndefined<String>,
    scope: MaybeUndefined<AgreementScope>,
    subject: MaybeUndefined<AgreementSubject>,
    coverage_heads: MaybeUndefined<i32>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CollectiveAgreementOfferInput,
) -> Result<CollectiveAgreement> {
    let essentials = Essentials {
        title: MaybeUndefined::Value(input.title),
        scope: MaybeUndefined::Value(input.scope),
        subject: MaybeUndefined::Value(input.subject),
        coverage_heads: MaybeUndefined::Value(input.coverage_heads),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(CollectiveAgreementStatus::Offered);
    work.create::<CollectiveAgreement>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CollectiveAgreementUpdateInput,
) -> Result<CollectiveAgreement> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        coverage_heads: input.coverage_heads,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CollectiveAgreement>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CollectiveAgreementDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title: form.line("title", essentials.title, 200),
        scope: form.plain("scope", essentials.scope),
        subject: form.plain("subject", essentials.subject),
        coverage_heads: form.number("coverageHeads", essentials.coverage_heads, 0..=100_000_000),
        division_code: form.value("divisionCode", essentials.division_code),
        raise_centi: form.number_option("raiseCenti", details.raise_centi, 0..=100_000),
        started_on: form.day_option(details.started_on),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
