use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    pathway_rule::TitleGrade,
    professional_title::{ActiveModel, Column, Entity},
};
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
        external_id,
        title_series::{TitleSeries, TitleSeriesWhere},
        worker::{Worker, WorkerWhere},
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

/// A professional title that a worker holds.
///
/// 专业技术职称。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::ProfessionalTitle)))]
#[sea_orm(entity = "Entity")]
pub struct ProfessionalTitle {
    /// The id. 编号
    pub id: Id<ProfessionalTitle>,
    /// The grade. 层级
    pub grade: TitleGrade,
    /// The specialty. 专业
    pub specialty: Option<String>,
    /// The day it was issued. 取得日期
    pub issued_on: Date,
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
    worker_id: Id<Worker>,
    #[graphql(skip)]
    series_id: Id<TitleSeries>,
}

/// Narrows a list of professional titles.
///
/// 专业技术职称筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProfessionalTitleWhere {
    /// All of these. 全部满足
    and: Option<Vec<ProfessionalTitleWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ProfessionalTitleWhere>>,
    /// Not this. 不满足
    not: Option<Box<ProfessionalTitleWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The grade. 层级
    grade: Option<Equality<TitleGrade>>,
    /// The specialty. 专业
    specialty: Option<TextFilter>,
    /// The day it was issued. 取得日期
    issued_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The worker. 职工
    worker: Option<Nested<WorkerWhere>>,
    /// The series. 职称系列
    series: Option<Nested<TitleSeriesWhere>>,
}

/// What a list of professional titles can be sorted by.
///
/// 专业技术职称排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProfessionalTitleOrderField {
    /// The day it was issued. 取得日期
    IssuedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a professional title and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProfessionalTitleDetails {
    /// The specialty. 专业
    specialty: MaybeUndefined<String>,
}

/// Enters a professional title.
///
/// 登记专业技术职称。
#[derive(Clone, Debug, InputObject)]
pub struct ProfessionalTitleEnterInput {
    /// The worker. 职工
    worker_id: Id<Worker>,
    /// The series. 职称系列
    series_id: Id<TitleSeries>,
    /// The grade. 层级
    grade: TitleGrade,
    /// The day it was issued. 取得日期
    issued_on: Date,
    #[graphql(flatten)]
    details: ProfessionalTitleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a professional title: absent keeps, null clears, a value sets.
///
/// 更新专业技术职称：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ProfessionalTitleUpdateInput {
    /// The record. 记录编号
    id: Id<ProfessionalTitle>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The grade. 层级
    grade: MaybeUndefined<TitleGrade>,
    /// The day it was issued. 取得日期
    issued_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: ProfessionalTitleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ProfessionalTitleQueries") of ProfessionalTitle by ProfessionalTitleBy, ProfessionalTitleWhere, ProfessionalTitleOrderField {
        /// One professional title; null when there is none that the caller may see. 查询一条专业技术职称
        professional_title = "professionalTitle",
        /// Professional titles, oldest record first unless told otherwise. 查询专业技术职称列表
        professional_titles = "professionalTitles",
    }
}

writes! {
    Mutations("ProfessionalTitleMutations") of ProfessionalTitle {
        /// Enters a professional title. 登记专业技术职称
        professional_title_enter: ProfessionalTitleEnterInput => ProfessionalTitleEnter = create,
        /// Changes a professional title. 更新专业技术职称
        professional_title_update: ProfessionalTitleUpdateInput => ProfessionalTitleUpdate = update,
    }
    upsert {
        /// Creates a professional title, or changes the one that has this external id. 按外部编号新增或更新专业技术职称
        professional_title_upsert: ProfessionalTitleUpsert of ProfessionalTitleEnterInput, ProfessionalTitleUpdateInput
    }
    archive {
        /// Archives a professional title: out of the lists, still there by id. 归档专业技术职称
        professional_title_archive: ProfessionalTitleArchive
    }
    restore {
        /// Brings back an archived professional title. 恢复专业技术职称
        professional_title_restore: ProfessionalTitleRestore
    }
}

groups! {
    /// Professional titles, counted by what they have in common: at most 1,000 groups. 按字段分组统计专业技术职称
    Groups("ProfessionalTitleGroupQueries") of ProfessionalTitle by ProfessionalTitleWhere in professional_title_groups: ProfessionalTitleGroup by ProfessionalTitleGroupField {
        /// The grade. 层级
        Grade = grade: TitleGrade,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl ProfessionalTitle {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The worker; null when the caller may not see it. 职工
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(Some(self.worker_id)).await
    }

    /// The series; null when the caller may not see it. 职称系列
    async fn series(&self, ctx: &Context<'_>) -> Nullable<TitleSeries> {
        ctx.find(Some(self.series_id)).await
    }
}

impl Resource for ProfessionalTitle {
    const KIND: Kind = Kind::ProfessionalTitle;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for ProfessionalTitle {
    type Where = ProfessionalTitleWhere;
    type Order = ProfessionalTitleOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            "series" => Link::one::<TitleSeries>(Column::SeriesId),
            _ => return None,
        })
    }
}

impl Filter for ProfessionalTitleWhere {
    type Resource = ProfessionalTitle;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Grade, self.grade)?
            .on(Column::Specialty, self.specialty)?
            .on(Column::IssuedOn, self.issued_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::WorkerId, self.worker)?
            .to_one(Column::SeriesId, self.series)
    }
}

impl OrderField for ProfessionalTitleOrderField {
    type Resource = ProfessionalTitle;

    fn column(self) -> Column {
        match self {
            ProfessionalTitleOrderField::IssuedOn => Column::IssuedOn,
            ProfessionalTitleOrderField::CreatedAt => Column::CreatedAt,
            ProfessionalTitleOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a professional title, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_id: MaybeUndefined<Id<Worker>>,
    series_id: MaybeUndefined<Id<TitleSeries>>,
    grade: MaybeUndefined<TitleGrade>,
    issued_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: ProfessionalTitleEnterInput,
) -> Result<ProfessionalTitle> {
    let essentials = Essentials {
        worker_id: MaybeUndefined::Value(input.worker_id),
        series_id: MaybeUndefined::Value(input.series_id),
        grade: MaybeUndefined::Value(input.grade),
        issued_on: MaybeUndefined::Value(input.issued_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.worker_id {
        let owner = work.find_current::<Worker>("workerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<ProfessionalTitle>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: ProfessionalTitleUpdateInput,
) -> Result<ProfessionalTitle> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { grade: input.grade, issued_on: input.issued_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<ProfessionalTitle>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ProfessionalTitleDetails,
) -> Result<ActiveModel> {
    work.refer("seriesId", essentials.series_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_id: form.id("workerId", essentials.worker_id),
        series_id: form.id("seriesId", essentials.series_id),
        grade: form.plain("grade", essentials.grade),
        issued_on: form.day("issuedOn", essentials.issued_on),
        specialty: form.line_option("specialty", details.specialty, 100),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
