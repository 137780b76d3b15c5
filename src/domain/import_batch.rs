use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject,
    resolver_utils::enum_value,
};
use entity::{
    import_batch::{ActiveModel, Column, Entity, ImportBatchStatus, ImportBatchStep, Model},
    raw_record::{self, LineMatch, LineVerdict},
    state_transition,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
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
        raw_record::{RawRecord, RawRecordOrderField, RawRecordWhere},
    },
    error::{UserErrorCode, Violation},
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Ordering,
        TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    operation::{Operation, RecordInput, StepInput},
    repository::unseen_rows,
    resource::{Id, Resource, current},
    shell::{groups, reads, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork, wrong_source},
};

/// What a system of others sent at once, from receipt to the records that came of it.
///
/// 导入批次：外部系统一次提供的数据，从接收到入库。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::ImportBatch)))]
#[sea_orm(entity = "Entity")]
pub struct ImportBatch {
    /// The id. 编号
    pub id: Id<ImportBatch>,
    /// The system that it came from, as external ids name it, such as `hrss`. 来源系统
    pub source: String,
    /// The name of the file, or of the run. 文件名或批次名
    pub file_name: String,
    /// The kind of record that it brings. 记录种类
    pub record_kind: Kind,
    /// The SHA-256 of the file as it came: 64 hexadecimal digits. 文件指纹（SHA-256）
    pub file_hash: String,
    /// How many lines the sender says it has. 申报行数
    pub rows_announced: i32,
    /// The day it came. 接收日期
    pub received_on: Date,
    /// The state. 状态
    pub status: ImportBatchStatus,
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

/// Narrows a list of imports.
///
/// 导入批次筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ImportBatchWhere {
    /// All of these. 全部满足
    and: Option<Vec<ImportBatchWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ImportBatchWhere>>,
    /// Not this. 不满足
    not: Option<Box<ImportBatchWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The system that it came from, as external ids name it, such as `hrss`. 来源系统
    source: Option<TextFilter>,
    /// The name of the file, or of the run. 文件名或批次名
    file_name: Option<TextFilter>,
    /// The kind of record that it brings. 记录种类
    record_kind: Option<Equality<Kind>>,
    /// The SHA-256 of the file as it came: 64 hexadecimal digits. 文件指纹（SHA-256）
    file_hash: Option<TextFilter>,
    /// How many lines the sender says it has. 申报行数
    rows_announced: Option<Ordering<i32>>,
    /// The day it came. 接收日期
    received_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<ImportBatchStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// Its lines. 导入明细
    raw_records: Option<ListFilter<RawRecordWhere>>,
}

/// What a list of imports can be sorted by.
///
/// 导入批次排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ImportBatchOrderField {
    /// The name of the file, or of the run. 文件名或批次名
    FileName,
    /// How many lines the sender says it has. 申报行数
    RowsAnnounced,
    /// The day it came. 接收日期
    ReceivedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Enters what a system of others sent.
///
/// 登记收到的数据。
#[derive(Clone, Debug, InputObject)]
pub struct ImportBatchReceiveInput {
    /// The system that it came from, as external ids name it, such as `hrss`. 来源系统
    source: String,
    /// The name of the file, or of the run. 文件名或批次名
    file_name: String,
    /// The kind of record that it brings. 记录种类
    record_kind: Kind,
    /// The SHA-256 of the file as it came: 64 hexadecimal digits. 文件指纹（SHA-256）
    file_hash: String,
    /// How many lines the sender says it has. 申报行数
    rows_announced: i32,
    /// The day it came. 接收日期
    received_on: Date,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an import: absent keeps, null clears, a value sets.
///
/// 更新导入批次：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ImportBatchUpdateInput {
    /// The record. 记录编号
    id: Id<ImportBatch>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The system that it came from, as external ids name it, such as `hrss`. 来源系统
    source: MaybeUndefined<String>,
    /// The name of the file, or of the run. 文件名或批次名
    file_name: MaybeUndefined<String>,
    /// The SHA-256 of the file as it came: 64 hexadecimal digits. 文件指纹（SHA-256）
    file_hash: MaybeUndefined<String>,
    /// How many lines the sender says it has. 申报行数
    rows_announced: MaybeUndefined<i32>,
    /// The day it came. 接收日期
    received_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ImportBatchQueries") of ImportBatch by ImportBatchBy, ImportBatchWhere, ImportBatchOrderField {
        /// One import; null when there is none that the caller may see. 查询一条导入批次
        import_batch = "importBatch",
        /// Imports, oldest record first unless told otherwise. 查询导入批次列表
        import_batches = "importBatches",
    }
}

writes! {
    Mutations("ImportBatchMutations") of ImportBatch {
        /// Enters what a system of others sent. 登记收到的数据
        import_batch_receive: ImportBatchReceiveInput => ImportBatchReceive = create,
        /// Changes an import, until its lines are parsed. 更新导入批次（解析之前）
        import_batch_update: ImportBatchUpdateInput => ImportBatchUpdate = update,
        /// Notes that the lines that were announced are on record. 解析
        import_batch_parse: ParseInput => ImportBatchParse = parse,
        /// Notes that each line has a verdict. 校验
        import_batch_validate: ValidateInput => ImportBatchValidate = validate,
        /// Notes that each line that is not in error is matched. 匹配
        import_batch_match: MatchInput => ImportBatchMatch = match_lines,
        /// Notes that no candidate is left. 复核
        import_batch_review: ReviewInput => ImportBatchReview = review,
        /// Notes that each line that is not in error became a record; the lines stay as they are then. 入库
        import_batch_apply: ApplyInput => ImportBatchApply = apply,
        /// Notes that what it brought is taken back: each record that one of its new lines became is archived. 回滚
        import_batch_roll_back: RollBackInput => ImportBatchRollBack = roll_back,
        /// Brings back an archived import, unless its file came again meanwhile. 恢复导入批次
        import_batch_restore: RestoreInput => ImportBatchRestore = restore,
    }
    upsert {
        /// Creates an import, or changes the one that has this external id, until its lines are parsed. 按外部编号新增或更新导入批次（解析之前）
        import_batch_upsert: ImportBatchUpsert of ImportBatchReceiveInput, ImportBatchUpdateInput
    }
    archive {
        /// Archives an import: out of the lists, still there by id. 归档导入批次
        import_batch_archive: ImportBatchArchive
    }
}

groups! {
    /// Imports, counted by what they have in common: at most 1,000 groups. 按字段分组统计导入批次
    Groups("ImportBatchGroupQueries") of ImportBatch by ImportBatchWhere in import_batch_groups: ImportBatchGroup by ImportBatchGroupField {
        /// The system that it came from, as external ids name it, such as `hrss`. 来源系统
        Source = source: String,
        /// The kind of record that it brings. 记录种类
        RecordKind = record_kind: Kind,
        /// The state. 状态
        Status = status: ImportBatchStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl ImportBatch {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// Its lines. 导入明细
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn raw_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<RawRecordWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<RawRecordOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<RawRecord>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, raw_record::Column::BatchId, filter, order_by, page).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<ImportBatchStep> {
        machine::steps_from::<ImportBatch>(EDGES, self.status)
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

impl Resource for ImportBatch {
    const KIND: Kind = Kind::ImportBatch;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<ImportBatch>] = &[
    (ImportBatchStatus::Received, ImportBatchStep::Parse, ImportBatchStatus::Parsed),
    (ImportBatchStatus::Parsed, ImportBatchStep::Validate, ImportBatchStatus::Validated),
    (ImportBatchStatus::Validated, ImportBatchStep::Match, ImportBatchStatus::Matched),
    (ImportBatchStatus::Matched, ImportBatchStep::Review, ImportBatchStatus::Reviewed),
    (ImportBatchStatus::Reviewed, ImportBatchStep::Apply, ImportBatchStatus::Applied),
    (ImportBatchStatus::Applied, ImportBatchStep::RollBack, ImportBatchStatus::RolledBack),
];

impl Machine for ImportBatch {
    type State = ImportBatchStatus;
    type Step = ImportBatchStep;

    fn edges(_row: &Model) -> &'static [Edge<ImportBatch>] {
        EDGES
    }

    fn state(row: &Model) -> ImportBatchStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: ImportBatchStatus) {
        draft.status = Set(state);
    }
}

impl Linked for ImportBatch {
    type Where = ImportBatchWhere;
    type Order = ImportBatchOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "recordKind" => Link::computed(|it: &ImportBatch| enum_value(it.record_kind)),
            "division" => Division::by_code(Column::DivisionCode),
            "rawRecords" => Link::many::<RawRecord>(raw_record::Column::BatchId),
            "openSteps" => machine::link(|it: &ImportBatch| {
                machine::steps_from::<ImportBatch>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for ImportBatchWhere {
    type Resource = ImportBatch;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Source, self.source)?
            .on(Column::FileName, self.file_name)?
            .on(Column::RecordKind, self.record_kind)?
            .on(Column::FileHash, self.file_hash)?
            .on(Column::RowsAnnounced, self.rows_announced)?
            .on(Column::ReceivedOn, self.received_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, raw_record::Column::BatchId, self.raw_records)
    }
}

impl OrderField for ImportBatchOrderField {
    type Resource = ImportBatch;

    fn column(self) -> Column {
        match self {
            ImportBatchOrderField::FileName => Column::FileName,
            ImportBatchOrderField::RowsAnnounced => Column::RowsAnnounced,
            ImportBatchOrderField::ReceivedOn => Column::ReceivedOn,
            ImportBatchOrderField::CreatedAt => Column::CreatedAt,
            ImportBatchOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What a step asks of the lines: that none of them is so.
struct Demand {
    step: ImportBatchStep,
    rule: &'static str,
    is_left: fn() -> Condition,
    message: &'static str,
    message_zh: &'static str,
}

/// As many lines as were announced are on record.
const WHOLE: &str = "IMPORT-01";
/// No record that came of a new line is left.
const TAKEN_BACK: &str = "IMPORT-06";
/// What the steps after the first ask, each besides what those before it did.
const DEMANDS: [Demand; 4] = [
    Demand {
        step: ImportBatchStep::Validate,
        rule: "IMPORT-02",
        is_left: without_verdict,
        message: "Lines without a verdict",
        message_zh: "尚无校验结论的行",
    },
    Demand {
        step: ImportBatchStep::Match,
        rule: "IMPORT-03",
        is_left: without_match,
        message: "Lines neither in error nor matched",
        message_zh: "并无错误而未匹配的行",
    },
    Demand {
        step: ImportBatchStep::Review,
        rule: "IMPORT-04",
        is_left: candidate,
        message: "Lines that are candidates still",
        message_zh: "仍待人工核对的行",
    },
    Demand {
        step: ImportBatchStep::Apply,
        rule: "IMPORT-05",
        is_left: without_record,
        message: "Lines not in error that name no record",
        message_zh: "并无错误而未对应到记录的行",
    },
];

fn without_verdict() -> Condition {
    raw_record::Column::Verdict.is_null().into()
}

fn is_no_error() -> Condition {
    raw_record::Column::Verdict.ne(LineVerdict::Error).into()
}

fn without_match() -> Condition {
    is_no_error().add(raw_record::Column::MatchedAs.is_null())
}

fn candidate() -> Condition {
    raw_record::Column::MatchedAs.eq(LineMatch::Candidate).into()
}

fn without_record() -> Condition {
    is_no_error().add(raw_record::Column::RecordId.is_null())
}

type ParseInput = StepInput<ImportBatchParse>;
type ValidateInput = StepInput<ImportBatchValidate>;
type MatchInput = StepInput<ImportBatchMatch>;
type ReviewInput = StepInput<ImportBatchReview>;
type ApplyInput = StepInput<ImportBatchApply>;
type RollBackInput = StepInput<ImportBatchRollBack>;
type RestoreInput = RecordInput<ImportBatchRestore>;

async fn parse(work: &mut UnitOfWork<'_>, input: ParseInput) -> Result<ImportBatch> {
    advance(work, input, ImportBatchStep::Parse).await
}

async fn validate(work: &mut UnitOfWork<'_>, input: ValidateInput) -> Result<ImportBatch> {
    advance(work, input, ImportBatchStep::Validate).await
}

async fn match_lines(work: &mut UnitOfWork<'_>, input: MatchInput) -> Result<ImportBatch> {
    advance(work, input, ImportBatchStep::Match).await
}

async fn review(work: &mut UnitOfWork<'_>, input: ReviewInput) -> Result<ImportBatch> {
    advance(work, input, ImportBatchStep::Review).await
}

async fn apply(work: &mut UnitOfWork<'_>, input: ApplyInput) -> Result<ImportBatch> {
    advance(work, input, ImportBatchStep::Apply).await
}

/// The records are others' by now, and may have changed: whoever takes them back archives them, one by
/// one or by their source, and here it is seen that it was done.
async fn roll_back(work: &mut UnitOfWork<'_>, input: RollBackInput) -> Result<ImportBatch> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let batch = work.step::<ImportBatch>(row, ImportBatchStep::RollBack, input.details, |_| ());
    let batch = batch.await?;
    let mut brought = unseen_rows::<RawRecord>();
    brought
        .column(raw_record::Column::RecordId)
        .cond_where(lines(&batch).add(raw_record::Column::MatchedAs.eq(LineMatch::New)));
    let left = work.count_current(domain::source(batch.record_kind), brought).await?;
    if left > 0 {
        let message = format!("Records that it brought and that are not archived: {left}.");
        let message_zh = format!("该批次新增而尚未归档的记录：{left}。");
        return Err(unready(TAKEN_BACK, &message, &message_zh).into());
    }
    Ok(batch)
}

async fn restore(work: &mut UnitOfWork<'_>, input: RestoreInput) -> Result<ImportBatch> {
    let batch = work.restore_version(input.id, input.expected_version).await?;
    expect_once(work, "id", &batch).await?;
    Ok(batch)
}

/// Takes a step for which the lines are ready. Whoever writes a line holds the import, as this does.
async fn advance<O: Operation<Resource = ImportBatch>>(
    work: &mut UnitOfWork<'_>,
    input: StepInput<O>,
    step: ImportBatchStep,
) -> Result<ImportBatch> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let batch = work.step::<ImportBatch>(row, step, input.details, |_| ()).await?;
    expect_whole(work, &batch).await?;
    for demand in DEMANDS.iter().filter(|it| it.step <= step) {
        let left = lines(&batch).add((demand.is_left)());
        let left = work.count_all::<RawRecord>(left).await?;
        if left > 0 {
            let message = format!("{}: {left}.", demand.message);
            let message_zh = format!("{}：{left}。", demand.message_zh);
            return Err(unready(demand.rule, &message, &message_zh).into());
        }
    }
    Ok(batch)
}

async fn expect_whole(work: &UnitOfWork<'_>, batch: &ImportBatch) -> Result<()> {
    let announced = i64::from(batch.rows_announced);
    let found = work.count_all::<RawRecord>(lines(batch)).await?;
    if found == announced {
        return Ok(());
    }
    let (apart, word, word_zh) = if found < announced {
        (announced - found, "missing", "缺少")
    } else {
        (found - announced, "too many", "多出")
    };
    let message = format!("Lines announced: {announced}, on record: {found}, {word}: {apart}.");
    let message_zh = format!("申报 {announced} 行，已登记 {found} 行，{word_zh} {apart} 行。");
    Err(unready(WHOLE, &message, &message_zh).into())
}

/// The lines of an import that are not archived.
fn lines(batch: &ImportBatch) -> Condition {
    current::<RawRecord>().add(raw_record::Column::BatchId.eq(batch.id.uuid()))
}

fn unready(rule: &str, message: &str, message_zh: &str) -> Violation {
    let mut violation = Violation::inconsistent("id", message, message_zh);
    violation.rule = Some(rule.to_owned());
    violation
}

/// What came stays as it was announced, once its lines are parsed.
fn expect_received(row: &Model) -> Result<()> {
    if row.status == ImportBatchStatus::Received {
        return Ok(());
    }
    Err(Violation::inconsistent(
        "id",
        "The lines of the import are parsed: it stays as it was announced.",
        "该批次已解析，申报内容不能更改。",
    )
    .into())
}

/// The lines of an import can be written until they are applied.
pub fn expect_open(path: &str, row: &Model) -> Result<()> {
    if !matches!(row.status, ImportBatchStatus::Applied | ImportBatchStatus::RolledBack) {
        return Ok(());
    }
    Err(Violation::inconsistent(
        path,
        "The import was applied: its lines stay as they are.",
        "该批次已入库，明细不能更改。",
    )
    .into())
}

/// A source sends a file once, unless what it brought was taken back.
async fn expect_once(work: &UnitOfWork<'_>, path: &str, batch: &ImportBatch) -> Result<()> {
    let same = current::<ImportBatch>()
        .add(Column::Source.eq(batch.source.as_str()))
        .add(Column::FileHash.eq(batch.file_hash.as_str()))
        .add(Column::Status.ne(ImportBatchStatus::RolledBack));
    if work.count_all::<ImportBatch>(same).await? <= 1 {
        return Ok(());
    }
    Err(Violation::new(
        UserErrorCode::Duplicate,
        path,
        "The file came from this source before.",
        "该来源已提供过同一文件。",
    )
    .into())
}

/// What has to be said of an import, as a mutation says it.
#[derive(Default)]
struct Essentials {
    source: MaybeUndefined<String>,
    file_name: MaybeUndefined<String>,
    record_kind: MaybeUndefined<Kind>,
    file_hash: MaybeUndefined<String>,
    rows_announced: MaybeUndefined<i32>,
    received_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: ImportBatchReceiveInput) -> Result<ImportBatch> {
    let essentials = Essentials {
        source: MaybeUndefined::Value(input.source),
        file_name: MaybeUndefined::Value(input.file_name),
        record_kind: MaybeUndefined::Value(input.record_kind),
        file_hash: MaybeUndefined::Value(input.file_hash),
        rows_announced: MaybeUndefined::Value(input.rows_announced),
        received_on: MaybeUndefined::Value(input.received_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let mut draft = draft(work, essentials).await?;
    draft.status = Set(ImportBatchStatus::Received);
    let batch = work.create::<ImportBatch>(draft).await?;
    expect_once(work, "fileHash", &batch).await?;
    Ok(batch)
}

async fn update(work: &mut UnitOfWork<'_>, input: ImportBatchUpdateInput) -> Result<ImportBatch> {
    let row = work.find_version(input.id, input.expected_version).await?;
    expect_received(&row)?;
    let essentials = Essentials {
        source: input.source,
        file_name: input.file_name,
        file_hash: input.file_hash,
        rows_announced: input.rows_announced,
        received_on: input.received_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials).await?;
    let batch = work.update::<ImportBatch>(row, draft).await?;
    expect_once(work, "fileHash", &batch).await?;
    Ok(batch)
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let kind = essentials.record_kind.map_value(|it| it.name().to_owned());
    let mut form = Form::new(work.rules());
    if let Some(wrong) = essentials.source.value().and_then(|it| wrong_source("source", it)) {
        form.refuse(wrong);
    }
    let draft = ActiveModel {
        source: form.plain("source", essentials.source),
        file_name: form.line("fileName", essentials.file_name, 200),
        record_kind: form.plain("recordKind", kind),
        file_hash: form.sha256("fileHash", essentials.file_hash),
        rows_announced: form.number("rowsAnnounced", essentials.rows_announced, 0..=10_000_000),
        received_on: form.day("receivedOn", essentials.received_on),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
