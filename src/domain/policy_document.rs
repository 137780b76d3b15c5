use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::policy_document::{ActiveModel, Column, Entity, PolicyKind};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        pilot_batch::{PilotBatch, PilotBatchWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A document of the reform, such as the plan of a batch of pilots.
///
/// 产改政策文件。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PolicyDocument)))]
#[sea_orm(entity = "Entity")]
pub struct PolicyDocument {
    /// The id. 编号
    pub id: Id<PolicyDocument>,
    /// The title. 标题
    pub title: String,
    /// The number of the document. 文号
    pub document_no: Option<String>,
    /// The kind. 类别
    pub kind: PolicyKind,
    /// Who issued it. 发文机关
    pub issuer: String,
    /// The day it was issued. 发文日期
    pub issued_on: Date,
    /// What it says, at most 4,000 characters. 摘要
    pub summary: Option<String>,
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
    batch_id: Option<Id<PilotBatch>>,
}

/// Narrows a list of policy documents.
///
/// 政策文件筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PolicyDocumentWhere {
    /// All of these. 全部满足
    and: Option<Vec<PolicyDocumentWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PolicyDocumentWhere>>,
    /// Not this. 不满足
    not: Option<Box<PolicyDocumentWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The number of the document. 文号
    document_no: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<PolicyKind>>,
    /// Who issued it. 发文机关
    issuer: Option<TextFilter>,
    /// The day it was issued. 发文日期
    issued_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The batch of pilots that it is about. 所指的试点批次
    batch: Option<Nested<PilotBatchWhere>>,
}

/// What a list of policy documents can be sorted by.
///
/// 政策文件排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PolicyDocumentOrderField {
    /// The title. 标题
    Title,
    /// The day it was issued. 发文日期
    IssuedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a policy document and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PolicyDocumentDetails {
    /// The batch of pilots that it is about. 所指的试点批次
    batch_id: MaybeUndefined<Id<PilotBatch>>,
    /// The number of the document. 文号
    document_no: MaybeUndefined<String>,
    /// What it says, at most 4,000 characters. 摘要
    summary: MaybeUndefined<String>,
}

/// Enters a document of the reform.
///
/// 登记政策文件。
#[derive(Clone, Debug, InputObject)]
pub struct PolicyDocumentIssueInput {
    /// The title. 标题
    title: String,
    /// The kind. 类别
    kind: PolicyKind,
    /// Who issued it. 发文机关
    issuer: String,
    /// The day it was issued. 发文日期
    issued_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: PolicyDocumentDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a policy document: absent keeps, null clears, a value sets.
///
/// 更新政策文件：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PolicyDocumentUpdateInput {
    /// The record. 记录编号
    id: Id<PolicyDocument>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<PolicyKind>,
    /// Who issued it. 发文机关
    issuer: MaybeUndefined<String>,
    /// The day it was issued. 发文日期
    issued_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PolicyDocumentDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("PolicyDocumentQueries") of PolicyDocument by PolicyDocumentBy, PolicyDocumentWhere, PolicyDocumentOrderField {
        /// One policy document; null when there is none that the caller may see. 查询一条政策文件
        policy_document = "policyDocument",
        /// Policy documents, oldest record first unless told otherwise. 查询政策文件列表
        policy_documents = "policyDocuments",
    }
}

writes! {
    Mutations("PolicyDocumentMutations") of PolicyDocument {
        /// Enters a document of the reform. 登记政策文件
        policy_document_issue: PolicyDocumentIssueInput => PolicyDocumentIssue = create,
        /// Changes a policy document. 更新政策文件
        policy_document_update: PolicyDocumentUpdateInput => PolicyDocumentUpdate = update,
    }
    upsert {
        /// Creates a policy document, or changes the one that has this external id. 按外部编号新增或更新政策文件
        policy_document_upsert: PolicyDocumentUpsert of PolicyDocumentIssueInput, PolicyDocumentUpdateInput
    }
    archive {
        /// Archives a policy document: out of the lists, still there by id. 归档政策文件
        policy_document_archive: PolicyDocumentArchive
    }
    restore {
        /// Brings back an archived policy document. 恢复政策文件
        policy_document_restore: PolicyDocumentRestore
    }
}

groups! {
    /// Policy documents, counted by what they have in common: at most 1,000 groups. 按字段分组统计政策文件
    Groups("PolicyDocumentGroupQueries") of PolicyDocument by PolicyDocumentWhere in policy_document_groups: PolicyDocumentGroup by PolicyDocumentGroupField {
        /// The kind. 类别
        Kind = kind: PolicyKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl PolicyDocument {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The batch of pilots that it is about; null when the caller may not see it. 所指的试点批次
    async fn batch(&self, ctx: &Context<'_>) -> Nullable<PilotBatch> {
        ctx.find(self.batch_id).await
    }
}

impl Resource for PolicyDocument {
    const KIND: Kind = Kind::PolicyDocument;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for PolicyDocument {
    type Where = PolicyDocumentWhere;
    type Order = PolicyDocumentOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "batch" => Link::one::<PilotBatch>(Column::BatchId),
            _ => return None,
        })
    }
}

impl Filter for PolicyDocumentWhere {
    type Resource = PolicyDocument;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::DocumentNo, self.document_no)?
            .on(Column::Kind, self.kind)?
            .on(Column::Issuer, self.issuer)?
            .on(Column::IssuedOn, self.issued_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::BatchId, self.batch)
    }
}

impl OrderField for PolicyDocumentOrderField {
    type Resource = PolicyDocument;

    fn column(self) -> Column {
        match self {
            PolicyDocumentOrderField::Title => Column::Title,
            PolicyDocumentOrderField::IssuedOn => Column::IssuedOn,
            PolicyDocumentOrderField::CreatedAt => Column::CreatedAt,
            PolicyDocumentOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a policy document, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title: MaybeUndefined<String>,
    kind: MaybeUndefined<PolicyKind>,
    issuer: MaybeUndefined<String>,
    issued_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: PolicyDocumentIssueInput,
) -> Result<PolicyDocument> {
    let essentials = Essentials {
        title: MaybeUndefined::Value(input.title),
        kind: MaybeUndefined::Value(input.kind),
        issuer: MaybeUndefined::Value(input.issuer),
        issued_on: MaybeUndefined::Value(input.issued_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<PolicyDocument>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: PolicyDocumentUpdateInput,
) -> Result<PolicyDocument> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        kind: input.kind,
        issuer: input.issuer,
        issued_on: input.issued_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PolicyDocument>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PolicyDocumentDetails,
) -> Result<ActiveModel> {
    work.refer("batchId", details.batch_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title: form.line("title", essentials.title, 200),
        kind: form.plain("kind", essentials.kind),
        issuer: form.line("issuer", essentials.issuer, 200),
        issued_on: form.day("issuedOn", essentials.issued_on),
        division_code: form.value("divisionCode", essentials.division_code),
        batch_id: form.id_option(details.batch_id),
        document_no: form.line_option("documentNo", details.document_no, 100),
        summary: form.paragraphs_option("summary", details.summary, 4000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
