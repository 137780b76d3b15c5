use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    skill_certificate::{
        ActiveModel, CertificateOrigin, Column, Entity, Model, SkillCertificateStatus,
        SkillCertificateStep,
    },
    state_transition,
    worker::SkillRank,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{CertificateNumber, Date, DateTime, DivisionCode, OccupationCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition_entry::{CompetitionEntry, CompetitionEntryWhere},
        division::Division,
        external_id,
        skill_evaluation_institution::{
            SkillEvaluationInstitution, SkillEvaluationInstitutionWhere,
        },
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

/// A certificate of vocational skill.
///
/// 职业技能等级证书。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::SkillCertificate)))]
#[sea_orm(entity = "Entity")]
pub struct SkillCertificate {
    /// The id. 编号
    pub id: Id<SkillCertificate>,
    /// The number. One of the national form (22 characters) is checked; another is kept as it is. 证书编号
    pub number: String,
    /// Whether the number has the national form. 编号是否符合国家规则
    pub is_format_verified: bool,
    /// The occupation. 职业代码
    pub occupation_code: Option<OccupationCode>,
    /// The level. 技能等级
    pub skill_rank: SkillRank,
    /// The day it was issued. 发证日期
    pub issued_on: Date,
    /// How it was obtained. 取得方式
    pub origin: CertificateOrigin,
    /// The day it stopped being valid. 失效日期
    pub ended_on: Option<Date>,
    /// The state. 状态
    pub status: SkillCertificateStatus,
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
    worker_id: Id<Worker>,
    #[graphql(skip)]
    institution_id: Option<Id<SkillEvaluationInstitution>>,
    #[graphql(skip)]
    competition_entry_id: Option<Id<CompetitionEntry>>,
}

/// Narrows a list of skill certificates.
///
/// 技能等级证书筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct SkillCertificateWhere {
    /// All of these. 全部满足
    and: Option<Vec<SkillCertificateWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<SkillCertificateWhere>>,
    /// Not this. 不满足
    not: Option<Box<SkillCertificateWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number. One of the national form (22 characters) is checked; another is kept as it is. 证书编号
    number: Option<TextFilter>,
    /// Whether the number has the national form. 编号是否符合国家规则
    is_format_verified: Option<Equality<bool>>,
    /// The occupation. 职业代码
    occupation_code: Option<TextFilter>,
    /// The level. 技能等级
    skill_rank: Option<Equality<SkillRank>>,
    /// The day it was issued. 发证日期
    issued_on: Option<Ordering<Date>>,
    /// How it was obtained. 取得方式
    origin: Option<Equality<CertificateOrigin>>,
    /// The day it stopped being valid. 失效日期
    ended_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<SkillCertificateStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The institution that evaluated. 评价机构
    institution: Option<Nested<SkillEvaluationInstitutionWhere>>,
    /// The competition entry whose rank granted it. 晋升所依据的参赛
    competition_entry: Option<Nested<CompetitionEntryWhere>>,
}

/// What a list of skill certificates can be sorted by.
///
/// 技能等级证书排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SkillCertificateOrderField {
    /// The day it was issued. 发证日期
    IssuedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a skill certificate and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SkillCertificateDetails {
    /// The institution that evaluated. 评价机构
    institution_id: MaybeUndefined<Id<SkillEvaluationInstitution>>,
    /// The occupation. 职业代码
    occupation_code: MaybeUndefined<Unchecked<OccupationCode>>,
}

/// Enters a certificate.
///
/// 登记技能等级证书。
#[derive(Clone, Debug, InputObject)]
pub struct SkillCertificateIssueInput {
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The number. One of the national form (22 characters) is checked; another is kept as it is. 证书编号
    number: String,
    /// The level. 技能等级
    skill_rank: SkillRank,
    /// The day it was issued. 发证日期
    issued_on: Date,
    /// How it was obtained. 取得方式
    origin: CertificateOrigin,
    #[graphql(flatten)]
    details: SkillCertificateDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a skill certificate: absent keeps, null clears, a value sets.
///
/// 更新技能等级证书：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct SkillCertificateUpdateInput {
    /// The record. 记录编号
    id: Id<SkillCertificate>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The number. One of the national form (22 characters) is checked; another is kept as it is. 证书编号
    number: MaybeUndefined<String>,
    /// The day it was issued. 发证日期
    issued_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: SkillCertificateDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("SkillCertificateQueries") of SkillCertificate by SkillCertificateBy, SkillCertificateWhere, SkillCertificateOrderField {
        /// One skill certificate; null when there is none that the caller may see. 查询一条技能等级证书
        skill_certificate = "skillCertificate",
        /// Skill certificates, oldest record first unless told otherwise. 查询技能等级证书列表
        skill_certificates = "skillCertificates",
    }
}

writes! {
    Mutations("SkillCertificateMutations") of SkillCertificate {
        /// Enters a certificate. 登记技能等级证书
        skill_certificate_issue: SkillCertificateIssueInput => SkillCertificateIssue = create,
        /// Changes a skill certificate. 更新技能等级证书
        skill_certificate_update: SkillCertificateUpdateInput => SkillCertificateUpdate = update,
    }
    upsert {
        /// Creates a skill certificate, or changes the one that has this external id. 按外部编号新增或更新技能等级证书
        skill_certificate_upsert: SkillCertificateUpsert of SkillCertificateIssueInput, SkillCertificateUpdateInput
    }
    archive {
        /// Archives a skill certificate: out of the lists, still there by id. 归档技能等级证书
        skill_certificate_archive: SkillCertificateArchive
    }
    restore {
        /// Brings back an archived skill certificate. 恢复技能等级证书
        skill_certificate_restore: SkillCertificateRestore
    }
}

steps! {
    Steps("SkillCertificateSteps") of SkillCertificate {
        /// Confirms it against the catalogue. 核验生效
        skill_certificate_confirm: SkillCertificateConfirm = SkillCertificateStep::Confirm,
        /// Puts another in its place. 更正
        skill_certificate_correct: SkillCertificateCorrect = SkillCertificateStep::Correct,
        /// Revokes it. 作废
        skill_certificate_revoke: SkillCertificateRevoke = SkillCertificateStep::Revoke,
        /// A higher rank takes its place. 被更高等级取代
        skill_certificate_supersede: SkillCertificateSupersede = SkillCertificateStep::Supersede,
        /// Ends the appointment. 终止聘任
        skill_certificate_end: SkillCertificateEnd = SkillCertificateStep::End,
    }
}

groups! {
    /// Skill certificates, counted by what they have in common: at most 1,000 groups. 按字段分组统计技能等级证书
    Groups("SkillCertificateGroupQueries") of SkillCertificate by SkillCertificateWhere in skill_certificate_groups: SkillCertificateGroup by SkillCertificateGroupField {
        /// The level. 技能等级
        SkillRank = skill_rank: SkillRank,
        /// How it was obtained. 取得方式
        Origin = origin: CertificateOrigin,
        /// The state. 状态
        Status = status: SkillCertificateStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl SkillCertificate {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The institution that evaluated; null when the caller may not see it. 评价机构
    async fn institution(&self, ctx: &Context<'_>) -> Nullable<SkillEvaluationInstitution> {
        ctx.find(self.institution_id).await
    }

    /// The competition entry whose rank granted it; null when there is none, or when the caller may not see
    /// it. 晋升所依据的参赛
    async fn competition_entry(&self, ctx: &Context<'_>) -> Nullable<CompetitionEntry> {
        ctx.find(self.competition_entry_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<SkillCertificateStep> {
        machine::steps_from::<SkillCertificate>(EDGES, self.status)
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

impl Resource for SkillCertificate {
    const KIND: Kind = Kind::SkillCertificate;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("endedOn", Some(row.issued_on), row.ended_on),
            (row.origin == CertificateOrigin::Appointment
                && row.skill_rank < SkillRank::SpecialGradeTechnician)
                .then(|| {
                    Violation::inconsistent(
                        "skillRank",
                        "Only the two highest ranks come by appointment.",
                        "仅特级技师、首席技师以评聘方式取得。",
                    )
                }),
            (row.origin == CertificateOrigin::Exam
                && row.skill_rank >= SkillRank::SpecialGradeTechnician)
                .then(|| {
                    Violation::inconsistent(
                        "skillRank",
                        "The two highest ranks come by appointment, not by examination.",
                        "特级技师、首席技师以评聘方式取得，不经考试。",
                    )
                }),
        ];
        broken.into_iter().flatten().collect()
    }
}

/// The machine.
const EDGES: &[Edge<SkillCertificate>] = &[
    (SkillCertificateStatus::Issued, SkillCertificateStep::Confirm, SkillCertificateStatus::Valid),
    (
        SkillCertificateStatus::Valid,
        SkillCertificateStep::Correct,
        SkillCertificateStatus::Corrected,
    ),
    (SkillCertificateStatus::Valid, SkillCertificateStep::Revoke, SkillCertificateStatus::Revoked),
    (SkillCertificateStatus::Issued, SkillCertificateStep::Revoke, SkillCertificateStatus::Revoked),
    (
        SkillCertificateStatus::Valid,
        SkillCertificateStep::Supersede,
        SkillCertificateStatus::Superseded,
    ),
    (SkillCertificateStatus::Valid, SkillCertificateStep::End, SkillCertificateStatus::Ended),
];

impl Machine for SkillCertificate {
    type State = SkillCertificateStatus;
    type Step = SkillCertificateStep;

    fn edges(_row: &Model) -> &'static [Edge<SkillCertificate>] {
        EDGES
    }

    fn state(row: &Model) -> SkillCertificateStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: SkillCertificateStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: SkillCertificateStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step != SkillCertificateStep::Confirm {
            draft.ended_on = Set(Some(day));
        }
    }
}

impl Linked for SkillCertificate {
    type Where = SkillCertificateWhere;
    type Order = SkillCertificateOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "institution" => Link::one::<SkillEvaluationInstitution>(Column::InstitutionId),
            "competitionEntry" => Link::one::<CompetitionEntry>(Column::CompetitionEntryId),
            "openSteps" => machine::link(|it: &SkillCertificate| {
                machine::steps_from::<SkillCertificate>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for SkillCertificateWhere {
    type Resource = SkillCertificate;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Number, self.number)?
            .on(Column::IsFormatVerified, self.is_format_verified)?
            .on(Column::OccupationCode, self.occupation_code)?
            .on(Column::SkillRank, self.skill_rank)?
            .on(Column::IssuedOn, self.issued_on)?
            .on(Column::Origin, self.origin)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::InstitutionId, self.institution)?
            .to_one(Column::CompetitionEntryId, self.competition_entry)
    }
}

impl OrderField for SkillCertificateOrderField {
    type Resource = SkillCertificate;

    fn column(self) -> Column {
        match self {
            SkillCertificateOrderField::IssuedOn => Column::IssuedOn,
            SkillCertificateOrderField::CreatedAt => Column::CreatedAt,
            SkillCertificateOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a skill certificate, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_id: MaybeUndefined<Id<Worker>>,
    number: MaybeUndefined<String>,
    skill_rank: MaybeUndefined<SkillRank>,
    issued_on: MaybeUndefined<Date>,
    origin: MaybeUndefined<CertificateOrigin>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: SkillCertificateIssueInput,
) -> Result<SkillCertificate> {
    let essentials = Essentials {
        worker_id: MaybeUndefined::Value(input.worker_id),
        number: MaybeUndefined::Value(input.number),
        skill_rank: MaybeUndefined::Value(input.skill_rank),
        issued_on: MaybeUndefined::Value(input.issued_on),
        origin: MaybeUndefined::Value(input.origin),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(SkillCertificateStatus::Issued);
    if !draft.is_format_verified.is_set() {
        draft.is_format_verified = Set(false);
    }
    if let Set(owner) = draft.worker_id {
        let owner = work.find_current::<Worker>("workerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    expect_no_higher(work, &draft).await?;
    if let Set(number) = &draft.number {
        let verified =
            Unchecked::<CertificateNumber>::new(number.as_str()).check(&work.rules()).is_ok();
        draft.is_format_verified = Set(verified);
    }
    work.create::<SkillCertificate>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: SkillCertificateUpdateInput,
) -> Result<SkillCertificate> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { number: input.number, issued_on: input.issued_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<SkillCertificate>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: SkillCertificateDetails,
) -> Result<ActiveModel> {
    work.refer("institutionId", details.institution_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_id: form.id("workerId", essentials.worker_id),
        number: form.line("number", essentials.number, 40),
        skill_rank: form.plain("skillRank", essentials.skill_rank),
        issued_on: form.day("issuedOn", essentials.issued_on),
        origin: form.plain("origin", essentials.origin),
        institution_id: form.id_option(details.institution_id),
        occupation_code: form.option("occupationCode", details.occupation_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

/// In one occupation the rank of a person does not decrease.
async fn expect_no_higher(work: &UnitOfWork<'_>, draft: &ActiveModel) -> Result<()> {
    let (Set(worker), Set(Some(occupation)), Set(rank)) =
        (&draft.worker_id, &draft.occupation_code, &draft.skill_rank)
    else {
        return Ok(());
    };
    let held = Condition::all()
        .add(Column::WorkerId.eq(*worker))
        .add(Column::OccupationCode.eq(occupation.clone()))
        .add(Column::Status.ne(SkillCertificateStatus::Revoked))
        .add(Column::ArchivedAt.is_null());
    let held = work.read_all::<SkillCertificate>(held).await?;
    if held.iter().all(|it| it.skill_rank <= *rank) {
        return Ok(());
    }
    Err(Violation::inconsistent(
        "skillRank",
        "The worker has a certificate of a higher rank in this occupation.",
        "该职工在本职业已持有更高等级证书。",
    )
    .into())
}
