use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject,
};
use entity::{
    employment_relation::{self, ContractType, EmploymentEndReason, EmploymentRelationStatus},
    state_transition, union_membership,
    worker::{ActiveModel, Column, EmploymentStatus, Entity, Model, Sex, SkillRank},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, DerivePartialModel,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, DocumentType, IdNumber, PersonName, Phone, Unchecked};

use crate::{
    Result,
    aggregate::groups,
    batch::{self, ErrorPolicy},
    clock::day_of,
    connection::Connection,
    context::{ContextExt, Nullable, payload},
    directive::{requires, sensitivity, to_read, to_write},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        employment_relation::{
            EmploymentRelation, EmploymentRelationOrderField, EmploymentRelationWhere,
        },
        external_id,
        union_membership::{UnionMembership, UnionMembershipOrderField, UnionMembershipWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Ordering,
        PrefixFilter,
    },
    form::Form,
    kind::Kind,
    link::{Key, Link, Linked, Root},
    list::{OrderBy, OrderField, Page},
    policy::{ProtectedField, ProtectedText, Scope},
    repository::Repository,
    resource::{Id, Resource},
    state_transition::StateTransition,
    unit_of_work::{Claim, ExternalId, UnitOfWork, WriteOptions},
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
    #[graphql(directive = sensitivity::apply("L3".to_owned()))]
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
    #[graphql(skip)]
    id_number: Option<IdNumber>,
    #[graphql(skip)]
    phone: Option<Phone>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

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
    employer: Option<Box<EmployerWhere>>,
    /// The relations of employment. 劳动关系
    employments: Option<Box<ListFilter<EmploymentRelationWhere>>>,
    /// The memberships. 会籍
    memberships: Option<Box<ListFilter<UnionMembershipWhere>>>,
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
    /// Names that source systems have for the worker, at most 20. 外部编号
    external_ids: Option<Vec<ExternalId>>,
    #[graphql(flatten)]
    options: WriteOptions,
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
    /// Further names that source systems have for the worker, at most 20. 追加的外部编号
    external_ids: Option<Vec<ExternalId>>,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Registers a worker, or changes the one who has this external id.
///
/// 按外部编号新增或更新职工。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerUpsertInput {
    #[graphql(flatten)]
    item: WorkerUpsertItem,
    #[graphql(flatten)]
    options: WriteOptions,
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

/// Archives a worker: out of the lists, still there by id.
///
/// 归档职工。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerArchiveInput {
    /// The worker. 职工编号
    id: Id<Worker>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Brings an archived worker back.
///
/// 恢复已归档的职工。
#[derive(Clone, Debug, InputObject)]
pub struct WorkerRestoreInput {
    /// The worker. 职工编号
    id: Id<Worker>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    options: WriteOptions,
}

payload!(WorkerCreatePayload { worker: Worker });
payload!(WorkerUpdatePayload { worker: Worker });
payload!(WorkerUpsertPayload { worker: Worker });
payload!(WorkerArchivePayload { worker: Worker });
payload!(WorkerRestorePayload { worker: Worker });
batch::payload!(WorkerUpsertBatchPayload of WorkerUpsertResult { worker: Worker });

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
    ) -> Nullable<WorkerCreatePayload> {
        let options = input.options.clone();
        Some(ctx.write(Kind::Worker, options, input, |work, it| Box::pin(create(work, it))).await)
    }

    /// Changes a worker. 更新职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: WorkerUpdateInput,
    ) -> Nullable<WorkerUpdatePayload> {
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
    ) -> Nullable<WorkerUpsertPayload> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::Worker, options, input.item, |work, it| Box::pin(upsert(work, it)))
                .await,
        )
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
        #[graphql(desc = "What to write. 输入")] input: WorkerArchiveInput,
    ) -> Nullable<WorkerArchivePayload> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::Worker, options, input, |work, it| {
                Box::pin(work.archive_version(it.id, it.expected_version))
            })
            .await,
        )
    }

    /// Brings an archived worker back. 恢复职工
    #[graphql(directive = requires::apply(to_write(Kind::Worker)))]
    async fn worker_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: WorkerRestoreInput,
    ) -> Nullable<WorkerRestorePayload> {
        let options = input.options.clone();
        Some(
            ctx.write(Kind::Worker, options, input, |work, it| {
                Box::pin(work.restore_version(it.id, it.expected_version))
            })
            .await,
        )
    }
}

#[ComplexObject]
impl Worker {
    /// The number of the identity document, masked unless the caller has `worker:unmask`. 证件号码
    #[graphql(directive = sensitivity::apply("L4".to_owned()))]
    async fn id_number(&self, ctx: &Context<'_>) -> Option<ProtectedText> {
        let number = self.id_number.as_ref()?;
        Some(ctx.viewer().show(ProtectedField::WorkerIdNumber, number))
    }

    /// The mobile phone, masked unless the caller has `worker:unmask`. 手机号码
    #[graphql(directive = sensitivity::apply("L4".to_owned()))]
    async fn phone(&self, ctx: &Context<'_>) -> Option<ProtectedText> {
        Some(ctx.viewer().show(ProtectedField::WorkerPhone, self.phone.as_ref()?))
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
}

impl Resource for Worker {
    const KIND: Kind = Kind::Worker;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
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
        violations
    }
}

impl Linked for Worker {
    type Where = WorkerWhere;
    type Order = WorkerOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "idNumber" => {
                Link::protected::<IdNumber>(Column::IdNumber, ProtectedField::WorkerIdNumber)
            }
            "phone" => Link::protected::<Phone>(Column::Phone, ProtectedField::WorkerPhone),
            "division" => Division::by_code(Column::DivisionCode),
            "externalIds" => external_id::link(),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "employments" => {
                Link::many::<EmploymentRelation>(employment_relation::Column::WorkerId)
            }
            "memberships" => Link::many::<UnionMembership>(union_membership::Column::WorkerId),
            _ => return None,
        })
    }
}

impl Root for Worker {
    type By = WorkerBy;

    const ONE: &'static str = "worker";
    const MANY: &'static str = "workers";
}

impl Key for WorkerBy {
    type Resource = Worker;

    fn condition(self, repository: &Repository) -> Result<Condition> {
        Ok(match self {
            WorkerBy::Id(id) => Column::Id.eq(id.uuid()).into(),
            WorkerBy::ExternalId(name) => external_id::has_name::<Worker>(&name),
            WorkerBy::IdNumber(number) => by_id_number(repository, &number)?,
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

/// Looking a person up by number is a right of its own.
fn by_id_number(repository: &Repository, number: &Unchecked<IdNumber>) -> Result<Condition> {
    repository.viewer.require(Scope::WorkerLookup)?;
    let number = number
        .check(&repository.rules())
        .map_err(|defect| Violation::defect("by.idNumber", defect))?;
    Ok(Column::IdNumber.eq(number.value).into())
}

async fn create(work: &mut UnitOfWork<'_>, input: WorkerCreateInput) -> Result<Worker> {
    let name = MaybeUndefined::Value(input.name);
    let division_code = MaybeUndefined::Value(input.division_code);
    let employer = input.details.employer_id;
    let draft = draft(work, name, division_code, input.details)?;
    register(work, Uuid::now_v7(), draft, employer, input.external_ids).await
}

async fn update(work: &mut UnitOfWork<'_>, input: WorkerUpdateInput) -> Result<Worker> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let employer = input.details.employer_id;
    let draft = draft(work, input.name, input.division_code, input.details)?;
    work.link::<Worker>("externalIds", row.id, input.external_ids).await?;
    change(work, row, draft, employer).await
}

/// The order in which a batch takes its items.
fn by_name(item: &WorkerUpsertItem) -> ExternalId {
    item.external_id.clone()
}

async fn upsert(work: &mut UnitOfWork<'_>, item: WorkerUpsertItem) -> Result<Worker> {
    let employer = item.details.employer_id;
    let draft = draft(work, item.name, item.division_code, item.details)?;
    match work.claim::<Worker>("externalId", &item.external_id).await? {
        Claim::New(id) => register(work, id, draft, employer, None).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<Worker>(id, item.expected_version).await?;
            change(work, row, draft, employer).await
        }
    }
}

async fn register(
    work: &mut UnitOfWork<'_>,
    id: Uuid,
    mut draft: ActiveModel,
    employer: MaybeUndefined<Id<Employer>>,
    names: Option<Vec<ExternalId>>,
) -> Result<Worker> {
    draft.id = Set(id);
    if !draft.sex.is_set() {
        draft.sex = Set(Sex::Unknown);
    }
    if !draft.document_type.is_set() {
        draft.document_type = Set(DocumentType::ResidentId);
    }
    if !draft.employment_status.is_set() {
        draft.employment_status = Set(EmploymentStatus::Employed);
    }
    if !draft.is_migrant_worker.is_set() {
        draft.is_migrant_worker = Set(false);
    }
    if !draft.is_industrial_worker.is_set() {
        draft.is_industrial_worker = Set(false);
    }
    let employer = employer.take();
    work.refer("employerId", employer).await?;
    draft.employer_id = Set(employer.map(Id::uuid));
    let worker = work.create::<Worker>(draft).await?;
    if let Some(employer) = employer {
        employ(work, &worker, employer).await?;
    }
    work.link::<Worker>("externalIds", id, names).await?;
    Ok(worker)
}

async fn change(
    work: &mut UnitOfWork<'_>,
    row: Model,
    mut draft: ActiveModel,
    employer: MaybeUndefined<Id<Employer>>,
) -> Result<Worker> {
    let before = row.employer_id;
    let after = match employer {
        MaybeUndefined::Undefined => before,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(id) => Some(id.uuid()),
    };
    if before == after {
        return move_to(work, row, draft).await;
    }
    work.refer("employerId", after.map(Id::<Employer>::new)).await?;
    let active = Condition::all()
        .add(employment_relation::Column::WorkerId.eq(row.id))
        .add(employment_relation::Column::Status.eq(EmploymentRelationStatus::Active));
    if let Some(relation) = work.find_by::<EmploymentRelation>(active).await? {
        let ended = employment_relation::ActiveModel {
            ended_on: Set(Some(work.rules().today.max(relation.started_on))),
            end_reason: Set(Some(EmploymentEndReason::ChangedEmployer)),
            status: Set(EmploymentRelationStatus::Ended),
            ..Default::default()
        };
        work.update::<EmploymentRelation>(relation, ended).await?;
    }
    draft.employer_id = Set(after);
    let worker = move_to(work, row, draft).await?;
    if let Some(employer) = after {
        employ(work, &worker, Id::new(employer)).await?;
    }
    Ok(worker)
}

/// Changes the row; with another division, what belongs to the worker moves along, or the old division
/// would go on seeing it.
async fn move_to(work: &mut UnitOfWork<'_>, row: Model, draft: ActiveModel) -> Result<Worker> {
    let before = row.division_code.clone();
    let worker = work.update::<Worker>(row, draft).await?;
    if worker.division_code == before {
        return Ok(worker);
    }
    let division_code = worker.division_code.clone();
    let owned = Condition::all().add(employment_relation::Column::WorkerId.eq(worker.id.uuid()));
    for row in work.find_all::<EmploymentRelation>(owned).await? {
        let draft = employment_relation::ActiveModel {
            division_code: Set(division_code.clone()),
            ..Default::default()
        };
        work.update::<EmploymentRelation>(row, draft).await?;
    }
    let owned = Condition::all().add(union_membership::Column::WorkerId.eq(worker.id.uuid()));
    for row in work.find_all::<UnionMembership>(owned).await? {
        let draft = union_membership::ActiveModel {
            division_code: Set(division_code.clone()),
            ..Default::default()
        };
        let taken = Condition::all().add(state_transition::Column::RecordId.eq(row.id));
        work.update::<UnionMembership>(row, draft).await?;
        for row in work.find_all::<StateTransition>(taken).await? {
            let draft = state_transition::ActiveModel {
                division_code: Set(division_code.clone()),
                ..Default::default()
            };
            work.update::<StateTransition>(row, draft).await?;
        }
    }
    Ok(worker)
}

/// Begins a relation of employment today. Its terms are for its own mutations to tell.
async fn employ(work: &mut UnitOfWork<'_>, worker: &Worker, employer: Id<Employer>) -> Result<()> {
    let started_on = work.rules().today;
    work.create::<EmploymentRelation>(employment_relation::ActiveModel {
        division_code: Set(worker.division_code.clone()),
        worker_id: Set(worker.id.uuid()),
        employer_id: Set(employer.uuid()),
        contract_type: Set(ContractType::FixedTerm),
        is_frontline: Set(false),
        started_on: Set(started_on),
        status: Set(EmploymentRelationStatus::Active),
        ..Default::default()
    })
    .await?;
    Ok(())
}

fn draft(
    work: &mut UnitOfWork<'_>,
    name: MaybeUndefined<Unchecked<PersonName>>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    details: WorkerDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let mut draft = ActiveModel {
        name: form.value("name", name),
        division_code: form.value("divisionCode", division_code),
        sex: form.plain("sex", details.sex),
        birth_on: form.day_option(details.birth_on),
        document_type: form.plain("documentType", details.document_type),
        id_number: form.option("idNumber", details.id_number),
        phone: form.option("phone", details.phone),
        ethnicity_code: form.code_option("ethnicityCode", details.ethnicity_code, 2),
        education_code: form.code_option("educationCode", details.education_code, 2),
        political_status_code: form.code_option(
            "politicalStatusCode",
            details.political_status_code,
            2,
        ),
        is_migrant_worker: form.plain("isMigrantWorker", details.is_migrant_worker),
        is_industrial_worker: form.plain("isIndustrialWorker", details.is_industrial_worker),
        employment_status: form.plain("employmentStatus", details.employment_status),
        skill_rank: form.plain_option(details.skill_rank),
        employer_id: NotSet,
        ..Default::default()
    };
    agree_with_number(&mut form, &mut draft);
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

/// The id number tells the birth and the sex: what was not said is taken from it, and what was said
/// otherwise stays as it was said, with a warning (ID-07, ID-08).
fn agree_with_number(form: &mut Form, draft: &mut ActiveModel) {
    let Set(Some(number)) = &draft.id_number else { return };
    if let Some(birth) = number.birth_date() {
        match &draft.birth_on {
            Set(Some(said)) if *said != birth => form.warn(
                "birthOn",
                "ID-08",
                "The day of birth is not that of the id number.",
                "出生日期与证件号码不一致。",
            ),
            Set(_) => {}
            _ => draft.birth_on = Set(Some(birth)),
        }
    }
    // The sequence of a foreigner's number says nothing certain.
    if number.document_type() == DocumentType::Fpr2023 {
        return;
    }
    let sex = if number.is_male() { Sex::Male } else { Sex::Female };
    match &draft.sex {
        Set(said @ (Sex::Male | Sex::Female)) if *said != sex => form.warn(
            "sex",
            "ID-07",
            "The sex is not that of the id number.",
            "性别与证件号码不一致。",
        ),
        Set(_) => {}
        _ => draft.sex = Set(sex),
    }
}
