use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::agreement_party::{ActiveModel, AgreementRole, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        collective_agreement::{CollectiveAgreement, CollectiveAgreementWhere},
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        union_organization::{UnionOrganization, UnionOrganizationWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An employer or a union that an agreement binds.
///
/// 集体合同当事方。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::AgreementParty)))]
#[sea_orm(entity = "Entity")]
pub struct AgreementParty {
    /// The id. 编号
    pub id: Id<AgreementParty>,
    /// The side. 一方
    pub role: AgreementRole,
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
    agreement_id: Id<CollectiveAgreement>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
    #[graphql(skip)]
    union_organization_id: Option<Id<UnionOrganization>>,
}

/// Narrows a list of agreement parties.
///
/// 集体合同当事方筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct AgreementPartyWhere {
    /// All of these. 全部满足
    and: Option<Vec<AgreementPartyWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<AgreementPartyWhere>>,
    /// Not this. 不满足
    not: Option<Box<AgreementPartyWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The side. 一方
    role: Option<Equality<AgreementRole>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The agreement. 集体合同
    agreement: Option<Nested<CollectiveAgreementWhere>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// The union. 工会组织
    union_organization: Option<Nested<UnionOrganizationWhere>>,
}

/// What a list of agreement parties can be sorted by.
///
/// 集体合同当事方排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AgreementPartyOrderField {
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an agreement party and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AgreementPartyDetails {
    /// The employer. 用人单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The union. 工会组织
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
}

/// Adds a party.
///
/// 新增当事方。
#[derive(Clone, Debug, InputObject)]
pub struct AgreementPartyAddInput {
    /// The agreement. 集体合同
    agreement_id: Id<CollectiveAgreement>,
    /// The side. 一方
    role: AgreementRole,
    #[graphql(flatten)]
    details: AgreementPartyDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an agreement party: absent keeps, null clears, a value sets.
///
/// 更新集体合同当事方：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct AgreementPartyUpdateInput {
    /// The record. 记录编号
    id: Id<AgreementParty>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    details: AgreementPartyDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("AgreementPartyQueries") of AgreementParty by AgreementPartyBy, AgreementPartyWhere, AgreementPartyOrderField {
        /// One agreement party; null when there is none that the caller may see. 查询一条集体合同当事方
        agreement_party = "agreementParty",
        /// Agreement parties, oldest record first unless told otherwise. 查询集体合同当事方列表
        agreement_parties = "agreementParties",
    }
}

writes! {
    Mutations("AgreementPartyMutations") of AgreementParty {
        /// Adds a party. 新增当事方
        agreement_party_add: AgreementPartyAddInput => AgreementPartyAdd = create,
        /// Changes an agreement party. 更新集体合同当事方
        agreement_party_update: AgreementPartyUpdateInput => AgreementPartyUpdate = update,
    }
    upsert {
        /// Creates an agreement party, or changes the one that has this external id. 按外部编号新增或更新集体合同当事方
        agreement_party_upsert: AgreementPartyUpsert of AgreementPartyAddInput, AgreementPartyUpdateInput
    }
    archive {
        /// Archives an agreement party: out of the lists, still there by id. 归档集体合同当事方
        agreement_party_archive: AgreementPartyArchive
    }
    restore {
        /// Brings back an archived agreement party. 恢复集体合同当事方
        agreement_party_restore: AgreementPartyRestore
    }
}

#[ComplexObject]
impl AgreementParty {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The agreement; null when the caller may not see it. 集体合同
    async fn agreement(&self, ctx: &Context<'_>) -> Nullable<CollectiveAgreement> {
        ctx.find(Some(self.agreement_id)).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The union; null when the caller may not see it. 工会组织
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(self.union_organization_id).await
    }
}

impl Resource for AgreementParty {
    const KIND: Kind = Kind::AgreementParty;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            (row.employer_id.is_some() == row.union_organization_id.is_some()).then(|| {
                Violation::inconsistent(
                    "employerId",
                    "A party is one employer or one union.",
                    "当事方应为一个用人单位或一个工会，二者取一。",
                )
            }),
            (row.union_organization_id.is_some() && row.role == AgreementRole::Employer).then(
                || {
                    Violation::inconsistent(
                        "role",
                        "A union stands on the side of the workers.",
                        "工会属于职工方。",
                    )
                },
            ),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for AgreementParty {
    type Where = AgreementPartyWhere;
    type Order = AgreementPartyOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "agreement" => Link::one::<CollectiveAgreement>(Column::AgreementId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            _ => return None,
        })
    }
}

impl Filter for AgreementPartyWhere {
    type Resource = AgreementParty;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Role, self.role)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::AgreementId, self.agreement)?
            .to_one(Column::EmployerId, self.employer)?
            .to_one(Column::UnionOrganizationId, self.union_organization)
    }
}

impl OrderField for AgreementPartyOrderField {
    type Resource = AgreementParty;

    fn column(self) -> Column {
        match self {
            AgreementPartyOrderField::CreatedAt => Column::CreatedAt,
            AgreementPartyOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an agreement party, as a mutation says it.
#[derive(Default)]
struct Essentials {
    agreement_id: MaybeUndefined<Id<CollectiveAgreement>>,
    role: MaybeUndefined<AgreementRole>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: AgreementPartyAddInput,
) -> Result<AgreementParty> {
    let essentials = Essentials {
        agreement_id: MaybeUndefined::Value(input.agreement_id),
        role: MaybeUndefined::Value(input.role),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.agreement_id {
        let owner = work.find_current::<CollectiveAgreement>("agreementId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<AgreementParty>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: AgreementPartyUpdateInput,
) -> Result<AgreementParty> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials::default();
    let draft = draft(work, essentials, input.details).await?;
    work.update::<AgreementParty>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: AgreementPartyDetails,
) -> Result<ActiveModel> {
    work.refer("employerId", details.employer_id.value().copied()).await?;
    work.refer("unionOrganizationId", details.union_organization_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        agreement_id: form.id("agreementId", essentials.agreement_id),
        role: form.plain("role", essentials.role),
        employer_id: form.id_option(details.employer_id),
        union_organization_id: form.id_option(details.union_organization_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
