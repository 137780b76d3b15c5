use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, Object, SimpleObject,
};
use chrono::{Days, NaiveDate};
use entity::{
    data_subject_request::{
        ActiveModel, Column, DataSubjectRequestStatus, DataSubjectRequestStep, Entity, Model,
        SubjectRequestKind,
    },
    state_transition,
    worker::ErasureGround,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Error, Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read, to_write},
    domain::{
        division::Division,
        external_id,
        worker::{self, Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine, StepDetails},
    operation::Payload,
    policy::{Scope, Standing},
    resource::{Id, Resource, Row},
    shell::{operation, reads, steps},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// So many days a request may take, the day of receipt not counted. The law says “in time” (art. 50); the
/// figure is ours, after what the city's other offices promise.
pub const DAYS_TO_DECIDE: u64 = 15;

/// What a person asks about the record that is kept of them: a copy, a correction, or to erase it
/// (Personal Information Protection Law, art. 44 to 50). It stays with the division that received it.
///
/// 个人信息权利请求：查阅复制、更正补充或删除。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::DataSubjectRequest)))]
#[sea_orm(entity = "Entity")]
pub struct DataSubjectRequest {
    /// The id. 编号
    pub id: Id<DataSubjectRequest>,
    /// What is asked for. 请求类型
    pub kind: SubjectRequestKind,
    /// What the person says, in their words; cleared when they are erased. 请求内容
    pub details: Option<String>,
    /// The day it came. 收到日期
    pub received_on: Date,
    /// The day by which it is to be decided: 15 days after it came. 办理期限
    pub due_on: Date,
    /// The state. 状态
    pub status: DataSubjectRequestStatus,
    /// The day it was fulfilled or refused. 办结日期
    pub decided_on: Option<Date>,
    /// Why it was refused, or fulfilled only in part. 理由
    pub reason: Option<String>,
    /// The division that received it. 所属区划代码
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
}

/// Narrows a list of requests of persons.
///
/// 权利请求筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DataSubjectRequestWhere {
    /// All of these. 全部满足
    and: Option<Vec<DataSubjectRequestWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DataSubjectRequestWhere>>,
    /// Not this. 不满足
    not: Option<Box<DataSubjectRequestWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What is asked for. 请求类型
    kind: Option<Equality<SubjectRequestKind>>,
    /// The day it came. 收到日期
    received_on: Option<Ordering<Date>>,
    /// The day by which it is to be decided. 办理期限
    due_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<DataSubjectRequestStatus>>,
    /// The division that received it. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker who asks. 请求人
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of requests of persons can be sorted by.
///
/// 权利请求排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DataSubjectRequestOrderField {
    /// The day by which it is to be decided. 办理期限
    DueOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Files a request about the caller's own record.
///
/// 本人提出个人信息权利请求。
#[derive(Clone, Debug, InputObject)]
pub struct DataSubjectRequestFileInput {
    /// What is asked for. 请求类型
    kind: SubjectRequestKind,
    /// What is wrong, or what it is about: at most 2,000 characters; has to be there for `CORRECT`. 请求内容
    details: Option<String>,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Registers a request that a worker made by other means: by letter, by telephone, in person.
///
/// 登记职工以信函、电话或当面方式提出的请求。
#[derive(Clone, Debug, InputObject)]
pub struct DataSubjectRequestRegisterInput {
    /// The worker who asks. 请求人
    worker_id: Id<Worker>,
    /// What is asked for. 请求类型
    kind: SubjectRequestKind,
    /// What is wrong, or what it is about: at most 2,000 characters; has to be there for `CORRECT`. 请求内容
    details: Option<String>,
    /// The day it came; today when absent. 收到日期
    received_on: Option<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Does what a request asks. To fulfil an `ERASE` erases the worker, which takes `worker:erase` and is refused
/// as `workerErase` is. What a `CORRECT` asks is corrected before, and a copy given before an `EXPORT` is fulfilled.
///
/// 办结请求；删除请求办结时即删除该职工的个人信息。
#[derive(Clone, Debug, InputObject)]
pub struct DataSubjectRequestFulfillInput {
    /// The record. 记录编号
    id: Id<DataSubjectRequest>,
    /// The version of the record that the caller knows. 期望版本
    expected_version: i32,
    /// Why the worker is erased; `CONSENT_WITHDRAWN` unless told otherwise. 删除的情形
    ground: Option<ErasureGround>,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Notes that a part of what is asked was done, and the rest has to be kept by law.
///
/// 部分办结：其余信息依法须继续保存。
#[derive(Clone, Debug, InputObject)]
pub struct DataSubjectRequestFulfillPartlyInput {
    /// The record. 记录编号
    id: Id<DataSubjectRequest>,
    /// The version of the record that the caller knows. 期望版本
    expected_version: i32,
    /// Why not all of it: 1 to 500 characters. 理由
    reason: String,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Refuses a request.
///
/// 拒绝请求。
#[derive(Clone, Debug, InputObject)]
pub struct DataSubjectRequestRefuseInput {
    /// The record. 记录编号
    id: Id<DataSubjectRequest>,
    /// The version of the record that the caller knows. 期望版本
    expected_version: i32,
    /// Why: 1 to 500 characters. 理由
    reason: String,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

operation!(DataSubjectRequestFile of DataSubjectRequest);
operation!(DataSubjectRequestRegister of DataSubjectRequest);
operation!(DataSubjectRequestFulfill of DataSubjectRequest);
operation!(DataSubjectRequestFulfillPartly of DataSubjectRequest);
operation!(DataSubjectRequestRefuse of DataSubjectRequest);

steps! {
    Steps("DataSubjectRequestSteps") of DataSubjectRequest {
        /// Records that the person is who asks. 核验身份
        data_subject_request_verify_identity: DataSubjectRequestVerifyIdentity = DataSubjectRequestStep::VerifyIdentity,
        /// Begins the work on a request. 开始办理
        data_subject_request_process: DataSubjectRequestProcess = DataSubjectRequestStep::Process,
    }
}

#[derive(Default)]
pub struct Mutations;

reads! {
    Queries("DataSubjectRequestQueries") of DataSubjectRequest by DataSubjectRequestBy, DataSubjectRequestWhere, DataSubjectRequestOrderField {
        /// One request of a person; null when there is none that the caller may see. 查询一条权利请求
        data_subject_request = "dataSubjectRequest",
        /// Requests of persons, oldest record first unless told otherwise. A worker sees their own. 查询权利请求列表
        data_subject_requests = "dataSubjectRequests",
    }
}

#[Object(name = "DataSubjectRequestMutations")]
impl Mutations {
    /// Files a request about the caller's own record. One of a kind is open at a time. 本人提出权利请求
    #[graphql(directive = requires::apply(Scope::SubjectRequestFile.name().to_owned()))]
    async fn data_subject_request_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DataSubjectRequestFileInput,
    ) -> Nullable<Payload<DataSubjectRequestFile>> {
        let options = input.options.clone();
        let file = ctx
            .write(Scope::SubjectRequestFile, options, input, |work, it| Box::pin(file(work, it)));
        Some(file.await)
    }

    /// Registers a request that a worker made by other means. 登记权利请求
    #[graphql(directive = requires::apply(to_write(Kind::DataSubjectRequest)))]
    async fn data_subject_request_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DataSubjectRequestRegisterInput,
    ) -> Nullable<Payload<DataSubjectRequestRegister>> {
        let options = input.options.clone();
        let kind = Kind::DataSubjectRequest;
        Some(ctx.write(kind, options, input, |work, it| Box::pin(register(work, it))).await)
    }

    /// Does what a request asks. 办结请求
    #[graphql(directive = requires::apply(to_write(Kind::DataSubjectRequest)))]
    async fn data_subject_request_fulfill(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DataSubjectRequestFulfillInput,
    ) -> Nullable<Payload<DataSubjectRequestFulfill>> {
        let options = input.options.clone();
        let kind = Kind::DataSubjectRequest;
        Some(ctx.write(kind, options, input, |work, it| Box::pin(fulfill(work, it))).await)
    }

    /// Does a part of what a request asks. 部分办结请求
    #[graphql(directive = requires::apply(to_write(Kind::DataSubjectRequest)))]
    async fn data_subject_request_fulfill_partly(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DataSubjectRequestFulfillPartlyInput,
    ) -> Nullable<Payload<DataSubjectRequestFulfillPartly>> {
        let options = input.options.clone();
        let kind = Kind::DataSubjectRequest;
        let step = DataSubjectRequestStep::FulfillPartly;
        let partly = ctx.write(kind, options, input, |work, it| {
            let DataSubjectRequestFulfillPartlyInput { id, expected_version, .. } = it;
            Box::pin(decide(work, (id, expected_version), step, it.reason, it.details))
        });
        Some(partly.await)
    }

    /// Refuses a request. 拒绝请求
    #[graphql(directive = requires::apply(to_write(Kind::DataSubjectRequest)))]
    async fn data_subject_request_refuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: DataSubjectRequestRefuseInput,
    ) -> Nullable<Payload<DataSubjectRequestRefuse>> {
        let options = input.options.clone();
        let kind = Kind::DataSubjectRequest;
        let refuse = ctx.write(kind, options, input, |work, it| {
            let known = (it.id, it.expected_version);
            Box::pin(decide(work, known, DataSubjectRequestStep::Refuse, it.reason, it.details))
        });
        Some(refuse.await)
    }
}

#[ComplexObject]
impl DataSubjectRequest {
    /// The division that received it. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker who asks; null when the caller may not see them. 请求人
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<DataSubjectRequestStep> {
        machine::steps_from::<DataSubjectRequest>(EDGES, self.status)
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

impl Resource for DataSubjectRequest {
    const KIND: Kind = Kind::DataSubjectRequest;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn owner(row: &Model) -> Option<Uuid> {
        Some(row.worker_id)
    }

    fn check(row: &Model) -> Vec<Violation> {
        let first = Some(row.received_on);
        Violation::out_of_order("decidedOn", first, row.decided_on).into_iter().collect()
    }
}

/// The machine (domain brief §9, 21).
const EDGES: &[Edge<DataSubjectRequest>] = &[
    (
        DataSubjectRequestStatus::Received,
        DataSubjectRequestStep::VerifyIdentity,
        DataSubjectRequestStatus::IdentityVerified,
    ),
    (
        DataSubjectRequestStatus::Received,
        DataSubjectRequestStep::Refuse,
        DataSubjectRequestStatus::Refused,
    ),
    (
        DataSubjectRequestStatus::IdentityVerified,
        DataSubjectRequestStep::Process,
        DataSubjectRequestStatus::Processing,
    ),
    (
        DataSubjectRequestStatus::IdentityVerified,
        DataSubjectRequestStep::Refuse,
        DataSubjectRequestStatus::Refused,
    ),
    (
        DataSubjectRequestStatus::Processing,
        DataSubjectRequestStep::Fulfill,
        DataSubjectRequestStatus::Fulfilled,
    ),
    (
        DataSubjectRequestStatus::Processing,
        DataSubjectRequestStep::FulfillPartly,
        DataSubjectRequestStatus::Partly,
    ),
    (
        DataSubjectRequestStatus::Processing,
        DataSubjectRequestStep::Refuse,
        DataSubjectRequestStatus::Refused,
    ),
];

impl Machine for DataSubjectRequest {
    type State = DataSubjectRequestStatus;
    type Step = DataSubjectRequestStep;

    fn edges(_row: &Model) -> &'static [Edge<DataSubjectRequest>] {
        EDGES
    }

    fn state(row: &Model) -> DataSubjectRequestStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: DataSubjectRequestStatus) {
        draft.status = Set(state);
    }

    fn on_step(
        _row: &Model,
        step: DataSubjectRequestStep,
        day: NaiveDate,
        draft: &mut ActiveModel,
    ) {
        use DataSubjectRequestStep::{Fulfill, FulfillPartly, Refuse};
        if matches!(step, Fulfill | FulfillPartly | Refuse) {
            draft.decided_on = Set(Some(day));
        }
    }
}

impl Linked for DataSubjectRequest {
    type Where = DataSubjectRequestWhere;
    type Order = DataSubjectRequestOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "openSteps" => machine::link(|it: &DataSubjectRequest| {
                machine::steps_from::<DataSubjectRequest>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for DataSubjectRequestWhere {
    type Resource = DataSubjectRequest;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Kind, self.kind)?
            .on(Column::ReceivedOn, self.received_on)?
            .on(Column::DueOn, self.due_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for DataSubjectRequestOrderField {
    type Resource = DataSubjectRequest;

    fn column(self) -> Column {
        match self {
            DataSubjectRequestOrderField::DueOn => Column::DueOn,
            DataSubjectRequestOrderField::CreatedAt => Column::CreatedAt,
            DataSubjectRequestOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

async fn file(
    work: &mut UnitOfWork<'_>,
    input: DataSubjectRequestFileInput,
) -> Result<DataSubjectRequest> {
    let viewer = &work.repository().viewer;
    let me = viewer.sight().subject().filter(|_| viewer.standing() == Standing::Person);
    let worker = me.ok_or(Error::Forbidden(Scope::SubjectRequestFile.name()))?;
    let today = work.rules().today;
    receive(work, "worker", Id::new(worker), (input.kind, input.details), today).await
}

async fn register(
    work: &mut UnitOfWork<'_>,
    input: DataSubjectRequestRegisterInput,
) -> Result<DataSubjectRequest> {
    let today = work.rules().today;
    let received_on = input.received_on.map_or(today, |it| it.0);
    if received_on > today {
        return Err(Violation::inconsistent(
            "receivedOn",
            "A request cannot have come in the future.",
            "收到日期不能晚于今天。",
        )
        .into());
    }
    receive(work, "workerId", input.worker_id, (input.kind, input.details), received_on).await
}

async fn receive(
    work: &mut UnitOfWork<'_>,
    path: &str,
    worker: Id<Worker>,
    (kind, details): (SubjectRequestKind, Option<String>),
    received_on: NaiveDate,
) -> Result<DataSubjectRequest> {
    // Locked: of two requests that come at once the second finds the first.
    let worker = work.find_current::<Worker>(path, worker).await?;
    let mut form = Form::new(work.rules());
    let said = details.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    let is_missing = said.is_undefined();
    let details = form.paragraphs_option("details", said, 2_000);
    if kind == SubjectRequestKind::Correct && is_missing {
        form.refuse(Violation::required("details"));
    }
    let warnings = form.finish()?;
    work.warn(warnings);
    let open = Condition::all().add(Column::WorkerId.eq(worker.id)).add(Column::Kind.eq(kind)).add(
        Column::Status.is_in([
            DataSubjectRequestStatus::Received,
            DataSubjectRequestStatus::IdentityVerified,
            DataSubjectRequestStatus::Processing,
        ]),
    );
    if work.is_any::<DataSubjectRequest>(open).await? {
        return Err(Violation::inconsistent(
            "kind",
            "A request of this kind is open already.",
            "已有同类请求正在办理。",
        )
        .into());
    }
    work.create::<DataSubjectRequest>(ActiveModel {
        division_code: Set(worker.division_code),
        worker_id: Set(worker.id),
        kind: Set(kind),
        details,
        received_on: Set(received_on),
        due_on: Set(received_on + Days::new(DAYS_TO_DECIDE)),
        status: Set(DataSubjectRequestStatus::Received),
        ..Default::default()
    })
    .await
}

async fn fulfill(
    work: &mut UnitOfWork<'_>,
    input: DataSubjectRequestFulfillInput,
) -> Result<DataSubjectRequest> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let (kind, worker) = (row.kind, Id::<Worker>::new(row.worker_id));
    let erases = kind == SubjectRequestKind::Erase;
    if erases {
        work.repository().viewer.require(Scope::WorkerErase)?;
    }
    let step = DataSubjectRequestStep::Fulfill;
    let done = work
        .step::<DataSubjectRequest>(row, step, input.details, |draft| {
            if erases {
                draft.details = Set(None);
            }
        })
        .await?;
    if erases {
        let ground = input.ground.unwrap_or(ErasureGround::ConsentWithdrawn);
        worker::erase(work, worker, None, ground).await?;
    }
    Ok(done)
}

async fn decide(
    work: &mut UnitOfWork<'_>,
    (id, expected_version): (Id<DataSubjectRequest>, i32),
    step: DataSubjectRequestStep,
    reason: String,
    details: StepDetails,
) -> Result<DataSubjectRequest> {
    let row = work.find_version(id, expected_version).await?;
    let mut form = Form::new(work.rules());
    let reason = form.line_option("reason", MaybeUndefined::Value(reason), 500);
    let warnings = form.finish()?;
    work.warn(warnings);
    work.step::<DataSubjectRequest>(row, step, details, |draft| draft.reason = reason).await
}

/// Clears what a worker who is erased said in requests, as far as they are visible.
pub async fn clear_details(work: &mut UnitOfWork<'_>, worker_id: Uuid) -> Result<()> {
    let told =
        Condition::all().add(Column::WorkerId.eq(worker_id)).add(Column::Details.is_not_null());
    let rows: Vec<Row<DataSubjectRequest>> = work.find_all::<DataSubjectRequest>(told).await?;
    for row in rows {
        let draft = ActiveModel { details: Set(None), ..Default::default() };
        work.update::<DataSubjectRequest>(row, draft).await?;
    }
    Ok(())
}
