use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    training_enrollment,
    training_program::{ActiveModel, Column, Entity, Model, TrainingKind},
    worker::SkillRank,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, OccupationCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        training_enrollment::{
            TrainingEnrollment, TrainingEnrollmentOrderField, TrainingEnrollmentWhere,
        },
        training_provider::{TrainingProvider, TrainingProviderWhere},
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
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A course that was or is given.
///
/// 培训班次。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::TrainingProgram)))]
#[sea_orm(entity = "Entity")]
pub struct TrainingProgram {
    /// The id. 编号
    pub id: Id<TrainingProgram>,
    /// The title. 标题
    pub title: String,
    /// The kind. 类别
    pub kind: TrainingKind,
    /// The occupation. 职业代码
    pub occupation_code: Option<OccupationCode>,
    /// The skill level that it leads to. 目标技能等级
    pub target_rank: Option<SkillRank>,
    /// How many hours. 学时
    pub hours: i32,
    /// For how many. 计划人数
    pub plan_heads: i32,
    /// The first day. 开始日期
    pub started_on: Date,
    /// The last day. 结束日期
    pub ended_on: Date,
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
    provider_id: Id<TrainingProvider>,
}

/// Narrows a list of training programs.
///
/// 培训班次筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct TrainingProgramWhere {
    /// All of these. 全部满足
    and: Option<Vec<TrainingProgramWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<TrainingProgramWhere>>,
    /// Not this. 不满足
    not: Option<Box<TrainingProgramWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<TrainingKind>>,
    /// The occupation. 职业代码
    occupation_code: Option<TextFilter>,
    /// The skill level that it leads to. 目标技能等级
    target_rank: Option<Equality<SkillRank>>,
    /// How many hours. 学时
    hours: Option<Ordering<i32>>,
    /// For how many. 计划人数
    plan_heads: Option<Ordering<i32>>,
    /// The first day. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// Who trains. 培训机构
    provider: Option<Nested<TrainingProviderWhere>>,
    /// Who takes part. 培训学员
    enrollments: Option<ListFilter<TrainingEnrollmentWhere>>,
}

/// What a list of training programs can be sorted by.
///
/// 培训班次排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TrainingProgramOrderField {
    /// The title. 标题
    Title,
    /// The first day. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a training program and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TrainingProgramDetails {
    /// The occupation. 职业代码
    occupation_code: MaybeUndefined<Unchecked<OccupationCode>>,
    /// The skill level that it leads to. 目标技能等级
    target_rank: MaybeUndefined<SkillRank>,
}

/// Creates a training program.
///
/// 新增培训班次。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingProgramCreateInput {
    /// Who trains. 培训机构
    provider_id: Id<TrainingProvider>,
    /// The title. 标题
    title: String,
    /// The kind. 类别
    kind: TrainingKind,
    /// How many hours. 学时
    hours: i32,
    /// For how many. 计划人数
    plan_heads: i32,
    /// The first day. 开始日期
    started_on: Date,
    /// The last day. 结束日期
    ended_on: Date,
    #[graphql(flatten)]
    details: TrainingProgramDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a training program: absent keeps, null clears, a value sets.
///
/// 更新培训班次：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct TrainingProgramUpdateInput {
    /// The record. 记录编号
    id: Id<TrainingProgram>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<TrainingKind>,
    /// How many hours. 学时
    hours: MaybeUndefined<i32>,
    /// For how many. 计划人数
    plan_heads: MaybeUndefined<i32>,
    /// The first day. 开始日期
    started_on: MaybeUndefined<Date>,
    /// The last day. 结束日期
    ended_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: TrainingProgramDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("TrainingProgramQueries") of TrainingProgram by TrainingProgramBy, TrainingProgramWhere, TrainingProgramOrderField {
        /// One training program; null when there is none that the caller may see. 查询一条培训班次
        training_program = "trainingProgram",
        /// Training programs, oldest record first unless told otherwise. 查询培训班次列表
        training_programs = "trainingPrograms",
    }
}

writes! {
    Mutations("TrainingProgramMutations") of TrainingProgram {
        /// Creates a training program. 新增培训班次
        training_program_create: TrainingProgramCreateInput => TrainingProgramCreate = create,
        /// Changes a training program. 更新培训班次
        training_program_update: TrainingProgramUpdateInput => TrainingProgramUpdate = update,
    }
    upsert {
        /// Creates a training program, or changes the one that has this external id. 按外部编号新增或更新培训班次
        training_program_upsert: TrainingProgramUpsert of TrainingProgramCreateInput, TrainingProgramUpdateInput
    }
    archive {
        /// Archives a training program: out of the lists, still there by id. 归档培训班次
        training_program_archive: TrainingProgramArchive
    }
    restore {
        /// Brings back an archived training program. 恢复培训班次
        training_program_restore: TrainingProgramRestore
    }
}

groups! {
    /// Training programs, counted by what they have in common: at most 1,000 groups. 按字段分组统计培训班次
    Groups("TrainingProgramGroupQueries") of TrainingProgram by TrainingProgramWhere in training_program_groups: TrainingProgramGroup by TrainingProgramGroupField {
        /// The kind. 类别
        Kind = kind: TrainingKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl TrainingProgram {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// Who trains; null when the caller may not see it. 培训机构
    async fn provider(&self, ctx: &Context<'_>) -> Nullable<TrainingProvider> {
        ctx.find(Some(self.provider_id)).await
    }

    /// Who takes part. 培训学员
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn enrollments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            TrainingEnrollmentWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<TrainingEnrollmentOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<TrainingEnrollment>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, training_enrollment::Column::ProgramId, filter, order_by, page).await
    }
}

impl Resource for TrainingProgram {
    const KIND: Kind = Kind::TrainingProgram;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), Some(row.ended_on))
            .into_iter()
            .collect()
    }
}

impl Linked for TrainingProgram {
    type Where = TrainingProgramWhere;
    type Order = TrainingProgramOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "provider" => Link::one::<TrainingProvider>(Column::ProviderId),
            "enrollments" => {
                Link::many::<TrainingEnrollment>(training_enrollment::Column::ProgramId)
            }
            _ => return None,
        })
    }
}

impl Filter for TrainingProgramWhere {
    type Resource = TrainingProgram;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Kind, self.kind)?
            .on(Column::OccupationCode, self.occupation_code)?
            .on(Column::TargetRank, self.target_rank)?
            .on(Column::Hours, self.hours)?
            .on(Column::PlanHeads, self.plan_heads)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ProviderId, self.provider)?
            .to_many(Column::Id, training_enrollment::Column::ProgramId, self.enrollments)
    }
}

impl OrderField for TrainingProgramOrderField {
    type Resource = TrainingProgram;

    fn column(self) -> Column {
        match self {
            TrainingProgramOrderField::Title => Column::Title,
            TrainingProgramOrderField::StartedOn => Column::StartedOn,
            TrainingProgramOrderField::CreatedAt => Column::CreatedAt,
            TrainingProgramOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a training program, as a mutation says it.
#[derive(Default)]
struct Essentials {
    provider_id: MaybeUndefined<Id<TrainingProvider>>,
    title: MaybeUndefined<String>,
    kind: MaybeUndefined<TrainingKind>,
    hours: MaybeUndefined<i32>,
    plan_heads: MaybeUndefined<i32>,
    started_on: MaybeUndefined<Date>,
    ended_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: TrainingProgramCreateInput,
) -> Result<TrainingProgram> {
    let essentials = Essentials {
        provider_id: MaybeUndefined::Value(input.provider_id),
        title: MaybeUndefined::Value(input.title),
        kind: MaybeUndefined::Value(input.kind),
        hours: MaybeUndefined::Value(input.hours),
        plan_heads: MaybeUndefined::Value(input.plan_heads),
        started_on: MaybeUndefined::Value(input.started_on),
        ended_on: MaybeUndefined::Value(input.ended_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.provider_id {
        let owner = work.find_current::<TrainingProvider>("providerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<TrainingProgram>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: TrainingProgramUpdateInput,
) -> Result<TrainingProgram> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        kind: input.kind,
        hours: input.hours,
        plan_heads: input.plan_heads,
        started_on: input.started_on,
        ended_on: input.ended_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<TrainingProgram>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: TrainingProgramDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        provider_id: form.id("providerId", essentials.provider_id),
        title: form.line("title", essentials.title, 200),
        kind: form.plain("kind", essentials.kind),
        hours: form.number("hours", essentials.hours, 1..=10_000),
        plan_heads: form.number("planHeads", essentials.plan_heads, 1..=1_000_000),
        started_on: form.day("startedOn", essentials.started_on),
        ended_on: form.day("endedOn", essentials.ended_on),
        occupation_code: form.option("occupationCode", details.occupation_code),
        target_rank: form.plain_option(details.target_rank),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
