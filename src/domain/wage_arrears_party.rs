use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::wage_arrears_party::{ActiveModel, ChainRole, Column, Entity};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        wage_arrears_case::{WageArrearsCase, WageArrearsCaseWhere},
    },
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An employer that answers for wages that are owed.
///
/// 欠薪责任单位。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::WageArrearsParty)))]
#[sea_orm(entity = "Entity")]
pub struct WageArrearsParty {
    /// The id. 编号
    pub id: Id<WageArrearsParty>,
    /// What it is in the chain. 角色
    pub role: ChainRole,
    /// Its place in the chain, from the top. 链条次序
    pub ordinal: i32,
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
    arrears_case_id: Id<WageArrearsCase>,
    #[graphql(skip)]
    employer_id: Id<Employer>,
}

/// Narrows a list of wage arrears parties.
///
/// 欠薪责任单位筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct WageArrearsPartyWhere {
    /// All of these. 全部满足
    and: Option<Vec<WageArrearsPartyWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<WageArrearsPartyWhere>>,
    /// Not this. 不满足
    not: Option<Box<WageArrearsPartyWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What it is in the chain. 角色
    role: Option<Equality<ChainRole>>,
    /// Its place in the chain, from the top. 链条次序
    ordinal: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The case. 欠薪案件
    arrears_case: Option<Nested<WageArrearsCaseWhere>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of wage arrears parties can be sorted by.
///
/// 欠薪责任单位排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WageArrearsPartyOrderField {
    /// Its place in the chain, from the top. 链条次序
    Ordinal,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Adds an employer that answers for the wages.
///
/// 添加欠薪责任单位。
#[derive(Clone, Debug, InputObject)]
pub struct WageArrearsPartyAddInput {
    /// The case. 欠薪案件
    arrears_case_id: Id<WageArrearsCase>,
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// What it is in the chain. 角色
    role: ChainRole,
    /// Its place in the chain, from the top. 链条次序
    ordinal: i32,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a wage arrears party: absent keeps, null clears, a value sets.
///
/// 更新欠薪责任单位：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct WageArrearsPartyUpdateInput {
    /// The record. 记录编号
    id: Id<WageArrearsParty>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// What it is in the chain. 角色
    role: MaybeUndefined<ChainRole>,
    /// Its place in the chain, from the top. 链条次序
    ordinal: MaybeUndefined<i32>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("WageArrearsPartyQueries") of WageArrearsParty by WageArrearsPartyBy, WageArrearsPartyWhere, WageArrearsPartyOrderField {
        /// One wage arrears party; null when there is none that the caller may see. 查询一条欠薪责任单位
        wage_arrears_party = "wageArrearsParty",
        /// Wage arrears parties, oldest record first unless told otherwise. 查询欠薪责任单位列表
        wage_arrears_parties = "wageArrearsParties",
    }
}

writes! {
    Mutations("WageArrearsPartyMutations") of WageArrearsParty {
        /// Adds an employer that answers for the wages. 添加欠薪责任单位
        wage_arrears_party_add: WageArrearsPartyAddInput => WageArrearsPartyAdd = create,
        /// Changes a wage arrears party. 更新欠薪责任单位
        wage_arrears_party_update: WageArrearsPartyUpdateInput => WageArrearsPartyUpdate = update,
    }
    upsert {
        /// Creates a wage arrears party, or changes the one that has this external id. 按外部编号新增或更新欠薪责任单位
        wage_arrears_party_upsert: WageArrearsPartyUpsert of WageArrearsPartyAddInput, WageArrearsPartyUpdateInput
    }
    archive {
        /// Archives a wage arrears party: out of the lists, still there by id. 归档欠薪责任单位
        wage_arrears_party_archive: WageArrearsPartyArchive
    }
    restore {
        /// Brings back an archived wage arrears party. 恢复欠薪责任单位
        wage_arrears_party_restore: WageArrearsPartyRestore
    }
}

groups! {
    /// Wage arrears parties, counted by what they have in common: at most 1,000 groups. 按字段分组统计欠薪责任单位
    Groups("WageArrearsPartyGroupQueries") of WageArrearsParty by WageArrearsPartyWhere in wage_arrears_party_groups: WageArrearsPartyGroup by WageArrearsPartyGroupField {
        /// What it is in the chain. 角色
        Role = role: ChainRole,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl WageArrearsParty {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The case; null when the caller may not see it. 欠薪案件
    async fn arrears_case(&self, ctx: &Context<'_>) -> Nullable<WageArrearsCase> {
        ctx.find(Some(self.arrears_case_id)).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(Some(self.employer_id)).await
    }
}

impl Resource for WageArrearsParty {
    const KIND: Kind = Kind::WageArrearsParty;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for WageArrearsParty {
    type Where = WageArrearsPartyWhere;
    type Order = WageArrearsPartyOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "arrearsCase" => Link::one::<WageArrearsCase>(Column::ArrearsCaseId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            _ => return None,
        })
    }
}

impl Filter for WageArrearsPartyWhere {
    type Resource = WageArrearsParty;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Role, self.role)?
            .on(Column::Ordinal, self.ordinal)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ArrearsCaseId, self.arrears_case)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for WageArrearsPartyOrderField {
    type Resource = WageArrearsParty;

    fn column(self) -> Column {
        match self {
            WageArrearsPartyOrderField::Ordinal => Column::Ordinal,
            WageArrearsPartyOrderField::CreatedAt => Column::CreatedAt,
            WageArrearsPartyOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a wage arrears party, as a mutation says it.
#[derive(Default)]
struct Essentials {
    arrears_case_id: MaybeUndefined<Id<WageArrearsCase>>,
    employer_id: MaybeUndefined<Id<Employer>>,
    role: MaybeUndefined<ChainRole>,
    ordinal: MaybeUndefined<i32>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: WageArrearsPartyAddInput,
) -> Result<WageArrearsParty> {
    let essentials = Essentials {
        arrears_case_id: MaybeUndefined::Value(input.arrears_case_id),
        employer_id: MaybeUndefined::Value(input.employer_id),
        role: MaybeUndefined::Value(input.role),
        ordinal: MaybeUndefined::Value(input.ordinal),
    };
    let mut draft = draft(work, essentials).await?;
    if let Set(owner) = draft.arrears_case_id {
        let owner = work.find_current::<WageArrearsCase>("arrearsCaseId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<WageArrearsParty>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: WageArrearsPartyUpdateInput,
) -> Result<WageArrearsParty> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { role: input.role, ordinal: input.ordinal, ..Essentials::default() };
    let draft = draft(work, essentials).await?;
    work.update::<WageArrearsParty>(row, draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    work.refer("employerId", essentials.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        arrears_case_id: form.id("arrearsCaseId", essentials.arrears_case_id),
        employer_id: form.id("employerId", essentials.employer_id),
        role: form.plain("role", essentials.role),
        ordinal: form.number("ordinal", essentials.ordinal, 1..=100),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
