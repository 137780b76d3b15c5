use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    skill_evaluation_institution::{
        ActiveModel, Column, Entity, InstitutionKind, Model, SkillEvaluationInstitutionStatus,
        SkillEvaluationInstitutionStep,
    },
    state_transition,
    worker::SkillRank,
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
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
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

/// An institution that evaluates vocational skill, filed with the authority.
///
/// 技能人才评价机构。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::SkillEvaluationInstitution)))]
#[sea_orm(entity = "Entity")]
pub struct SkillEvaluationInstitution {
    /// The id. 编号
    pub id: Id<SkillEvaluationInstitution>,
    /// The name. 名称
    pub name: String,
    /// The kind. 类别
    pub kind: InstitutionKind,
    /// The number of its filing. 备案号
    pub filing_no: Option<String>,
    /// The highest level that it may evaluate. 可评价的最高等级
    pub max_rank: SkillRank,
    /// The first day its filing is good for. 有效期起
    pub valid_from: Option<Date>,
    /// The last day its filing is good for. 有效期止
    pub valid_to: Option<Date>,
    /// The day it was filed. 备案日期
    pub filed_on: Option<Date>,
    /// The day its filing was revoked. 撤销日期
    pub revoked_on: Option<Date>,
    /// The state. 状态
    pub status: SkillEvaluationInstitutionStatus,
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
    employer_id: Option<Id<Employer>>,
}

/// Narrows a list of skill evaluation institutions.
///
/// 技能评价机构筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct SkillEvaluationInstitutionWhere {
    /// All of these. 全部满足
    and: Option<Vec<SkillEvaluationInstitutionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<SkillEvaluationInstitutionWhere>>,
    /// Not this. 不满足
    not: Option<Box<SkillEvaluationInstitutionWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<InstitutionKind>>,
    /// The number of its filing. 备案号
    filing_no: Option<TextFilter>,
    /// The highest level that it may evaluate. 可评价的最高等级
    max_rank: Option<Equality<SkillRank>>,
    /// The first day its filing is good for. 有效期起
    valid_from: Option<Ordering<Date>>,
    /// The last day its filing is good for. 有效期止
    valid_to: Option<Ordering<Date>>,
    /// The day it was filed. 备案日期
    filed_on: Option<Ordering<Date>>,
    /// The day its filing was revoked. 撤销日期
    revoked_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<SkillEvaluationInstitutionStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer, where it is one. 对应的用人单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of skill evaluation institutions can be sorted by.
///
/// 技能评价机构排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SkillEvaluationInstitutionOrderField {
    /// The name. 名称
    Name,
    /// The day it was filed. 备案日期
    FiledOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a skill evaluation institution and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SkillEvaluationInstitutionDetails {
    /// The employer, where it is one. 对应的用人单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The number of its filing. 备案号
    filing_no: MaybeUndefined<String>,
    /// The first day its filing is good for. 有效期起
    valid_from: MaybeUndefined<Date>,
    /// The last day its filing is good for. 有效期止
    valid_to: MaybeUndefined<Date>,
}

/// Enters the application of an institution.
///
/// 申报技能评价机构。
#[derive(Clone, Debug, InputObject)]
pub struct SkillEvaluationInstitutionApplyInput {
    /// The name. 名称
    name: String,
    /// The kind. 类别
    kind: InstitutionKind,
    /// The highest level that it may evaluate. 可评价的最高等级
    max_rank: SkillRank,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: SkillEvaluationInstitutionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a skill evaluation institution: absent keeps, null clears, a value sets.
///
/// 更新技能评价机构：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct SkillEvaluationInstitutionUpdateInput {
    /// The record. 记录编号
    id: Id<SkillEvaluationInstitution>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The highest level that it may evaluate. 可评价的最高等级
    max_rank: MaybeUndefined<SkillRank>,
    #[graphql(flatten)]
    details: SkillEvaluationInstitutionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("SkillEvaluationInstitutionQueries") of SkillEvaluationInstitution by SkillEvaluationInstitutionBy, SkillEvaluationInstitutionWhere, SkillEvaluationInstitutionOrderField {
        /// One skill evaluation institution; null when there is none that the caller may see. 查询一条技能评价机构
        skill_evaluation_institution = "skillEvaluationInstitution",
        /// Skill evaluation institutions, oldest record first unless told otherwise. 查询技能评价机构列表
        skill_evaluation_institutions = "skillEvaluationInstitutions",
    }
}

writes! {
    Mutations("SkillEvaluationInstitutionMutations") of SkillEvaluationInstitution {
        /// Enters the application of an institution. 申报技能评价机构
        skill_evaluation_institution_apply: SkillEvaluationInstitutionApplyInput => SkillEvaluationInstitutionApply = create,
        /// Changes a skill evaluation institution. 更新技能评价机构
        skill_evaluation_institution_update: SkillEvaluationInstitutionUpdateInput => SkillEvaluationInstitutionUpdate = update,
    }
    upsert {
        /// Creates a skill evaluation institution, or changes the one that has this external id. 按外部编号新增或更新技能评价机构
        skill_evaluation_institution_upsert: SkillEvaluationInstitutionUpsert of SkillEvaluationInstitutionApplyInput, SkillEvaluationInstitutionUpdateInput
    }
    archive {
        /// Archives a skill evaluation institution: out of the lists, still there by id. 归档技能评价机构
        skill_evaluation_institution_archive: SkillEvaluationInstitutionArchive
    }
    restore {
        /// Brings back an archived skill evaluation institution. 恢复技能评价机构
        skill_evaluation_institution_restore: SkillEvaluationInstitutionRestore
    }
}

steps! {
    Steps("SkillEvaluationInstitutionSteps") of SkillEvaluationInstitution {
        /// Begins the review. 开始审核
        skill_evaluation_institution_review: SkillEvaluationInstitutionReview = SkillEvaluationInstitutionStep::Review,
        /// Begins the public notice. 开始公示
        skill_evaluation_institution_begin_notice: SkillEvaluationInstitutionBeginNotice = SkillEvaluationInstitutionStep::BeginNotice,
        /// Files the institution. 备案公布
        skill_evaluation_institution_file: SkillEvaluationInstitutionFile = SkillEvaluationInstitutionStep::File,
        /// Changes its scope. 变更评价范围
        skill_evaluation_institution_change_scope: SkillEvaluationInstitutionChangeScope = SkillEvaluationInstitutionStep::ChangeScope,
        /// Suspends it. 暂停
        skill_evaluation_institution_suspend: SkillEvaluationInstitutionSuspend = SkillEvaluationInstitutionStep::Suspend,
        /// Lets it go on. 恢复
        skill_evaluation_institution_resume: SkillEvaluationInstitutionResume = SkillEvaluationInstitutionStep::Resume,
        /// Its filing has run out. 到期
        skill_evaluation_institution_expire: SkillEvaluationInstitutionExpire = SkillEvaluationInstitutionStep::Expire,
        /// Renews its filing. 延续备案
        skill_evaluation_institution_renew: SkillEvaluationInstitutionRenew = SkillEvaluationInstitutionStep::Renew,
        /// Revokes its filing. 撤销备案
        skill_evaluation_institution_revoke: SkillEvaluationInstitutionRevoke = SkillEvaluationInstitutionStep::Revoke,
    }
}

groups! {
    /// Skill evaluation institutions, counted by what they have in common: at most 1,000 groups. 按字段分组统计技能评价机构
    Groups("SkillEvaluationInstitutionGroupQueries") of SkillEvaluationInstitution by SkillEvaluationInstitutionWhere in skill_evaluation_institution_groups: SkillEvaluationInstitutionGroup by SkillEvaluationInstitutionGroupField {
        /// The kind. 类别
        Kind = kind: InstitutionKind,
        /// The state. 状态
        Status = status: SkillEvaluationInstitutionStatus,
        /// The highest level that it may evaluate. 可评价的最高等级
        MaxRank = max_rank: SkillRank,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl SkillEvaluationInstitution {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer, where it is one; null when the caller may not see it. 对应的用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<SkillEvaluationInstitutionStep> {
        machine::steps_from::<SkillEvaluationInstitution>(EDGES, self.status)
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

impl Resource for SkillEvaluationInstitution {
    const KIND: Kind = Kind::SkillEvaluationInstitution;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("validTo", row.valid_from, row.valid_to).into_iter().collect()
    }
}

/// The machine.
const EDGES: &[Edge<SkillEvaluationInstitution>] = &[
    (
        SkillEvaluationInstitutionStatus::Applied,
        SkillEvaluationInstitutionStep::Review,
        SkillEvaluationInstitutionStatus::UnderReview,
    ),
    (
        SkillEvaluationInstitutionStatus::UnderReview,
        SkillEvaluationInstitutionStep::BeginNotice,
        SkillEvaluationInstitutionStatus::PublicNotice,
    ),
    (
        SkillEvaluationInstitutionStatus::PublicNotice,
        SkillEvaluationInstitutionStep::File,
        SkillEvaluationInstitutionStatus::Filed,
    ),
    (
        SkillEvaluationInstitutionStatus::Filed,
        SkillEvaluationInstitutionStep::ChangeScope,
        SkillEvaluationInstitutionStatus::ScopeChanged,
    ),
    (
        SkillEvaluationInstitutionStatus::ScopeChanged,
        SkillEvaluationInstitutionStep::File,
        SkillEvaluationInstitutionStatus::Filed,
    ),
    (
        SkillEvaluationInstitutionStatus::Filed,
        SkillEvaluationInstitutionStep::Suspend,
        SkillEvaluationInstitutionStatus::Suspended,
    ),
    (
        SkillEvaluationInstitutionStatus::Suspended,
        SkillEvaluationInstitutionStep::Resume,
        SkillEvaluationInstitutionStatus::Filed,
    ),
    (
        SkillEvaluationInstitutionStatus::Filed,
        SkillEvaluationInstitutionStep::Expire,
        SkillEvaluationInstitutionStatus::Expired,
    ),
    (
        SkillEvaluationInstitutionStatus::Expired,
        SkillEvaluationInstitutionStep::Renew,
        SkillEvaluationInstitutionStatus::Renewed,
    ),
    (
        SkillEvaluationInstitutionStatus::Renewed,
        SkillEvaluationInstitutionStep::File,
        SkillEvaluationInstitutionStatus::Filed,
    ),
    (
        SkillEvaluationInstitutionStatus::Filed,
        SkillEvaluationInstitutionStep::Revoke,
        SkillEvaluationInstitutionStatus::Revoked,
    ),
    (
        SkillEvaluationInstitutionStatus::Suspended,
        SkillEvaluationInstitutionStep::Revoke,
        SkillEvaluationInstitutionStatus::Revoked,
    ),
    (
        SkillEvaluationInstitutionStatus::ScopeChanged,
        SkillEvaluationInstitutionStep::Revoke,
        SkillEvaluationInstitutionStatus::Revoked,
    ),
];

impl Machine for SkillEvaluationInstitution {
    type State = SkillEvaluationInstitutionStatus;
    type Step = SkillEvaluationInstitutionStep;

    fn edges(_row: &Model) -> &'static [Edge<SkillEvaluationInstitution>] {
        EDGES
    }

    fn state(row: &Model) -> SkillEvaluationInstitutionStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: SkillEvaluationInstitutionStatus) {
        draft.status = Set(state);
    }

    fn on_step(
        _: &Model,
        step: SkillEvaluationInstitutionStep,
        day: NaiveDate,
        draft: &mut ActiveModel,
    ) {
        match step {
            SkillEvaluationInstitutionStep::File => draft.filed_on = Set(Some(day)),
            SkillEvaluationInstitutionStep::Revoke => draft.revoked_on = Set(Some(day)),
            _ => {}
        }
    }
}

impl Linked for SkillEvaluationInstitution {
    type Where = SkillEvaluationInstitutionWhere;
    type Order = SkillEvaluationInstitutionOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "openSteps" => machine::link(|it: &SkillEvaluationInstitution| {
                machine::steps_from::<SkillEvaluationInstitution>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for SkillEvaluationInstitutionWhere {
    type Resource = SkillEvaluationInstitution;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::Kind, self.kind)?
            .on(Column::FilingNo, self.filing_no)?
            .on(Column::MaxRank, self.max_rank)?
            .on(Column::ValidFrom, self.valid_from)?
            .on(Column::ValidTo, self.valid_to)?
            .on(Column::FiledOn, self.filed_on)?
            .on(Column::RevokedOn, self.revoked_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for SkillEvaluationInstitutionOrderField {
    type Resource = SkillEvaluationInstitution;

    fn column(self) -> Column {
        match self {
            SkillEvaluationInstitutionOrderField::Name => Column::Name,
            SkillEvaluationInstitutionOrderField::FiledOn => Column::FiledOn,
            SkillEvaluationInstitutionOrderField::CreatedAt => Column::CreatedAt,
            SkillEvaluationInstitutionOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a skill evaluation institution, as a mutation says it.
#[derive(Default)]
struct Essentials {
    name: MaybeUndefined<String>,
    kind: MaybeUndefined<InstitutionKind>,
    max_rank: MaybeUndefined<SkillRank>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: SkillEvaluationInstitutionApplyInput,
) -> Result<SkillEvaluationInstitution> {
    let essentials = Essentials {
        name: MaybeUndefined::Value(input.name),
        kind: MaybeUndefined::Value(input.kind),
        max_rank: MaybeUndefined::Value(input.max_rank),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(SkillEvaluationInstitutionStatus::Applied);
    work.create::<SkillEvaluationInstitution>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: SkillEvaluationInstitutionUpdateInput,
) -> Result<SkillEvaluationInstitution> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { name: input.name, max_rank: input.max_rank, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<SkillEvaluationInstitution>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: SkillEvaluationInstitutionDetails,
) -> Result<ActiveModel> {
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", essentials.name, 200),
        kind: form.plain("kind", essentials.kind),
        max_rank: form.plain("maxRank", essentials.max_rank),
        division_code: form.value("divisionCode", essentials.division_code),
        employer_id: form.id_option(details.employer_id),
        filing_no: form.line_option("filingNo", details.filing_no, 100),
        valid_from: form.day_option(details.valid_from),
        valid_to: form.day_option(details.valid_to),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
