use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    quality_issue::{
        ActiveModel, Column, Entity, IssueSeverity, Model, QualityIssueStatus, QualityIssueStep,
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
        self,
        division::Division,
        external_id,
        raw_record::{RawRecord, RawRecordWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine, StepDetails},
    resource::{AnyId, Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, WriteOptions},
};

/// Something that is wrong with a record, or with a line of an import, and who sees to it.
///
/// 数据质量问题及其处理。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::QualityIssue)))]
#[sea_orm(entity = "Entity")]
pub struct QualityIssue {
    /// The id. 编号
    pub id: Id<QualityIssue>,
    /// The rule that is broken, such as `ID-02`. 规则代码
    pub rule_code: String,
    /// How grave it is. 严重程度
    pub severity: IssueSeverity,
    /// What is wrong, without names and numbers of persons. 问题描述
    pub description: String,
    /// The day it was found. 发现日期
    pub found_on: Date,
    /// The unit that sees to it; no name of a person. 责任单位
    pub assignee_name: Option<String>,
    /// The last day to see to it. 处理期限
    pub due_on: Option<Date>,
    /// The day it was closed. 办结日期
    pub closed_on: Option<Date>,
    /// Why it was waived, or will not be mended. 理由
    pub reason: Option<String>,
    /// The state. 状态
    pub status: QualityIssueStatus,
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
    raw_record_id: Option<Id<RawRecord>>,
    #[graphql(skip)]
    record_kind: Option<Kind>,
    #[graphql(skip)]
    record_id: Option<Uuid>,
}

/// Narrows a list of quality issues.
///
/// 数据质量问题筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct QualityIssueWhere {
    /// All of these. 全部满足
    and: Option<Vec<QualityIssueWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<QualityIssueWhere>>,
    /// Not this. 不满足
    not: Option<Box<QualityIssueWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The rule that is broken, such as `ID-02`. 规则代码
    rule_code: Option<TextFilter>,
    /// How grave it is. 严重程度
    severity: Option<Equality<IssueSeverity>>,
    /// The day it was found. 发现日期
    found_on: Option<Ordering<Date>>,
    /// The unit that sees to it; no name of a person. 责任单位
    assignee_name: Option<TextFilter>,
    /// The last day to see to it. 处理期限
    due_on: Option<Ordering<Date>>,
    /// The day it was closed. 办结日期
    closed_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<QualityIssueStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The line that it is about. 导入明细
    raw_record: Option<Nested<RawRecordWhere>>,
}

/// What a list of quality issues can be sorted by.
///
/// 数据质量问题排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum QualityIssueOrderField {
    /// The rule that is broken, such as `ID-02`. 规则代码
    RuleCode,
    /// The day it was found. 发现日期
    FoundOn,
    /// The last day to see to it. 处理期限
    DueOn,
    /// The day it was closed. 办结日期
    ClosedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a quality issue and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct QualityIssueDetails {
    /// The line that it is about. 导入明细
    raw_record_id: MaybeUndefined<Id<RawRecord>>,
    /// The record that it is about. 对应记录编号
    record_id: MaybeUndefined<AnyId>,
    /// The unit that sees to it; no name of a person. 责任单位
    assignee_name: MaybeUndefined<String>,
    /// The last day to see to it. 处理期限
    due_on: MaybeUndefined<Date>,
}

/// Raises an issue about a record, or about a line of an import.
///
/// 登记数据质量问题。
#[derive(Clone, Debug, InputObject)]
pub struct QualityIssueRaiseInput {
    /// The rule that is broken, such as `ID-02`. 规则代码
    rule_code: String,
    /// How grave it is. 严重程度
    severity: IssueSeverity,
    /// What is wrong, without names and numbers of persons. 问题描述
    description: String,
    /// The day it was found. 发现日期
    found_on: Date,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: QualityIssueDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a quality issue: absent keeps, null clears, a value sets.
///
/// 更新数据质量问题：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct QualityIssueUpdateInput {
    /// The record. 记录编号
    id: Id<QualityIssue>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The rule that is broken, such as `ID-02`. 规则代码
    rule_code: MaybeUndefined<String>,
    /// How grave it is. 严重程度
    severity: MaybeUndefined<IssueSeverity>,
    /// What is wrong, without names and numbers of persons. 问题描述
    description: MaybeUndefined<String>,
    /// The day it was found. 发现日期
    found_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: QualityIssueDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Assigns an issue to a unit.
///
/// 分派数据质量问题。
#[derive(Clone, Debug, InputObject)]
pub struct QualityIssueAssignInput {
    /// The record. 记录编号
    id: Id<QualityIssue>,
    /// The version of the record that the caller knows. 期望版本
    expected_version: i32,
    /// The unit that sees to it, 1 to 200 characters; absent: the one on record. 责任单位
    assignee_name: Option<String>,
    /// The last day to see to it; absent: the one on record. 处理期限
    due_on: Option<Date>,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Lets an issue pass.
///
/// 豁免数据质量问题。
#[derive(Clone, Debug, InputObject)]
pub struct QualityIssueWaiveInput {
    /// The record. 记录编号
    id: Id<QualityIssue>,
    /// The version of the record that the caller knows. 期望版本
    expected_version: i32,
    /// Why: 1 to 500 characters. 理由
    reason: String,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

/// Declines to mend what is wrong.
///
/// 不予处理数据质量问题。
#[derive(Clone, Debug, InputObject)]
pub struct QualityIssueDeclineInput {
    /// The record. 记录编号
    id: Id<QualityIssue>,
    /// The version of the record that the caller knows. 期望版本
    expected_version: i32,
    /// Why: 1 to 500 characters. 理由
    reason: String,
    #[graphql(flatten)]
    details: StepDetails,
    #[graphql(flatten)]
    options: WriteOptions,
}

reads! {
    Queries("QualityIssueQueries") of QualityIssue by QualityIssueBy, QualityIssueWhere, QualityIssueOrderField {
        /// One quality issue; null when there is none that the caller may see. 查询一条数据质量问题
        quality_issue = "qualityIssue",
        /// Quality issues, oldest record first unless told otherwise. 查询数据质量问题列表
        quality_issues = "qualityIssues",
    }
}

writes! {
    Mutations("QualityIssueMutations") of QualityIssue {
        /// Raises an issue about a record, or about a line of an import. 登记数据质量问题
        quality_issue_raise: QualityIssueRaiseInput => QualityIssueRaise = create,
        /// Changes a quality issue. 更新数据质量问题
        quality_issue_update: QualityIssueUpdateInput => QualityIssueUpdate = update,
        /// Assigns it to a unit. 分派
        quality_issue_assign: QualityIssueAssignInput => QualityIssueAssign = assign,
        /// Lets it pass, for a reason. 豁免
        quality_issue_waive: QualityIssueWaiveInput => QualityIssueWaive = waive,
        /// Declines to mend it, for a reason. 不予处理
        quality_issue_decline: QualityIssueDeclineInput => QualityIssueDecline = decline,
    }
    upsert {
        /// Creates a quality issue, or changes the one that has this external id. 按外部编号新增或更新数据质量问题
        quality_issue_upsert: QualityIssueUpsert of QualityIssueRaiseInput, QualityIssueUpdateInput
    }
    archive {
        /// Archives a quality issue: out of the lists, still there by id. 归档数据质量问题
        quality_issue_archive: QualityIssueArchive
    }
    restore {
        /// Brings back an archived quality issue. 恢复数据质量问题
        quality_issue_restore: QualityIssueRestore
    }
}

steps! {
    Steps("QualityIssueSteps") of QualityIssue {
        /// Notes that it was mended. 修正
        quality_issue_fix: QualityIssueFix = QualityIssueStep::Fix,
    }
}

groups! {
    /// Quality issues, counted by what they have in common: at most 1,000 groups. 按字段分组统计数据质量问题
    Groups("QualityIssueGroupQueries") of QualityIssue by QualityIssueWhere in quality_issue_groups: QualityIssueGroup by QualityIssueGroupField {
        /// The rule that is broken, such as `ID-02`. 规则代码
        RuleCode = rule_code: String,
        /// How grave it is. 严重程度
        Severity = severity: IssueSeverity,
        /// The state. 状态
        Status = status: QualityIssueStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl QualityIssue {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The line that it is about; null when the caller may not see it. 导入明细
    async fn raw_record(&self, ctx: &Context<'_>) -> Nullable<RawRecord> {
        ctx.find(self.raw_record_id).await
    }

    /// The record that it is about. 对应记录编号
    async fn record_id(&self) -> Option<AnyId> {
        self.record()
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<QualityIssueStep> {
        machine::steps_from::<QualityIssue>(EDGES, self.status)
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

impl Resource for QualityIssue {
    const KIND: Kind = Kind::QualityIssue;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("dueOn", Some(row.found_on), row.due_on),
            Violation::out_of_order("closedOn", Some(row.found_on), row.closed_on),
            (row.raw_record_id.is_some() == row.record_id.is_some()).then(|| {
                Violation::inconsistent(
                    "recordId",
                    "An issue is about one record, or about one line of an import.",
                    "问题应针对一条记录或一行导入数据，二者择一。",
                )
            }),
            (row.status != QualityIssueStatus::Open && row.assignee_name.is_none()).then(|| {
                Violation::inconsistent(
                    "assigneeName",
                    "What is assigned has an assignee.",
                    "已分派的问题须有责任单位。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

/// The machine.
const EDGES: &[Edge<QualityIssue>] = &[
    (QualityIssueStatus::Open, QualityIssueStep::Assign, QualityIssueStatus::Assigned),
    (QualityIssueStatus::Assigned, QualityIssueStep::Fix, QualityIssueStatus::Fixed),
    (QualityIssueStatus::Assigned, QualityIssueStep::Waive, QualityIssueStatus::Waived),
    (QualityIssueStatus::Assigned, QualityIssueStep::Decline, QualityIssueStatus::WontFix),
];

impl Machine for QualityIssue {
    type State = QualityIssueStatus;
    type Step = QualityIssueStep;

    fn edges(_row: &Model) -> &'static [Edge<QualityIssue>] {
        EDGES
    }

    fn state(row: &Model) -> QualityIssueStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: QualityIssueStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: QualityIssueStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step != QualityIssueStep::Assign {
            draft.closed_on = Set(Some(day));
        }
    }
}

impl Linked for QualityIssue {
    type Where = QualityIssueWhere;
    type Order = QualityIssueOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "rawRecord" => Link::one::<RawRecord>(Column::RawRecordId),
            "recordId" => Link::computed(|it: &QualityIssue| AnyId::told(it.record())),
            "openSteps" => machine::link(|it: &QualityIssue| {
                machine::steps_from::<QualityIssue>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for QualityIssueWhere {
    type Resource = QualityIssue;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::RuleCode, self.rule_code)?
            .on(Column::Severity, self.severity)?
            .on(Column::FoundOn, self.found_on)?
            .on(Column::AssigneeName, self.assignee_name)?
            .on(Column::DueOn, self.due_on)?
            .on(Column::ClosedOn, self.closed_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::RawRecordId, self.raw_record)
    }
}

impl OrderField for QualityIssueOrderField {
    type Resource = QualityIssue;

    fn column(self) -> Column {
        match self {
            QualityIssueOrderField::RuleCode => Column::RuleCode,
            QualityIssueOrderField::FoundOn => Column::FoundOn,
            QualityIssueOrderField::DueOn => Column::DueOn,
            QualityIssueOrderField::ClosedOn => Column::ClosedOn,
            QualityIssueOrderField::CreatedAt => Column::CreatedAt,
            QualityIssueOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

impl QualityIssue {
    fn record(&self) -> Option<AnyId> {
        AnyId::of(self.record_kind, self.record_id)
    }
}

async fn assign(work: &mut UnitOfWork<'_>, input: QualityIssueAssignInput) -> Result<QualityIssue> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let mut form = Form::new(work.rules());
    let named = input.assignee_name.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    if named.is_undefined() && row.assignee_name.is_none() {
        form.refuse(Violation::required("assigneeName"));
    }
    let assignee_name = form.line_option("assigneeName", named, 200);
    let due_on =
        form.day_option(input.due_on.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value));
    let last = due_on.try_as_ref().copied().flatten();
    if let Some(wrong) = Violation::out_of_order("dueOn", Some(row.found_on), last) {
        form.refuse(wrong);
    }
    let warnings = form.finish()?;
    work.warn(warnings);
    let step = QualityIssueStep::Assign;
    work.step::<QualityIssue>(row, step, input.details, |draft| {
        draft.assignee_name = assignee_name;
        draft.due_on = due_on;
    })
    .await
}

async fn waive(work: &mut UnitOfWork<'_>, input: QualityIssueWaiveInput) -> Result<QualityIssue> {
    let known = (input.id, input.expected_version);
    close(work, known, QualityIssueStep::Waive, input.reason, input.details).await
}

async fn decline(
    work: &mut UnitOfWork<'_>,
    input: QualityIssueDeclineInput,
) -> Result<QualityIssue> {
    let known = (input.id, input.expected_version);
    close(work, known, QualityIssueStep::Decline, input.reason, input.details).await
}

/// Closes an issue with which nothing was done, and says why.
async fn close(
    work: &mut UnitOfWork<'_>,
    (id, expected_version): (Id<QualityIssue>, i32),
    step: QualityIssueStep,
    reason: String,
    details: StepDetails,
) -> Result<QualityIssue> {
    let row = work.find_version(id, expected_version).await?;
    let mut form = Form::new(work.rules());
    let reason = form.line_option("reason", MaybeUndefined::Value(reason), 500);
    let warnings = form.finish()?;
    work.warn(warnings);
    work.step::<QualityIssue>(row, step, details, |draft| draft.reason = reason).await
}

/// What has to be said of a quality issue, as a mutation says it.
#[derive(Default)]
struct Essentials {
    rule_code: MaybeUndefined<String>,
    severity: MaybeUndefined<IssueSeverity>,
    description: MaybeUndefined<String>,
    found_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: QualityIssueRaiseInput) -> Result<QualityIssue> {
    let essentials = Essentials {
        rule_code: MaybeUndefined::Value(input.rule_code),
        severity: MaybeUndefined::Value(input.severity),
        description: MaybeUndefined::Value(input.description),
        found_on: MaybeUndefined::Value(input.found_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(QualityIssueStatus::Open);
    work.create::<QualityIssue>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: QualityIssueUpdateInput) -> Result<QualityIssue> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        rule_code: input.rule_code,
        severity: input.severity,
        description: input.description,
        found_on: input.found_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<QualityIssue>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: QualityIssueDetails,
) -> Result<ActiveModel> {
    work.refer("rawRecordId", details.raw_record_id.value().copied()).await?;
    if let Some(AnyId { kind, id }) = details.record_id.value().copied() {
        work.refer_to("recordId", domain::source(kind), id).await?;
    }
    let mut form = Form::new(work.rules());
    let (record_kind, record_id) = form.any_id_option(details.record_id);
    let draft = ActiveModel {
        rule_code: form.line("ruleCode", essentials.rule_code, 64),
        severity: form.plain("severity", essentials.severity),
        description: form.paragraphs("description", essentials.description, 2000),
        found_on: form.day("foundOn", essentials.found_on),
        raw_record_id: form.id_option(details.raw_record_id),
        record_kind,
        record_id,
        assignee_name: form.line_option("assigneeName", details.assignee_name, 200),
        due_on: form.day_option(details.due_on),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
