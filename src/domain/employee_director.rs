use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::employee_director::{ActiveModel, Column, CompanyBoard, Entity, Model};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A worker whom the workers elected to a board of their employer.
///
/// 职工董事、职工监事。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::EmployeeDirector)))]
#[sea_orm(entity = "Entity")]
pub struct EmployeeDirector {
    /// The id. 编号
    pub id: Id<EmployeeDirector>,
    /// The board. 任职机构
    pub board: CompanyBoard,
    /// The first day in office. 任职起
    pub started_on: Date,
    /// The last day in office; null while it goes on. 任职止
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
    employer_id: Id<Employer>,
    #[graphql(skip)]
    worker_id: Id<Worker>,
}

/// Narrows a list of employee directors.
///
/// 职工董事、监事筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct EmployeeDirectorWhere {
    /// All of these. 全部满足
    and: Option<Vec<EmployeeDirectorWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<EmployeeDirectorWhere>>,
    /// Not this. 不满足
    not: Option<Box<EmployeeDirectorWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The board. 任职机构
    board: Option<Equality<CompanyBoard>>,
    /// The first day in office. 任职起
    started_on: Option<Ordering<Date>>,
    /// The last day in office; null while it goes on. 任职止
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// Who was elected. 职工
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of employee directors can be sorted by.
///
/// 职工董事、监事排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EmployeeDirectorOrderField {
    /// The first day in office. 任职起
    StartedOn,
    /// The last day in office; null while it goes on. 任职止
    EndedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an employee director and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EmployeeDirectorDetails {
    /// The last day in office; null while it goes on. 任职止
    ended_on: MaybeUndefined<Date>,
}

/// Enters a director or supervisor whom the workers elected.
///
/// 登记当选职工董事或监事。
#[derive(Clone, Debug, InputObject)]
pub struct EmployeeDirectorElectInput {
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// Who was elected. 职工
    worker_id: Id<Worker>,
    /// The board. 任职机构
    board: CompanyBoard,
    /// The first day in office. 任职起
    started_on: Date,
    #[graphql(flatten)]
    details: EmployeeDirectorDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an employee director: absent keeps, null clears, a value sets.
///
/// 更新职工董事、监事：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct EmployeeDirectorUpdateInput {
    /// The record. 记录编号
    id: Id<EmployeeDirector>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The board. 任职机构
    board: MaybeUndefined<CompanyBoard>,
    /// The first day in office. 任职起
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: EmployeeDirectorDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("EmployeeDirectorQueries") of EmployeeDirector by EmployeeDirectorBy, EmployeeDirectorWhere, EmployeeDirectorOrderField {
        /// One employee director; null when there is none that the caller may see. 查询一条职工董事、监事
        employee_director = "employeeDirector",
        /// Employee directors, oldest record first unless told otherwise. 查询职工董事、监事列表
        employee_directors = "employeeDirectors",
    }
}

writes! {
    Mutations("EmployeeDirectorMutations") of EmployeeDirector {
        /// Enters a director or supervisor whom the workers elected. 登记当选职工董事或监事
        employee_director_elect: EmployeeDirectorElectInput => EmployeeDirectorElect = create,
        /// Changes an employee director. 更新职工董事、监事
        employee_director_update: EmployeeDirectorUpdateInput => EmployeeDirectorUpdate = update,
    }
    upsert {
        /// Creates an employee director, or changes the one that has this external id. 按外部编号新增或更新职工董事、监事
        employee_director_upsert: EmployeeDirectorUpsert of EmployeeDirectorElectInput, EmployeeDirectorUpdateInput
    }
    archive {
        /// Archives an employee director: out of the lists, still there by id. 归档职工董事、监事
        employee_director_archive: EmployeeDirectorArchive
    }
    restore {
        /// Brings back an archived employee director. 恢复职工董事、监事
        employee_director_restore: EmployeeDirectorRestore
    }
}

groups! {
    /// Employee directors, counted by what they have in common: at most 1,000 groups. 按字段分组统计职工董事、监事
    Groups("EmployeeDirectorGroupQueries") of EmployeeDirector by EmployeeDirectorWhere in employee_director_groups: EmployeeDirectorGroup by EmployeeDirectorGroupField {
        /// The board. 任职机构
        Board = board: CompanyBoard,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl EmployeeDirector {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(Some(self.employer_id)).await
    }

    /// Who was elected; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }
}

impl Resource for EmployeeDirector {
    const KIND: Kind = Kind::EmployeeDirector;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on).into_iter().collect()
    }
}

impl Linked for EmployeeDirector {
    type Where = EmployeeDirectorWhere;
    type Order = EmployeeDirectorOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for EmployeeDirectorWhere {
    type Resource = EmployeeDirector;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Board, self.board)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for EmployeeDirectorOrderField {
    type Resource = EmployeeDirector;

    fn column(self) -> Column {
        match self {
            EmployeeDirectorOrderField::StartedOn => Column::StartedOn,
            EmployeeDirectorOrderField::EndedOn => Column::EndedOn,
            EmployeeDirectorOrderField::CreatedAt => Column::CreatedAt,
            EmployeeDirectorOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an employee director, as a mutation says it.
#[derive(Default)]
struct Essentials {
    employer_id: MaybeUndefined<Id<Employer>>,
    worker_id: MaybeUndefined<Id<Worker>>,
    board: MaybeUndefined<CompanyBoard>,
    started_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: EmployeeDirectorElectInput,
) -> Result<EmployeeDirector> {
    let essentials = Essentials {
        employer_id: MaybeUndefined::Value(input.employer_id),
        worker_id: MaybeUndefined::Value(input.worker_id),
        board: MaybeUndefined::Value(input.board),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.employer_id {
        let owner = work.find_current::<Employer>("employerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<EmployeeDirector>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: EmployeeDirectorUpdateInput,
) -> Result<EmployeeDirector> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { board: input.board, started_on: input.started_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<EmployeeDirector>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: EmployeeDirectorDetails,
) -> Result<ActiveModel> {
    work.refer("workerId", essentials.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        employer_id: form.id("employerId", essentials.employer_id),
        worker_id: form.id("workerId", essentials.worker_id),
        board: form.plain("board", essentials.board),
        started_on: form.day("startedOn", essentials.started_on),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
