use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::dispute_assignment::{ActiveModel, AssignmentFunction, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        dispute_case::{DisputeCase, DisputeCaseWhere},
        division::Division,
        external_id,
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::{Kind, decode_client_id, encode_client_id},
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// Who handles a case: a client with the role `HANDLER` sees the cases assigned to it, until it is
/// recused or the assignment ends.
///
/// 案件承办指派：承办人仅可查看指派给自己的案件，回避或结束后不再可见。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::DisputeAssignment)))]
#[sea_orm(entity = "Entity")]
pub struct DisputeAssignment {
    /// The id. 编号
    pub id: Id<DisputeAssignment>,
    /// What the handler does in the case. 承办身份
    pub function: AssignmentFunction,
    /// The day it was assigned. 指派日期
    pub assigned_on: Date,
    /// The day the handler was recused. 回避日期
    pub recused_on: Option<Date>,
    /// Why the handler was recused. 回避理由
    pub recusal_reason: Option<String>,
    /// The day the assignment ended. 结束日期
    pub ended_on: Option<Date>,
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
    case_id: Id<DisputeCase>,
    #[graphql(skip)]
    handler_id: Uuid,
}

/// Narrows a list of assignments of cases.
///
/// 承办指派筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputeAssignmentWhere {
    /// All of these. 全部满足
    and: Option<Vec<DisputeAssignmentWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DisputeAssignmentWhere>>,
    /// Not this. 不满足
    not: Option<Box<DisputeAssignmentWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What the handler does in the case. 承办身份
    function: Option<Equality<AssignmentFunction>>,
    /// The day it was assigned. 指派日期
    assigned_on: Option<Ordering<Date>>,
    /// The day the handler was recused. 回避日期
    recused_on: Option<Ordering<Date>>,
    /// The day the assignment ended. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The case. 案件
    case: Option<Nested<DisputeCaseWhere>>,
}

/// What a list of assignments of cases can be sorted by.
///
/// 承办指派排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DisputeAssignmentOrderField {
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Assigns a case to a handler.
///
/// 指派承办人。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeAssignmentCreateInput {
    /// The case. 案件
    case_id: Id<DisputeCase>,
    /// The client of the handler, as `viewer { clientId }` tells it. 承办人凭证编号
    handler_client_id: String,
    /// What the handler does in the case. 承办身份
    function: AssignmentFunction,
    /// The day it is assigned; today when absent. 指派日期
    assigned_on: Option<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Recuses a handler: the case is out of the handler's sight from then on (Law on Mediation and
/// Arbitration, art. 33).
///
/// 承办人回避：自此不再可见该案件。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeAssignmentRecuseInput {
    /// The record. 记录编号
    id: Id<DisputeAssignment>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Why. 回避理由
    reason: String,
    /// The day; today when absent. 回避日期
    recused_on: Option<Date>,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Ends an assignment: the case is out of the handler's sight from then on.
///
/// 结束承办指派。
#[derive(Clone, Debug, InputObject)]
pub struct DisputeAssignmentEndInput {
    /// The record. 记录编号
    id: Id<DisputeAssignment>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day; today when absent. 结束日期
    ended_on: Option<Date>,
    #[graphql(flatten)]
    options: WriteOptions,
}

reads! {
    Queries("DisputeAssignmentQueries") of DisputeAssignment by DisputeAssignmentBy, DisputeAssignmentWhere, DisputeAssignmentOrderField {
        /// One assignment of a case; null when there is none that the caller may see. 查询一条承办指派
        dispute_assignment = "disputeAssignment",
        /// Assignments of cases, oldest record first unless told otherwise. 查询承办指派列表
        dispute_assignments = "disputeAssignments",
    }
}

writes! {
    Mutations("DisputeAssignmentMutations") of DisputeAssignment {
        /// Assigns a case to a handler. 指派承办人
        dispute_assignment_create: DisputeAssignmentCreateInput => DisputeAssignmentCreate = create,
        /// Recuses a handler. 承办人回避
        dispute_assignment_recuse: DisputeAssignmentRecuseInput => DisputeAssignmentRecuse = recuse,
        /// Ends an assignment. 结束承办指派
        dispute_assignment_end: DisputeAssignmentEndInput => DisputeAssignmentEnd = end,
    }
}

#[ComplexObject]
impl DisputeAssignment {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The case; null when the caller may not see it. 案件
    async fn case(&self, ctx: &Context<'_>) -> Nullable<DisputeCase> {
        ctx.find(Some(self.case_id)).await
    }

    /// The client of the handler. 承办人凭证编号
    async fn handler_client_id(&self) -> String {
        encode_client_id(self.handler_id)
    }
}

impl Resource for DisputeAssignment {
    const KIND: Kind = Kind::DisputeAssignment;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let first = Some(row.assigned_on);
        let recused = Violation::out_of_order("recusedOn", first, row.recused_on);
        recused.into_iter().chain(Violation::out_of_order("endedOn", first, row.ended_on)).collect()
    }
}

impl Linked for DisputeAssignment {
    type Where = DisputeAssignmentWhere;
    type Order = DisputeAssignmentOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "handlerClientId" => {
                Link::computed(|it: &DisputeAssignment| encode_client_id(it.handler_id).into())
            }
            _ => return None,
        })
    }
}

impl Filter for DisputeAssignmentWhere {
    type Resource = DisputeAssignment;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Function, self.function)?
            .on(Column::AssignedOn, self.assigned_on)?
            .on(Column::RecusedOn, self.recused_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CaseId, self.case)
    }
}

impl OrderField for DisputeAssignmentOrderField {
    type Resource = DisputeAssignment;

    fn column(self) -> Column {
        match self {
            DisputeAssignmentOrderField::CreatedAt => Column::CreatedAt,
            DisputeAssignmentOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: DisputeAssignmentCreateInput,
) -> Result<DisputeAssignment> {
    let case = work.find_current::<DisputeCase>("caseId", input.case_id).await?;
    let handler = decode_client_id(&input.handler_client_id);
    let handler = handler.ok_or_else(|| Violation::not_found("handlerClientId"))?;
    work.create::<DisputeAssignment>(ActiveModel {
        division_code: Set(case.division_code),
        case_id: Set(case.id),
        handler_id: Set(handler),
        function: Set(input.function),
        assigned_on: Set(day(work, input.assigned_on)),
        ..Default::default()
    })
    .await
}

async fn recuse(
    work: &mut UnitOfWork<'_>,
    input: DisputeAssignmentRecuseInput,
) -> Result<DisputeAssignment> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let mut form = Form::new(work.rules());
    let recusal_reason = form.line_option("reason", MaybeUndefined::Value(input.reason), 200);
    let warnings = form.finish()?;
    work.warn(warnings);
    let recused_on = Set(Some(day(work, input.recused_on)));
    let draft = ActiveModel { recused_on, recusal_reason, ..Default::default() };
    work.update::<DisputeAssignment>(row, draft).await
}

async fn end(
    work: &mut UnitOfWork<'_>,
    input: DisputeAssignmentEndInput,
) -> Result<DisputeAssignment> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let ended_on = Set(Some(day(work, input.ended_on)));
    work.update::<DisputeAssignment>(row, ActiveModel { ended_on, ..Default::default() }).await
}

fn day(work: &UnitOfWork<'_>, said: Option<Date>) -> chrono::NaiveDate {
    said.map_or(work.rules().today, |it| it.0)
}
