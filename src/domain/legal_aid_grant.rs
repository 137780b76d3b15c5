use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::legal_aid_grant::{ActiveModel, Column, Entity, LegalAidForm, Model};
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
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
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

/// Legal aid that the union gives to a worker in a case.
///
/// 工会法律援助。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::LegalAidGrant)))]
#[sea_orm(entity = "Entity")]
pub struct LegalAidGrant {
    /// The id. 编号
    pub id: Id<LegalAidGrant>,
    /// The form. 援助形式
    pub form: LegalAidForm,
    /// The day it was granted. 批准日期
    pub granted_on: Date,
    /// The law firm or organisation that gives it. 承办机构
    pub provider_name: String,
    /// The day it ended; null while it goes on. 结案日期
    pub ended_on: Option<Date>,
    /// What came of it. 援助结果
    pub outcome: Option<String>,
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
    worker_id: Id<Worker>,
}

/// Narrows a list of legal aid grants.
///
/// 工会法律援助筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct LegalAidGrantWhere {
    /// All of these. 全部满足
    and: Option<Vec<LegalAidGrantWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<LegalAidGrantWhere>>,
    /// Not this. 不满足
    not: Option<Box<LegalAidGrantWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The form. 援助形式
    form: Option<Equality<LegalAidForm>>,
    /// The day it was granted. 批准日期
    granted_on: Option<Ordering<Date>>,
    /// The law firm or organisation that gives it. 承办机构
    provider_name: Option<TextFilter>,
    /// The day it ended; null while it goes on. 结案日期
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The case. 案件
    case: Option<Nested<DisputeCaseWhere>>,
    /// The worker. 受援职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of legal aid grants can be sorted by.
///
/// 工会法律援助排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum LegalAidGrantOrderField {
    /// The day it was granted. 批准日期
    GrantedOn,
    /// The day it ended; null while it goes on. 结案日期
    EndedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a legal aid grant and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct LegalAidGrantDetails {
    /// The day it ended; null while it goes on. 结案日期
    ended_on: MaybeUndefined<Date>,
    /// What came of it. 援助结果
    outcome: MaybeUndefined<String>,
}

/// Grants legal aid.
///
/// 给予法律援助。
#[derive(Clone, Debug, InputObject)]
pub struct LegalAidGrantCreateInput {
    /// The case. 案件
    case_id: Id<DisputeCase>,
    /// The worker. 受援职工
    worker_id: Id<Worker>,
    /// The form. 援助形式
    form: LegalAidForm,
    /// The day it was granted. 批准日期
    granted_on: Date,
    /// The law firm or organisation that gives it. 承办机构
    provider_name: String,
    #[graphql(flatten)]
    details: LegalAidGrantDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a legal aid grant: absent keeps, null clears, a value sets.
///
/// 更新工会法律援助：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct LegalAidGrantUpdateInput {
    /// The record. 记录编号
    id: Id<LegalAidGrant>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The form. 援助形式
    form: MaybeUndefined<LegalAidForm>,
    /// The day it was granted. 批准日期
    granted_on: MaybeUndefined<Date>,
    /// The law firm or organisation that gives it. 承办机构
    provider_name: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: LegalAidGrantDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("LegalAidGrantQueries") of LegalAidGrant by LegalAidGrantBy, LegalAidGrantWhere, LegalAidGrantOrderField {
        /// One legal aid grant; null when there is none that the caller may see. 查询一条工会法律援助
        legal_aid_grant = "legalAidGrant",
        /// Legal aid grants, oldest record first unless told otherwise. 查询工会法律援助列表
        legal_aid_grants = "legalAidGrants",
    }
}

writes! {
    Mutations("LegalAidGrantMutations") of LegalAidGrant {
        /// Grants legal aid. 给予法律援助
        legal_aid_grant_create: LegalAidGrantCreateInput => LegalAidGrantCreate = create,
        /// Changes a legal aid grant. 更新工会法律援助
        legal_aid_grant_update: LegalAidGrantUpdateInput => LegalAidGrantUpdate = update,
    }
    upsert {
        /// Creates a legal aid grant, or changes the one that has this external id. 按外部编号新增或更新工会法律援助
        legal_aid_grant_upsert: LegalAidGrantUpsert of LegalAidGrantCreateInput, LegalAidGrantUpdateInput
    }
    archive {
        /// Archives a legal aid grant: out of the lists, still there by id. 归档工会法律援助
        legal_aid_grant_archive: LegalAidGrantArchive
    }
    restore {
        /// Brings back an archived legal aid grant. 恢复工会法律援助
        legal_aid_grant_restore: LegalAidGrantRestore
    }
}

groups! {
    /// Legal aid grants, counted by what they have in common: at most 1,000 groups. 按字段分组统计工会法律援助
    Groups("LegalAidGrantGroupQueries") of LegalAidGrant by LegalAidGrantWhere in legal_aid_grant_groups: LegalAidGrantGroup by LegalAidGrantGroupField {
        /// The form. 援助形式
        Form = form: LegalAidForm,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl LegalAidGrant {
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

    /// The worker; null when the caller may not see it. 受援职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for LegalAidGrant {
    const KIND: Kind = Kind::LegalAidGrant;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.granted_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for LegalAidGrant {
    type Where = LegalAidGrantWhere;
    type Order = LegalAidGrantOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for LegalAidGrantWhere {
    type Resource = LegalAidGrant;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Form, self.form)?
            .on(Column::GrantedOn, self.granted_on)?
            .on(Column::ProviderName, self.provider_name)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CaseId, self.case)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for LegalAidGrantOrderField {
    type Resource = LegalAidGrant;

    fn column(self) -> Column {
        match self {
            LegalAidGrantOrderField::GrantedOn => Column::GrantedOn,
            LegalAidGrantOrderField::EndedOn => Column::EndedOn,
            LegalAidGrantOrderField::CreatedAt => Column::CreatedAt,
            LegalAidGrantOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a legal aid grant, as a mutation says it.
#[derive(Default)]
struct Essentials {
    case_id: MaybeUndefined<Id<DisputeCase>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    form: MaybeUndefined<LegalAidForm>,
    granted_on: MaybeUndefined<Date>,
    provider_name: MaybeUndefined<String>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: LegalAidGrantCreateInput,
) -> Result<LegalAidGrant> {
    let essentials = Essentials {
        case_id: MaybeUndefined::Value(input.case_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        form: MaybeUndefined::Value(input.form),
        granted_on: MaybeUndefined::Value(input.granted_on),
        provider_name: MaybeUndefined::Value(input.provider_name),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.case_id {
        let owner = work.find_current::<DisputeCase>("caseId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<LegalAidGrant>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: LegalAidGrantUpdateInput,
) -> Result<LegalAidGrant> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        form: input.form,
        granted_on: input.granted_on,
        provider_name: input.provider_name,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<LegalAidGrant>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: LegalAidGrantDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        case_id: form.id("caseId", essentials.case_id),
        worker_id: form.id("workerId", essentials.worker_id),
        form: form.plain("form", essentials.form),
        granted_on: form.day("grantedOn", essentials.granted_on),
        provider_name: form.line("providerName", essentials.provider_name, 200),
        ended_on: form.day_option(details.ended_on),
        outcome: form.line_option("outcome", details.outcome, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
