use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use entity::{
    employer::{ActiveModel, Column, EmployerStatus, Entity, OwnershipGroup},
    employment_relation, union_organization, worker,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DerivePartialModel,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{CreditCode, DateTime, DivisionCode, IndustryCode, Unchecked, text};

use crate::{
    Result,
    batch::{self, ErrorPolicy},
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    domain::{
        agreement_party::{AgreementParty, AgreementPartyOrderField, AgreementPartyWhere},
        disclosure_item::{DisclosureItem, DisclosureItemOrderField, DisclosureItemWhere},
        division::Division,
        employee_director::{EmployeeDirector, EmployeeDirectorOrderField, EmployeeDirectorWhere},
        employment_relation::{
            EmploymentRelation, EmploymentRelationOrderField, EmploymentRelationWhere,
        },
        external_id,
        organization_coverage::{
            OrganizationCoverage, OrganizationCoverageOrderField, OrganizationCoverageWhere,
        },
        pay_reform_measure::{PayReformMeasure, PayReformMeasureOrderField, PayReformMeasureWhere},
        pilot_unit::{PilotUnit, PilotUnitOrderField, PilotUnitWhere},
        skill_evaluation_institution::{
            SkillEvaluationInstitution, SkillEvaluationInstitutionOrderField,
            SkillEvaluationInstitutionWhere,
        },
        union_legal_notice::{UnionLegalNotice, UnionLegalNoticeOrderField, UnionLegalNoticeWhere},
        union_organization::{
            UnionOrganization, UnionOrganizationOrderField, UnionOrganizationWhere,
        },
        worker::{Worker, WorkerOrderField, WorkerWhere},
        workers_congress::{WorkersCongress, WorkersCongressOrderField, WorkersCongressWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Criterion, Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    operation::{self, Payload, RecordInput},
    repository::Repository,
    resource::{Id, Resource},
    shell::{groups, operation, payload, planned},
    unit_of_work::{Claim, ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// An employing unit: an enterprise, an institution, a public body.
///
/// 用人单位。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Employer)))]
#[sea_orm(entity = "Entity")]
pub struct Employer {
    /// The id. 编号
    pub id: Id<Employer>,
    /// The name. 名称
    pub name: String,
    /// The unified social credit code, GB 32100. 统一社会信用代码
    pub credit_code: Option<CreditCode>,
    /// The industry, GB/T 4754, such as `C3714`. 行业代码
    pub industry_code: Option<IndustryCode>,
    /// The kind of ownership. 所有制类别
    pub ownership_group: OwnershipGroup,
    /// How many people work there. 职工人数
    pub headcount: i32,
    /// The state. 状态
    pub status: EmployerStatus,
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
    parent_id: Option<Id<Employer>>,
}

/// What names one employer: exactly one of these.
///
/// 定位一条用人单位记录的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum EmployerBy {
    /// The id. 编号
    Id(Id<Employer>),
    /// The name a source system has for it. 外部编号
    ExternalId(ExternalId),
    /// The unified social credit code, GB 32100. 统一社会信用代码
    CreditCode(String),
}

/// Narrows a list of employers.
///
/// 用人单位筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct EmployerWhere {
    /// All of these. 全部满足
    and: Option<Vec<EmployerWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<EmployerWhere>>,
    /// Not this. 不满足
    not: Option<Box<EmployerWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The unified social credit code, GB 32100. 统一社会信用代码
    credit_code: Option<TextFilter>,
    /// The industry, GB/T 4754, such as `C3714`. 行业代码
    industry_code: Option<TextFilter>,
    /// The kind of ownership. 所有制类别
    ownership_group: Option<Equality<OwnershipGroup>>,
    /// How many people work there. 职工人数
    headcount: Option<Ordering<i32>>,
    /// The state. 状态
    status: Option<Equality<EmployerStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer above, such as the group. 上级单位
    parent: Option<Nested<EmployerWhere>>,
    /// The workers it employs now. 现有职工
    workers: Option<ListFilter<WorkerWhere>>,
    /// The relations of employment, present and past. 劳动关系
    employments: Option<ListFilter<EmploymentRelationWhere>>,
    /// The union organisations in it. 工会组织
    union_organizations: Option<ListFilter<UnionOrganizationWhere>>,
    /// Its filings as an institution of skill evaluation. 技能评价机构备案
    skill_evaluation_institutions: Option<ListFilter<SkillEvaluationInstitutionWhere>>,
    /// The reforms of pay. 薪酬改革举措
    pay_reform_measures: Option<ListFilter<PayReformMeasureWhere>>,
    /// How the party and the union cover it. 党建工建覆盖
    organization_coverages: Option<ListFilter<OrganizationCoverageWhere>>,
    /// The workers' congresses. 职工代表大会
    workers_congresses: Option<ListFilter<WorkersCongressWhere>>,
    /// What was disclosed to the workers. 厂务公开事项
    disclosure_items: Option<ListFilter<DisclosureItemWhere>>,
    /// The employee directors. 职工董事监事
    employee_directors: Option<ListFilter<EmployeeDirectorWhere>>,
    /// The collective agreements that it is a party of. 参与的集体合同
    agreement_parties: Option<ListFilter<AgreementPartyWhere>>,
    /// Its part in pilots. 试点单位记录
    pilot_units: Option<ListFilter<PilotUnitWhere>>,
    /// The legal notices of unions. 工会劳动法律监督文书
    union_legal_notices: Option<ListFilter<UnionLegalNoticeWhere>>,
}

/// What a list of employers can be sorted by.
///
/// 用人单位排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EmployerOrderField {
    /// The name. 名称
    Name,
    /// How many people work there. 职工人数
    Headcount,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an employer and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EmployerDetails {
    /// The unified social credit code, GB 32100. 统一社会信用代码
    credit_code: MaybeUndefined<Unchecked<CreditCode>>,
    /// The industry, GB/T 4754, such as `C3714`. 行业代码
    industry_code: MaybeUndefined<Unchecked<IndustryCode>>,
    /// How many people work there; 0 unless told otherwise. 职工人数
    headcount: MaybeUndefined<i32>,
    /// The state; `ACTIVE` unless told otherwise. 状态
    status: MaybeUndefined<EmployerStatus>,
    /// The employer above, such as the group. 上级单位
    parent_id: MaybeUndefined<Id<Employer>>,
}

/// Registers an employer.
///
/// 登记用人单位。
#[derive(Clone, Debug, InputObject)]
pub struct EmployerCreateInput {
    /// The name. 名称
    name: String,
    /// The kind of ownership. 所有制类别
    ownership_group: OwnershipGroup,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: EmployerDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an employer: absent keeps, null clears, a value sets.
///
/// 更新用人单位：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct EmployerUpdateInput {
    /// The record. 记录编号
    id: Id<Employer>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The kind of ownership. 所有制类别
    ownership_group: MaybeUndefined<OwnershipGroup>,
    #[graphql(flatten)]
    details: EmployerDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Creates an employer, or changes the one that has this external id.
///
/// 按外部编号新增或更新用人单位。
#[derive(Clone, Debug, InputObject)]
pub struct EmployerUpsertInput {
    #[graphql(flatten)]
    item: EmployerUpsertItem,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Many employers to create or change.
///
/// 批量新增或更新用人单位。
#[derive(Clone, Debug, InputObject)]
pub struct EmployerUpsertBatchInput {
    /// 1 to 100 of them. 列表
    items: Vec<EmployerUpsertItem>,
    /// What happens when one of them is refused. 出错策略
    #[graphql(default)]
    error_policy: ErrorPolicy,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// One employer of a batch.
///
/// 批量中的一条用人单位。
#[derive(Clone, Debug, InputObject)]
pub struct EmployerUpsertItem {
    /// The name that the source system has for it. 外部编号
    external_id: ExternalId,
    /// Refuse when the record has another version by now; absent: whatever the version. 期望版本
    expected_version: Option<i32>,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The kind of ownership. 所有制类别
    ownership_group: MaybeUndefined<OwnershipGroup>,
    /// The division that keeps the record, for a new record. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: EmployerDetails,
}

operation!(EmployerCreate of Employer);
operation!(EmployerUpdate of Employer);
operation!(EmployerUpsert of Employer);
operation!(EmployerArchive of Employer);
operation!(EmployerRestore of Employer);
payload!(EmployerUpsertBatchPayload of EmployerUpsertResult { employer: Employer });

groups! {
    /// Employers, counted by what they have in common: at most 1,000 groups. 按字段分组统计用人单位
    Groups("EmployerGroupQueries") of Employer by EmployerWhere in employer_groups: EmployerGroup by EmployerGroupField {
        /// The industry, GB/T 4754. 行业代码
        IndustryCode = industry_code: IndustryCode,
        /// The kind of ownership. 所有制类别
        OwnershipGroup = ownership_group: OwnershipGroup,
        /// The state. 状态
        Status = status: EmployerStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// How many people work at the employers together. 职工人数合计
        headcount_total: i32 = Headcount,
    }
}

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "EmployerQueries")]
impl Queries {
    /// One employer; null when there is none that the caller may see. 查询一条用人单位
    async fn employer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it. 定位条件")] by: EmployerBy,
    ) -> Nullable<Employer> {
        ctx.find_by(by).await
    }

    /// Employers, oldest record first unless told otherwise. 查询用人单位列表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn employers(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<EmployerWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<EmployerOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Employer>> {
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "EmployerMutations")]
impl Mutations {
    /// Registers an employer. 登记用人单位
    #[graphql(directive = requires::apply(to_write(Kind::Employer)))]
    async fn employer_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: EmployerCreateInput,
    ) -> Nullable<Payload<EmployerCreate>> {
        let options = input.options.clone();
        Some(ctx.write(Kind::Employer, options, input, |work, it| Box::pin(create(work, it))).await)
    }

    /// Changes an employer. 更新用人单位
    #[graphql(directive = requires::apply(to_write(Kind::Employer)))]
    async fn employer_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: EmployerUpdateInput,
    ) -> Nullable<Payload<EmployerUpdate>> {
        let options = input.options.clone();
        Some(ctx.write(Kind::Employer, options, input, |work, it| Box::pin(update(work, it))).await)
    }

    /// Creates an employer, or changes the one that has this external id. Free of races. 新增或更新用人单位
    #[graphql(directive = requires::apply(to_write(Kind::Employer)))]
    async fn employer_upsert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: EmployerUpsertInput,
    ) -> Nullable<Payload<EmployerUpsert>> {
        let upsert =
            ctx.upsert(input.options, input.item, by_name, |work, it| Box::pin(upsert(work, it)));
        Some(upsert.await)
    }

    /// Creates or changes up to 100 employers, with one result each, in the order given. 批量新增或更新用人单位
    #[graphql(directive = requires::apply(to_write(Kind::Employer)))]
    async fn employer_upsert_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: EmployerUpsertBatchInput,
    ) -> Nullable<EmployerUpsertBatchPayload> {
        let (options, policy) = (input.options.clone(), input.error_policy);
        Some(
            ctx.write(Kind::Employer, options, input.items, move |work, items| {
                Box::pin(batch::run(work, policy, items, by_name, |work, it| {
                    Box::pin(upsert(work, it))
                }))
            })
            .await,
        )
    }

    /// Archives an employer: out of the lists, still there by id. 归档用人单位
    #[graphql(directive = requires::apply(to_write(Kind::Employer)))]
    async fn employer_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<EmployerArchive>,
    ) -> Nullable<Payload<EmployerArchive>> {
        operation::archive(ctx, input).await
    }

    /// Brings back an archived employer. 恢复用人单位
    #[graphql(directive = requires::apply(to_write(Kind::Employer)))]
    async fn employer_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<EmployerRestore>,
    ) -> Nullable<Payload<EmployerRestore>> {
        operation::restore(ctx, input).await
    }
}

#[ComplexObject]
impl Employer {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// The names that source systems have for it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer above, such as the group; null when the caller may not see it. 上级单位
    async fn parent(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.parent_id).await
    }

    /// The workers it employs now. 现有职工
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn workers(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<WorkerWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<Vec<OrderBy<WorkerOrderField>>>,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Worker>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, worker::Column::EmployerId, filter, order_by, page).await
    }

    /// The relations of employment, present and past. 劳动关系
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn employments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            EmploymentRelationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<EmploymentRelationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<EmploymentRelation>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, employment_relation::Column::EmployerId, filter, order_by, page).await
    }

    /// The union organisations in it. 工会组织
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn union_organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            UnionOrganizationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<UnionOrganizationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<UnionOrganization>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, union_organization::Column::EmployerId, filter, order_by, page).await
    }

    /// Its filings as an institution of skill evaluation. 技能评价机构备案
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn skill_evaluation_institutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            SkillEvaluationInstitutionWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<SkillEvaluationInstitutionOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<SkillEvaluationInstitution>> {
        let page = Page { first, after, last, before };
        let owner = entity::skill_evaluation_institution::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The reforms of pay. 薪酬改革举措
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn pay_reform_measures(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            PayReformMeasureWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<PayReformMeasureOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<PayReformMeasure>> {
        let page = Page { first, after, last, before };
        let owner = entity::pay_reform_measure::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// How the party and the union cover it. 党建工建覆盖
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn organization_coverages(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            OrganizationCoverageWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<OrganizationCoverageOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<OrganizationCoverage>> {
        let page = Page { first, after, last, before };
        let owner = entity::organization_coverage::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The workers' congresses. 职工代表大会
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn workers_congresses(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            WorkersCongressWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<WorkersCongressOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<WorkersCongress>> {
        let page = Page { first, after, last, before };
        let owner = entity::workers_congress::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// What was disclosed to the workers. 厂务公开事项
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn disclosure_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            DisclosureItemWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<DisclosureItemOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<DisclosureItem>> {
        let page = Page { first, after, last, before };
        let owner = entity::disclosure_item::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The employee directors. 职工董事监事
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn employee_directors(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            EmployeeDirectorWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<EmployeeDirectorOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<EmployeeDirector>> {
        let page = Page { first, after, last, before };
        let owner = entity::employee_director::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The collective agreements that it is a party of. 参与的集体合同
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn agreement_parties(
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
        let owner = entity::agreement_party::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// Its part in pilots. 试点单位记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn pilot_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<PilotUnitWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<PilotUnitOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<PilotUnit>> {
        let page = Page { first, after, last, before };
        let owner = entity::pilot_unit::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The legal notices of unions. 工会劳动法律监督文书
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn union_legal_notices(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            UnionLegalNoticeWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<UnionLegalNoticeOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<UnionLegalNotice>> {
        let page = Page { first, after, last, before };
        let owner = entity::union_legal_notice::Column::EmployerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for Employer {
    const KIND: Kind = Kind::Employer;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for Employer {
    type Where = EmployerWhere;
    type Order = EmployerOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "parent" => Link::one::<Employer>(Column::ParentId),
            "workers" => Link::many::<Worker>(worker::Column::EmployerId),
            "employments" => {
                Link::many::<EmploymentRelation>(employment_relation::Column::EmployerId)
            }
            "unionOrganizations" => {
                Link::many::<UnionOrganization>(union_organization::Column::EmployerId)
            }
            "skillEvaluationInstitutions" => Link::many::<SkillEvaluationInstitution>(
                entity::skill_evaluation_institution::Column::EmployerId,
            ),
            "payReformMeasures" => {
                Link::many::<PayReformMeasure>(entity::pay_reform_measure::Column::EmployerId)
            }
            "organizationCoverages" => Link::many::<OrganizationCoverage>(
                entity::organization_coverage::Column::EmployerId,
            ),
            "workersCongresses" => {
                Link::many::<WorkersCongress>(entity::workers_congress::Column::EmployerId)
            }
            "disclosureItems" => {
                Link::many::<DisclosureItem>(entity::disclosure_item::Column::EmployerId)
            }
            "employeeDirectors" => {
                Link::many::<EmployeeDirector>(entity::employee_director::Column::EmployerId)
            }
            "agreementParties" => {
                Link::many::<AgreementParty>(entity::agreement_party::Column::EmployerId)
            }
            "pilotUnits" => Link::many::<PilotUnit>(entity::pilot_unit::Column::EmployerId),
            "unionLegalNotices" => {
                Link::many::<UnionLegalNotice>(entity::union_legal_notice::Column::EmployerId)
            }
            _ => return None,
        })
    }
}

impl Root for Employer {
    type By = EmployerBy;

    const ONE: &'static str = "employer";
    const MANY: &'static str = "employers";
}

planned!(Queries of Employer);

impl Key for EmployerBy {
    type Resource = Employer;

    fn criterion(self, _: &Repository) -> Result<Criterion> {
        Ok(match self {
            EmployerBy::Id(id) => id.into(),
            EmployerBy::ExternalId(name) => external_id::has_name::<Employer>(&name).into(),
            EmployerBy::CreditCode(it) => Column::CreditCode.eq(text::code(&it)).into(),
        })
    }
}

impl Filter for EmployerWhere {
    type Resource = Employer;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(
                Column::Id,
                entity::union_legal_notice::Column::EmployerId,
                self.union_legal_notices,
            )?
            .to_many(Column::Id, entity::pilot_unit::Column::EmployerId, self.pilot_units)?
            .to_many(
                Column::Id,
                entity::agreement_party::Column::EmployerId,
                self.agreement_parties,
            )?
            .to_many(
                Column::Id,
                entity::employee_director::Column::EmployerId,
                self.employee_directors,
            )?
            .to_many(
                Column::Id,
                entity::disclosure_item::Column::EmployerId,
                self.disclosure_items,
            )?
            .to_many(
                Column::Id,
                entity::workers_congress::Column::EmployerId,
                self.workers_congresses,
            )?
            .to_many(
                Column::Id,
                entity::organization_coverage::Column::EmployerId,
                self.organization_coverages,
            )?
            .to_many(
                Column::Id,
                entity::pay_reform_measure::Column::EmployerId,
                self.pay_reform_measures,
            )?
            .to_many(
                Column::Id,
                entity::skill_evaluation_institution::Column::EmployerId,
                self.skill_evaluation_institutions,
            )?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::CreditCode, self.credit_code)?
            .on(Column::IndustryCode, self.industry_code)?
            .on(Column::OwnershipGroup, self.ownership_group)?
            .on(Column::Headcount, self.headcount)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ParentId, self.parent)?
            .to_many(Column::Id, worker::Column::EmployerId, self.workers)?
            .to_many(Column::Id, employment_relation::Column::EmployerId, self.employments)?
            .to_many(Column::Id, union_organization::Column::EmployerId, self.union_organizations)
    }
}

impl OrderField for EmployerOrderField {
    type Resource = Employer;

    fn column(self) -> Column {
        match self {
            EmployerOrderField::Name => Column::Name,
            EmployerOrderField::Headcount => Column::Headcount,
            EmployerOrderField::CreatedAt => Column::CreatedAt,
            EmployerOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an employer, as a mutation says it.
#[derive(Default)]
struct Essentials {
    name: MaybeUndefined<String>,
    ownership_group: MaybeUndefined<OwnershipGroup>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: EmployerCreateInput) -> Result<Employer> {
    let essentials = Essentials {
        name: MaybeUndefined::Value(input.name),
        ownership_group: MaybeUndefined::Value(input.ownership_group),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: EmployerUpdateInput) -> Result<Employer> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        name: input.name,
        ownership_group: input.ownership_group,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<Employer>(row, draft).await
}

/// The order in which a batch takes its items.
fn by_name(item: &EmployerUpsertItem) -> ExternalId {
    item.external_id.clone()
}

async fn upsert(work: &mut UnitOfWork<'_>, item: EmployerUpsertItem) -> Result<Employer> {
    let essentials = Essentials {
        name: item.name,
        ownership_group: item.ownership_group,
        division_code: item.division_code,
    };
    let draft = draft(work, essentials, item.details).await?;
    match work.claim::<Employer>("externalId", &item.external_id).await? {
        Claim::New => register(work, draft).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<Employer>(id, item.expected_version).await?;
            // These are told once, when the record is made.
            let draft = ActiveModel { division_code: NotSet, ..draft };
            work.update::<Employer>(row, draft).await
        }
    }
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<Employer> {
    if !draft.headcount.is_set() {
        draft.headcount = Set(0);
    }
    if !draft.status.is_set() {
        draft.status = Set(EmployerStatus::Active);
    }
    work.create::<Employer>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: EmployerDetails,
) -> Result<ActiveModel> {
    work.refer("parentId", details.parent_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", essentials.name, 200),
        ownership_group: form.plain("ownershipGroup", essentials.ownership_group),
        division_code: form.value("divisionCode", essentials.division_code),
        credit_code: form.option_with("creditCode", details.credit_code, |it, rules| {
            CreditCode::for_employer(it.expose(), rules)
        }),
        industry_code: form.option("industryCode", details.industry_code),
        headcount: form.number("headcount", details.headcount, 0..=1_000_000),
        status: form.plain("status", details.status),
        parent_id: form.id_option(details.parent_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
