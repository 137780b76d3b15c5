use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    import_batch, quality_issue,
    raw_record::{ActiveModel, Column, Entity, LineMatch, LineVerdict, Model},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        self,
        division::Division,
        external_id,
        import_batch::{ImportBatch, ImportBatchWhere, expect_open},
        quality_issue::{QualityIssue, QualityIssueOrderField, QualityIssueWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    operation::RecordInput,
    resource::{AnyId, Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A line of an import: what was found of it, and the record that it became. What the line says is not kept.
///
/// 导入明细：一行数据的校验、匹配结果及对应记录，不保存原文。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::RawRecord)))]
#[sea_orm(entity = "Entity")]
pub struct RawRecord {
    /// The id. 编号
    pub id: Id<RawRecord>,
    /// Its place in the file, from 1. 行号
    pub line_number: i32,
    /// The SHA-256 of the line as it came: 64 hexadecimal digits. 行指纹（SHA-256）
    pub fingerprint: String,
    /// What the system calls it: the external id. 来源系统中的编号
    pub source_key: Option<String>,
    /// What was found of it; null until it was looked at. 校验结论
    pub verdict: Option<LineVerdict>,
    /// The rule that it breaks, such as `ID-02`; of a warning or an error. 缺陷代码
    pub defect_code: Option<String>,
    /// What is wrong, without what the line says. 缺陷说明
    pub defect_message: Option<String>,
    /// How it was matched; null until it was. 匹配结果
    pub matched_as: Option<LineMatch>,
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
    batch_id: Id<ImportBatch>,
    #[graphql(skip)]
    record_kind: Option<Kind>,
    #[graphql(skip)]
    record_id: Option<Uuid>,
}

/// Narrows a list of lines of imports.
///
/// 导入明细筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct RawRecordWhere {
    /// All of these. 全部满足
    and: Option<Vec<RawRecordWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<RawRecordWhere>>,
    /// Not this. 不满足
    not: Option<Box<RawRecordWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// Its place in the file, from 1. 行号
    line_number: Option<Ordering<i32>>,
    /// The SHA-256 of the line as it came: 64 hexadecimal digits. 行指纹（SHA-256）
    fingerprint: Option<TextFilter>,
    /// What the system calls it: the external id. 来源系统中的编号
    source_key: Option<TextFilter>,
    /// What was found of it; null until it was looked at. 校验结论
    verdict: Option<Equality<LineVerdict>>,
    /// The rule that it breaks, such as `ID-02`; of a warning or an error. 缺陷代码
    defect_code: Option<TextFilter>,
    /// How it was matched; null until it was. 匹配结果
    matched_as: Option<Equality<LineMatch>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The import. 导入批次
    batch: Option<Nested<ImportBatchWhere>>,
    /// Its issues. 质量问题
    issues: Option<ListFilter<QualityIssueWhere>>,
}

/// What a list of lines of imports can be sorted by.
///
/// 导入明细排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RawRecordOrderField {
    /// Its place in the file, from 1. 行号
    LineNumber,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a line of an import and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RawRecordDetails {
    /// What the system calls it: the external id. 来源系统中的编号
    source_key: MaybeUndefined<String>,
    /// What was found of it; null until it was looked at. 校验结论
    verdict: MaybeUndefined<LineVerdict>,
    /// The rule that it breaks, such as `ID-02`; of a warning or an error. 缺陷代码
    defect_code: MaybeUndefined<String>,
    /// What is wrong, without what the line says. 缺陷说明
    defect_message: MaybeUndefined<String>,
    /// How it was matched; null until it was. 匹配结果
    matched_as: MaybeUndefined<LineMatch>,
    /// The record that it became, or may mean; of the kind that the import brings. 对应记录编号
    record_id: MaybeUndefined<AnyId>,
}

/// Enters a line of an import.
///
/// 登记一行导入数据。
#[derive(Clone, Debug, InputObject)]
pub struct RawRecordRecordInput {
    /// The import. 导入批次
    batch_id: Id<ImportBatch>,
    /// Its place in the file, from 1. 行号
    line_number: i32,
    /// The SHA-256 of the line as it came: 64 hexadecimal digits. 行指纹（SHA-256）
    fingerprint: String,
    #[graphql(flatten)]
    details: RawRecordDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a line of an import: absent keeps, null clears, a value sets.
///
/// 更新导入明细：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct RawRecordUpdateInput {
    /// The record. 记录编号
    id: Id<RawRecord>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Its place in the file, from 1. 行号
    line_number: MaybeUndefined<i32>,
    /// The SHA-256 of the line as it came: 64 hexadecimal digits. 行指纹（SHA-256）
    fingerprint: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: RawRecordDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("RawRecordQueries") of RawRecord by RawRecordBy, RawRecordWhere, RawRecordOrderField {
        /// One line of an import; null when there is none that the caller may see. 查询一条导入明细
        raw_record = "rawRecord",
        /// Lines of imports, oldest record first unless told otherwise. 查询导入明细列表
        raw_records = "rawRecords",
    }
}

writes! {
    Mutations("RawRecordMutations") of RawRecord {
        /// Enters a line of an import. 登记一行导入数据
        raw_record_record: RawRecordRecordInput => RawRecordRecord = create,
        /// Changes a line of an import, until the import is applied. 更新导入明细（入库之前）
        raw_record_update: RawRecordUpdateInput => RawRecordUpdate = update,
        /// Archives a line of an import: out of the lists, still there by id. 归档导入明细
        raw_record_archive: ArchiveInput => RawRecordArchive = archive,
        /// Brings back an archived line of an import. 恢复导入明细
        raw_record_restore: RestoreInput => RawRecordRestore = restore,
    }
    upsert {
        /// Creates a line of an import, or changes the one that has this external id, until the import is applied. 按外部编号新增或更新导入明细（入库之前）
        raw_record_upsert: RawRecordUpsert of RawRecordRecordInput, RawRecordUpdateInput
    }
}

groups! {
    /// Lines of imports, counted by what they have in common: at most 1,000 groups. 按字段分组统计导入明细
    Groups("RawRecordGroupQueries") of RawRecord by RawRecordWhere in raw_record_groups: RawRecordGroup by RawRecordGroupField {
        /// What was found of it; null until it was looked at. 校验结论
        Verdict = verdict: LineVerdict,
        /// The rule that it breaks, such as `ID-02`; of a warning or an error. 缺陷代码
        DefectCode = defect_code: String,
        /// How it was matched; null until it was. 匹配结果
        MatchedAs = matched_as: LineMatch,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl RawRecord {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The import; null when the caller may not see it. 导入批次
    async fn batch(&self, ctx: &Context<'_>) -> Nullable<ImportBatch> {
        ctx.find(Some(self.batch_id)).await
    }

    /// The record that it became, or may mean; of the kind that the import brings. 对应记录编号
    async fn record_id(&self) -> Option<AnyId> {
        self.record()
    }

    /// Its issues. 质量问题
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn issues(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            QualityIssueWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<QualityIssueOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<QualityIssue>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, quality_issue::Column::RawRecordId, filter, order_by, page).await
    }
}

impl Resource for RawRecord {
    const KIND: Kind = Kind::RawRecord;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let is_faulty = matches!(row.verdict, Some(LineVerdict::Warning | LineVerdict::Error));
        let broken = [
            ((row.defect_code.is_some() || row.defect_message.is_some()) && !is_faulty).then(
                || {
                    Violation::inconsistent(
                        "defectCode",
                        "A defect is of a line with a warning or an error.",
                        "只有警告或错误的行才有缺陷。",
                    )
                },
            ),
            (row.record_id.is_some() && row.verdict == Some(LineVerdict::Error)).then(|| {
                Violation::inconsistent(
                    "recordId",
                    "A line in error becomes no record.",
                    "错误行不能对应记录。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for RawRecord {
    type Where = RawRecordWhere;
    type Order = RawRecordOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "batch" => Link::one::<ImportBatch>(Column::BatchId),
            "issues" => Link::many::<QualityIssue>(quality_issue::Column::RawRecordId),
            "recordId" => Link::computed(|it: &RawRecord| AnyId::told(it.record())),
            _ => return None,
        })
    }
}

impl Filter for RawRecordWhere {
    type Resource = RawRecord;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::LineNumber, self.line_number)?
            .on(Column::Fingerprint, self.fingerprint)?
            .on(Column::SourceKey, self.source_key)?
            .on(Column::Verdict, self.verdict)?
            .on(Column::DefectCode, self.defect_code)?
            .on(Column::MatchedAs, self.matched_as)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::BatchId, self.batch)?
            .to_many(Column::Id, quality_issue::Column::RawRecordId, self.issues)
    }
}

impl OrderField for RawRecordOrderField {
    type Resource = RawRecord;

    fn column(self) -> Column {
        match self {
            RawRecordOrderField::LineNumber => Column::LineNumber,
            RawRecordOrderField::CreatedAt => Column::CreatedAt,
            RawRecordOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

impl RawRecord {
    fn record(&self) -> Option<AnyId> {
        AnyId::of(self.record_kind, self.record_id)
    }
}

type ArchiveInput = RecordInput<RawRecordArchive>;
type RestoreInput = RecordInput<RawRecordRestore>;

async fn archive(work: &mut UnitOfWork<'_>, input: ArchiveInput) -> Result<RawRecord> {
    let row = work.find::<RawRecord>("id", input.id).await?;
    open_batch(work, &row).await?;
    work.archive_version(input.id, input.expected_version).await
}

async fn restore(work: &mut UnitOfWork<'_>, input: RestoreInput) -> Result<RawRecord> {
    let row = work.find::<RawRecord>("id", input.id).await?;
    open_batch(work, &row).await?;
    work.restore_version(input.id, input.expected_version).await
}

/// The import of a line, whose lines can be written still.
async fn open_batch(work: &UnitOfWork<'_>, row: &Model) -> Result<import_batch::Model> {
    let batch = work.find::<ImportBatch>("id", Id::new(row.batch_id)).await?;
    expect_open("id", &batch)?;
    Ok(batch)
}

/// A line becomes a record of the kind that its import brings, which is there for who says so.
async fn expect_brought(
    work: &UnitOfWork<'_>,
    record: Option<AnyId>,
    batch: &import_batch::Model,
) -> Result<()> {
    let Some(AnyId { kind, id }) = record else { return Ok(()) };
    if kind.name() != batch.record_kind {
        return Err(Violation::inconsistent(
            "recordId",
            "The import brings records of another kind.",
            "该记录与导入批次的记录种类不符。",
        )
        .into());
    }
    work.refer_to("recordId", domain::source(kind), id).await
}

/// Clears what other systems call a worker who is erased, as far as the lines are visible.
pub async fn clear_keys(work: &mut UnitOfWork<'_>, worker_id: Uuid) -> Result<()> {
    let named = Condition::all()
        .add(Column::RecordKind.eq(Kind::Worker.name()))
        .add(Column::RecordId.eq(worker_id))
        .add(Column::SourceKey.is_not_null());
    for row in work.find_all::<RawRecord>(named).await? {
        let draft = ActiveModel { source_key: Set(None), ..Default::default() };
        work.update::<RawRecord>(row, draft).await?;
    }
    Ok(())
}

/// What has to be said of a line of an import, as a mutation says it.
#[derive(Default)]
struct Essentials {
    batch_id: MaybeUndefined<Id<ImportBatch>>,
    line_number: MaybeUndefined<i32>,
    fingerprint: MaybeUndefined<String>,
}

async fn create(work: &mut UnitOfWork<'_>, input: RawRecordRecordInput) -> Result<RawRecord> {
    let essentials = Essentials {
        batch_id: MaybeUndefined::Value(input.batch_id),
        line_number: MaybeUndefined::Value(input.line_number),
        fingerprint: MaybeUndefined::Value(input.fingerprint),
    };
    let record = input.details.record_id.value().copied();
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.batch_id {
        let owner = work.find_current::<ImportBatch>("batchId", Id::new(owner)).await?;
        expect_open("batchId", &owner)?;
        expect_brought(work, record, &owner).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<RawRecord>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: RawRecordUpdateInput) -> Result<RawRecord> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let batch = open_batch(work, &row).await?;
    expect_brought(work, input.details.record_id.value().copied(), &batch).await?;
    let essentials = Essentials {
        line_number: input.line_number,
        fingerprint: input.fingerprint,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<RawRecord>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: RawRecordDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let (record_kind, record_id) = form.any_id_option(details.record_id);
    let draft = ActiveModel {
        batch_id: form.id("batchId", essentials.batch_id),
        line_number: form.number("lineNumber", essentials.line_number, 1..=10_000_000),
        fingerprint: form.sha256("fingerprint", essentials.fingerprint),
        source_key: form.line_option("sourceKey", details.source_key, 128),
        verdict: form.plain_option(details.verdict),
        defect_code: form.line_option("defectCode", details.defect_code, 64),
        defect_message: form.line_option("defectMessage", details.defect_message, 500),
        matched_as: form.plain_option(details.matched_as),
        record_kind,
        record_id,
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
