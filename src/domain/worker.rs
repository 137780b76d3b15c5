mod erasure;
mod writing;

use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use entity::{
    competition_entry, employment_relation, gig_engagement, honour_award, membership_application,
    professional_title, skill_certificate, training_enrollment, union_membership,
    volunteer_enrollment, wage_recovery,
    worker::{ActiveModel, Column, EmploymentStatus, Entity, ErasureGround, Model, Sex, SkillRank},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{
    Date, DateTime, DivisionCode, DocumentType, IdNumber, PersonName, Phone, Sealed, Secret,
    Unchecked,
};

use writing::{by_name, create, update, upsert};

use crate::{
    Result,
    audit_trail::{AuditPage, accesses},
    batch::{self, ErrorPolicy},
    clock::day_of,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    domain::{
        competition_entry::{CompetitionEntry, CompetitionEntryOrderField, CompetitionEntryWhere},
        division::Division,
        employer::{Employer, EmployerWhere},
        employment_relation::{
            EmploymentRelation, EmploymentRelationOrderField, EmploymentRelationWhere,
        },
        external_id,
        gig_engagement::{GigEngagement, GigEngagementOrderField, GigEngagementWhere},
        honour_award::{HonourAward, HonourAwardOrderField, HonourAwardWhere},
        membership_application::{
            MembershipApplication, MembershipApplicationOrderField, MembershipApplicationWhere,
        },
        professional_title::{
            ProfessionalTitle, ProfessionalTitleOrderField, ProfessionalTitleWhere,
        },
        skill_certificate::{SkillCertificate, SkillCertificateOrderField, SkillCertificateWhere},
        training_enrollment::{
            TrainingEnrollment, TrainingEnrollmentOrderField, TrainingEnrollmentWhere,
        },
        union_membership::{UnionMembership, UnionMembershipOrderField, UnionMembershipWhere},
        volunteer_enrollment::{
            VolunteerEnrollment, VolunteerEnrollmentOrderField, VolunteerEnrollmentWhere,
        },
        wage_recovery::{WageRecovery, WageRecoveryOrderField, WageRecoveryWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, PrefixFilter,
    },
    keyring::{Closed, Keyring, Place, Sealing},
    kind::Kind,
    link::{Criterion, Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    operation::{self, Payload, RecordInput},
    policy::{ProtectedField, ProtectedText, Scope},
    repository::Repository,
    resource::{Id, Resource},
    shell::{groups, operation, payload, planned},
    unit_of_work::{ExternalId, RecordOptions, WriteOptions},
};

/// A worker on the rolls of the city's unions: one natural person.
///
/// 职工：一个自然人。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Worker)))]
#[sea_orm(entity = "Entity")]
pub struct Worker {
    /// The id. 编号
    pub id: Id<Worker>,
    /// The full name, as the document has it. 姓名
    pub name: PersonName,
    /// The sex. 性别
    pub sex: Sex,
    /// The day of birth. 出生日期
    pub birth_on: Option<Date>,
    /// The kind of identity document. 证件类型
    pub document_type: DocumentType,
    /// Ethnicity, GB/T 3304: `01` Han to `56`. 民族代码
    pub ethnicity_code: Option<String>,
    /// Education, GB/T 4658: `20` is a bachelor's degree. 学历代码
    pub education_code: Option<String>,
    /// Political status, GB/T 4762: `01` to `13`. 政治面貌代码
    pub political_status_code: Option<String>,
    /// Whether a migrant worker from the countryside. 是否农民工
    pub is_migrant_worker: bool,
    /// Whether an industrial worker. 是否产业工人
    pub is_industrial_worker: bool,
    /// Whether at work. 就业状况
    pub employment_status: EmploymentStatus,
    /// The highest rank of skill that is certified. 技能等级
    pub skill_rank: Option<SkillRank>,
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
    /// When what is personal was erased; null otherwise. 个人信息删除时间
    pub erased_at: Option<DateTime>,
    /// Why it was erased; null otherwise. 个人信息删除的情形
    pub erasure_ground: Option<ErasureGround>,
    #[graphql(skip)]
    id_number: Option<Sealed<IdNumber>>,
    #[graphql(skip)]
    phone: Option<Sealed<Phone>>,
    #[graphql(skip)]
    data_key: Option<String>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

pub use erasure::erase;

pub const ID_NUMBER: Place = ProtectedField::WorkerIdNumber.place();
pub const PHONE: Place = ProtectedField::WorkerPhone.place();

/// What names one worker: exactly one of these.
///
/// 定位一名职工的条件，必须且只能给出一个。
#[derive(Clone, Debug, OneofObject)]
pub enum WorkerBy {
    /// The id. 编号
    Id(Id<Worker>),
    /// The name a source system has for the worker. 外部编号
    ExternalId(ExternalId),
    /// The number of the identity document; needs the scope `worker:lookup`. 证件号码
    IdNumber(Unchecked<IdNumber>),
}

/// Narrows a list of workers.
///
/// 职工筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct WorkerWhere {
    /// All of these. 全部满足
    and: Option<Vec<WorkerWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<WorkerWhere>>,
    /// Not this. 不满足
    not: Option<Box<WorkerWhere>>,
    /// Whether archived workers are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The full name. 姓名
    name: Option<PrefixFilter>,
    /// The sex. 性别
    sex: Option<Equality<Sex>>,
    /// Whether at work. 就业状况
    employment_status: Option<Equality<EmploymentStatus>>,
    /// The rank of skill. 技能等级
    skill_rank: Option<Equality<SkillRank>>,
    /// Whether a migrant worker. 是否农民工
    is_migrant_worker: Option<Equality<bool>>,
    /// Whether an industrial worker. 是否产业工人
    is_industrial_worker: Option<Equality<bool>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The present employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// The relations of employment. 劳动关系
    employments: Option<ListFilter<EmploymentRelationWhere>>,
    /// The memberships. 会籍
    memberships: Option<ListFilter<UnionMembershipWhere>>,
    /// The certificates of skill. 职业技能等级证书
    skill_certificates: Option<ListFilter<SkillCertificateWhere>>,
    /// The professional titles. 职称
    professional_titles: Option<ListFilter<ProfessionalTitleWhere>>,
    /// The trainings, past and present. 培训记录
    training_enrollments: Option<ListFilter<TrainingEnrollmentWhere>>,
    /// The entries in competitions. 参赛记录
    competition_entries: Option<ListFilter<CompetitionEntryWhere>>,
    /// The honours. 荣誉
    honour_awards: Option<ListFilter<HonourAwardWhere>>,
    /// The applications for membership. 入会申请
    membership_applications: Option<ListFilter<MembershipApplicationWhere>>,
    /// The work in new forms of employment. 新就业形态从业记录
    gig_engagements: Option<ListFilter<GigEngagementWhere>>,
    /// The enrolments as a volunteer. 志愿者报名
    volunteer_enrollments: Option<ListFilter<VolunteerEnrollmentWhere>>,
    /// The wages that were claimed back. 追讨劳动报酬记录
    wage_recoveries: Option<ListFilter<WageRecoveryWhere>>,
}

/// What a list of workers can be sorted by.
///
/// 职工排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WorkerOrderField {
    /// The full name, by code point. 姓名
    Name,
    /// The division that keeps the record. 所属区划
    DivisionCode,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a worker and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WorkerDetails {
    /// The sex; taken from the id number when absent. 性别
    sex: MaybeUndefined<Sex>,
    /// The day of birth; taken from the id number when absent. 出生日期
    birth_on: MaybeUndefined<Date>,
    /// The kind of identity document; the resident identity card unless told otherwise. 证件类型
    document_type: MaybeUndefined<DocumentType>,
    /// The number of the identity document, 18 characters. 证件号码
    id_number: MaybeUndefined<Unchecked<IdNumber>>,
    /// The mobile phone. 手机号码
    phone: MaybeUndefined<Unchecked<Phone>>,
    /// Ethnicity, GB/T 3304, two digits. 民族代码
    ethnicity_code: MaybeUndefined<String>,
    /// Education, GB/T 4658, two digits. 学历代码
    education_code: MaybeUndefined<String>,
    /// Political status, GB/T 4762, two digits. 政治面貌代码
    political_status_code: MaybeUndefined<String>,
    /// Whether a migrant worker; false unless told otherwise. 是否农民工
    is_migrant_worker: MaybeUndefined<bool>,
    /// Whether an industrial worker; false unless told otherwise. 是否产业工人
    is_industrial_worker: MaybeUndefined<bool>,
    /// Whether at work; `EMPLOYED` unless told otherwise. 就业状况
    employment_status: MaybeUndefined<EmploymentStatus>,
    /// The highest rank of skill that is certified. 技能等级
    skill_rank: MaybeUndefined<SkillRank>,
    /// The present employer. Another than before ends the present relation of employment today and
    /// begins one there; null ends it. 用人单位
    employer_id: MaybeUndefined<Id<Employer>>,
}

/// Registers a worker.
///
/// 登记职工。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerCreateInput {
    /// The full name, 1 to 50 characters. 姓名
    name: Unchecked<PersonName>,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: WorkerDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a worker: absent keeps, null clears, a value sets.
///
/// 更新职工：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerUpdateInput {
    /// The worker. 职工编号
    id: Id<Worker>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The full name. 姓名
    name: MaybeUndefined<Unchecked<PersonName>>,
    /// The division that keeps the record. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: WorkerDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Registers a worker, or changes the one who has this external id.
///
/// 按外部编号新增或更新职工。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerUpsertInput {
    #[graphql(flatten)]
    item: WorkerUpsertItem,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Many workers to register or change.
///
/// 批量新增或更新职工。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerUpsertBatchInput {
    /// 1 to 100 workers. 职工列表
    items: Vec<WorkerUpsertItem>,
    /// What happens when one of them is refused. 出错策略
    #[graphql(default)]
    error_policy: ErrorPolicy,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// One worker of a batch.
///
/// 批量中的一名职工。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerUpsertItem {
    /// The name that the source system has for the worker. 外部编号
    external_id: ExternalId,
    /// Refuse when the worker has another version by now; absent: whatever the version. 期望版本
    expected_version: Option<i32>,
    /// The full name; has to be there for a new worker. 姓名
    name: MaybeUndefined<Unchecked<PersonName>>,
    /// The division that keeps the record; has to be there for a new worker. 所属区划
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    #[graphql(flatten)]
    details: WorkerDetails,
}

/// Erases what is personal in the record of a worker.
///
/// 删除职工的个人信息。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerEraseInput {
    /// The worker. 职工编号
    id: Id<Worker>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Why it is erased. 删除的情形
    ground: ErasureGround,
    #[graphql(flatten)]
    options: WriteOptions,
}

operation!(WorkerCreate of Worker);
operation!(WorkerUpdate of Worker);
operation!(WorkerUpsert of Worker);
operation!(WorkerArchive of Worker);
operation!(WorkerRestore of Worker);
operation!(WorkerErase of Worker);
payload!(WorkerUpsertBatchPayload of WorkerUpsertResult { worker: Worker });

groups! {
    /// Workers, counted by what they have in common: at most 1,000 groups. 按字段分组统计职工
    Groups("WorkerGroupQueries") of Worker by WorkerWhere in worker_groups: WorkerGroup by WorkerGroupField {
        /// The rank of skill. 技能等级
        SkillRank = skill_rank: SkillRank,
        /// Whether at work. 就业状况
        EmploymentStatus = employment_status: EmploymentStatus,
        /// The sex. 性别
        Sex = sex: Sex,
        /// The kind of identity document. 证件类型
        DocumentType = document_type: DocumentType,
        /// Ethnicity, GB/T 3304. 民族代码
        EthnicityCode = ethnicity_code: String,
        /// Education, GB/T 4658. 学历代码
        EducationCode = education_code: String,
        /// Political status, GB/T 4762. 政治面貌代码
        PoliticalStatusCode = political_status_code: String,
        /// Whether a migrant worker from the countryside. 是否农民工
        IsMigrantWorker = is_migrant_worker: bool,
        /// Whether an industrial worker. 是否产业工人
        IsIndustrialWorker = is_industrial_worker: bool,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[derive(Default)]
pub struct Queries;

#[derive(Default)]
pub struct Mutations;

#[Object(name = "WorkerQueries")]
impl Queries {
    /// One worker; null when there is none that the caller may see. 查询一名职工
    async fn worker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names the worker. 定位条件")] by: WorkerBy,
    ) -> Nullable<Worker> {
        ctx.find_by(by).await
    }

    /// Workers, oldest record first unless told otherwise. 查询职工列表
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
        ctx.list(filter, order_by, Page { first, after, last, before }).await
    }
}

#[Object(name = "WorkerMutations")]
impl Mutations {
    /// Registers a worker. 登记职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: WorkerCreateInput,
    ) -> Nullable<Payload<WorkerCreate>> {
        let options = input.options.clone();
        Some(ctx.write(Kind::Worker, options, input, |work, it| Box::pin(create(work, it))).await)
    }

    /// Changes a worker. 更新职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: WorkerUpdateInput,
    ) -> Nullable<Payload<WorkerUpdate>> {
        let options = input.options.clone();
        Some(ctx.write(Kind::Worker, options, input, |work, it| Box::pin(update(work, it))).await)
    }

    /// Registers a worker, or changes the one who has this external id. Free of races: of many that
    /// come at once with the same id, one registers and the others change. 新增或更新职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_upsert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: WorkerUpsertInput,
    ) -> Nullable<Payload<WorkerUpsert>> {
        let upsert =
            ctx.upsert(input.options, input.item, by_name, |work, it| Box::pin(upsert(work, it)));
        Some(upsert.await)
    }

    /// Registers or changes up to 100 workers, with one result each, in the order given. 批量新增或更新职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_upsert_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: WorkerUpsertBatchInput,
    ) -> Nullable<WorkerUpsertBatchPayload> {
        let (options, policy) = (input.options.clone(), input.error_policy);
        Some(
            ctx.write(Kind::Worker, options, input.items, move |work, items| {
                Box::pin(batch::run(work, policy, items, by_name, |work, it| {
                    Box::pin(upsert(work, it))
                }))
            })
            .await,
        )
    }

    /// Archives a worker. 归档职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<WorkerArchive>,
    ) -> Nullable<Payload<WorkerArchive>> {
        operation::archive(ctx, input).await
    }

    /// Brings an archived worker back. 恢复职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: RecordInput<WorkerRestore>,
    ) -> Nullable<Payload<WorkerRestore>> {
        operation::restore(ctx, input).await
    }

    /// Erases what is personal in the record of a worker, for good: the key to the id number and the
    /// phone is destroyed, the name and the names of source systems go, and the record is archived.
    /// Refused while the worker has an employment, a membership or a dispute that is not over.
    /// 删除职工个人信息（不可恢复）
    #[graphql(directive = requires::apply(Scope::WorkerErase.name().to_owned()))]
    async fn worker_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: WorkerEraseInput,
    ) -> Nullable<Payload<WorkerErase>> {
        let options = input.options.clone();
        let erase = ctx.write(Scope::WorkerErase, options, input, |work, it| {
            Box::pin(erase(work, it.id, Some(it.expected_version), it.ground))
        });
        Some(erase.await)
    }
}

#[ComplexObject]
impl Worker {
    /// The number of the identity document, masked unless the caller has `worker:unmask`. Whole, it
    /// takes a declared purpose: without one, `PURPOSE_REQUIRED`. 证件号码
    async fn id_number(&self, ctx: &Context<'_>) -> Nullable<ProtectedText> {
        self.show(ctx, ProtectedField::WorkerIdNumber, self.id_number.as_ref())
    }

    /// The mobile phone, masked unless the caller has `worker:unmask`. Whole, it takes a declared
    /// purpose: without one, `PURPOSE_REQUIRED`. 手机号码
    async fn phone(&self, ctx: &Context<'_>) -> Nullable<ProtectedText> {
        self.show(ctx, ProtectedField::WorkerPhone, self.phone.as_ref())
    }

    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// The names that source systems have for the worker, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The present employer: of the active relation of employment. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
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
        ctx.children(self.id, employment_relation::Column::WorkerId, filter, order_by, page).await
    }

    /// The memberships of unions, present and past. 会籍
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            UnionMembershipWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<UnionMembershipOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<UnionMembership>> {
        let page = Page { first, after, last, before };
        let worker_id = union_membership::Column::WorkerId;
        ctx.children(self.id, worker_id, filter, order_by, page).await
    }

    /// Who read or changed this record, newest first, of the last 31 days unless told otherwise: for those
    /// with `audit:read`, and for the worker. 谁读取或修改过此记录
    async fn accesses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Not before. 起始时间")] from_at: Option<DateTime>,
        #[graphql(desc = "Before; now when absent. 截止时间")] to_at: Option<DateTime>,
        #[graphql(desc = "At most so many: 0 to 100, 20 by default. 条数")] first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
    ) -> Nullable<AuditPage> {
        let record = (Kind::Worker, self.id.uuid());
        Some(accesses(ctx.repository(), record, from_at, to_at, first, after).await)
    }

    /// The certificates of skill. 职业技能等级证书
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn skill_certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            SkillCertificateWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<SkillCertificateOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<SkillCertificate>> {
        let page = Page { first, after, last, before };
        let owner = skill_certificate::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The professional titles. 职称
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn professional_titles(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            ProfessionalTitleWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ProfessionalTitleOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<ProfessionalTitle>> {
        let page = Page { first, after, last, before };
        let owner = professional_title::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The trainings, past and present. 培训记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn training_enrollments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            TrainingEnrollmentWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<TrainingEnrollmentOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<TrainingEnrollment>> {
        let page = Page { first, after, last, before };
        let owner = training_enrollment::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The entries in competitions. 参赛记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn competition_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CompetitionEntryWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CompetitionEntryOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CompetitionEntry>> {
        let page = Page { first, after, last, before };
        let owner = competition_entry::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The honours. 荣誉
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn honour_awards(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            HonourAwardWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<HonourAwardOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<HonourAward>> {
        let page = Page { first, after, last, before };
        let owner = honour_award::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The applications for membership. 入会申请
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn membership_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            MembershipApplicationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<MembershipApplicationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<MembershipApplication>> {
        let page = Page { first, after, last, before };
        let owner = membership_application::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The work in new forms of employment. 新就业形态从业记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn gig_engagements(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            GigEngagementWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<GigEngagementOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<GigEngagement>> {
        let page = Page { first, after, last, before };
        let owner = gig_engagement::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The enrolments as a volunteer. 志愿者报名
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn volunteer_enrollments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            VolunteerEnrollmentWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<VolunteerEnrollmentOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<VolunteerEnrollment>> {
        let page = Page { first, after, last, before };
        let owner = volunteer_enrollment::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The wages that were claimed back. 追讨劳动报酬记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn wage_recoveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            WageRecoveryWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<WageRecoveryOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<WageRecovery>> {
        let page = Page { first, after, last, before };
        let owner = wage_recovery::Column::WorkerId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Worker {
    /// The sealed values, where they lie.
    pub fn sealed(&self) -> [(ProtectedField, Option<Closed<'_>>); 2] {
        let (id, data_key) = (self.id.uuid(), self.data_key.as_deref());
        let number = self.id_number.as_ref().and_then(Sealed::as_text);
        let phone = self.phone.as_ref().and_then(Sealed::as_text);
        [
            (ProtectedField::WorkerIdNumber, number.map(|text| Closed { id, data_key, text })),
            (ProtectedField::WorkerPhone, phone.map(|text| Closed { id, data_key, text })),
        ]
    }

    fn show<T>(
        &self,
        ctx: &Context<'_>,
        field: ProtectedField,
        sealed: Option<&Sealed<T>>,
    ) -> Nullable<ProtectedText> {
        let (data_key, text) = (self.data_key.as_deref(), sealed?.as_text()?);
        let closed = Closed { id: self.id.uuid(), data_key, text };
        Some(ctx.show(field, closed))
    }
}

impl Resource for Worker {
    const KIND: Kind = Kind::Worker;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn seal(keyring: &Keyring, row: Option<&Model>, draft: &mut ActiveModel) -> Result<()> {
        let id = row.map(|it| it.id).or(draft.id.try_as_ref().copied()).unwrap_or_default();
        let data_key = row.and_then(|it| it.data_key.as_deref());
        let mut sealing = Sealing::of(keyring, ID_NUMBER.table, id, data_key);
        let before = row.and_then(|it| it.id_number.as_ref());
        let index = [&mut draft.id_number_index_odd, &mut draft.id_number_index_even];
        sealing.indexed(ID_NUMBER, before, &mut draft.id_number, index)?;
        let before = row.and_then(|it| it.phone.as_ref());
        sealing.column(PHONE, before, &mut draft.phone)?;
        if let Some(made) = sealing.made() {
            draft.data_key = Set(Some(made));
        }
        Ok(())
    }

    fn check(row: &Model) -> Vec<Violation> {
        let mut violations = Vec::new();
        let today = day_of(row.updated_at);
        if row.birth_on.is_some_and(|it| it > today) {
            violations.push(Violation::inconsistent(
                "birthOn",
                "A birth is not in the future.",
                "出生日期不能晚于今天。",
            ));
        } else if row.birth_on.is_some_and(|it| today.years_since(it).is_none_or(|age| age < 16)) {
            let mut violation = Violation::inconsistent(
                "birthOn",
                "A worker is at least 16 years old.",
                "职工须年满十六周岁。",
            );
            violation.rule = Some("ID-09".to_owned());
            violations.push(violation);
        }
        violations.extend(erasure::check(row));
        violations
    }
}

impl Linked for Worker {
    type Where = WorkerWhere;
    type Order = WorkerOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "idNumber" => Link::Protected(ProtectedField::WorkerIdNumber),
            "phone" => Link::Protected(ProtectedField::WorkerPhone),
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "employments" => {
                Link::many::<EmploymentRelation>(employment_relation::Column::WorkerId)
            }
            "memberships" => Link::many::<UnionMembership>(union_membership::Column::WorkerId),
            "skillCertificates" => {
                Link::many::<SkillCertificate>(skill_certificate::Column::WorkerId)
            }
            "professionalTitles" => {
                Link::many::<ProfessionalTitle>(professional_title::Column::WorkerId)
            }
            "trainingEnrollments" => {
                Link::many::<TrainingEnrollment>(training_enrollment::Column::WorkerId)
            }
            "competitionEntries" => {
                Link::many::<CompetitionEntry>(competition_entry::Column::WorkerId)
            }
            "honourAwards" => Link::many::<HonourAward>(honour_award::Column::WorkerId),
            "membershipApplications" => {
                Link::many::<MembershipApplication>(membership_application::Column::WorkerId)
            }
            "gigEngagements" => Link::many::<GigEngagement>(gig_engagement::Column::WorkerId),
            "volunteerEnrollments" => {
                Link::many::<VolunteerEnrollment>(volunteer_enrollment::Column::WorkerId)
            }
            "wageRecoveries" => Link::many::<WageRecovery>(wage_recovery::Column::WorkerId),
            _ => return None,
        })
    }
}

impl Root for Worker {
    type By = WorkerBy;

    const ONE: &'static str = "worker";
    const MANY: &'static str = "workers";
}

planned!(Queries of Worker);

impl Key for WorkerBy {
    type Resource = Worker;

    fn protected(&self) -> Option<ProtectedField> {
        matches!(self, WorkerBy::IdNumber(_)).then_some(ProtectedField::WorkerIdNumber)
    }

    fn criterion(self, repository: &Repository) -> Result<Criterion> {
        Ok(match self {
            WorkerBy::Id(id) => id.into(),
            WorkerBy::ExternalId(name) => external_id::has_name::<Worker>(&name).into(),
            WorkerBy::IdNumber(number) => by_id_number(repository, &number)?.into(),
        })
    }
}

impl Filter for WorkerWhere {
    type Resource = Worker;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(Column::Id, wage_recovery::Column::WorkerId, self.wage_recoveries)?
            .to_many(
                Column::Id,
                volunteer_enrollment::Column::WorkerId,
                self.volunteer_enrollments,
            )?
            .to_many(Column::Id, gig_engagement::Column::WorkerId, self.gig_engagements)?
            .to_many(
                Column::Id,
                membership_application::Column::WorkerId,
                self.membership_applications,
            )?
            .to_many(Column::Id, honour_award::Column::WorkerId, self.honour_awards)?
            .to_many(Column::Id, competition_entry::Column::WorkerId, self.competition_entries)?
            .to_many(Column::Id, training_enrollment::Column::WorkerId, self.training_enrollments)?
            .to_many(Column::Id, professional_title::Column::WorkerId, self.professional_titles)?
            .to_many(Column::Id, skill_certificate::Column::WorkerId, self.skill_certificates)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::Sex, self.sex)?
            .on(Column::EmploymentStatus, self.employment_status)?
            .on(Column::SkillRank, self.skill_rank)?
            .on(Column::IsMigrantWorker, self.is_migrant_worker)?
            .on(Column::IsIndustrialWorker, self.is_industrial_worker)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)?
            .to_many(Column::Id, employment_relation::Column::WorkerId, self.employments)?
            .to_many(Column::Id, union_membership::Column::WorkerId, self.memberships)
    }
}

impl OrderField for WorkerOrderField {
    type Resource = Worker;

    fn column(self) -> Column {
        match self {
            WorkerOrderField::Name => Column::Name,
            WorkerOrderField::DivisionCode => Column::DivisionCode,
            WorkerOrderField::CreatedAt => Column::CreatedAt,
            WorkerOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// Looking a person up by number is a right of its own, with a quota of its own.
fn by_id_number(repository: &Repository, number: &Unchecked<IdNumber>) -> Result<Condition> {
    repository.viewer.require(Scope::WorkerLookup)?;
    repository.shared.quotas.look_up(repository.viewer.credential_id)?;
    let number = number
        .check(&repository.rules())
        .map_err(|defect| Violation::defect("by.idNumber", defect))?;
    let keyring = repository.shared.keys.now();
    let [odd, even] = keyring.index(ID_NUMBER, number.value.expose());
    let any = Condition::any();
    Ok(any
        .add_option(odd.map(|it| Column::IdNumberIndexOdd.eq(it)))
        .add_option(even.map(|it| Column::IdNumberIndexEven.eq(it))))
}
