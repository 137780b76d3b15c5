use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::dispute_party::{ActiveModel, Column, Entity, Model, PartyRole};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        dispute_case::{DisputeCase, DisputeCaseWhere},
        division::Division,
        employer::{Employer, EmployerWhere},
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
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A party of a dispute: a worker, an employer, or somebody else by name.
///
/// 争议当事人。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::DisputeParty)))]
#[sea_orm(entity = "Entity")]
pub struct DisputeParty {
    /// The id. 编号
    pub id: Id<DisputeParty>,
    /// The role. 角色
    pub role: PartyRole,
    /// The name of a party that is neither a worker nor an employer of the graph. 其他当事人名称
    pub name: Option<String>,
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
    worker_id: Option<Id<Worker>>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

/// Narrows a list of parties of disputes.
///
/// 当事人筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputePartyWhere {
    /// All of these. 全部满足
    and: Option<Vec<DisputePartyWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<DisputePartyWhere>>,
    /// Not this. 不满足
    not: Option<Box<DisputePartyWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The role. 角色
    role: Option<Equality<PartyRole>>,
    /// The name of a party that is neither a worker nor an employer of the graph. 其他当事人名称
    name: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The case. 案件
    case: Option<Nested<DisputeCaseWhere>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of parties of disputes can be sorted by.
///
/// 当事人排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DisputePartyOrderField {
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a party of a dispute and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DisputePartyDetails {
    /// The worker. 职工
    worker_id: MaybeUndefined<Id<Worker>>,
    /// The employer. 用人单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The name of a party that is neither a worker nor an employer of the graph. 其他当事人名称
    name: MaybeUndefined<String>,
}

/// Adds a party to a case.
///
/// 新增当事人。
#[derive(Clone, Debug, InputObject)]
pub struct DisputePartyAddInput {
    /// The case. 案件
    case_id: Id<DisputeCase>,
    /// The role. 角色
    role: PartyRole,
    #[graphql(flatten)]
    details: DisputePartyDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a party of a dispute: absent keeps, null clears, a value sets.
///
/// 更新当事人：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct DisputePartyUpdateInput {
    /// The record. 记录编号
    id: Id<DisputeParty>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The role. 角色
    role: MaybeUndefined<PartyRole>,
    #[graphql(flatten)]
    details: DisputePartyDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("DisputePartyQueries") of DisputeParty by DisputePartyBy, DisputePartyWhere, DisputePartyOrderField {
        /// One party of a dispute; null when there is none that the caller may see. 查询一条当事人
        dispute_party = "disputeParty",
        /// Parties of disputes, oldest record first unless told otherwise. 查询当事人列表
        dispute_parties = "disputeParties",
    }
}

writes! {
    Mutations("DisputePartyMutations") of DisputeParty {
        /// Adds a party to a case. 新增当事人
        dispute_party_add: DisputePartyAddInput => DisputePartyAdd = create,
        /// Changes a party of a dispute. 更新当事人
        dispute_party_update: DisputePartyUpdateInput => DisputePartyUpdate = update,
    }
    upsert {
        /// Creates a party of a dispute, or changes the one that has this external id. 按外部编号新增或更新当事人
        dispute_party_upsert: DisputePartyUpsert of DisputePartyAddInput, DisputePartyUpdateInput
    }
    archive {
        /// Archives a party of a dispute: out of the lists, still there by id. 归档当事人
        dispute_party_archive: DisputePartyArchive
    }
    restore {
        /// Brings back an archived party of a dispute. 恢复当事人
        dispute_party_restore: DisputePartyRestore
    }
}

#[ComplexObject]
impl DisputeParty {
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

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(self.worker_id).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }
}

impl Resource for DisputeParty {
    const KIND: Kind = Kind::DisputeParty;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let named = [row.worker_id.is_some(), row.employer_id.is_some(), row.name.is_some()];
        if named.into_iter().filter(|it| *it).count() == 1 {
            return Vec::new();
        }
        vec![Violation::inconsistent(
            "name",
            "A party is one worker, one employer or one other name.",
            "当事人应为一名职工、一个用人单位或一个其他名称，三者取一。",
        )]
    }
}

impl Linked for DisputeParty {
    type Where = DisputePartyWhere;
    type Order = DisputePartyOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            _ => return None,
        })
    }
}

impl Filter for DisputePartyWhere {
    type Resource = DisputeParty;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Role, self.role)?
            .on(Column::Name, self.name)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CaseId, self.case)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for DisputePartyOrderField {
    type Resource = DisputeParty;

    fn column(self) -> Column {
        match self {
            DisputePartyOrderField::CreatedAt => Column::CreatedAt,
            DisputePartyOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a party of a dispute, as a mutation says it.
#[derive(Default)]
struct Essentials {
    case_id: MaybeUndefined<Id<DisputeCase>>,
    role: MaybeUndefined<PartyRole>,
}

async fn create(work: &mut UnitOfWork<'_>, input: DisputePartyAddInput) -> Result<DisputeParty> {
    let essentials = Essentials {
        case_id: MaybeUndefined::Value(input.case_id),
        role: MaybeUndefined::Value(input.role),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: DisputePartyUpdateInput) -> Result<DisputeParty> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { role: input.role, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<DisputeParty>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<DisputeParty> {
    if let Set(owner) = draft.case_id {
        let owner = work.find_current::<DisputeCase>("caseId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<DisputeParty>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: DisputePartyDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", details.worker_id.value().copied()).await?;
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        case_id: form.id("caseId", essentials.case_id),
        role: form.plain("role", essentials.role),
        worker_id: form.id_option(details.worker_id),
        employer_id: form.id_option(details.employer_id),
        name: form.line_option("name", details.name, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
